//! [`SplitReport`]: what came of a split, in numbers and, where it is not what was wished for, in words.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::shares::Percent;
use super::{Member, Wish};
use crate::formats::duplicates::Found;
use crate::schema::LabelId;
use crate::schema::suggest::did_you_mean;
use crate::text::wording::counted;
use crate::text::{Place, Problem};

/// What came of a split. In a manifest as it stands, without the list of duplicates.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SplitReport {
    /// As they were wished for: `80/10/10`.
    pub shares: String,
    pub seed: u64,
    /// The metadata field whose values stay together.
    pub group_by: Option<String>,
    /// How alike documents had to be to stay together: shingles of five words in common, from 0 to 1; `null` if nobody looked.
    pub likeness: Option<f64>,
    /// Bundles that were dealt out: documents tied by group or likeness, or one alone.
    pub groups: u64,
    /// Documents in the largest of them.
    pub largest: u64,
    /// Pairs of documents with the very same text.
    pub identical: u64,
    /// Pairs of documents that are alike.
    pub near: u64,
    pub parts: Vec<PartCounts>,
    /// What could not be as it was wished, a sentence each.
    pub notes: Vec<String>,
    /// The pairs themselves, by id.
    #[serde(skip)]
    pub duplicates: Vec<Alike>,
}

/// One part in numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PartCounts {
    /// `train`, `dev`, `test`
    pub name: String,
    /// What it was to get, in percent of the documents.
    pub share: f64,
    pub documents: u64,
    pub groups: u64,
    pub spans: u64,
    /// Spans by label; every label of the export, also where there is none.
    pub labels: BTreeMap<LabelId, u64>,
}

/// Two documents whose texts are alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Alike {
    pub one: String,
    pub other: String,
    /// Shingles in common, from 0 to 1.
    pub similarity: f64,
    pub identical: bool,
    /// The part both are in.
    pub part: &'static str,
}

impl SplitReport {
    /// The notes, and each pair of duplicates, as rows of a report.
    pub fn problems(&self) -> impl Iterator<Item = Problem> + '_ {
        let notes = self.notes.iter().map(|note| Problem::warning(Place::default(), note.clone()));
        let alike = self.duplicates.iter().map(|pair| {
            let sentence = if pair.identical {
                format!("the same text as {}: both are in {}", pair.other, pair.part)
            } else {
                let percent = Percent((pair.similarity * 1000.0).floor() / 10.0);
                format!("{percent} % alike with {}: both are in {}", pair.other, pair.part)
            };
            Problem::note(Place::document(pair.one.clone()), sentence)
        });
        notes.chain(alike)
    }
}

/// What was dealt out, and where to.
pub(super) struct Dealt<'a> {
    pub members: &'a [Member],
    pub bundles: &'a [Vec<usize>],
    /// By member.
    pub part_of: &'a [usize],
}

pub(super) fn report(wish: &Wish, dealt: &Dealt<'_>, found: &Found, fields: &BTreeSet<String>) -> SplitReport {
    let names = wish.shares.names();
    let labels: BTreeSet<&LabelId> = dealt.members.iter().flat_map(|member| member.labels.keys()).collect();
    let part = |(name, share): (&&str, &f64)| PartCounts {
        name: (*name).to_owned(),
        share: (share * 1000.0).round() / 1000.0,
        labels: labels.iter().map(|label| ((*label).clone(), 0)).collect(),
        ..PartCounts::default()
    };
    let mut parts: Vec<PartCounts> = names.iter().zip(wish.shares.percent()).map(part).collect();
    for (member, part) in dealt.members.iter().zip(dealt.part_of) {
        let part = &mut parts[*part];
        part.documents += 1;
        for (label, spans) in &member.labels {
            part.spans += spans;
            *part.labels.entry(label.clone()).or_default() += spans;
        }
    }
    for bundle in dealt.bundles {
        parts[dealt.part_of[bundle[0]]].groups += 1;
    }
    let pairs = found.groups.iter().flat_map(|group| &group.pairs);
    let mut duplicates: Vec<Alike> = pairs
        .map(|pair| {
            let (one, other) = (&dealt.members[pair.one].id, &dealt.members[pair.other].id);
            Alike {
                one: one.min(other).clone(),
                other: one.max(other).clone(),
                similarity: pair.similarity,
                identical: pair.identical,
                part: names[dealt.part_of[pair.one]],
            }
        })
        .collect();
    duplicates.sort_by(|one, two| (&one.one, &one.other).cmp(&(&two.one, &two.other)));
    let identical = duplicates.iter().filter(|pair| pair.identical).count() as u64;
    let mut report = SplitReport {
        shares: wish.shares.to_string(),
        seed: wish.seed,
        group_by: wish.group_by.clone(),
        likeness: wish.likeness.map(|likeness| likeness.threshold()),
        groups: dealt.bundles.len() as u64,
        largest: dealt.bundles.iter().map(Vec::len).max().unwrap_or(0) as u64,
        identical,
        near: duplicates.len() as u64 - identical,
        parts,
        notes: Vec::new(),
        duplicates,
    };
    report.notes = notes(&report, dealt, found, fields);
    report
}

