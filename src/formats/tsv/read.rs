//! One file, one document.

use std::io;
use std::path::Path;

use serde_json::{Value, json};

use super::super::lines::Lines;
use super::super::options::ReadOptions;
use super::super::record::{Record, Records};
use super::cell::plain;
use super::head::{FORMAT, Head, is_old};
use super::marks::Marks;
use super::text::{Row, Story};
use crate::annotation::exchange::{RawDocument, RawLayer};
use crate::text::{Place, Problem, Text};

pub(super) fn read(path: &Path, options: &ReadOptions) -> io::Result<Records> {
    let lines = Lines::open(path, options)?;
    let stem = path.file_stem().map_or_else(|| "tsv".to_owned(), |stem| stem.to_string_lossy().into_owned());
    let mut rest = Some((lines, stem));
    Ok(Box::new(std::iter::from_fn(move || {
        let (lines, stem) = rest.take()?;
        Some(document(lines, stem))
    })))
}

/// What a file says, line by line.
#[derive(Default)]
struct Parts {
    heads: Vec<Head>,
    /// Lines of the head, as they are.
    head: Vec<String>,
    /// Other lines that begin with #.
    comments: Vec<String>,
    rows: Vec<Row>,
    story: Story,
    /// The sentence at hand: its text, and its first row.
    sentence: Option<String>,
    first: usize,
    problems: Vec<Problem>,
    /// A version before 3.
    is_old: bool,
}

impl Parts {
    fn end_of_sentence(&mut self) {
        let rows = self.rows.get_mut(self.first..).unwrap_or_default();
        if self.sentence.is_some() || !rows.is_empty() {
            self.story.sentence(self.sentence.take(), rows);
        }
        self.first = self.rows.len();
    }

    fn line(&mut self, line: &str, number: usize, place: &Place) {
        if self.head.is_empty() && self.rows.is_empty() {
            self.is_old |= is_old(line);
        }
        if let Some(text) = line.strip_prefix("#Text=") {
            let text = plain(text);
            match &mut self.sentence {
                // A sentence of several lines has several of these.
                Some(sentence) if self.first == self.rows.len() => {
                    sentence.push('\n');
                    sentence.push_str(&text);
                }
                _ => {
                    self.end_of_sentence();
                    self.sentence = Some(text);
                }
            }
        } else if line.starts_with("#T_") && self.rows.is_empty() {
            self.head.push(line.to_owned());
            match Head::read(line, &self.heads) {
                Some(head) => self.heads.push(head),
                None => self.problems.push(Problem::error(place.clone(), "a layer of no known kind; it was left out")),
            }
        } else if line.starts_with(FORMAT) {
            self.head.push(line.to_owned());
        } else if line.starts_with('#') {
            self.comments.push(line.to_owned());
        } else if line.trim().is_empty() {
            if self.first < self.rows.len() {
                self.end_of_sentence();
            }
        } else if let Some(row) = Row::read(line, number) {
            self.rows.push(row);
        } else {
            let sentence = "it is no row: a number such as 1-1, offsets such as 0-4, a word and cells, with tabs between; it was left out";
            self.problems.push(Problem::error(place.clone(), sentence));
        }
    }
}

fn document(mut lines: Lines, stem: String) -> Result<Record, Box<Problem>> {
    let mut parts = Parts::default();
    let mut line = String::new();
    loop {
        match lines.next(&mut line) {
            Ok(true) => parts.line(&line, lines.number, &lines.place()),
            Ok(false) => break,
            Err(error) => {
                let sentence = format!("the file could not be read further: {error}");
                return Err(Box::new(Problem::error(lines.place(), sentence)));
            }
        }
    }
    parts.end_of_sentence();
    if !parts.head.first().is_some_and(|line| line.starts_with(FORMAT)) {
        if parts.is_old {
            let sentence = "it is WebAnno TSV 1 or 2, whose numbers and types are other ones; it was not imported";
            let fix =
                "Export the document again as WebAnno TSV 3 or UIMA CAS XMI: WebAnno and INCEpTION open the old file";
            return Err(Box::new(Problem::error(lines.place().at_line(1), sentence).fix(fix)));
        }
        let sentence = "it does not begin with #FORMAT=WebAnno TSV 3; it was not imported";
        return Err(Box::new(Problem::error(lines.place().at_line(1), sentence)));
    }
    let place = lines.place().at_line(1);
    let width = parts.heads.last().map_or(3, |head| head.at + head.columns.len());
    let mut marks = Marks::default();
    for row in &parts.rows {
        let place = place.clone().at_line(row.line);
        let cells = row.cells.trim_end_matches(['\t', '\r']).split('\t').count();
        if cells < width {
            let sentence = format!("the row has {cells} columns, the head says {width}: the others are taken as empty");
            parts.problems.push(Problem::warning(place.clone(), sentence));
        }
        if row.at.is_none() {
            let sentence = format!("the word “{}” is not in the text of its sentence", plain(row.cell(2)));
            parts.problems.push(Problem::warning(place.clone(), sentence));
        }
        marks.spans(&parts.heads, row, &place);
    }
    for row in &parts.rows {
        marks.relations(&parts.heads, row, &place.clone().at_line(row.line));
    }
    let mut problems = std::mem::take(&mut lines.problems);
    problems.append(&mut parts.problems);
    problems.append(&mut marks.problems);
    if parts.story.moved > 0 {
        let sentence = format!(
            "{} of {} words do not stand where their offsets say: they were found in the sentences",
            parts.story.moved,
            parts.rows.len()
        );
        problems.push(Problem::warning(place.clone(), sentence));
    }
    if parts.story.filled > 0 {
        let sentence = format!(
            "what stands between sentences is not in the file: {} line breaks stand for it",
            parts.story.filled
        );
        problems.push(Problem::note(place.clone(), sentence));
    }
    let mut kept = json!({ "head": parts.head });
    if !parts.comments.is_empty() {
        kept["comments"] = Value::from(parts.comments);
    }
    if marks.made > 0 {
        let sentence = match marks.made {
            1 => "one word that a relation joins bears no span: it was made one".to_owned(),
            made => format!("{made} words that relations join bear no span: they were made spans"),
        };
        problems.push(Problem::note(place.clone(), sentence));
    }
    if !marks.chains.is_empty() {
        let sentence = format!("the chains of {} words are no spans here: kept in the metadata", marks.chains.len());
        problems.push(Problem::note(place.clone(), sentence));
        kept["chains"] = Value::Object(marks.chains);
    }
    let (text, counting) = Text::from_source(&parts.story.text);
    let layer = RawLayer { spans: marks.spans, relations: marks.relations, ..RawLayer::default() };
    Ok(Record {
        place,
        document: RawDocument {
            id: Some(stem),
            text: Some((text, counting.clone())),
            counting,
            meta: [("tsv".to_owned(), kept)].into_iter().collect(),
            layers: vec![layer],
            ..RawDocument::default()
        },
        has_spans: false,
        problems,
        read: lines.read,
    })
}
