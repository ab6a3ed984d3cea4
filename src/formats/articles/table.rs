//! CSV and TSV: the first row names the columns, each row after it is an article.

use std::io::{BufRead, Read};

use serde_json::Value;

use super::ArticleFormat;
use super::fields::{Role, Roles};
use super::intake::{Flow, Intake, Source};
use super::record::Record;
use super::rows::{Fault, Row, Rows};
use super::stream::Stream;
use crate::text::Problem;

/// Reads all articles of one table. A broken row costs that row.
pub(super) fn read(intake: &mut Intake<'_>, source: &Source, reader: impl Read) -> Flow {
    let mut stream = Stream::new(reader, intake.options.encoding);
    let sample = match stream.fill_buf() {
        Ok(sample) => sample,
        Err(error) => return intake.failed(source.place(), error),
    };
    let delimiter = delimiter(sample, source.format);
    let quoting = source.format == ArticleFormat::Csv || quotes_fit(sample, delimiter);
    if !quoting {
        let sentence = "its quotes do not enclose cells as in CSV; they were read as ordinary characters";
        intake.note(Problem::note(source.place(), sentence))?;
    }
    let mut rows = Rows::new(stream, delimiter, quoting, intake.options.limits.record_bytes());
    articles(intake, source, &mut rows)?;
    match rows.source().note(&source.place()) {
        Some(note) => intake.note(note),
        None => Flow::Continue(()),
    }
}

fn articles(intake: &mut Intake<'_>, source: &Source, rows: &mut Rows<Stream<impl Read>>) -> Flow {
    let mut cells = Vec::new();
    let columns = match rows.next(&mut cells) {
        Err(error) => return intake.failed(source.place(), error),
        Ok(Row::End) => return intake.note(Problem::warning(source.place(), "the table is empty")),
        Ok(Row::Broken(line, fault)) => return intake.refuse(fault.problem(source.place().at_line(line))),
        Ok(Row::Read(_)) => names(&cells),
    };
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    let roles = Roles::of(&intake.options.fields, &names, |_, _| true);
    if roles.index(Role::Text).is_none() {
        let sentence = match intake.options.fields.field(Role::Text.key()) {
            Some(field) => format!("there is no column {field} for the text"),
            None => "no column was recognised as the text".to_owned(),
        };
        let problem =
            Problem::error(source.place(), format!("{sentence}; its first row names the columns {}", names.join(", ")));
        return intake.refuse(problem.fix("Say which column holds the text: --map text=COLUMN"));
    }
    loop {
        match rows.next(&mut cells) {
            Err(error) => return intake.failed(source.place(), error),
            Ok(Row::End) => return Flow::Continue(()),
            Ok(Row::Broken(line, fault)) => intake.refuse(fault.problem(source.place().at_line(line)))?,
            Ok(Row::Read(line)) if cells.len() != columns.len() => {
                let sentence =
                    format!("the row has {} cells where the table has {} columns", cells.len(), columns.len());
                let fix = "Enclose cells that hold the separator in quotes; the other rows were loaded";
                intake.refuse(Problem::error(source.place().at_line(line), sentence).fix(fix))?;
            }
            Ok(Row::Read(line)) => {
                let place = source.place().at_line(line);
                let encoding = rows.source().encoding();
                match record(&columns, &mut cells) {
                    Ok(record) => intake.record(source, encoding, record, roles, place)?,
                    Err(column) => {
                        let sentence = format!("a byte of the cell does not fit the encoding {}", encoding.name());
                        let problem = Problem::error(place.field(column), sentence);
                        intake.refuse(problem.fix("Name the file's encoding, for example --encoding windows-1252"))?;
                    }
                }
            }
        }
    }
}

/// One row's cells, or the column whose cell is no text.
fn record(columns: &[String], cells: &mut Vec<Vec<u8>>) -> Result<Record, String> {
    let mut record = Record::default();
    for (column, cell) in columns.iter().zip(cells.drain(..)) {
        let cell = String::from_utf8(cell).map_err(|_| column.clone())?;
        record.fields.push((column.clone(), Value::String(cell)));
    }
    Ok(record)
}

/// The columns' names; a column without one is called by its number.
fn names(cells: &[Vec<u8>]) -> Vec<String> {
    let name = |(index, cell): (usize, &Vec<u8>)| match String::from_utf8_lossy(cell).trim() {
        "" => format!("column {}", index + 1),
        name => name.to_owned(),
    };
    cells.iter().enumerate().map(name).collect()
}

/// The separator that cuts the first row into most cells; of equals the one that the format is named for.
fn delimiter(sample: &[u8], format: ArticleFormat) -> u8 {
    let usual = if format == ArticleFormat::Tsv { b'\t' } else { b',' };
    let cells = |delimiter| {
        let mut cells = Vec::new();
        match Rows::new(sample, delimiter, true, u64::MAX).next(&mut cells) {
            Ok(Row::Read(_)) => cells.len(),
            _ => 0,
        }
    };
    let most =
        [b',', b';', b'\t', b'|'].into_iter().map(|delimiter| (cells(delimiter), delimiter == usual, delimiter)).max();
    most.map_or(usual, |(_, _, delimiter)| delimiter)
}

/// Whether the rows at the start can be read with quotes that enclose cells. The sample may end inside a cell.
fn quotes_fit(sample: &[u8], delimiter: u8) -> bool {
    let mut rows = Rows::new(sample, delimiter, true, u64::MAX);
    let (mut cells, mut columns, mut read) = (Vec::new(), 0, 0);
    loop {
        match rows.next(&mut cells) {
            Ok(Row::Read(_)) if read == 0 => columns = cells.len(),
            Ok(Row::Read(_)) if cells.len() == columns => (),
            Ok(Row::Read(_)) => return rows.source().is_empty(),
            Ok(Row::Broken(_, Fault::Unclosed(_))) => return read > 1,
            Ok(Row::Broken(..)) => return false,
            Ok(Row::End) | Err(_) => return true,
        }
        read += 1;
    }
}
