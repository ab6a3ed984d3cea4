//! One JSON object per line; also one array of objects, or one object written over several lines.

use std::cell::{Cell, RefCell};
use std::io::{self, BufRead, Read};

use serde::de::DeserializeSeed;
use serde_json::Deserializer;

use super::intake::{Flow, Intake, Source, Stop, bytes, too_long};
use super::json::{ArraySeed, ObjectSeed, is_beginning, sentence};
use super::lines::{Line, read_line};
use super::record::Record;
use super::stream::Stream;
use crate::text::Problem;

/// Reads all articles of one file. A broken line costs that line.
pub(super) fn read(intake: &mut Intake<'_>, source: &Source, reader: impl Read) -> Flow {
    let mut stream = Stream::new(reader, intake.options.encoding);
    let array = match stream.fill_buf() {
        Ok(start) => start.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'['),
        Err(error) => return intake.failed(source.place(), error),
    };
    if array {
        whole(intake, source, &mut stream, Vec::new())?;
    } else {
        lines(intake, source, &mut stream)?;
    }
    match stream.note(&source.place()) {
        Some(note) => intake.note(note),
        None => Flow::Continue(()),
    }
}

fn lines(intake: &mut Intake<'_>, source: &Source, stream: &mut Stream<impl Read>) -> Flow {
    let limit = intake.options.limits.record_bytes();
    let mut line = Vec::new();
    for number in 1.. {
        let place = || source.place().at_line(number);
        match read_line(stream, b'\n', &mut line, limit) {
            Err(error) => return intake.failed(place(), error),
            Ok(Line::End) => break,
            Ok(Line::TooLong(size)) => intake.refuse(too_long(place(), "the line", size, limit))?,
            Ok(Line::Read) => match std::str::from_utf8(&line) {
                Ok(text) if text.trim().is_empty() => (),
                Ok(text) if number == 1 && is_beginning(text) => {
                    line.push(b'\n');
                    return whole(intake, source, stream, line);
                }
                Ok(text) => match object(intake, text) {
                    Ok(record) => {
                        let roles = record.roles(&intake.options.fields);
                        intake.record(source, stream.encoding(), record, roles, place())?;
                    }
                    Err(broken) => {
                        let place = place().at_column(broken.column);
                        let place = if broken.field.is_empty() { place } else { place.field(broken.field) };
                        let fix = "The other lines were loaded; mend this one and import the file again";
                        intake.refuse(Problem::error(place, broken.sentence).fix(fix))?;
                    }
                },
                Err(error) => {
                    let column = String::from_utf8_lossy(&line[..error.valid_up_to()]).chars().count() + 1;
                    let sentence = format!("a byte of the line does not fit the encoding {}", stream.encoding().name());
                    let problem = Problem::error(place().at_column(column), sentence);
                    intake.refuse(problem.fix("Name the file's encoding, for example --encoding windows-1252"))?;
                }
            },
        }
    }
    Flow::Continue(())
}

/// Why a line is no object.
struct Broken {
    sentence: String,
    /// In code points, from 1.
    column: usize,
    field: String,
}

fn object(intake: &Intake<'_>, line: &str) -> Result<Record, Broken> {
    let field = RefCell::new(String::new());
    let mut deserializer = Deserializer::from_str(line);
    let seed = ObjectSeed { apart: &intake.options.apart, field: &field };
    seed.deserialize(&mut deserializer).and_then(|record| deserializer.end().map(|()| record)).map_err(|error| {
        let before = line.floor_char_boundary(error.column().saturating_sub(1));
        let sentence = format!("it is not one JSON object: {}", sentence(&error));
        Broken { sentence, column: line[..before].chars().count() + 1, field: field.take() }
    })
}

/// The file is one array, or objects that go over several lines. A broken one ends the file: where the next begins
/// cannot be known.
fn whole(intake: &mut Intake<'_>, source: &Source, stream: &mut Stream<impl Read>, begun: Vec<u8>) -> Flow {
    let encoding = stream.encoding();
    let (since, field, count, flow) =
        (Cell::new(0), RefCell::new(String::new()), Cell::new(0_usize), Cell::new(Flow::Continue(())));
    let array = begun.is_empty();
    let limited = Limited {
        source: io::Cursor::new(begun).chain(stream),
        since: &since,
        limit: intake.options.limits.record_bytes(),
    };
    let apart = intake.options.apart.clone();
    let object = ObjectSeed { apart: &apart, field: &field };
    let each = |record: Record| {
        since.set(0);
        count.set(count.get() + 1);
        let place = source.place().item(format!("{}", count.get()));
        let roles = record.roles(&intake.options.fields);
        flow.set(intake.record(source, encoding, record, roles, place));
        flow.get().is_continue()
    };
    let mut deserializer = Deserializer::from_reader(io::BufReader::new(limited));
    let result = if array {
        ArraySeed { object, each }.deserialize(&mut deserializer)
    } else {
        objects(&mut deserializer, object, each)
    };
    flow.get()?;
    let Err(error) = result else { return Flow::Continue(()) };
    if error.is_io() {
        return intake.failed(source.place(), error.into());
    }
    let place = source.place().at_line(error.line()).at_column(error.column());
    let sentence = format!("object {} is broken: {}", count.get() + 1, sentence(&error));
    let place = if field.borrow().is_empty() { place } else { place.field(field.take()) };
    let fix = "The objects before it were loaded; mend it and import the file again";
    intake.refuse(Problem::error(place, sentence).fix(fix))
}

fn objects<R: Read>(
    deserializer: &mut Deserializer<serde_json::de::IoRead<R>>,
    object: ObjectSeed<'_>,
    mut each: impl FnMut(Record) -> bool,
) -> Result<(), serde_json::Error> {
    loop {
        let record = object.deserialize(&mut *deserializer)?;
        if !each(record) || deserializer.end().is_ok() {
            return Ok(());
        }
    }
}

/// Stops reading when one record takes too many bytes. `since` is set to 0 where a record ends.
pub(super) struct Limited<'a, R> {
    pub source: R,
    pub since: &'a Cell<u64>,
    pub limit: u64,
}

impl<R: Read> Read for Limited<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since.get() > self.limit {
            let sentence = format!("one record has more than the {} allowed", bytes(self.limit));
            return Err(Stop::refuse(sentence, "Look for a quote or bracket that is not closed"));
        }
        let count = self.source.read(buffer)?;
        self.since.set(self.since.get() + count as u64);
        Ok(count)
    }
}
