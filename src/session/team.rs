//! [`Team`]: who has finished what of that which was given to them, how fast, and how much of the overlap is ready.

use std::time::Duration;

use super::assign::{Assigned, Hands};
use super::pace;
use crate::annotation::{Annotator, Status};
use crate::store::{AnnotatorCounts, Job, Query, Store, StoreError};

/// How far everybody is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Team {
    /// Those who were given documents, in the order of the file; then everybody else who has marked something.
    pub members: Vec<Member>,
    /// Documents that two or more have: all of them first, then by source, the largest first.
    pub overlap: Vec<Overlap>,
    /// Documents of the project that are not hidden, and how many of them nobody was given.
    pub documents: u64,
    pub ungiven: u64,
    /// Documents of the file that the project does not have.
    pub absent: u64,
    /// There is a file that says who marks what.
    pub assigned: bool,
}

/// How far somebody is. Where documents were given to them, what is counted is those; else all documents.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    pub annotator: Annotator,
    /// `None`: nothing was given to them.
    pub given: Option<u64>,
    pub finished: u64,
    pub in_progress: u64,
    pub skipped: u64,
    pub flagged: u64,
    /// Neither finished nor skipped.
    pub left: Option<u64>,
    /// Finished without having been given.
    pub besides: u64,
    /// Active time, in all documents.
    pub seconds: u64,
    /// Documents finished in an hour of active time, over all of it.
    pub an_hour: Option<f64>,
    /// Active time that what is left will take, by its length and by the last documents that were finished; `None` as long as fewer than
    /// three were.
    pub time_left: Option<Duration>,
}

/// How much of what two or more have can be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// `None`: of all sources.
    pub source: Option<String>,
    pub documents: u64,
    /// Finished by two or more of those who have them.
    pub two: u64,
    /// Finished by all who have them.
    pub ready: u64,
}

/// So many documents are looked at to say how long those are that are left.
const SAMPLE: usize = 300;

impl Team {
    /// Counts. A few listings for each annotator, and one for each source where documents are shared.
    pub fn read(store: &dyn Store, assigned: Option<&Assigned>, job: &Job) -> Result<Self, StoreError> {
        let counts = store.counts()?;
        let mut team = Self { documents: counts.documents, ungiven: counts.documents, ..Self::default() };
        let nobody = Assigned::default();
        team.assigned = assigned.is_some();
        let assigned = assigned.unwrap_or(&nobody);
        team.absent = assigned.absent;
        let all = store.listing(&Query::default(), job)?;
        team.ungiven = all.iter().filter(|number| assigned.hands(**number).is_empty()).count() as u64;
        let whole = |annotator: &Annotator| {
            counts.annotators.iter().find(|counts| counts.annotator == annotator.as_str()).cloned().unwrap_or_default()
        };
        let mut finished = vec![Hands::NOBODY; all.iter().max().map_or(0, |most| *most as usize + 1)];
        for (place, annotator) in assigned.annotators.iter().enumerate() {
            let given: Vec<u32> = all.iter().copied().filter(|number| assigned.hands(*number).has(place)).collect();
            let of = Given { store, annotator, place, numbers: &given, assigned, job };
            team.members.push(of.member(&whole(annotator), &mut finished)?);
            if job.is_cancelled() {
                return Err(StoreError::Cancelled);
            }
        }
        let others = counts.annotators.iter().filter(|counts| counts.annotator != Annotator::GOLD);
        for counts in
            others.filter(|counts| !assigned.annotators.iter().any(|known| known.as_str() == counts.annotator))
        {
            team.members.push(Member::of_all(counts));
        }
        if all.iter().any(|number| assigned.hands(*number).is_shared()) {
            team.overlap.push(Overlap::of(None, &all, assigned, &finished));
            for (source, _) in &counts.sources {
                let these = store.listing(&Query { source: Some(source.clone()), ..Query::default() }, job)?;
                team.overlap.push(Overlap::of(Some(source.clone()), &these, assigned, &finished));
            }
            team.overlap.retain(|overlap| overlap.documents > 0);
            team.overlap.sort_by(|a, b| {
                (a.source.is_some(), b.documents, &a.source).cmp(&(b.source.is_some(), a.documents, &b.source))
            });
        }
        Ok(team)
    }

    /// The share of what was given that is finished or skipped, over everybody.
    pub fn done(&self) -> (u64, u64) {
        let given = self.members.iter().filter_map(|member| member.given).sum();
        let left: u64 = self.members.iter().filter_map(|member| member.left).sum();
        (given - left, given)
    }
}

/// What was given to one annotator.
struct Given<'a> {
    store: &'a dyn Store,
    annotator: &'a Annotator,
    place: usize,
    numbers: &'a [u32],
    assigned: &'a Assigned,
    job: &'a Job,
}

