//! Rows of a CSV or TSV file (RFC 4180), strictly: a quote that does not close, or words after a closing quote, are told
//! with their line instead of being read as something else, and the rows after them are read.
//!
//! Written here because a lenient parser silently changes text that begins with a quotation mark.

use std::io::{self, BufRead};

use super::intake::bytes;
use crate::text::{Place, Problem};

/// What [`Rows::next`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::formats) enum Row {
    /// Its cells are in the buffer. It began on this line.
    Read(usize),
    /// It began on this line and is no row.
    Broken(usize, Fault),
    End,
}

/// Why a row is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::formats) enum Fault {
    /// The quote that opens on this line does not close before the end.
    Unclosed(usize),
    /// On this line words follow a closing quote.
    AfterQuote(usize),
    /// It has more bytes than this.
    TooLong(u64),
}

impl Fault {
    pub(in crate::formats) fn problem(self, place: Place) -> Problem {
        let close = "Look for a quote that is not closed; quotes inside a cell are doubled";
        match self {
            Self::Unclosed(line) => {
                let sentence = format!(
                    "the quote that opens on line {line} is not closed before the file ends; nothing after it was read"
                );
                Problem::error(place, sentence).fix(close)
            }
            Self::AfterQuote(line) => Problem::error(place, format!("on line {line} words follow a closing quote"))
                .fix("Double the quotes inside a quoted cell; the other rows were loaded"),
            Self::TooLong(limit) => {
                Problem::error(place, format!("the row has more than the {} allowed", bytes(limit))).fix(close)
            }
        }
    }
}

/// Where the parser stands in a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    CellStart,
    Plain,
    Quoted,
    /// After a quote inside a quoted cell: the cell's end, or half of a doubled quote.
    Quote,
    /// In a row that is broken: on to the end of the line.
    Lost,
}

pub(in crate::formats) struct Rows<R> {
    source: R,
    delimiter: u8,
    /// A quote at the start of a cell encloses it; else quotes are ordinary characters.
    quoting: bool,
    limit: u64,
    line: usize,
}

impl<R: BufRead> Rows<R> {
    /// A row may have `limit` bytes.
    pub(in crate::formats) fn new(source: R, delimiter: u8, quoting: bool, limit: u64) -> Self {
        Self { source, delimiter, quoting, limit, line: 1 }
    }

    pub(super) fn source(&self) -> &R {
        &self.source
    }

    /// The next row into `cells`. Lines without any character are passed over.
    pub(in crate::formats) fn next(&mut self, cells: &mut Vec<Vec<u8>>) -> io::Result<Row> {
        cells.clear();
        let mut row =
            Begun { cells, cell: Vec::new(), at: At::CellStart, first: self.line, quote: self.line, fault: None };
        let mut size = 0;
        loop {
            let here = self.source.fill_buf()?;
            if here.is_empty() {
                return Ok(row.end_of_file());
            }
            let (mut used, mut done) = (0, false);
            while used < here.len() && !done {
                let run = row.run(&here[used..], self.delimiter);
                used += run;
                let Some(&byte) = here.get(used) else { break };
                used += 1;
                if byte == b'\n' {
                    self.line += 1;
                    done = row.line_end(self.line);
                } else {
                    row.byte(byte, self.delimiter, self.quoting, self.line);
                }
            }
            self.source.consume(used);
            size += used as u64;
            if size > self.limit {
                row.lose(Fault::TooLong(self.limit));
            }
            if done {
                return Ok(row.done());
            }
        }
    }
}

/// A row that is being read.
struct Begun<'a> {
    cells: &'a mut Vec<Vec<u8>>,
    cell: Vec<u8>,
    at: At,
    /// The line it began on, and that of the last opening quote.
    first: usize,
    quote: usize,
    fault: Option<Fault>,
}

impl Begun<'_> {
    /// Takes the bytes that mean only themselves, at memory speed; returns how many.
    fn run(&mut self, here: &[u8], delimiter: u8) -> usize {
        let end = match self.at {
            At::Plain => memchr::memchr2(delimiter, b'\n', here),
            At::Quoted => memchr::memchr2(b'"', b'\n', here),
            At::Lost => memchr::memchr(b'\n', here),
            At::CellStart | At::Quote => Some(0),
        };
        let end = end.unwrap_or(here.len());
        if self.at != At::Lost {
            self.cell.extend_from_slice(&here[..end]);
        }
        end
    }

    /// A byte that may mean more than itself.
    fn byte(&mut self, byte: u8, delimiter: u8, quoting: bool, line: usize) {
        match self.at {
            At::CellStart if byte == b'"' && quoting => {
                self.quote = line;
                self.at = At::Quoted;
            }
            At::CellStart | At::Plain | At::Quote if byte == delimiter => {
                self.cells.push(std::mem::take(&mut self.cell));
                self.at = At::CellStart;
            }
            At::CellStart | At::Plain => {
                self.cell.push(byte);
                self.at = At::Plain;
            }
            At::Quoted => self.at = At::Quote,
            At::Quote if byte == b'"' => {
                self.cell.push(byte);
                self.at = At::Quoted;
            }
            // The first half of a CRLF.
            At::Quote if byte == b'\r' => (),
            At::Quote => self.lose(Fault::AfterQuote(line)),
            At::Lost => (),
        }
    }

    /// Whether the row ends with this line; `next` is the number of the line after it.
    fn line_end(&mut self, next: usize) -> bool {
        if self.at == At::Quoted {
            self.cell.push(b'\n');
            return false;
        }
        if self.at == At::Plain && self.cell.last() == Some(&b'\r') {
            self.cell.pop();
        }
        let blank = matches!(self.at, At::CellStart | At::Plain) && self.cells.is_empty() && self.cell.is_empty();
        if blank {
            (self.at, self.first) = (At::CellStart, next);
        }
        !blank
    }

    fn lose(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
        (self.cell, self.at) = (Vec::new(), At::Lost);
        self.cells.clear();
    }

    fn done(self) -> Row {
        if let Some(fault) = self.fault {
            return Row::Broken(self.first, fault);
        }
        self.cells.push(self.cell);
        Row::Read(self.first)
    }

    fn end_of_file(mut self) -> Row {
        match self.at {
            At::CellStart if self.cells.is_empty() => Row::End,
            At::Quoted => {
                self.lose(Fault::Unclosed(self.quote));
                self.done()
            }
            _ => self.done(),
        }
    }
}
