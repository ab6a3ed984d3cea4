//! [`Assigned`]: the assignments by the numbers that the store gives documents, for filters, lists and counts. Eight bytes a document.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::{Assignments, FILE, Hands, quick};
use crate::annotation::{Annotator, Status};
use crate::schema::quoted;
use crate::schema::suggest::nearest;
use crate::store::{Job, Query, Store, StoreError};
use crate::text::{DocumentId, Place, Problem};

/// Who has which documents of a store.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assigned {
    pub annotators: Vec<Annotator>,
    /// By number; documents beyond the end are given to nobody.
    hands: Vec<Hands>,
    /// Documents of the file that the store does not have.
    pub absent: u64,
    /// Documents in the store then, hidden ones too: with others, numbers may mean others.
    pub of: u64,
}

/// What was found where `assignments.ron` should be: `Ok(None)` where there is none; else why it cannot be read.
pub type Loaded = Result<Option<Arc<Assigned>>, Vec<Problem>>;

/// Reads the file of the project in a folder. 100,000 documents take about 0.2 s.
pub fn load(folder: &Path, store: &dyn Store) -> Loaded {
    let path = folder.join(FILE);
    let unreadable =
        |why: &dyn std::fmt::Display| vec![Problem::error(Place::file(FILE), format!("it could not be read: {why}"))];
    let text = match fs::read(&path) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|_| unreadable(&"it is no UTF-8 text"))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(&error)),
    };
    let assigned = Assigned::read(&text, store).map_err(|error| unreadable(&error))??;
    Ok(Some(Arc::new(assigned)))
}

/// Everything that is wrong with the file: mistakes in it, and documents of it that the project does not have.
pub fn check(folder: &Path, store: &dyn Store) -> Result<Vec<Problem>, StoreError> {
    let Ok(text) = fs::read_to_string(folder.join(FILE)) else {
        return Ok(load(folder, store).err().unwrap_or_default());
    };
    let (read, mut problems) = Assignments::read(&text);
    let mut absent = Vec::new();
    for (id, _) in read.iter().flat_map(|read| &read.documents) {
        if store.number(id)?.is_none() {
            absent.push(id);
        }
    }
    let known = if absent.is_empty() || store.counts()?.documents > FEW { Vec::new() } else { ids(store)? };
    let more = absent.len().saturating_sub(TOLD);
    for id in absent.into_iter().take(TOLD) {
        let written = quoted(id.as_str());
        let line = text.lines().position(|line| line.trim_start().starts_with(&written));
        let place = Place { line: line.map(|line| line + 1), ..Place::file(FILE).in_document(id.as_str()) };
        let near = nearest(id.as_str(), known.iter().map(DocumentId::as_str));
        let near =
            near.map_or_else(|| "Import it, or remove the line".to_owned(), |near| format!("Did you mean {near}?"));
        problems.push(Problem::warning(place, "this document is not in the project").fix(near));
    }
    if more > 0 {
        let sentence = format!("{more} more documents of it are not in the project");
        problems.push(Problem::warning(Place::file(FILE), sentence).fix("Import them, or remove their lines"));
    }
    Ok(problems)
}

/// Absent documents that are told one by one.
const TOLD: usize = 20;
/// In projects with more documents, nobody is told what a wrong id was probably meant to be.
const FEW: u64 = 20_000;

fn ids(store: &dyn Store) -> Result<Vec<DocumentId>, StoreError> {
    let numbers = store.listing(&Query::default(), &Job::default())?;
    Ok(store.rows(&numbers, &Query::default())?.into_iter().map(|row| row.id).collect())
}

impl Assigned {
    /// Looks up every document's number.
    pub fn of(assignments: &Assignments, store: &dyn Store) -> Result<Self, StoreError> {
        let mut assigned = Self::none(store)?;
        assigned.annotators.clone_from(&assignments.annotators);
        for (id, hands) in &assignments.documents {
            assigned.put(store.number(id)?, *hands);
        }
        Ok(assigned)
    }

    /// The same of the file's text, without holding all ids at once where it is as we write it.
    fn read(text: &str, store: &dyn Store) -> Result<Result<Self, Vec<Problem>>, StoreError> {
        let (mut assigned, mut trouble) = (Self::none(store)?, None);
        let head = quick::read(text, &mut |id, hands| match store.number(&DocumentId::from(id)) {
            Ok(number) => assigned.put(number, hands),
            Err(error) => trouble = Some(error),
        });
        match (head, trouble) {
            (_, Some(trouble)) => Err(trouble),
            (Some(head), None) => Ok(Ok(Self { annotators: head.annotators, ..assigned })),
            (None, None) => {
                let (read, problems) = Assignments::read(text);
                read.map_or(Ok(Err(problems)), |read| Self::of(&read, store).map(Ok))
            }
        }
    }

    fn none(store: &dyn Store) -> Result<Self, StoreError> {
        let counts = store.counts()?;
        Ok(Self { of: counts.documents + counts.hidden, ..Self::default() })
    }

    fn put(&mut self, number: Option<u32>, hands: Hands) {
        let Some(at) = number.map(|number| number as usize) else {
            self.absent += 1;
            return;
        };
        if at >= self.hands.len() {
            self.hands.resize(at + 1, Hands::NOBODY);
        }
        self.hands[at] = hands;
    }

    /// Who has a document.
    pub fn hands(&self, number: u32) -> Hands {
        self.hands.get(number as usize).copied().unwrap_or_default()
    }

    pub fn place(&self, annotator: &Annotator) -> Option<usize> {
        self.annotators.iter().position(|known| known == annotator)
    }

    /// Of those who have a document, the ones whose layer has this status; by number.
    pub fn with(&self, status: Status, store: &dyn Store, job: &Job) -> Result<Vec<Hands>, StoreError> {
        let mut with = vec![Hands::NOBODY; self.hands.len()];
        for (place, annotator) in self.annotators.iter().enumerate() {
            let query = Query { annotator: Some(annotator.clone()), status: Some(status), ..Query::default() };
            for number in store.listing(&query, job)? {
                if self.hands(number).has(place) {
                    let at = number as usize;
                    with[at] = with[at].and(Hands::one(place));
                }
            }
        }
        Ok(with)
    }
}
