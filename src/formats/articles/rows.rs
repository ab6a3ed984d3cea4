//! Rows of a CSV or TSV file (RFC 4180), strictly: a quote that does not close, or words after a closing quote, are told
//! with their line instead of being read as something else, and the rows after them are read.
//!
//! Written here because a lenient parser silently changes text that begins with a quotation mark.

use std::io::{self, BufRead};

use super::intake::bytes;
use crate::text::{Place, Problem};

/// What [`Rows::next`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// Its cells are in the buffer. It began on this line.
    Read(usize),
    /// It began on this line and is no row.
    Broken(usize, Fault),
    End,
}

/// Why a row is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The quote that opens on this line does not close before the end.
    Unclosed(usize),
    /// On this line words follow a closing quote.
    AfterQuote(usize),
    /// It has more bytes than this.
    TooLong(u64),
}

impl Fault {
    pub(super) fn problem(self, place: Place) -> Problem {
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

pub(super) struct Rows<R> {
    source: R,
    delimiter: u8,
    /// A quote at the start of a cell encloses it; else quotes are ordinary characters.
    quoting: bool,
    limit: u64,
    line: usize,
}

impl<R: BufRead> Rows<R> {
    /// A row may have `limit` bytes.
    pub(super) fn new(source: R, delimiter: u8, quoting: bool, limit: u64) -> Self {
        Self { source, delimiter, quoting, limit, line: 1 }
    }

    pub(super) fn source(&self) -> &R {
        &self.source
    }

    /// The next row into `cells`. Rows without any character are passed over.
    pub(super) fn next(&mut self, cells: &mut Vec<Vec<u8>>) -> io::Result<Row> {
        cells.clear();
        let mut cell = Vec::new();
        let (mut first, mut size, mut at, mut quote_line) = (self.line, 0_u64, At::CellStart, self.line);
        let mut broken = None;
        loop {
            let here = self.source.fill_buf()?;
            if here.is_empty() {
                return Ok(match (broken, at) {
                    (Some(fault), _) => Row::Broken(first, fault),
                    (None, At::Quoted) => Row::Broken(first, Fault::Unclosed(quote_line)),
                    (None, At::CellStart) if cells.is_empty() => Row::End,
                    (None, _) => {
                        cells.push(cell);
                        Row::Read(first)
                    }
                });
            }
            let mut used = 0;
            let mut done = false;
            while let Some(&byte) = here.get(used) {
                // The greater part of every cell, at memory speed.
                let run = match at {
                    At::Plain => memchr::memchr2(self.delimiter, b'\n', &here[used..]),
                    At::Quoted => memchr::memchr2(b'"', b'\n', &here[used..]),
                    At::Lost => memchr::memchr(b'\n', &here[used..]),
                    At::CellStart | At::Quote => Some(0),
                };
                let run = run.unwrap_or(here.len() - used);
                if run > 0 {
                    if at != At::Lost {
                        cell.extend_from_slice(&here[used..used + run]);
                    }
                    used += run;
                    continue;
                }
                used += 1;
                if byte == b'\n' {
                    self.line += 1;
                    match at {
                        At::Quoted => cell.push(byte),
                        At::CellStart if cells.is_empty() => first = self.line,
                        _ => {
                            if at == At::Plain && cell.last() == Some(&b'\r') {
                                cell.pop();
                            }
                            done = true;
                            if cells.is_empty() && cell.is_empty() && at == At::Plain {
                                (done, at, first) = (false, At::CellStart, self.line);
                            }
                        }
                    }
                    if done {
                        break;
                    }
                    continue;
                }
                at = match at {
                    At::CellStart if byte == b'"' && self.quoting => {
                        quote_line = self.line;
                        At::Quoted
                    }
                    At::CellStart | At::Plain | At::Quote if byte == self.delimiter => {
                        cells.push(std::mem::take(&mut cell));
                        At::CellStart
                    }
                    At::CellStart | At::Plain => {
                        cell.push(byte);
                        At::Plain
                    }
                    At::Quoted => At::Quote,
                    At::Quote if byte == b'"' => {
                        cell.push(byte);
                        At::Quoted
                    }
                    At::Quote if byte == b'\r' => At::Quote,
                    At::Quote => {
                        broken = Some(Fault::AfterQuote(self.line));
                        At::Lost
                    }
                    At::Lost => At::Lost,
                };
            }
            self.source.consume(used);
            size += used as u64;
            if size > self.limit && broken.is_none() {
                broken = Some(Fault::TooLong(self.limit));
                (cell, at) = (Vec::new(), At::Lost);
                cells.clear();
            }
            if done {
                return Ok(match broken {
                    Some(fault) => Row::Broken(first, fault),
                    None => {
                        cells.push(cell);
                        Row::Read(first)
                    }
                });
            }
        }
    }
}
