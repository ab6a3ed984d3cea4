//! Spanwright JSONL as a data format: the codec is [`exchange`], this is its file. Also reads every line that the codec reads,
//! plain span JSONL among them.

use std::io::{self, BufRead};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::loss::Loss;
use super::options::WriteOptions;
use super::record::Record;
use super::table::{Features, Format, Shape, Sink, Writer};
use crate::annotation::Layer;
use crate::annotation::exchange::{Line, Offsets, RawDocument, write_line};
use crate::text::convert::Unit;
use crate::text::{Document, Place, Problem, TextHash};

/// Everything, losslessly.
pub(super) static FORMAT: Format = Format {
    id: "spanwright",
    name: "Spanwright JSONL",
    about: "everything, losslessly: one document per line with its layers",
    extensions: &["jsonl", "ndjson"],
    unit: Unit::CodePoint,
    shape: Shape::File,
    carries: Features::ALL,
    looks: |glimpse| glimpse.record().is_some_and(looks) && !glimpse.has_lists(),
    reader: None,
    writer: Some(writer),
    vocabulary: None,
    words: None,
};

/// Our lines have layers, or a hash, metadata and text.
pub fn looks(record: &Map<String, Value>) -> bool {
    let hash = record.get("sha256").and_then(Value::as_str).and_then(TextHash::parse);
    let plain = record.get("text").is_some_and(Value::is_string) && record.get("meta").is_some_and(Value::is_object);
    record.get("layers").is_some_and(Value::is_array) || (hash.is_some() && plain)
}

fn writer<'a>(sink: Sink<'a>, options: &WriteOptions) -> io::Result<Box<dyn Writer + 'a>> {
    let offsets = options.offsets;
    Ok(match sink {
        Sink::Stream(out) => Box::new(Lines { out, offsets }),
        Sink::Folder(_) => unreachable!("the table says that this format is one file"),
    })
}

struct Lines<'a> {
    out: Box<dyn io::Write + Send + 'a>,
    offsets: Offsets,
}

impl Writer for Lines<'_> {
    fn document(&mut self, document: &Document, layers: &[Arc<Layer>]) -> io::Result<Vec<Loss>> {
        write_line(&mut self.out, Line { document, layers, with_text: true, offsets: self.offsets })?;
        Ok(Vec::new())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

/// The lines of a file. Empty ones are passed over; a broken one is an error, and the next goes on.
#[derive(Debug)]
pub struct Records<R> {
    source: R,
    file: String,
    line: usize,
    read: u64,
    limit: u64,
    buffer: Vec<u8>,
    glancing: bool,
}

impl<R: BufRead> Records<R> {
    /// `file` is the name that problems give; a line may have `limit` bytes.
    pub fn new(source: R, file: String, limit: u64) -> Self {
        Self { source, file, line: 0, read: 0, limit, buffer: Vec::new(), glancing: false }
    }

    /// Documents without their texts, and spans without their places, wherever a line allows that: enough for a survey.
    #[must_use]
    pub fn glancing(self) -> Self {
        Self { glancing: true, ..self }
    }

    fn record(&mut self) -> Result<Record, Box<Problem>> {
        let place = Place::file(self.file.clone()).at_line(self.line);
        let mut line = self.buffer.as_slice();
        if self.line == 1 {
            line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        }
        let quick = if self.glancing { RawDocument::glance(line) } else { RawDocument::quick(line) };
        if let Some((document, has_spans)) = quick {
            return Ok(Record { place, document, has_spans, problems: Vec::new(), read: self.read });
        }
        let object: Map<String, Value> = serde_json::from_slice(line).map_err(|error| {
            let sentence = error.to_string();
            let sentence = sentence.split(" at line ").next().unwrap_or(&sentence);
            let fix = "Each line must be one JSON object; mend the line and import the file again";
            Problem::error(place.clone().at_column(error.column()), format!("it is no JSON object: {sentence}"))
                .fix(fix)
        })?;
        let has_spans = object.get("spans").is_some_and(Value::is_array);
        let mut problems = Vec::new();
        let document = RawDocument::read(object, &place, &mut problems);
        Ok(Record { place, document, has_spans, problems, read: self.read })
    }

    /// Reads the next line into the buffer; `false` at the end.
    fn advance(&mut self) -> io::Result<bool> {
        self.buffer.clear();
        let mut source = io::Read::take(&mut self.source, self.limit);
        let mut count = read_line(&mut source, &mut self.buffer)?;
        if count == self.limit && self.buffer.last() != Some(&b'\n') {
            self.buffer.clear();
            count += self.source.skip_until(b'\n')? as u64;
            self.read += count;
            self.line += 1;
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        self.read += count;
        self.line += 1;
        Ok(count > 0)
    }
}

/// As `read_until` does, several times quicker.
fn read_line(source: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<u64> {
    let mut count = 0;
    loop {
        let here = match source.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            here => here?,
        };
        let end = memchr::memchr(b'\n', here).map(|end| end + 1);
        let used = end.unwrap_or(here.len());
        line.extend_from_slice(&here[..used]);
        source.consume(used);
        count += used as u64;
        if end.is_some() || used == 0 {
            return Ok(count);
        }
    }
}

impl<R: BufRead> Iterator for Records<R> {
    type Item = Result<Record, Box<Problem>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.advance() {
                Ok(false) => return None,
                Ok(true) if self.buffer.trim_ascii().is_empty() => {}
                Ok(true) => return Some(self.record()),
                Err(error) => {
                    let place = Place::file(self.file.clone()).at_line(self.line);
                    let too_long = error.kind() == io::ErrorKind::FileTooLarge;
                    let sentence = if too_long {
                        format!("the line has more than the {} MiB allowed", self.limit >> 20)
                    } else {
                        format!("the file could not be read further: {error}")
                    };
                    if !too_long {
                        // Nothing more comes from a source that failed.
                        self.limit = 0;
                    }
                    return Some(Err(Box::new(Problem::error(place, sentence))));
                }
            }
        }
    }
}