impl Given<'_> {
    fn member(&self, whole: &AnnotatorCounts, finished: &mut [Hands]) -> Result<Member, StoreError> {
        let mut done = vec![false; finished.len()];
        let mut count = |query: Query, done: bool, all: &mut [bool]| -> Result<(u64, u64), StoreError> {
            let (mut mine, mut others) = (0, 0);
            for number in self.store.listing(&query, self.job)? {
                let is_mine = self.assigned.hands(number).has(self.place);
                mine += u64::from(is_mine);
                others += u64::from(!is_mine);
                if done && is_mine && query.status == Some(Status::Finished) {
                    let hands = &mut finished[number as usize];
                    *hands = hands.and(Hands::one(self.place));
                }
                all[number as usize] |= done;
            }
            Ok((mine, others))
        };
        let by = Query { annotator: Some(self.annotator.clone()), ..Query::default() };
        let with = |status| Query { status: Some(status), ..by.clone() };
        let (finished, besides) = count(with(Status::Finished), true, &mut done)?;
        let (skipped, _) = count(with(Status::Skipped), true, &mut done)?;
        let (in_progress, _) = count(with(Status::InProgress), false, &mut done)?;
        let (flagged, _) = count(Query { flagged: true, ..by.clone() }, false, &mut done)?;
        let left: Vec<u32> = self.numbers.iter().copied().filter(|number| !done[*number as usize]).collect();
        Ok(Member {
            annotator: self.annotator.clone(),
            given: Some(self.numbers.len() as u64),
            finished,
            in_progress,
            skipped,
            flagged,
            left: Some(left.len() as u64),
            besides,
            time_left: self.time_left(&left)?,
            ..Member::of_all(whole)
        })
    }

    fn time_left(&self, left: &[u32]) -> Result<Option<Duration>, StoreError> {
        let worked = self.store.worked(self.annotator, pace::LAST)?;
        let Some(rate) = pace::rate(&worked).filter(|_| !left.is_empty()) else { return Ok(None) };
        let step = left.len().div_ceil(SAMPLE);
        let sample: Vec<u32> = left.iter().copied().step_by(step).collect();
        let rows = self.store.rows(&sample, &Query::default())?;
        let bytes: u64 = rows.iter().map(|row| row.length).sum();
        let bytes = bytes as f64 / rows.len().max(1) as f64 * left.len() as f64;
        Ok(Duration::try_from_secs_f64(bytes * rate).ok())
    }
}

impl Member {
    fn of_all(counts: &AnnotatorCounts) -> Self {
        let hours = counts.seconds as f64 / 3600.0;
        Self {
            annotator: Annotator::from(counts.annotator.as_str()),
            given: None,
            finished: counts.finished,
            in_progress: counts.in_progress,
            skipped: counts.skipped,
            flagged: counts.flagged,
            left: None,
            besides: 0,
            seconds: counts.seconds,
            an_hour: (counts.seconds > 0 && counts.finished > 0).then(|| counts.finished as f64 / hours),
            time_left: None,
        }
    }
}

/// What of somebody's work a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    Given,
    Finished,
    InProgress,
    Skipped,
    Flagged,
    Left,
}

impl Member {
    pub fn count(&self, count: Count) -> Option<u64> {
        match count {
            Count::Given => self.given,
            Count::Finished => Some(self.finished),
            Count::InProgress => Some(self.in_progress),
            Count::Skipped => Some(self.skipped),
            Count::Flagged => Some(self.flagged),
            Count::Left => self.left,
        }
    }

    /// The query that finds exactly the documents of a number.
    pub fn query(&self, count: Count) -> String {
        let name = quoted(self.annotator.as_str());
        let which = match count {
            Count::Given => return format!("assigned:{name}"),
            Count::Finished => "status:finished",
            Count::InProgress => "status:in-progress",
            Count::Skipped => "status:skipped",
            Count::Flagged => "flag:*",
            Count::Left => "-status:finished,skipped",
        };
        let given = if self.given.is_some() { format!("assigned:{name} ") } else { String::new() };
        format!("{given}by:{name} {which}")
    }
}

/// A value of a query as it stands, or in quotation marks where it would mean something else.
fn quoted(value: &str) -> String {
    let plain = !value.is_empty() && value.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    if plain { value.to_owned() } else { format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")) }
}

/// The query that finds what nobody was given.
pub const UNGIVEN: &str = "-assigned:*";

impl Overlap {
    /// The query for the documents of this row; `which` is `yes`, `two` or `ready`, as in `overlap:two`.
    pub fn query(&self, which: &str) -> String {
        let source = self.source.as_deref().map(|source| format!(" source:{}", quoted(source))).unwrap_or_default();
        format!("overlap:{which}{source}")
    }

    fn of(source: Option<String>, numbers: &[u32], assigned: &Assigned, finished: &[Hands]) -> Self {
        let mut overlap = Self { source, documents: 0, two: 0, ready: 0 };
        for number in numbers {
            let hands = assigned.hands(*number);
            if hands.is_shared() {
                let by = finished.get(*number as usize).copied().unwrap_or_default();
                overlap.documents += 1;
                overlap.two += u64::from(by.is_shared());
                overlap.ready += u64::from(by == hands);
            }
        }
        overlap
    }
}
