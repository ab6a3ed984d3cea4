//! [`Pace`]: how far I am in the list, and how long the rest is likely to take.
//!
//! The estimate is the active time that my last finished documents took, by their length, without the quickest and the slowest fifth,
//! times the length of what is left. It is silent until three documents are done. Where a list is long, the length of what is left is
//! that of a sample.

use std::time::Duration;

use super::session::Session;
use crate::annotation::Status;
use crate::store::{Job, Query, Row, StoreError, Worked};

/// How far I am in the list, and how long the rest is likely to take.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pace {
    /// Documents of the list that I finished or skipped.
    pub done: u64,
    /// Documents of the list; 0 where it is not known how many of them are done.
    pub total: u64,
    /// Active time that the others will take.
    pub left: Option<Duration>,
    /// From how many finished documents that is known.
    pub from: usize,
}

/// What the last measurement was of: documents done and there, and the list's revision.
pub(super) type Measured = (u64, u64, u64);

/// Documents that are looked at: the last ones that were finished.
pub(super) const LAST: usize = 30;
/// With fewer there is nothing to say.
const LEAST: usize = 3;
/// Lists up to this length are looked through, longer ones sampled.
const FEW: usize = 300;
/// In projects of so many documents, what is done of a longer, filtered list is counted; in larger ones that would take too long.
const MANY: u64 = 20_000;

/// Measures anew if anything that matters changed.
pub(super) fn keep(session: &mut Session) {
    let mine = session.counts.annotators.iter().find(|counts| counts.annotator == session.me.as_str());
    let done = mine.map_or(0, |counts| counts.finished + counts.skipped);
    let now = (done, session.counts.documents, session.list.revision);
    if session.measured != Some(now) {
        session.measured = Some(now);
        // A store that cannot be read tells so at the next command.
        session.pace = measure(session, done).unwrap_or_default();
    }
}

fn measure(session: &Session, all_done: u64) -> Result<Pace, StoreError> {
    let (store, list) = (session.store(), &session.list);
    let unfiltered = Query {
        annotator: list.query.annotator.clone(),
        sort: list.query.sort,
        descending: list.query.descending,
        ..Query::default()
    };
    let is_open = |row: &&Row| !matches!(row.status, Status::Finished | Status::Skipped);
    let sample = list.spread(store, FEW)?;
    let open: Vec<&Row> = sample.iter().filter(is_open).collect();
    let whole = list.len() <= FEW;
    let (done, total) = if whole {
        ((sample.len() - open.len()) as u64, sample.len() as u64)
    } else if list.query == unfiltered && !list.is_limited() {
        (all_done, session.counts.documents)
    } else if let Some(assigned) = session.around.assigned.as_ref().filter(|_| list.query == unfiltered && list.mine) {
        let place = assigned.place(&session.me);
        let mut done = 0;
        for status in [Status::Finished, Status::Skipped] {
            let query = Query { status: Some(status), ..list.query.clone() };
            let these = store.listing(&query, &Job::default())?;
            done +=
                these.iter().filter(|number| place.is_some_and(|place| assigned.hands(**number).has(place))).count();
        }
        (done as u64, list.len() as u64)
    } else if list.is_limited() {
        (0, 0)
    } else if list.query.status.is_none() && session.counts.documents <= MANY {
        let mut done = 0;
        for status in [Status::Finished, Status::Skipped] {
            let query = Query { status: Some(status), ..list.query.clone() };
            done += store.listing(&query, &Job::default())?.len() as u64;
        }
        (done, list.len() as u64)
    } else {
        (0, 0)
    };
    let mut pace = Pace { done, total, ..Pace::default() };
    let ahead = total.saturating_sub(done);
    if ahead == 0 || open.is_empty() {
        return Ok(pace);
    }
    let worked = store.worked(&session.me, LAST)?;
    let Some(rate) = rate(&worked) else { return Ok(pace) };
    let bytes: u64 = open.iter().map(|row| row.length).sum();
    let bytes = if whole { bytes as f64 } else { bytes as f64 / open.len() as f64 * ahead as f64 };
    pace.left = Duration::try_from_secs_f64(bytes * rate).ok();
    pace.from = worked.len();
    Ok(pace)
}

/// Seconds a byte.
pub(super) fn rate(worked: &[Worked]) -> Option<f64> {
    if worked.len() < LEAST {
        return None;
    }
    let bytes = |one: &Worked| one.bytes.max(1) as f64;
    let mut sorted: Vec<&Worked> = worked.iter().collect();
    let speed = |one: &Worked| one.seconds as f64 / bytes(one);
    sorted.sort_by(|a, b| speed(a).total_cmp(&speed(b)));
    let out = sorted.len() / 5;
    let middle = &sorted[out..sorted.len() - out];
    Some(middle.iter().map(|one| one.seconds as f64).sum::<f64>() / middle.iter().map(|one| bytes(one)).sum::<f64>())
}

impl Pace {
    /// `about 40 minutes left`, as exactly as it is known: by the minute under ten, by five minutes, by half hours, by hours.
    pub fn words(&self) -> Option<String> {
        let minutes = self.left?.as_secs_f64() / 60.0;
        let whole = |value: f64| value.round() as u64;
        Some(match minutes {
            ..1.5 => "about a minute left".to_owned(),
            ..9.5 => format!("about {} minutes left", whole(minutes)),
            ..57.5 => format!("about {} minutes left", whole(minutes / 5.0) * 5),
            ..75.0 => "about an hour left".to_owned(),
            ..585.0 => {
                let halves = whole(minutes / 30.0);
                let half = if halves.is_multiple_of(2) { "" } else { "½" };
                format!("about {}{half} hours left", halves / 2)
            }
            _ => format!("about {} hours left", whole(minutes / 60.0)),
        })
    }
}
