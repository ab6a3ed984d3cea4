//! How a column file is laid out: what parts its columns, how many there are, how its tags are written. Found over the file, because its
//! first lines are often the odd ones.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use super::super::lines::Lines;
use super::super::options::ReadOptions;
use super::super::tags::{Cell, Census, Notation, cell};
use super::MARK;

/// What parts the columns of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Columns {
    Tabs,
    Blanks,
    /// A whole sentence on a line, each word with its columns behind bars.
    Bars,
}

/// How a file is laid out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub columns: Columns,
    /// How many columns most rows have.
    pub width: usize,
    pub notation: Notation,
    /// There are lines that begin documents.
    pub marked: bool,
}

/// Rows that are looked at to know what parts columns.
const ROWS: u64 = 10_000;

impl Layout {
    pub fn of(path: &Path, options: &ReadOptions) -> io::Result<Self> {
        let mut shape = Shape::default();
        let mut line = String::new();
        let mut lines = Lines::open(path, options)?;
        while shape.rows < ROWS && lines.next(&mut line)? {
            shape.add(&line);
        }
        let columns = shape.columns();
        let (mut census, mut widths, mut marked) = (Census::default(), BTreeMap::<usize, u64>::new(), false);
        let mut lines = Lines::open(path, options)?;
        while lines.next(&mut line)? {
            if line.starts_with(MARK) {
                marked = true;
                census.sentence();
                continue;
            }
            let mut any = false;
            for row in rows(&line, columns) {
                any = true;
                let width = row.clone().count();
                *widths.entry(width).or_default() += 1;
                if width > 1 {
                    census.word(row.last().unwrap_or_default());
                }
            }
            if !any || columns == Columns::Bars {
                census.sentence();
            }
        }
        census.sentence();
        widths.remove(&1);
        let width = widths.into_iter().max_by_key(|(width, count)| (*count, *width)).map_or(2, |(width, _)| width);
        Ok(Self { columns, width, notation: census.notation(), marked })
    }
}

/// The rows of a line: one, but for sentences behind bars. None in a blank line.
pub(super) fn rows(line: &str, columns: Columns) -> impl Iterator<Item = Row<'_>> {
    let line = line.trim_end_matches([' ', '\t', '\r']);
    let whole = (columns != Columns::Bars && !line.trim_start_matches([' ', '\t']).is_empty()).then_some(line);
    let words = if columns == Columns::Bars { line } else { "" };
    let words = words.split([' ', '\t']).filter(|word| !word.is_empty());
    whole.into_iter().chain(words).map(move |text| Row { text: Some(text), columns })
}

/// The columns of a row, one after the other.
#[derive(Clone, Debug)]
pub(super) struct Row<'l> {
    text: Option<&'l str>,
    columns: Columns,
}

impl<'l> Iterator for Row<'l> {
    type Item = &'l str;

    fn next(&mut self) -> Option<&'l str> {
        let text = self.text?;
        let text = if self.columns == Columns::Blanks { text.trim_start_matches([' ', '\t']) } else { text };
        let end = match self.columns {
            Columns::Tabs => text.find('\t'),
            Columns::Blanks => text.find([' ', '\t']),
            // A word may be a bar itself: `||NN|O`.
            Columns::Bars => text.char_indices().skip(1).find(|(_, character)| *character == '|').map(|(at, _)| at),
        };
        self.text = end.map(|end| &text[end + 1..]);
        Some(&text[..end.unwrap_or(text.len())])
    }
}

/// Counts what might part columns.
#[derive(Debug, Default)]
struct Shape {
    rows: u64,
    tabs: u64,
    bars: u64,
    /// Rows of at least two columns whose last one is a tag; and among those with tabs alone.
    tagged: u64,
}

impl Shape {
    fn add(&mut self, line: &str) {
        let line = line.trim_matches([' ', '\t', '\r']);
        if line.is_empty() || line.starts_with(MARK) {
            return;
        }
        self.rows += 1;
        self.tabs += u64::from(line.contains('\t'));
        let bar = |word: &str| word.rsplit_once('|').is_some_and(|(rest, tag)| !rest.is_empty() && tagged(tag));
        let words = || line.split([' ', '\t']).filter(|word| !word.is_empty());
        self.bars += u64::from(words().all(bar));
        self.tagged += u64::from(words().count() > 1 && words().next_back().is_some_and(tagged));
    }

    fn columns(&self) -> Columns {
        match self {
            _ if self.bars * 2 > self.rows => Columns::Bars,
            _ if self.tabs * 2 > self.rows => Columns::Tabs,
            _ => Columns::Blanks,
        }
    }
}

/// `O`, or a letter with a label.
fn tagged(text: &str) -> bool {
    text == "O" || (text.len() > 2 && matches!(cell(text, Notation::Iob2), Cell::Tag(_)))
}

/// The start of a file is rows with tags, for the most part.
pub(super) fn looks(text: &str) -> bool {
    let mut shape = Shape::default();
    // The last line may be cut off.
    let whole = if text.len() < 1 << 20 { text } else { text.rsplit_once('\n').map_or(text, |(whole, _)| whole) };
    for line in whole.lines().take(2_000) {
        shape.add(line);
    }
    shape.rows > 0 && (shape.bars * 5 >= shape.rows * 4 || shape.tagged * 5 >= shape.rows * 4)
}
