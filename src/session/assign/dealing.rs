//! [`Dealing`]: what dealing documents out would come to, to be looked at before `assignments.ron` is written.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::path::Path;

use super::deal::{Sheet, Terms, deal};
use super::{Assignments, FILE, Hands, write};
use crate::annotation::{Annotator, Status};
use crate::store::{Disk, Job, Project, Query, Store, StoreError};
use crate::text::wording::{counted, thousands};
use crate::text::{DocumentId, Problem, TextHash};

/// What is asked for; what is not said is as it was the last time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wish {
    /// Who gets documents; none: those of the file.
    pub annotators: Vec<Annotator>,
    /// From 0 to 1; 0.2 where nothing was said before.
    pub overlap: Option<f64>,
    pub seed: Option<u64>,
    /// Deal out everything again, but for what somebody has worked on.
    pub anew: bool,
}

/// What would be written, and what it would be for each annotator.
#[derive(Clone, Debug, PartialEq)]
pub struct Dealing {
    pub assignments: Assignments,
    pub shares: Vec<Share>,
    /// Documents of the project that are not hidden.
    pub documents: u64,
    /// Those that somebody has.
    pub given: u64,
    /// Those that two or more have.
    pub shared: u64,
    /// Those that are given to somebody more than before.
    pub new: u64,
    /// Documents of the file that the project does not have; they stay in it.
    pub absent: u64,
    /// What is to be known before it is written.
    pub notes: Vec<String>,
    /// The hash of the file as it was.
    before: Option<TextHash>,
    /// The comments above it.
    head: String,
    /// The file would be another one.
    changes: bool,
}

/// What one annotator has then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    pub annotator: Annotator,
    pub documents: u64,
    /// Of them, those that others have as well.
    pub shared: u64,
    /// Those that they did not have before.
    pub new: u64,
    /// Those that they have finished or skipped.
    pub done: u64,
    /// Length of all their texts.
    pub bytes: u64,
}

/// Why nothing is dealt out.
#[derive(Debug)]
pub enum Refused {
    /// The file cannot be read: nothing of it is overwritten.
    File(Vec<Problem>),
    Store(StoreError),
    Said(String),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(problems) => {
                let more = problems.len().saturating_sub(1);
                let first = problems.first().map(ToString::to_string).unwrap_or_default();
                let more = if more == 0 { String::new() } else { format!(", and {more} more") };
                write!(f, "{FILE} cannot be read, so nothing was changed. {first}{more}")
            }
            Self::Store(error) => error.fmt(f),
            Self::Said(sentence) => f.write_str(sentence),
        }
    }
}

impl std::error::Error for Refused {}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Where the file as it was is kept.
const BEFORE: &str = "assignments.before.ron";

/// The share that everybody gets, where nothing else was ever said.
const OVERLAP: f64 = 0.2;

impl Dealing {
    /// Deals out, on paper. 100,000 documents take about a second.
    pub fn plan(folder: &Path, store: &dyn Store, wish: &Wish, job: &Job) -> Result<Self, Refused> {
        let before = text(folder)?;
        let known = match &before {
            Some(text) => {
                let (read, problems) = Assignments::read(text);
                Some(read.ok_or(Refused::File(problems))?)
            }
            None => None,
        };
        Self::of(before, known, store, wish, job)
    }

