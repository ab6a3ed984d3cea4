//! Bytes to text: byte order mark, then the declared charset, then strict UTF-8, then a guess that must fit. Never lossily.
//!
//! [`decode`] reads a whole file; [`Stream`] a file of many records, where a broken byte costs one record only.

use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::intake::Stop;
use crate::text::{Place, Problem};

/// A whole file as text, its byte order mark still in place (the newline map wants it).
#[derive(Debug)]
pub(super) struct Decoded {
    pub text: String,
    pub encoding: &'static Encoding,
    pub notes: Vec<Problem>,
}

/// Reads all of `bytes` in the encoding `given`, else in the one found. Errors name the first byte that does not fit.
pub(super) fn decode(
    bytes: Vec<u8>,
    given: Option<&'static Encoding>,
    declared: Option<&'static Encoding>,
    place: &Place,
) -> Result<Decoded, Problem> {
    let found = |text: String, encoding| Decoded { text, encoding, notes: Vec::new() };
    if let Some(encoding) = given {
        return strictly(encoding, &bytes).map(|text| found(text, encoding)).ok_or_else(|| {
            let bad = first_bad(encoding, &bytes);
            let sentence = format!("the byte at offset {bad} does not fit the encoding {}", encoding.name());
            Problem::error(place.clone(), sentence).fix(match guess(&bytes) {
                Some((guess, _)) => format!("Leave the encoding to be found, or try --encoding {}", guess.name()),
                None => "Leave the encoding to be found".to_owned(),
            })
        });
    }
    let mark = mark(&bytes).map_err(|sentence| Problem::error(place.clone(), sentence).fix(UTF_32_FIX))?;
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
            Err(Problem::error(place.clone(), sentence).fix(fix))
        }
    }
}

const UTF_32_FIX: &str = "Save it as UTF-8";

fn guessed(place: &Place, encoding: &'static Encoding) -> Problem {
    let sentence = format!("the encoding was guessed: {}", encoding.name());
    Problem::note(place.clone(), sentence)
        .fix("If the text looks broken, import it again with --encoding and the right one")
}

