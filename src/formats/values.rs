//! JSON values one after the other, out of a file of any size: one per line, several over many lines each, the elements of one array, or
//! of the lists in one object (`{"train": […], "test": […]}`). Memory is bounded by the largest value.

use std::fs::File;
use std::io::{self, BufRead};
use std::marker::PhantomData;
use std::path::Path;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::articles::stream::Stream;
use super::lists::{self, Listed};
use crate::text::{Place, Problem};

/// What values are read from.
pub trait Source: BufRead {
    /// What there is to say of it, once it was read.
    fn note(&self, _place: &Place) -> Option<Problem> {
        None
    }
}

impl Source for &[u8] {}

impl Source for Stream<File> {
    fn note(&self, place: &Place) -> Option<Problem> {
        Self::note(self, place)
    }
}

/// A file of values, as UTF-8 whatever it is written in. So many of its first bytes are there at once.
pub(super) fn open(path: &Path) -> io::Result<Stream<File>> {
    Ok(Stream::in_pieces(File::open(path)?, None, 1 << 20))
}

/// One value, and where it began.
#[derive(Debug)]
pub struct Element<T = Value> {
    pub value: T,
    /// From 1.
    pub line: usize,
    /// Bytes of the input up to its end.
    pub read: u64,
    /// The list that it is in, of an object that has lists of values.
    pub list: Option<Arc<str>>,
}

/// The values of a source. A broken value is an error and the next goes on; where its end cannot be found, it is the last.
#[derive(Debug)]
pub struct Values<R, T = Value> {
    source: R,
    file: String,
    /// Bytes one value may have.
    limit: u64,
    line: usize,
    read: u64,
    /// Inside one array that holds everything.
    array: bool,
    /// Inside one object that has lists of values.
    object: bool,
    /// The list at hand.
    list: Option<Arc<str>>,
    /// What the object has beside its lists.
    beside: Vec<String>,
    closed: bool,
    started: bool,
    done: bool,
    of: PhantomData<fn() -> T>,
}

impl<R: Source, T> Values<R, T> {
    /// `file` is the name that problems give.
    pub fn new(source: R, file: String, limit: u64) -> Self {
        Self {
            source,
            file,
            limit,
            line: 1,
            read: 0,
            array: false,
            object: false,
            list: None,
            beside: Vec::new(),
            closed: false,
            started: false,
            done: false,
            of: PhantomData,
        }
    }

    fn place(&self) -> Place {
        Place::file(self.file.clone()).at_line(self.line)
    }

    /// Passes over what stands between values. The first byte of the next one.
    fn between(&mut self) -> io::Result<Option<u8>> {
        loop {
            let here = self.source.fill_buf()?;
            let Some(&byte) = here.first() else {
                if self.array && !self.closed {
                    return Err(io::Error::new(
                        io::ErrorKind::UnexpectedEof,
                        "the array is not closed; it may be cut off",
                    ));
                }
                return Ok(None);
            };
            let first = !self.started;
            match byte {
                b'\n' => self.line += 1,
                b' ' | b'\t' | b'\r' => {}
                b',' if self.array => {}
                b']' if self.object && !self.closed => {
                    self.pass();
                    self.list = None;
                    self.next_list()?;
                    continue;
                }
                b']' if self.array => self.closed = true,
                b'{' if first && lists::are_in(here) => {
                    (self.array, self.object, self.started) = (true, true, true);
                    self.pass();
                    self.next_list()?;
                    continue;
                }
                0xef | 0xbb | 0xbf if first => {}
                b'[' if first => {
                    // An array of arrays begins with two brackets; one of plain values is a value itself.
                    self.array = true;
                    self.started = true;
                }
                other => {
                    self.started = true;
                    return Ok(Some(other));
                }
            }
            self.pass();
        }
    }

    fn pass(&mut self) {
        self.source.consume(1);
        self.read += 1;
    }

    /// Goes into the object's next list of values, or past its end.
    fn next_list(&mut self) -> io::Result<()> {
        let cut = || io::Error::new(io::ErrorKind::UnexpectedEof, "the object is not closed; it may be cut off");
        let odd = || io::Error::new(io::ErrorKind::InvalidData, "something other than a member stands in the object");
        let mut name: Option<String> = None;
        loop {
            let Some(&byte) = self.source.fill_buf()?.first() else { return Err(cut()) };
            match (byte, &name) {
                (b'\n', _) => {
                    self.line += 1;
                    self.pass();
                }
                (b' ' | b'\t' | b'\r' | b',' | b':', _) => self.pass(),
                (b'}', None) => {
                    self.pass();
                    self.closed = true;
                    return Ok(());
                }
                (b'"', None) => {
                    let mut bytes = Vec::new();
                    self.word(&mut bytes)?;
                    name = Some(serde_json::from_slice(&bytes).map_err(|_| odd())?);
                }
                (b'[', Some(known)) if lists::is_list(known) => {
                    self.list = name.map(Arc::from);
                    self.pass();
                    return Ok(());
                }
                (first, Some(_)) => {
                    self.beside.extend(name.take());
                    let mut bytes = Vec::new();
                    match first {
                        b'{' | b'[' if !self.bytes(first, &mut bytes)? => {
                            return Err(io::Error::new(io::ErrorKind::InvalidData, "a member is too long"));
                        }
                        b'{' | b'[' => {}
                        _ => self.word(&mut bytes)?,
                    }
                }
                _ => return Err(odd()),
            }
        }
    }