    fn of(
        before: Option<String>,
        known: Option<Assignments>,
        store: &dyn Store,
        wish: &Wish,
        job: &Job,
    ) -> Result<Self, Refused> {
        let first = known.is_none();
        let known = known.unwrap_or(Assignments { overlap: OVERLAP, seed: 1, ..Assignments::default() });
        let to = if wish.annotators.is_empty() { known.annotators.clone() } else { wish.annotators.clone() };
        if to.is_empty() {
            return Err(Refused::Said("Say who gets the documents: --annotator ana,ben".to_owned()));
        }
        let mut annotators = known.annotators.clone();
        annotators.extend(to.iter().filter(|name| !known.annotators.contains(name)).cloned());
        if annotators.len() > Hands::MOST {
            return Err(Refused::Said(format!("There can be {} annotators at most", Hands::MOST)));
        }
        let mut rows = Rows::read(store, &annotators, job)?;
        let place = |name: &Annotator| annotators.iter().position(|known| known == name);
        let terms = Terms {
            to: to.iter().filter_map(place).collect(),
            overlap: wish.overlap.unwrap_or(known.overlap),
            seed: wish.seed.unwrap_or(known.seed),
        };
        let mut sheets = std::mem::take(&mut rows.sheets);
        for (sheet, worked) in sheets.iter_mut().zip(&rows.worked) {
            match known.hands(&sheet.id).filter(|_| !wish.anew) {
                Some(hands) => (sheet.before, sheet.set_aside) = (hands, hands.is_empty()),
                None => sheet.before = *worked,
            }
        }
        let dealt = deal(&sheets, terms);
        let mut dealing = Self {
            shares: annotators.iter().map(Share::none).collect(),
            documents: sheets.len() as u64,
            given: 0,
            shared: 0,
            new: 0,
            absent: 0,
            notes: Vec::new(),
            before: before.as_deref().map(TextHash::of),
            head: before.as_deref().map_or("", write::head).to_owned(),
            changes: true,
            assignments: Assignments { annotators, overlap: terms.overlap, seed: terms.seed, documents: Vec::new() },
        };
        let mut documents: Vec<(DocumentId, Hands)> = Vec::with_capacity(sheets.len());
        for ((sheet, hands), done) in sheets.into_iter().zip(dealt).zip(&rows.done) {
            let earlier = known.hands(&sheet.id).unwrap_or_default();
            dealing.count(&sheet, hands, earlier, *done);
            if !hands.is_empty() || sheet.set_aside {
                documents.push((sheet.id, hands));
            }
        }
        documents.sort_by(|(a, _), (b, _)| a.cmp(b));
        // What is hidden, or only on somebody else’s machine, stays as it was.
        let visible = documents.len();
        for (id, hands) in known.documents {
            if documents[..visible].binary_search_by(|(known, _)| known.cmp(&id)).is_err() {
                dealing.absent += u64::from(store.number(&id)?.is_none());
                documents.push((id, hands));
            }
        }
        documents.sort_by(|(a, _), (b, _)| a.cmp(b));
        dealing.assignments.documents = documents;
        dealing.tidy(wish.anew, terms.to);
        let comments = before.as_deref().map_or(0, write::comments_below);
        dealing.changes = before.is_none_or(|before| before != dealing.text());
        dealing.note(terms, first, comments);
        Ok(dealing)
    }

    fn count(&mut self, sheet: &Sheet, hands: Hands, earlier: Hands, done: Hands) {
        self.given += u64::from(!hands.is_empty());
        self.shared += u64::from(hands.is_shared());
        self.new += u64::from(hands.among(earlier) != hands);
        for place in hands.places() {
            let share = &mut self.shares[place];
            share.documents += 1;
            share.shared += u64::from(hands.is_shared());
            share.new += u64::from(!earlier.has(place));
            share.done += u64::from(done.has(place));
            share.bytes += sheet.length;
        }
    }

    /// Who was there before and has nothing any more, after everything was dealt out anew, is not kept.
    fn tidy(&mut self, anew: bool, to: Hands) {
        if !anew {
            return;
        }
        let all = 0..self.assignments.annotators.len();
        let has = |place: usize| to.has(place) || self.assignments.documents.iter().any(|(_, hands)| hands.has(place));
        let stay: Vec<usize> = all.filter(|place| has(*place)).collect();
        let moved =
            |hands: Hands| stay.iter().enumerate().filter(|(_, from)| hands.has(**from)).map(|(at, _)| at).collect();
        self.shares = stay.iter().map(|place| self.shares[*place].clone()).collect();
        self.assignments.annotators = stay.iter().map(|place| self.assignments.annotators[*place].clone()).collect();
        for (_, hands) in &mut self.assignments.documents {
            *hands = moved(*hands);
        }
    }

    fn note(&mut self, terms: Terms, first: bool, comments: usize) {
        let wanted = (self.documents as f64 * terms.overlap).round() as u64;
        if !terms.to.is_shared() {
            self.notes.push("With one annotator there is nothing to compare".to_owned());
        } else if self.shared < wanted.min(2) && self.documents > 0 {
            self.notes.push("Without an overlap there is nothing to compare".to_owned());
        }
        if self.absent > 0 {
            let absent = counted(self.absent, "document of the file is", "documents of the file are");
            let stay = if self.absent == 1 { "it stays" } else { "they stay" };
            self.notes.push(format!("{absent} not in this project; {stay} in the file"));
        }
        if comments > 0 && self.changes() {
            let lines = counted(comments as u64, "comment", "comments");
            self.notes.push(format!(
                "{lines} below the head of {FILE} will be gone; .store/{BEFORE} keeps the file as it was"
            ));
        }
        if first && self.documents == 0 {
            self.notes.push("The project has no documents yet".to_owned());
        }
    }

