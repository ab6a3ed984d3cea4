//! The lines of a text file of any size, decoded, numbered, each bounded: what readers of formats made of lines start from.

use std::fs::File;
use std::io::{self, BufRead as _};
use std::path::Path;

use super::articles::lines::{Line, read_line};
use super::articles::stream::Stream;
use super::options::ReadOptions;
use crate::text::{Place, Problem};

/// The lines of one file. A byte order mark is taken off; what is not UTF-8 is decoded as what it looks like.
pub(super) struct Lines {
    source: Stream<File>,
    /// What lines end with, once something was read: a carriage return where nothing else does.
    end: Option<u8>,
    file: String,
    limit: u64,
    buffer: Vec<u8>,
    /// The line read last, from 1.
    pub number: usize,
    /// Bytes read so far.
    pub read: u64,
    /// What was wrong with lines, since it was last taken.
    pub problems: Vec<Problem>,
    noted: bool,
}

impl Lines {
    pub fn open(path: &Path, options: &ReadOptions) -> io::Result<Self> {
        Ok(Self {
            source: Stream::new(File::open(path)?, None),
            end: None,
            file: path.display().to_string(),
            limit: options.limits.document_bytes,
            buffer: Vec::new(),
            number: 0,
            read: 0,
            problems: Vec::new(),
            noted: false,
        })
    }

    /// The file, and the line read last.
    pub fn place(&self) -> Place {
        Place::file(self.file.clone()).at_line(self.number)
    }

    /// Puts the next line into `line`, without its line end; false at the end of the file. A byte that does not fit becomes U+FFFD, and a
    /// line that is too long is passed over; either is among the problems.
    pub fn next(&mut self, line: &mut String) -> io::Result<bool> {
        loop {
            let end = match self.end {
                Some(end) => end,
                None => *self.end.insert(if is_of_old_macs(self.source.fill_buf()?) { b'\r' } else { b'\n' }),
            };
            let found = read_line(&mut self.source, end, &mut self.buffer, self.limit)?;
            self.number += 1;
            if !self.noted
                && let Some(note) = self.source.note(&Place::file(self.file.clone()))
            {
                self.noted = true;
                self.problems.push(note);
            }
            match found {
                Line::End => return Ok(false),
                Line::Read => {
                    self.read += self.buffer.len() as u64 + 1;
                    line.clear();
                    match std::str::from_utf8(&self.buffer) {
                        Ok(text) => line.push_str(text),
                        Err(_) => {
                            line.push_str(&String::from_utf8_lossy(&self.buffer));
                            let sentence = "a byte in this line fits no encoding: “�” stands for it";
                            self.problems.push(Problem::warning(self.place(), sentence).fix("Save the file as UTF-8"));
                        }
                    }
                    return Ok(true);
                }
                Line::TooLong(size) => {
                    self.read += size + 1;
                    let sentence =
                        format!("the line has more than the {} MiB allowed; it was left out", self.limit >> 20);
                    self.problems.push(Problem::error(self.place(), sentence));
                }
            }
        }
    }
}

/// Lines end with carriage returns alone.
pub(super) fn is_of_old_macs(start: &[u8]) -> bool {
    memchr::memchr(b'\n', start).is_none() && memchr::memchr(b'\r', start).is_some_and(|at| at + 1 < start.len())
}