    /// The bytes of a string, or of a number or word up to what ends it.
    fn word(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        let mut escape = false;
        while let Some(&byte) = self.source.fill_buf()?.first() {
            let string = out.first() == Some(&b'"');
            if !string && !out.is_empty() && matches!(byte, b',' | b'}' | b']' | b'\n') {
                return Ok(());
            }
            if out.len() as u64 >= self.limit {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a member is too long"));
            }
            out.push(byte);
            self.line += usize::from(byte == b'\n');
            self.pass();
            if string && byte == b'"' && !escape {
                return Ok(());
            }
            escape = byte == b'\\' && !escape;
        }
        Ok(())
    }

    /// What the object said beside its lists, once.
    fn said_beside(&mut self) -> Option<Box<Problem>> {
        let beside = std::mem::take(&mut self.beside);
        let sentence = format!("beside its lists the file says {}, which was not imported", beside.join(", "));
        (!beside.is_empty()).then(|| Box::new(Problem::warning(Place::file(self.file.clone()), sentence)))
    }

    /// The bytes of the next value: to the closing bracket of an object or array, else to the end of the line.
    fn bytes(&mut self, first: u8, out: &mut Vec<u8>) -> io::Result<bool> {
        let nested = matches!(first, b'{' | b'[');
        let (mut depth, mut string, mut escape) = (0_u64, false, false);
        loop {
            let here = self.source.fill_buf()?;
            if here.is_empty() {
                return Ok(true);
            }
            let mut end = None;
            let mut lines = 0;
            for (index, &byte) in here.iter().enumerate() {
                lines += usize::from(byte == b'\n');
                if !nested {
                    if byte == b'\n' {
                        end = Some(index + 1);
                        break;
                    }
                } else if string {
                    match byte {
                        _ if escape => escape = false,
                        b'\\' => escape = true,
                        b'"' => string = false,
                        _ => {}
                    }
                } else {
                    match byte {
                        b'"' => string = true,
                        b'{' | b'[' => depth += 1,
                        b'}' | b']' => {
                            depth -= 1;
                            if depth == 0 {
                                end = Some(index + 1);
                                break;
                            }
                        }
                        _ => {}
                    }
                }
            }
            let used = end.unwrap_or(here.len());
            if (out.len() + used) as u64 > self.limit {
                return Ok(false);
            }
            out.extend_from_slice(&here[..used]);
            self.source.consume(used);
            self.read += used as u64;
            self.line += lines;
            if end.is_some() {
                return Ok(true);
            }
        }
    }
}

impl<R: Source, T: DeserializeOwned + Listed> Iterator for Values<R, T> {
    type Item = Result<Element<T>, Box<Problem>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let failed = |this: &mut Self, sentence: String| {
            this.done = true;
            Some(Err(Box::new(Problem::error(this.place(), sentence))))
        };
        let first = match self.between() {
            Ok(Some(first)) => first,
            Ok(None) => {
                self.done = true;
                let note = self.source.note(&Place::file(self.file.clone()));
                return self.said_beside().or(note.map(Box::new)).map(Err);
            }
            Err(error) => return failed(self, format!("the file could not be read further: {error}")),
        };
        let (line, place) = (self.line, self.place());
        let mut bytes = Vec::new();
        match self.bytes(first, &mut bytes) {
            Err(error) => return failed(self, format!("the file could not be read further: {error}")),
            Ok(false) => {
                let sentence = format!("one value has more than the {} MiB allowed", self.limit >> 20);
                return failed(self, sentence);
            }
            Ok(true) => {}
        }
        Some(match serde_json::from_slice(bytes.trim_ascii()) {
            Ok(mut value) => {
                if let Some(list) = &self.list {
                    lists::mark(&mut value, list);
                }
                Ok(Element { value, line, read: self.read, list: self.list.clone() })
            }
            Err(error) => {
                let sentence = error.to_string();
                let sentence = sentence.split(" at line ").next().unwrap_or(&sentence);
                let fix = "The values before and after it were read; mend it and import the file again";
                Err(Box::new(Problem::error(place, format!("it is no JSON value: {sentence}")).fix(fix)))
            }
        })
    }
}
