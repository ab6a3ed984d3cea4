//! A foreign input, read through once before anything is taken in: what it is and holds, in one sentence; what its offsets count; which
//! labels it uses; and its first documents.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use super::labelled::Labelled;
use super::options::ReadOptions;
use super::record::{Record, Records};
use super::settle::{Counting, Votes};
use super::spanwright;
use super::table::{Format, Words};
use super::vocabulary::Vocabulary;
use crate::text::wording::counted;
use crate::text::{Problem, Severity};

/// What one pass over an input saw.
#[derive(Debug)]
pub struct Survey {
    pub format: &'static Format,
    pub path: PathBuf,
    pub documents: u64,
    pub spans: u64,
    pub relations: u64,
    /// Whose layers there are.
    pub annotators: BTreeSet<String>,
    /// There are layers or spans without an owner.
    pub nameless: bool,
    pub vocabulary: Vocabulary,
    pub votes: Votes,
    /// Documents that cannot be read, and everything else that the reader finds wrong.
    pub errors: u64,
    /// The first documents.
    pub first: Vec<Record>,
    /// The first problems.
    pub problems: Vec<Problem>,
    /// The input was read to its end.
    pub whole: bool,
    /// The id of the document before: several annotators may come one after the other.
    last: Option<String>,
}

/// The documents of an input, those of our own lines too.
pub fn records(format: &Format, path: &Path, options: &ReadOptions) -> io::Result<Records> {
    if let Some(reader) = format.reader {
        return reader(path, options);
    }
    if !format.is_lines() {
        return Err(io::Error::other(format!("{} is not read as labelled data", format.name)));
    }
    let mut file = BufReader::with_capacity(1 << 20, File::open(path)?);
    // One array of such objects is no lines, but rows like any others.
    if let (b'[', Some(rows)) =
        (file.fill_buf()?.trim_ascii_start().first().copied().unwrap_or(0), super::hf::ROWS.reader)
    {
        return rows(path, options);
    }
    let limit = options.limits.document_bytes.saturating_mul(4);
    let records = spanwright::Records::new(file, path.display().to_string(), limit);
    Ok(Box::new(if options.glancing { records.glancing() } else { records }))
}

/// Documents and problems that are kept for a look.
const FIRST: usize = 5;

impl Survey {
    /// Reads all of it. `go` is told the bytes that were read, and says whether to go on.
    pub fn of(labelled: &Labelled, options: &ReadOptions, go: &mut dyn FnMut(u64) -> bool) -> io::Result<Self> {
        let mut survey = Self::new(labelled);
        for record in labelled.records(options)? {
            if !go(record.as_ref().map_or(0, |record| record.read)) {
                survey.whole = false;
                break;
            }
            survey.see(record);
        }
        Ok(survey)
    }

    /// Before anything was read.
    pub fn new(labelled: &Labelled) -> Self {
        let format = labelled.format;
        Self {
            format,
            path: labelled.path.clone(),
            documents: 0,
            spans: 0,
            relations: 0,
            annotators: BTreeSet::new(),
            nameless: false,
            vocabulary: format.vocabulary.map(|read| read(&labelled.at)).unwrap_or_default(),
            votes: Votes::default(),
            errors: 0,
            first: Vec::new(),
            problems: Vec::new(),
            whole: true,
            last: None,
        }
    }

    /// Counts one record, or what is said in place of one.
    pub fn see(&mut self, record: Result<Record, Box<Problem>>) {
        match record {
            Ok(record) => self.add(record),
            Err(problem) => self.problem(*problem),
        }
    }

    fn add(&mut self, record: Record) {
        let raw = &record.document;
        if raw.id.is_none() || raw.id != self.last {
            self.documents += 1;
        }
        self.last.clone_from(&raw.id);
        self.nameless |= record.has_spans || raw.layers.iter().any(|layer| layer.annotator.is_none());
        for layer in &raw.layers {
            if let Some(name) = layer.annotator.as_ref().filter(|name| !self.annotators.contains(*name)) {
                self.annotators.insert(name.clone());
            }
            self.spans += layer.spans.len() as u64;
            self.relations += layer.relations.len() as u64;
        }
        self.spans += raw.spans.len() as u64;
        self.vocabulary.add(&record);
        // Our own lines count what they say.
        if self.format.reader.is_some() {
            self.votes.add(raw);
        }
        for problem in &record.problems {
            self.problem(problem.clone());
        }
        if self.first.len() < FIRST {
            self.first.push(record);
        }
    }

    fn problem(&mut self, problem: Problem) {
        self.errors += u64::from(problem.severity == Severity::Error);
        if self.problems.len() < FIRST {
            self.problems.push(problem);
        }
    }

    /// What the offsets count, as far as the texts tell.
    pub fn counting(&self) -> Counting {
        self.votes.winner(self.format.unit)
    }

    /// `Label Studio: 812 tasks, 3 annotators, 9,413 regions, 12 relations`
    pub fn sentence(&self) -> String {
        Sum::of(self).sentence()
    }
}

/// What several inputs of one format hold together.
#[derive(Clone, Debug)]
pub struct Sum<'s> {
    format: &'static Format,
    inputs: u64,
    documents: u64,
    spans: u64,
    relations: u64,
    pub annotators: BTreeSet<&'s str>,
    /// There are layers or spans without an owner.
    pub nameless: bool,
    errors: u64,
    whole: bool,
}

impl<'s> Sum<'s> {
    /// Of one input.
    fn of(survey: &'s Survey) -> Self {
        Self {
            format: survey.format,
            inputs: 1,
            documents: survey.documents,
            spans: survey.spans,
            relations: survey.relations,
            annotators: survey.annotators.iter().map(String::as_str).collect(),
            nameless: survey.nameless,
            errors: survey.errors,
            whole: survey.whole,
        }
    }

    /// One for each format, in the order of the inputs.
    pub fn by_format(surveys: &'s [Survey]) -> Vec<Self> {
        let mut sums: Vec<Self> = Vec::new();
        for next in surveys.iter().map(Self::of) {
            match sums.iter_mut().find(|sum| sum.format == next.format) {
                Some(sum) => sum.add(next),
                None => sums.push(next),
            }
        }
        sums
    }

    fn add(&mut self, other: Self) {
        self.inputs += other.inputs;
        self.documents += other.documents;
        self.spans += other.spans;
        self.relations += other.relations;
        self.annotators.extend(other.annotators);
        self.nameless |= other.nameless;
        self.errors += other.errors;
        self.whole &= other.whole;
    }

    /// `WebAnno TSV, 4 inputs: 4 documents, 1 annotator, 525 spans`
    pub fn sentence(&self) -> String {
        let ours = Words { tool: self.format.name, document: ("document", "documents"), span: ("span", "spans") };
        let words = self.format.words.unwrap_or(ours);
        let mut parts = vec![counted(self.documents, words.document.0, words.document.1)];
        if !self.annotators.is_empty() {
            parts.push(counted(self.annotators.len() as u64, "annotator", "annotators"));
        }
        parts.push(counted(self.spans, words.span.0, words.span.1));
        if self.relations > 0 {
            parts.push(counted(self.relations, "relation", "relations"));
        }
        if self.errors > 0 {
            parts.push(counted(self.errors, "error", "errors"));
        }
        let tool = match self.inputs {
            1 => words.tool.to_owned(),
            inputs => format!("{}, {}", words.tool, counted(inputs, "input", "inputs")),
        };
        let more = if self.whole { "" } else { " and more" };
        format!("{tool}: {}{more}", parts.join(", "))
    }
}
