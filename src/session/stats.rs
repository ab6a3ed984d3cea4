//! What a project holds, in numbers: documents by source, layers by status, spans by label, and how fast the work goes.

use serde::Serialize;

use crate::annotation::Annotator;
use crate::store::Counts;

/// One number about a project.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stat {
    /// What is counted: `documents`, `hidden`, `source`, `status`, `flagged`, `label`, `spans`, `seconds`, `pace`.
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
