//! Splits that do not leak: documents of one source, and near-duplicates, go into the same part, and still every part gets its share of
//! the documents and of every label, as far as that allows.
//!
//! Two passes: [`Splitter::document`] sees every document once, then [`Split::part`] says where each goes. The same documents give the
//! same parts for the same seed, whatever their order.

mod balance;
mod report;
mod shares;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::duplicates::{Duplicates, Fingerprint, Found, Likeness};
use super::union::Union;
use crate::annotation::Layer;
use crate::schema::LabelId;
use crate::text::{Document, DocumentId};
use balance::{Bundle, deal};

pub use report::{Alike, PartCounts, SplitReport};
pub use shares::{PARTS, Shares};

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    pub shares: Shares,
    pub seed: u64,
    /// A metadata field; documents with the same value stay together.
    pub group_by: Option<String>,
    /// Documents this much alike stay together; `None` looks for no duplicates.
    pub likeness: Option<Likeness>,
}

/// What a split has to know of a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Member {
    pub id: String,
    /// Values of the field that groups; of a list each. Members that share one stay together. Empty: it stands for itself.
    pub groups: Vec<String>,
    /// Spans by label, of all its layers.
    pub labels: BTreeMap<LabelId, u64>,
}

/// How many names of fields are remembered.
const FIELDS: usize = 200;

/// Gathers what has to be known of all documents. Holds no texts.
#[derive(Debug)]
pub struct Splitter {
    wish: Wish,
    members: Vec<Member>,
    duplicates: Option<Duplicates>,
    /// Names of metadata fields that were met, for who misspells one.
    fields: BTreeSet<String>,
}

/// Which part each document is in.
#[derive(Clone, Debug)]
pub struct Split {
    parts: HashMap<String, usize>,
    names: &'static [&'static str],
    pub report: SplitReport,
}

impl Splitter {
    pub fn new(wish: Wish) -> Self {
        let duplicates = wish.likeness.map(Duplicates::new);
        Self { wish, members: Vec::new(), duplicates, fields: BTreeSet::new() }
    }

    /// Sees the next document, with the layers that are to be written.
    pub fn document(&mut self, document: &Document, layers: &[Arc<Layer>]) {
        let fingerprint = self.wish.likeness.map(|likeness| Fingerprint::of(&document.text, &likeness));
        self.with_fingerprint(document, layers, fingerprint);
    }

    /// The same, where the fingerprint was taken elsewhere (it takes most of the time, and can be taken beside).
    pub fn with_fingerprint(&mut self, document: &Document, layers: &[Arc<Layer>], fingerprint: Option<Fingerprint>) {
        let mut member = Member { id: document.id.0.clone(), ..Member::default() };
        if let Some(field) = &self.wish.group_by {
            member.groups = document.meta.get(field).map(values).unwrap_or_default();
            for name in document.meta.keys() {
                if self.fields.len() < FIELDS && !self.fields.contains(name) {
                    self.fields.insert(name.clone());
                }
            }
        }
        for span in layers.iter().flat_map(|layer| layer.spans.iter()) {
            *member.labels.entry(span.label.clone()).or_default() += 1;
        }
        self.members.push(member);
        if let (Some(duplicates), Some(fingerprint)) = (&mut self.duplicates, fingerprint) {
            duplicates.add(fingerprint);
        }
    }

    /// All documents were seen.
    pub fn finish(self) -> Split {
        let found = self.duplicates.map(Duplicates::finish).unwrap_or_default();
        split(&self.wish, &self.members, &found, &self.fields)
    }
}

impl Split {
    /// `train`, `dev` or `test`; `None` for a document that was not seen.
    pub fn part(&self, document: &DocumentId) -> Option<&'static str> {
        self.parts.get(document.as_str()).map(|part| self.names[*part])
    }

    /// The names of the parts, in their order.
    pub const fn names(&self) -> &'static [&'static str] {
        self.names
    }
}

/// Deals the members out. `found` has their numbers; `fields` are known names for `group_by`, for a note on a misspelled one.
pub fn split(wish: &Wish, members: &[Member], found: &Found, fields: &BTreeSet<String>) -> Split {
    let mut union = Union::new(members.len());
    let (mut by_id, mut by_group) = (HashMap::new(), HashMap::new());
    for (index, member) in members.iter().enumerate() {
        // A document may go out in two versions of its text.
        union.join(index, *by_id.entry(member.id.as_str()).or_insert(index));
        for group in &member.groups {
            union.join(index, *by_group.entry(group.as_str()).or_insert(index));
        }
    }
    for group in &found.groups {
        for pair in group.members.windows(2) {
            union.join(pair[0], pair[1]);
        }
    }
    let labels: BTreeSet<&LabelId> = members.iter().flat_map(|member| member.labels.keys()).collect();
    let labels: BTreeMap<&LabelId, usize> = labels.into_iter().enumerate().map(|(at, label)| (label, at)).collect();
    // Bundles are numbered in the order of their smallest id, so that nothing depends on the order of the members.
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by(|one, two| members[*one].id.cmp(&members[*two].id));
    let mut bundle_of = vec![usize::MAX; members.len()];
    let mut bundles: Vec<Vec<usize>> = Vec::new();
    for index in order {
        let root = union.root(index);
        if bundle_of[root] == usize::MAX {
            bundle_of[root] = bundles.len();
            bundles.push(Vec::new());
        }
        bundle_of[index] = bundle_of[root];
        bundles[bundle_of[index]].push(index);
    }
    let weighed: Vec<Bundle> =
        bundles.iter().map(|bundle| weigh(bundle.iter().map(|index| &members[*index]), &labels, wish.seed)).collect();
    let dealt = deal(&weighed, wish.shares.percent());
    let part_of: Vec<usize> = bundle_of.iter().map(|bundle| dealt[*bundle]).collect();
    let dealt = report::Dealt { members, bundles: &bundles, part_of: &part_of };
    let report = report::report(wish, &dealt, found, fields);
    let parts = members.iter().zip(&part_of).map(|(member, part)| (member.id.clone(), *part)).collect();
    Split { parts, names: wish.shares.names(), report }
}

fn weigh<'a>(
    members: impl Iterator<Item = &'a Member> + Clone,
    labels: &BTreeMap<&LabelId, usize>,
    seed: u64,
) -> Bundle {
    let mut spans: BTreeMap<usize, u64> = BTreeMap::new();
    for (label, count) in members.clone().flat_map(|member| &member.labels).filter(|(_, count)| **count > 0) {
        *spans.entry(labels[label]).or_default() += count;
    }
    let first = members.clone().next().map_or("", |member| &member.id);
    let lot = Sha256::new().chain_update(seed.to_le_bytes()).chain_update(first).finalize().into();
    Bundle { documents: members.count() as u64, labels: spans.into_iter().collect(), lot }
}

/// What a metadata value says for grouping: nothing where it is empty, each element of a list.
fn values(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) if text.trim().is_empty() => Vec::new(),
        Value::String(text) => vec![text.trim().to_owned()],
        Value::Array(list) => list.iter().flat_map(values).collect(),
        other => vec![other.to_string()],
    }
}
