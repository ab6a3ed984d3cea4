//! Agreement over time, and without each annotator: the overall rows of parts of a corpus.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Material;
use crate::agreement::{Asked, Corpus, Coverage, Item, Row, evaluate};
use crate::store::{Job, StoreError};

/// What one part of the corpus says.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The week, or who is left out.
    pub name: String,
    /// Overall, and joint where there is such a row; by measure.
    pub rows: Vec<Row>,
}

/// The ISO week of a moment, in UTC: `2026-W47`.
pub fn week(at: Timestamp) -> String {
    let week = at.to_zoned(TimeZone::UTC).date().iso_week_date();
    format!("{}-W{:02}", week.year(), week.week())
}

/// Week by week, in which the last of a document's layers was changed. Documents without a time are in none.
pub(super) fn weeks(material: &Material, asked: &Asked, job: &Job) -> Result<Vec<Part>, StoreError> {
    let when = |place: usize| material.updated[place].iter().flatten().max().map(|at| week(*at));
    let weeks: Vec<Option<String>> = (0..material.corpus.items.len()).map(when).collect();
    let mut names: Vec<&String> = weeks.iter().flatten().collect();
    names.sort();
    names.dedup();
    let part = |name: &String| {
        let items = material.corpus.items.iter().zip(&weeks).filter(|(_, week)| week.as_ref() == Some(name));
        let items = items.map(|(item, _)| item.clone()).collect();
        let rows = rows(&of(&material.corpus, material.corpus.annotators.clone(), items), asked, job)?;
        Ok(Part { name: name.clone(), rows })
    };
    names.into_iter().map(part).collect()
}

/// Without each annotator in turn.
pub(super) fn leave_one_out(material: &Material, asked: &Asked, job: &Job) -> Result<Vec<Part>, StoreError> {
    let corpus = &material.corpus;
    let part = |left: usize| {
        let mut annotators = corpus.annotators.clone();
        let name = annotators.remove(left);
        let item = |item: &Item| {
            let mut item = item.clone();
            item.layers.remove(left);
            (item.layers.iter().flatten().count() >= 2).then_some(item)
        };
        let rest = of(corpus, annotators, corpus.items.iter().filter_map(item).collect());
        Ok(Part { name, rows: rows(&rest, asked, job)? })
    };
    (0..corpus.annotators.len()).map(part).collect()
}

/// The same labels, of other annotators in other documents.
fn of(corpus: &Corpus, annotators: Vec<String>, items: Vec<Item>) -> Corpus {
    let mut part = Corpus::new(annotators, corpus.labels.clone(), corpus.known, items);
    part.seed = corpus.seed;
    part
}

fn rows(corpus: &Corpus, asked: &Asked, job: &Job) -> Result<Vec<Row>, StoreError> {
    let asked = Asked { labels: false, documents: false, pairs: false, ..asked.clone() };
    evaluate(corpus, &Coverage::default(), &asked, &mut |_| !job.is_cancelled()).ok_or(StoreError::Cancelled)
}
