//! A foreign input, read through once before anything is taken in: what it is and holds, in one sentence; what its offsets count; which
//! labels it uses; and its first documents.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;

use super::labelled::Labelled;
use super::options::ReadOptions;
use super::record::Record;
use super::settle::{Counting, Votes};
use super::table::Format;
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

    /// `Label Studio: 812 documents, 3 annotators, 9,413 spans, 12 relations`
    pub fn sentence(&self) -> String {
        let mut parts = vec![counted(self.documents, "document", "documents")];
        if !self.annotators.is_empty() {
            parts.push(counted(self.annotators.len() as u64, "annotator", "annotators"));
        }
        parts.push(counted(self.spans, "span", "spans"));
        if self.relations > 0 {
            parts.push(counted(self.relations, "relation", "relations"));
        }
        if self.errors > 0 {
            parts.push(counted(self.errors, "error", "errors"));
        }
        let more = if self.whole { "" } else { " and more" };
        format!("{}: {}{more}", self.format.name, parts.join(", "))
    }
}
