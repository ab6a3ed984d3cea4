//! How a column file is laid out: what parts its columns, how many there are, how its tags are written. Found over the file, because its
//! first lines are often the odd ones.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use super::super::options::ReadOptions;
use super::super::tags::{Cell, Census, Notation, cell};
use super::MARK;
use super::ontonotes::Source;

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
    /// Which column has the word: the second where the first counts words.
    pub word: usize,
    /// How many columns at the end have tags: spans within spans have one for each level.
    pub levels: usize,
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
        let mut lines = Source::open(path, options)?;
        while shape.rows < ROWS && lines.next(&mut line)? {
            shape.add(&line);
        }
        let columns = shape.columns();
        let (mut widths, mut marked) = (BTreeMap::<usize, u64>::new(), false);
        let (mut numbers, mut ends) = (Numbers::default(), <[End; LEVELS]>::default());
        let over = |ends: &mut [End; LEVELS]| ends.iter_mut().for_each(|end| end.census.sentence());
        let mut lines = Source::open(path, options)?;
        while lines.next(&mut line)? {
            if line.starts_with(MARK) {
                marked = true;
                over(&mut ends);
                continue;
            }
            let mut any = false;
            for row in rows(&line, columns) {
                any = true;
                let cells: Vec<&str> = row.collect();
                let is_tag = |last: &&str| cell(last, Notation::Iob2) != Cell::Other;
                if line.starts_with('#') && !cells.last().is_some_and(is_tag) {
                    continue; // A comment, most likely.
                }
                *widths.entry(cells.len()).or_default() += 1;
                numbers.add(cells.first().copied().unwrap_or_default());
                for (end, text) in ends.iter_mut().zip(cells.iter().skip(1).rev()) {
                    end.add(text, cells.last() == Some(text));
                }
            }
            if !any || columns == Columns::Bars {
                over(&mut ends);
            }
        }
        over(&mut ends);
        widths.remove(&1);
        let width = widths.into_iter().max_by_key(|(width, count)| (*count, *width)).map_or(2, |(width, _)| width);
        let word = usize::from(width > 2 && numbers.count_words());
        let levels = levels(&ends, width - 1 - word);
        // The level with most tags tells best how they are written.
        let telling = ends.iter().take(levels.max(1)).rev().max_by_key(|end| end.tags);
        let notation = telling.map_or(Notation::Iob2, |end| end.census.notation());
        Ok(Self { columns, width, word, levels: levels.max(1), notation, marked })
    }
}

/// So many columns at the end may have tags.
const LEVELS: usize = 4;
/// So many labels of a column are looked at.
const LABELS: usize = 1_000;
/// What chunks are called: a column of chunks beside one of names is no level of these.
const CHUNKS: [&str; 12] = ["NP", "VP", "PP", "ADVP", "ADJP", "SBAR", "PRT", "CONJP", "INTJ", "LST", "UCP", "PNP"];

/// One of the last columns.
#[derive(Debug, Default)]
struct End {
    census: Census,
    tags: u64,
    /// Neither `O` nor a letter with a label.
    others: u64,
    /// Tags that are those of the last column too.
    same: u64,
    labels: BTreeSet<String>,
}

impl End {
    fn add(&mut self, text: &str, same: bool) {
        self.census.word(text);
        match cell(text, Notation::Iob2) {
            Cell::Tag(tag) => {
                self.tags += 1;
                self.same += u64::from(same);
                if self.labels.len() < LABELS && !self.labels.contains(&tag.label) {
                    self.labels.insert(tag.label);
                }
            }
            Cell::Other => self.others += 1,
            Cell::Outside => {}
        }
    }

    fn is_clean(&self) -> bool {
        self.others * 100 <= self.tags
    }

    fn is_chunks(&self) -> bool {
        self.labels.iter().all(|label| CHUNKS.contains(&label.as_str()))
    }
}

/// How many of the last columns are levels, of the `after` columns behind the word: all, if there is nothing else; or those whose labels
/// are also labels of a level behind them.
fn levels(ends: &[End], after: usize) -> usize {
    let Some(last) = ends.first() else { return 1 };
    // A column that says mostly the same is what was right, and the last what was guessed.
    let is_level = |end: &&End| end.is_clean() && end.tags > 0 && !end.is_chunks() && end.same * 2 <= end.tags;
    let before = || ends.iter().take(after).skip(1).take_while(is_level);
    if last.is_clean() && 1 + before().count() == after {
        return after;
    }
    let mut labels: BTreeSet<&str> = last.labels.iter().map(String::as_str).collect();
    let mut count = 1;
    for end in before().take_while(|_| last.is_clean()) {
        if !labels.is_empty() && !end.labels.iter().any(|label| labels.contains(label.as_str())) {
            break;
        }
        labels.extend(end.labels.iter().map(String::as_str));
        count += 1;
    }
    count
}

/// Whether a column counts the words of each sentence.
#[derive(Debug, Default)]
struct Numbers {
    last: Option<u64>,
    rows: u64,
    right: u64,
}

impl Numbers {
    fn add(&mut self, text: &str) {
        let number = text.parse::<u64>().ok();
        self.rows += 1;
        self.right +=
            u64::from(number.is_some_and(|number| {
                number <= 1 || self.last.is_some_and(|last| last.checked_add(1) == Some(number))
            }));
        self.last = number;
    }

    fn count_words(&self) -> bool {
        self.right * 20 >= self.rows * 19
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
    let most = |count: u64| count * 5 >= shape.rows * 4;
    shape.rows > 0 && (most(shape.bars) || most(shape.tagged) || bare(whole))
}

/// Words with bare labels, of which there are few, behind a tab; some words have none.
fn bare(text: &str) -> bool {
    let mut labels = BTreeSet::new();
    let (mut rows, mut outside) = (0_usize, 0_usize);
    for line in text.lines().take(2_000).filter(|line| !line.trim().is_empty()) {
        let mut cells = line.trim_end_matches('\r').split('\t');
        let (Some(word), Some(label), None) = (cells.next(), cells.next(), cells.next()) else { return false };
        let is_name = label.starts_with(char::is_alphabetic) && !label.contains(char::is_whitespace);
        if word.is_empty() || word.contains(' ') || !is_name || label.len() > 60 {
            return false;
        }
        rows += 1;
        outside += usize::from(label == "O");
        labels.insert(label);
    }
    rows >= 10 && labels.len() <= 40 && outside * 8 >= rows
}
