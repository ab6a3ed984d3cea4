//! A file of many records as UTF-8, a bounded piece at a time: a byte that does not fit costs one record, not the file.

use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8};

use super::decode::{UTF_32_FIX, guess, guessed, mark, utf_16_by_nuls};
use super::intake::Stop;
use crate::text::{Place, Problem};

/// How many bytes are read at once, and how many are looked at for a guess.
const CHUNK: usize = 64 << 10;
const SAMPLE: usize = 256 << 10;

/// A source of records, as UTF-8: what does not fit the encoding comes out as the byte `ff` (or, from UTF-8, as it is), so
/// that the record it stands in can be refused and the others read. A leading byte order mark is taken off.
pub(in crate::formats) struct Stream<R> {
    source: R,
    /// Bytes that are read at once.
    piece: usize,
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
    pub(in crate::formats) fn new(source: R, given: Option<&'static Encoding>) -> Self {
        Self::in_pieces(source, given, CHUNK)
    }

    /// The same, with so many bytes read at once.
    pub(in crate::formats) fn in_pieces(source: R, given: Option<&'static Encoding>, piece: usize) -> Self {
        let state = State::Start { given };
        Self {
            source,
            piece,
            raw: Vec::new(),
            out: Vec::new(),
            at: 0,
            state,
            encoding: given.unwrap_or(UTF_8),
            guessed: false,
        }
    }

    /// As far as is known from what has been read.
    pub(in crate::formats) fn encoding(&self) -> &'static Encoding {
        self.encoding
    }

    /// What to say if the encoding was guessed.
    pub(in crate::formats) fn note(&self, place: &Place) -> Option<Problem> {
        self.guessed.then(|| guessed(place, self.encoding))
    }

    /// Reads until `raw` holds `len` bytes; false at the end of the source.
    fn want(&mut self, len: usize) -> io::Result<bool> {
        let missing = len.saturating_sub(self.raw.len()) as u64;
        Ok((&mut self.source).take(missing).read_to_end(&mut self.raw)? as u64 == missing)
    }

    fn start(&mut self, given: Option<&'static Encoding>) -> io::Result<State> {
        self.want(self.piece)?;
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
        let ended = !self.want(self.piece.max(SAMPLE))?;
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
            let ended = !self.want(self.piece)?;
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
