//! Other columns than the ten: CoNLL-U Plus, whose first line names them (<https://universaldependencies.org/ext-format.html>), and words
//! with tags below the comments of CoNLL-U. Each row is made one of ten; what has no place among these goes to the last.

use std::io;
use std::path::Path;

use super::super::glimpse::Glimpse;
use super::super::lines::Lines;
use super::super::options::ReadOptions;
use super::misc::{escape, is_lettered};
use super::read::comment;

const TEN: [&str; 10] = ["ID", "FORM", "LEMMA", "UPOS", "XPOS", "FEATS", "HEAD", "DEPREL", "DEPS", "MISC"];
/// What columns of tags are called, behind the name of who keeps them: `CONLL:NER`.
const TAGS: [&str; 5] = ["NER", "NE", "NERTAG", "NER_TAG", "NAMED_ENTITY"];
/// Values that say nothing.
const NOTHING: [&str; 4] = ["_", "*", "-", ""];
/// Lines that are looked at.
const LINES: usize = 2_000;

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Column {
    /// One of the ten.
    Ten(usize),
    Tag,
    Other(String),
}

/// The columns of a file.
#[derive(Debug)]
pub(super) struct Columns {
    of: Vec<Column>,
    tabs: bool,
}

impl Columns {
    /// As the start of a file names or shows them; `None` for the ten.
    pub fn of(start: &str) -> Option<Self> {
        let is_head = |line: &&str| line.starts_with('#') || line.trim().is_empty();
        let named = start.lines().take_while(is_head).filter_map(comment).find(|(key, _)| *key == "global.columns");
        match named {
            Some((_, names)) => Self::named(names),
            None => Self::shown(start),
        }
    }

    fn named(names: &str) -> Option<Self> {
        let mut tagged = false;
        let mut one = |name: &str| {
            let upper = name.to_uppercase();
            let is_tag = TAGS.contains(&upper.rsplit(':').next().unwrap_or_default()) && !tagged;
            tagged |= is_tag;
            match TEN.iter().position(|known| *known == upper) {
                Some(place) => Column::Ten(place),
                None if is_tag => Column::Tag,
                None => Column::Other(name.replace(['|', '='], "_")),
            }
        };
        let of: Vec<Column> = names.split_whitespace().map(&mut one).collect();
        let usual = of.len() == TEN.len() && (0..TEN.len()).map(Column::Ten).eq(of.iter().cloned());
        (of.contains(&Column::Ten(1)) && !usual).then_some(Self { of, tabs: true })
    }

    /// Nothing names them, but sentences have their text above them, and one column has a tag in every row.
    fn shown(start: &str) -> Option<Self> {
        let lines = || start.lines().take(LINES);
        if !lines().any(|line| comment(line).is_some_and(|(key, text)| key == "text" && !text.is_empty())) {
            return None;
        }
        let rows: Vec<&str> = lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).collect();
        let tabs = rows.iter().all(|row| row.contains('\t'));
        let rows: Vec<Vec<&str>> = rows.into_iter().map(|row| cells(row, tabs)).collect();
        let width = rows.first()?.len();
        // The last row may be cut off.
        let whole = rows.get(..rows.len().saturating_sub(1).max(1))?;
        if width == TEN.len() || whole.iter().any(|row| row.len() != width) {
            return None;
        }
        let all =
            |column: usize, is: fn(&str) -> bool| whole.iter().all(|row| row.get(column).is_some_and(|cell| is(cell)));
        let is_tag = |column: &usize| {
            let has_one = whole.iter().any(|row| row.get(*column).is_some_and(|cell| is_lettered(cell)));
            has_one && all(*column, |cell| cell == "O" || is_lettered(cell))
        };
        let tag = (1..width).find(is_tag)?;
        let form =
            usize::from(tag > 1 && all(0, |cell| !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit())));
        let one = |column: usize| match column {
            0 if form == 1 => Column::Ten(0),
            _ if column == form => Column::Ten(1),
            _ if column == tag => Column::Tag,
            _ => Column::Other(format!("column{}", column + 1)),
        };
        Some(Self { of: (0..width).map(one).collect(), tabs })
    }

    /// A row as one of ten columns; `None` for what is no row of these.
    fn ten(&self, line: &str, word: usize) -> Option<String> {
        let cells = cells(line, self.tabs);
        let at =
            |column: &Column| self.of.iter().position(|known| known == column).and_then(|at| cells.get(at).copied());
        let is_comment = line.starts_with('#') && !at(&Column::Tag).is_some_and(|tag| tag == "O" || is_lettered(tag));
        if cells.len() != self.of.len() || is_comment {
            return None;
        }
        let number = word.to_string();
        let mut ten = TEN.map(|_| "_");
        ten[0] = &number;
        let (mut tag, mut others, mut misc) = (None, String::new(), None);
        for (column, cell) in self.of.iter().zip(&cells) {
            match column {
                Column::Ten(9) => misc = Some(*cell),
                Column::Ten(place) if !cell.is_empty() => ten[*place] = cell,
                Column::Ten(_) => {}
                _ if NOTHING.contains(cell) => {}
                Column::Tag => tag = Some(*cell).filter(|tag| *tag != "O"),
                Column::Other(name) => {
                    others.push_str(if others.is_empty() { "" } else { "|" });
                    others.push_str(name);
                    others.push('=');
                    escape(cell, &mut others);
                }
            }
        }
        let tag = tag.map(|tag| format!("NER={tag}"));
        let parts = [tag.as_deref(), misc.filter(|misc| !NOTHING.contains(misc)), Some(others.as_str())];
        let last: Vec<&str> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        let last = last.join("|");
        ten[9] = if last.is_empty() { "_" } else { &last };
        Some(ten.join("\t"))
    }
}

fn cells(line: &str, tabs: bool) -> Vec<&str> {
    let line = line.trim_end_matches('\r');
    if tabs { line.split('\t').collect() } else { line.split_whitespace().collect() }
}

/// The lines of a file, each row one of ten columns.
pub(super) struct Rows {
    pub lines: Lines,
    columns: Option<Columns>,
    /// Words of the sentence so far.
    words: usize,
}

impl Rows {
    pub fn open(path: &Path, options: &ReadOptions) -> io::Result<Self> {
        let columns = Columns::of(Glimpse::at(path)?.text());
        Ok(Self { lines: Lines::open(path, options)?, columns, words: 0 })
    }

    /// The columns are the usual ones.
    pub fn are_ten(&self) -> bool {
        self.columns.is_none()
    }

    /// As [`Lines::next`].
    pub fn next(&mut self, line: &mut String) -> io::Result<bool> {
        if !self.lines.next(line)? {
            return Ok(false);
        }
        if let Some(columns) = &self.columns {
            if line.trim().is_empty() {
                self.words = 0;
            } else if let Some(row) = columns.ten(line, self.words + 1) {
                self.words += 1;
                *line = row;
            }
        }
        Ok(true)
    }
}