/// What a byte order mark says; UTF-32 is refused.
fn mark(bytes: &[u8]) -> Result<Option<&'static Encoding>, &'static str> {
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
fn utf_16_by_nuls(bytes: &[u8]) -> Option<&'static Encoding> {
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
fn guess(bytes: &[u8]) -> Option<(&'static Encoding, Option<String>)> {
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

/// How many bytes are read at once, and how many are looked at for a guess.
const CHUNK: usize = 64 << 10;
const SAMPLE: usize = 256 << 10;

/// A source of records, as UTF-8: what does not fit the encoding comes out as the byte `ff` (or, from UTF-8, as it is), so
/// that the record it stands in can be refused and the others read. A leading byte order mark is taken off.
pub(super) struct Stream<R> {
    source: R,
    /// Read and not yet decoded.
    raw: Vec<u8>,
    /// Decoded; given out up to `at`.
    out: Vec<u8>,
    at: usize,
    state: State,
    encoding: &'static Encoding,
    /// The encoding was guessed.
    guessed: bool,
}

enum State {
    Start {
        given: Option<&'static Encoding>,
    },
    /// Everything so far was ASCII, which nearly all encodings share.
    Ascii,
    Utf8,
    Other(Decoder),
    End,
}

impl<R: Read> Stream<R> {
    pub(super) fn new(source: R, given: Option<&'static Encoding>) -> Self {
        let state = State::Start { given };
        Self {
            source,
            raw: Vec::new(),
            out: Vec::new(),
            at: 0,
            state,
            encoding: given.unwrap_or(UTF_8),
            guessed: false,
        }
    }

    /// As far as is known from what has been read.
    pub(super) fn encoding(&self) -> &'static Encoding {
        self.encoding
    }

    /// What to say if the encoding was guessed.
    pub(super) fn note(&self, place: &Place) -> Option<Problem> {
        self.guessed.then(|| guessed(place, self.encoding))
    }

    /// Reads until `raw` holds `len` bytes; false at the end of the source.
    fn want(&mut self, len: usize) -> io::Result<bool> {
        let missing = len.saturating_sub(self.raw.len()) as u64;
        Ok((&mut self.source).take(missing).read_to_end(&mut self.raw)? as u64 == missing)
    }

    fn start(&mut self, given: Option<&'static Encoding>) -> io::Result<State> {
        self.want(CHUNK)?;
        let mark = mark(&self.raw).map_err(|sentence| Stop::refuse(sentence, UTF_32_FIX))?;
        if mark.is_some() && given.is_none_or(|given| Some(given) == mark) {
            self.raw.drain(..if mark == Some(UTF_8) { 3 } else { 2 });
        }
        let found = given.or(mark).or_else(|| {
            let found = utf_16_by_nuls(&self.raw);
            self.guessed = found.is_some();
            found
        });
        self.encoding = found.unwrap_or(UTF_8);
        Ok(match found {
            None => State::Ascii,
            Some(encoding) if encoding == UTF_8 => State::Utf8,
            Some(encoding) => State::Other(encoding.new_decoder_without_bom_handling()),
        })
    }

    /// The first bytes beyond ASCII are here: UTF-8, if more of its longer sequences are right than wrong in the next
    /// [`SAMPLE`] bytes, else what the detector says, if that fits.
    fn decide(&mut self) -> io::Result<State> {
        let ended = !self.want(SAMPLE)?;
        let (mut right, mut wrong) = (0, 0);
        for chunk in self.raw.utf8_chunks() {
            right += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
            wrong += usize::from(!chunk.invalid().is_empty());
        }
        if wrong > right + usize::from(!ended)
            && let line_end = self.raw.iter().rposition(|byte| *byte == b'\n').map_or(0, |place| place + 1)
            && let sample = if ended { &self.raw[..] } else { &self.raw[..line_end] }
            && let Some((encoding, Some(_))) = guess(sample)
        {
            (self.encoding, self.guessed) = (encoding, true);
            return Ok(State::Other(encoding.new_decoder_without_bom_handling()));
        }
        Ok(State::Utf8)
    }

    fn refill(&mut self) -> io::Result<()> {
        self.out.clear();
        self.at = 0;
        while self.out.is_empty() {
            if let State::Start { given } = self.state {
                self.state = self.start(given)?;
            }
            let ended = !self.want(CHUNK)?;
            if matches!(self.state, State::Ascii) && !self.raw.is_ascii() {
                self.state = self.decide()?;
            }
            match &mut self.state {
                State::Start { .. } | State::End => return Ok(()),
                State::Ascii | State::Utf8 => std::mem::swap(&mut self.raw, &mut self.out),
                State::Other(decoder) => decode_some(decoder, &mut self.raw, &mut self.out, ended),
            }
            if ended && self.raw.is_empty() {
                self.state = State::End;
            }
        }
        Ok(())
    }
}

/// Decodes what is there; what does not fit becomes `ff`.
fn decode_some(decoder: &mut Decoder, raw: &mut Vec<u8>, out: &mut Vec<u8>, last: bool) {
    let mut read = 0;
    let mut buffer = [0; 4096];
    loop {
        let (result, more, written) = decoder.decode_to_utf8_without_replacement(&raw[read..], &mut buffer, last);
        read += more;
        out.extend_from_slice(&buffer[..written]);
        match result {
            DecoderResult::InputEmpty => break,
            DecoderResult::OutputFull => (),
            DecoderResult::Malformed(..) => out.push(0xff),
        }
    }
    raw.clear();
}

impl<R: Read> Read for Stream<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let here = self.fill_buf()?;
        let count = here.len().min(buffer.len());
        buffer[..count].copy_from_slice(&here[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Stream<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.out.len() && !matches!(self.state, State::End) {
            self.refill()?;
        }
        Ok(&self.out[self.at..])
    }

    fn consume(&mut self, count: usize) {
        self.at += count;
    }
}
