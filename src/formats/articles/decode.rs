//! Bytes to text: byte order mark, then the declared charset, then strict UTF-8, then a guess that must fit. Never lossily.
//!
//! Here for a whole file; [`super::stream`] does it for files of many records.

use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::text::{Place, Problem};

/// A whole file as text, its byte order mark still in place (the newline map wants it).
#[derive(Debug)]
pub(in crate::formats) struct Decoded {
    pub text: String,
    pub encoding: &'static Encoding,
    pub notes: Vec<Problem>,
}

/// Reads all of `bytes` in the encoding `given`, else in the one found. Errors name the first byte that does not fit.
pub(in crate::formats) fn decode(
    bytes: Vec<u8>,
    given: Option<&'static Encoding>,
    declared: Option<&'static Encoding>,
    place: &Place,
) -> Result<Decoded, Box<Problem>> {
    let found = |text: String, encoding| Decoded { text, encoding, notes: Vec::new() };
    if let Some(encoding) = given {
        return strictly(encoding, &bytes).map(|text| found(text, encoding)).ok_or_else(|| {
            let bad = first_bad(encoding, &bytes);
            let sentence = format!("the byte at offset {bad} does not fit the encoding {}", encoding.name());
            let fix = match guess(&bytes) {
                Some((guess, _)) => format!("Leave the encoding to be found, or try --encoding {}", guess.name()),
                None => "Leave the encoding to be found".to_owned(),
            };
            Box::new(Problem::error(place.clone(), sentence).fix(fix))
        });
    }
    let mark = mark(&bytes).map_err(|sentence| Box::new(Problem::error(place.clone(), sentence).fix(UTF_32_FIX)))?;
    let mut notes = Vec::new();
    if let Some(encoding) = mark.or(declared) {
        if let Some(text) = strictly(encoding, &bytes) {
            if mark.is_none() && encoding != UTF_8 && !bytes.is_ascii() && std::str::from_utf8(&bytes).is_ok() {
                let sentence =
                    format!("it says it is {} and was read so, but it would also be good UTF-8", encoding.name());
                notes.push(
                    Problem::warning(place.clone(), sentence)
                        .fix("If the text looks broken, import it with --encoding utf-8"),
                );
            }
            return Ok(Decoded { text, encoding, notes });
        }
        let how = if mark.is_some() { "its byte order mark says" } else { "it says it is" };
        let bad = first_bad(encoding, &bytes);
        let sentence = format!("{how} {}, but the byte at offset {bad} does not fit", encoding.name());
        notes.push(Problem::warning(place.clone(), sentence));
    }
    if let Some(encoding) = utf_16_by_nuls(&bytes)
        && let Some(text) = strictly(encoding, &bytes)
    {
        notes.push(guessed(place, encoding));
        return Ok(Decoded { text, encoding, notes });
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return Ok(Decoded { text, encoding: UTF_8, notes }),
        Err(error) => error.into_bytes(),
    };
    match guess(&bytes) {
        Some((encoding, Some(text))) => {
            notes.push(guessed(place, encoding));
            Ok(Decoded { text, encoding, notes })
        }
        guess => {
            let bad = first_bad(UTF_8, &bytes);
            let sentence =
                format!("the byte at offset {bad} (hex {:02x}) is not UTF-8, and no other encoding fits", bytes[bad]);
            let fix = match guess {
                Some((encoding, _)) => format!("Name its encoding; the likeliest is --encoding {}", encoding.name()),
                None => {
                    "It may be UTF-16 without a byte order mark (--encoding utf-16le), or no text at all".to_owned()
                }
            };
            Err(Box::new(Problem::error(place.clone(), sentence).fix(fix)))
        }
    }
}

pub(super) const UTF_32_FIX: &str = "Save it as UTF-8";

pub(super) fn guessed(place: &Place, encoding: &'static Encoding) -> Problem {
    let sentence = format!("the encoding was guessed: {}", encoding.name());
    Problem::note(place.clone(), sentence)
        .fix("If the text looks broken, import it again with --encoding and the right one")
}

/// What a byte order mark says; UTF-32 is refused.
pub(super) fn mark(bytes: &[u8]) -> Result<Option<&'static Encoding>, &'static str> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Err("it is UTF-32, which is not read"),
        _ => Ok(Encoding::for_bom(bytes).map(|(encoding, _)| encoding)),
    }
}

/// All of it, or nothing.
fn strictly(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes).map(std::borrow::Cow::into_owned)
}

/// The offset of the first byte that does not fit; the length if the last character is cut short.
fn first_bad(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut buffer = [0; 4096];
    let mut read = 0;
    loop {
        let (result, more, _) = decoder.decode_to_utf8_without_replacement(&bytes[read..], &mut buffer, true);
        read += more;
        match result {
            DecoderResult::InputEmpty => return bytes.len().saturating_sub(1),
            DecoderResult::OutputFull => (),
            DecoderResult::Malformed(bad, after) => return read.saturating_sub(usize::from(bad) + usize::from(after)),
        }
    }
}

/// UTF-16 without a mark shows in its high bytes: for most alphabets they are all small, and always on the same side.
pub(super) fn utf_16_by_nuls(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(4096) & !1];
    if sample.len() < 4 || !bytes.contains(&0) {
        return None;
    }
    let small = |side: usize| sample.iter().skip(side).step_by(2).filter(|byte| **byte < 9).count();
    let (even, odd, units) = (small(0), small(1), sample.len() / 2);
    match () {
        () if odd * 10 >= units * 9 && even * 2 < units => Some(UTF_16LE),
        () if even * 10 >= units * 9 && odd * 2 < units => Some(UTF_16BE),
        () => None,
    }
}

/// What a detector takes the bytes for, and the text if it fits: decoded strictly and without C1 controls, which no
/// text has. `None` for what looks like no text.
pub(super) fn guess(bytes: &[u8]) -> Option<(&'static Encoding, Option<String>)> {
    if bytes.contains(&0) {
        return None;
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, chardetng::Utf8Detection::Deny);
    let text = strictly(encoding, bytes)
        .filter(|text| !text.chars().any(|character| ('\u{80}'..'\u{a0}').contains(&character)));
    Some((encoding, text))
}
