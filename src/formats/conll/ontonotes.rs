//! CoNLL-2011 and CoNLL-2012, in which `OntoNotes` is given out: eleven columns and more, the word in the fourth, names as brackets in the
//! eleventh, `#begin document (name); part 000` before each document. Its rows are read as word, part of speech and tag.

use std::io::{self, Read as _};
use std::path::Path;

use super::super::lines::Lines;
use super::super::options::ReadOptions;
use super::MARK;

const BEGIN: &str = "#begin document (";
const END: &str = "#end document";
const WORD: usize = 3;
const NAMES: usize = 10;

/// The file begins with a document, and its first row has names or room for them.
pub(super) fn looks(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_cell = |cell: &str| cell.starts_with('(') || cell.ends_with(['*', ')']);
    lines.next().is_some_and(|line| line.starts_with(BEGIN))
        && lines
            .find(|line| !line.starts_with('#'))
            .is_some_and(|row| row.split_whitespace().nth(NAMES).is_some_and(is_cell))
}

/// The lines of a file: as they are, or with the columns that are read.
pub(super) struct Source {
    pub lines: Lines,
    /// It is such a file.
    pub brackets: bool,
    /// The name that the sentence is in.
    open: Option<String>,
}

impl Source {
    pub fn open(path: &Path, options: &ReadOptions) -> io::Result<Self> {
        let mut start = Vec::new();
        std::fs::File::open(path)?.take(1 << 16).read_to_end(&mut start)?;
        let brackets = looks(&String::from_utf8_lossy(&start));
        Ok(Self { lines: Lines::open(path, options)?, brackets, open: None })
    }

    /// As [`Lines::next`].
    pub fn next(&mut self, line: &mut String) -> io::Result<bool> {
        let any = self.lines.next(line)?;
        if any && self.brackets {
            *line = self.plain(line);
        }
        Ok(any)
    }

    fn plain(&mut self, line: &str) -> String {
        if let Some((name, part)) = line.strip_prefix(BEGIN).and_then(|rest| rest.split_once(')')) {
            self.open = None;
            return format!("{MARK} {name} {}", part.trim_start_matches([';', ' ']));
        }
        let cells: Vec<&str> = line.split_whitespace().collect();
        if line.starts_with(END) || cells.is_empty() {
            self.open = None;
            return String::new();
        }
        let (Some(names), Some(word), Some(speech)) = (cells.get(NAMES), cells.get(WORD), cells.get(WORD + 1)) else {
            return cells.get(WORD).or(cells.first()).copied().unwrap_or_default().to_owned();
        };
        format!("{word}\t{speech}\t{}", self.tag(names))
    }

    /// `(ORG*`, `*`, `*)` or `(ORG)`.
    fn tag(&mut self, cell: &str) -> String {
        let tag = match (cell.strip_prefix('('), &self.open) {
            (Some(named), _) => {
                let label = named.trim_end_matches([')', '*']);
                self.open = Some(label.to_owned());
                format!("B-{label}")
            }
            (None, Some(label)) => format!("I-{label}"),
            (None, None) => "O".to_owned(),
        };
        if cell.ends_with(')') {
            self.open = None;
        }
        tag
    }
}