    /// The file would be another one.
    pub fn changes(&self) -> bool {
        self.changes
    }

    fn text(&self) -> String {
        self.assignments.write(&self.head)
    }

    /// Writes the file, whole or not at all. What was there is kept beside the databases, as `.store/assignments.before.ron`. Refused where
    /// somebody changed the file after this was planned.
    pub fn write(&self, folder: &Path) -> Result<(), Refused> {
        let now = text(folder)?;
        if now.as_deref().map(TextHash::of) != self.before {
            let sentence =
                format!("{FILE} was changed by somebody else meanwhile, so nothing was written. Look at it again");
            return Err(Refused::Said(sentence));
        }
        let project = Project::open(folder)?;
        if let Some(why) = project.read_only() {
            return Err(Refused::Store(StoreError::ReadOnly { why: why.to_owned() }));
        }
        let disk = Disk::default();
        let put = |file: &Path, text: &str| {
            disk.replace(file, text.as_bytes()).map_err(|error| Refused::Store(StoreError::of_file(file, &error)))
        };
        if let Some(before) = &now {
            put(&project.store().join(BEFORE), before)?;
        }
        put(&folder.join(FILE), &self.text())
    }

    /// `40 of 40 documents are given to somebody, 8 to two or more`
    pub fn sentence(&self) -> String {
        let documents = counted(self.documents, "document", "documents");
        let shared = if self.shared == 0 { "none".to_owned() } else { thousands(self.shared) };
        format!("{} of {documents} are given to somebody, {shared} to two or more", thousands(self.given))
    }
}

/// The file's text; `None` where there is none.
fn text(folder: &Path) -> Result<Option<String>, Refused> {
    let file = folder.join(FILE);
    match fs::read_to_string(&file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Refused::Store(StoreError::of_file(&file, &error))),
    }
}

/// What the store says of the documents that are not hidden, by id.
struct Rows {
    sheets: Vec<Sheet>,
    /// Who has begun each of them.
    worked: Vec<Hands>,
    /// Who has finished or skipped each of them.
    done: Vec<Hands>,
}

impl Rows {
    fn read(store: &dyn Store, annotators: &[Annotator], job: &Job) -> Result<Self, StoreError> {
        let numbers = store.listing(&Query::default(), job)?;
        let nobody = || vec![Hands::NOBODY; numbers.len()];
        let mut found = Self { sheets: Vec::with_capacity(numbers.len()), worked: nobody(), done: nobody() };
        let mut sources: Vec<String> = store.counts()?.sources.into_iter().map(|(source, _)| source).collect();
        sources.sort();
        for page in numbers.chunks(PAGE) {
            for row in store.rows(page, &Query::default())? {
                let source = sources.binary_search(&row.source).unwrap_or_else(|at| at.min(sources.len()));
                found.sheets.push(Sheet {
                    id: row.id,
                    source,
                    length: row.length,
                    before: Hands::NOBODY,
                    set_aside: false,
                });
            }
            job.set(found.sheets.len() as u64, numbers.len() as u64);
            if job.is_cancelled() {
                return Err(StoreError::Cancelled);
            }
        }
        let places: HashMap<u32, usize> = numbers.iter().enumerate().map(|(at, number)| (*number, at)).collect();
        for (place, annotator) in annotators.iter().enumerate() {
            for status in [Status::InProgress, Status::Finished, Status::Skipped] {
                let query = Query { annotator: Some(annotator.clone()), status: Some(status), ..Query::default() };
                for at in store.listing(&query, job)?.iter().filter_map(|number| places.get(number)) {
                    found.worked[*at] = found.worked[*at].and(Hands::one(place));
                    if status != Status::InProgress {
                        found.done[*at] = found.done[*at].and(Hands::one(place));
                    }
                }
            }
        }
        Ok(found)
    }
}

/// Rows read at a time.
const PAGE: usize = 4096;

impl Share {
    fn none(annotator: &Annotator) -> Self {
        Self { annotator: annotator.clone(), documents: 0, shared: 0, new: 0, done: 0, bytes: 0 }
    }
}