fn notes(report: &SplitReport, dealt: &Dealt<'_>, found: &Found, fields: &BTreeSet<String>) -> Vec<String> {
    let mut notes = Vec::new();
    let total = dealt.members.len() as u64;
    if total == 0 {
        return notes;
    }
    if let Some(field) = &report.group_by {
        let without = dealt.members.iter().filter(|member| member.groups.is_empty()).count() as u64;
        if without == total && fields.is_empty() {
            notes.push(format!("No document has metadata: nothing was grouped by “{field}”"));
        } else if without == total {
            let known = did_you_mean(field, fields.iter().map(String::as_str));
            notes.push(format!("No document has “{field}”: nothing was grouped by it. {known}"));
        } else if without > 0 {
            notes.push(format!("{} no “{field}”: each was taken by itself", have(without)));
        }
    }
    let percent = |documents: u64| Percent(documents as f64 * 100.0 / total as f64);
    let far = |part: &PartCounts| {
        let wished = part.share * total as f64 / 100.0;
        (part.documents as f64 - wished).abs() > 1.0 && (percent(part.documents).0 - part.share).abs() > 2.0
    };
    let empty: Vec<&str> =
        report.parts.iter().filter(|part| part.documents == 0).map(|part| part.name.as_str()).collect();
    if report.parts.iter().any(far) || !empty.is_empty() {
        let got: Vec<String> = report.parts.iter().map(|part| percent(part.documents).to_string()).collect();
        let mut note = format!("The parts are {} % of the documents instead of {}", got.join("/"), report.shares);
        if let Some(largest) = dealt.bundles.iter().max_by_key(|bundle| bundle.len()).filter(|_| report.largest > 1) {
            note.push_str(&format!(
                ": {} must stay together, {} % of all, tied by {}",
                documents(report.largest),
                percent(report.largest),
                ties(largest, report, dealt)
            ));
        } else {
            note.push_str(&format!(": there are only {}", documents(total)));
        }
        notes.push(note);
    }
    for name in empty {
        notes.push(format!("{name} is empty: there are {} to deal out", counted(report.groups, "group", "groups")));
    }
    for label in report.parts.first().into_iter().flat_map(|part| part.labels.keys()) {
        let count = |part: &PartCounts| part.labels.get(label).copied().unwrap_or(0);
        let all: u64 = report.parts.iter().map(count).sum();
        for part in report.parts.iter().filter(|part| part.documents > 0 && count(part) == 0 && all > 0) {
            let holding = |bundle: &&Vec<usize>| {
                bundle.iter().any(|index| dealt.members[*index].labels.get(label).is_some_and(|spans| *spans > 0))
            };
            let groups = counted(dealt.bundles.iter().filter(holding).count() as u64, "group", "groups");
            let spans = counted(all, "span", "spans");
            notes.push(format!("{} has no “{label}”: {spans} of it in {groups} of documents", part.name));
        }
    }
    if found.passed_over > 0 {
        notes.push(
            "Very many documents look like each other without being near-duplicates (pages of one template?): some near-duplicates may not have been found"
                .to_owned(),
        );
    }
    notes
}

/// What ties a bundle together: `source “The Fen Lantern”`, `3 values of source and near-duplicates`.
fn ties(bundle: &[usize], report: &SplitReport, dealt: &Dealt<'_>) -> String {
    let groups: BTreeSet<&String> = bundle.iter().flat_map(|index| &dealt.members[*index].groups).collect();
    let field = report.group_by.as_deref().unwrap_or_default();
    match groups.len() {
        0 => "their texts".to_owned(),
        1 => format!("{field} “{}”", groups.first().map_or("", |group| group.as_str())),
        many => format!("{many} values of {field} and near-duplicates among them"),
    }
}

fn documents(count: u64) -> String {
    counted(count, "document", "documents")
}

fn have(count: u64) -> String {
    counted(count, "document has", "documents have")
}
