//! What a project holds, in numbers: documents by source, layers by status, spans by label, and how fast the work goes.

use serde::Serialize;

use super::team::{Member, Team};
use crate::annotation::Annotator;
use crate::store::Counts;

/// One number about a project.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stat {
    /// What is counted: `documents`, `hidden`, `source`, `status`, `flagged`, `label`, `spans`, `seconds`, `pace`; of assignments `assigned`,
    /// `overlap`, `overlap-two`, `overlap-ready`.
    pub what: &'static str,
    /// Whose, where it is someone's.
    pub annotator: Option<String>,
    /// Which source, status or label; the unit of a pace.
    pub name: Option<String>,
    pub value: f64,
}

/// The numbers, in a fixed order: the project first, then each annotator. Counts without a scan.
pub fn stats(counts: &Counts) -> Vec<Stat> {
    let whole = |value: u64| value as f64;
    let of_project = |what, name: Option<&str>, value| Stat {
        what,
        annotator: None,
        name: name.map(str::to_owned),
        value: whole(value),
    };
    let mut stats = vec![of_project("documents", None, counts.documents), of_project("hidden", None, counts.hidden)];
    stats.extend(counts.sources.iter().map(|(source, count)| of_project("source", Some(source), *count)));
    for one in &counts.annotators {
        let spans: u64 = one.spans.iter().map(|(_, count)| count).sum();
        let mut add = |what, name: Option<&str>, value: f64| {
            let annotator = Some(one.annotator.clone());
            stats.push(Stat { what, annotator, name: name.map(str::to_owned), value });
        };
        add("status", Some("finished"), whole(one.finished));
        add("status", Some("in-progress"), whole(one.in_progress));
        add("status", Some("skipped"), whole(one.skipped));
        if one.annotator != Annotator::GOLD {
            let touched = one.finished + one.in_progress + one.skipped;
            add("status", Some("untouched"), whole(counts.documents.saturating_sub(touched)));
        }
        add("flagged", None, whole(one.flagged));
        add("spans", None, whole(spans));
        for (label, count) in &one.spans {
            add("label", Some(label.as_str()), whole(*count));
        }
        add("seconds", None, whole(one.seconds));
        if one.seconds > 0 {
            let hours = whole(one.seconds) / 3600.0;
            add("pace", Some("documents an hour"), whole(one.finished) / hours);
            add("pace", Some("spans an hour"), whole(spans) / hours);
        }
    }
    stats
}

/// How far everybody is with what was given to them, and how much of the overlap is ready.
pub fn of_team(team: &Team) -> Vec<Stat> {
    let mut stats = Vec::new();
    let stat = |what, annotator: Option<&str>, name: Option<&str>, value: f64| Stat {
        what,
        annotator: annotator.map(str::to_owned),
        name: name.map(str::to_owned),
        value,
    };
    stats.push(stat("assigned", None, Some("nobody"), team.ungiven as f64));
    for member in &team.members {
        let Member { annotator, given: Some(given), left: Some(left), .. } = member else { continue };
        let mut add = |what, name, value| stats.push(stat(what, Some(annotator.as_str()), Some(name), value));
        add("assigned", "documents", *given as f64);
        add("assigned", "finished", member.finished as f64);
        add("assigned", "in-progress", member.in_progress as f64);
        add("assigned", "skipped", member.skipped as f64);
        add("assigned", "flagged", member.flagged as f64);
        add("assigned", "left", *left as f64);
        if let Some(time) = member.time_left {
            add("assigned", "hours left", time.as_secs_f64() / 3600.0);
        }
    }
    for overlap in &team.overlap {
        let source = overlap.source.as_deref();
        let numbers = [("overlap", overlap.documents), ("overlap-two", overlap.two), ("overlap-ready", overlap.ready)];
        stats.extend(numbers.map(|(what, value)| stat(what, None, source, value as f64)));
    }
    stats
}
