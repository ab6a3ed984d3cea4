//! What a ruling wants to stand in gold: spans, computed from the sides of a difference.

use std::sync::Arc;

use super::compare::plain;
use super::{Difference, Refusal, Ruling, Side};
use crate::annotation::{Attributes, Ranges, Span};
use crate::schema::LabelId;
use crate::text::TextRange;

/// A span that is to stand in gold.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wanted {
    pub label: LabelId,
    pub ranges: Ranges,
    pub attributes: Attributes,
}

impl Wanted {
    pub(super) fn of(span: &Span) -> Self {
        Self { label: span.label.clone(), ranges: span.ranges.clone(), attributes: span.attributes.clone() }
    }
}

/// Why a ruling cannot be carried out, in words for the reviewer.
pub(super) fn refuse<T>(sentence: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal(sentence.into()))
}

/// The spans that a ruling on a difference about spans wants. `now` is the one span of gold it was settled as before, if it was one.
pub(super) fn wanted(difference: &Difference, ruling: &Ruling, now: Option<&Span>) -> Result<Vec<Wanted>, Refusal> {
    let base = || {
        now.map(Wanted::of)
            .or_else(|| usual(difference))
            .ok_or_else(|| Refusal("Nobody marked anything here".to_owned()))
    };
    Ok(match ruling {
        Ruling::Nothing => Vec::new(),
        Ruling::Take(who) => taken(difference, *who)?,
        Ruling::Unanimous if difference.is_agreed() => first(difference)?,
        Ruling::Unanimous => return refuse("They do not all say the same"),
        Ruling::Majority => taken(difference, majority(difference).ok_or_else(no_majority)?)?,
        Ruling::Union => {
            let usual = usual(difference).ok_or_else(|| Refusal("Nobody marked anything here".to_owned()))?;
            vec![Wanted { ranges: union(difference, &usual.ranges), ..usual }]
        }
        Ruling::Intersection => {
            let usual = usual(difference).ok_or_else(|| Refusal("Nobody marked anything here".to_owned()))?;
            let Some(ranges) = intersection(difference) else { return refuse("They share no text") };
            vec![Wanted { ranges, ..usual }]
        }
        Ruling::Edges(ranges) => vec![Wanted { ranges: ranges.clone(), ..base()? }],
        Ruling::Attributes(attributes) => vec![Wanted { attributes: attributes.clone(), ..base()? }],
        Ruling::Relabel(label) => {
            let base = base()?;
            let mut with_label = spans(difference).filter(|span| span.label == *label);
            // The attributes of one label are none of another's.
            let attributes = if base.label == *label { Some(base.attributes.clone()) } else { None };
            let attributes = attributes.or_else(|| with_label.next().map(|span| span.attributes.clone()));
            vec![Wanted { label: label.clone(), attributes: attributes.unwrap_or_default(), ..base }]
        }
    })
}

pub(super) fn no_majority() -> Refusal {
    Refusal("No more than half of them say the same".to_owned())
}

fn spans(difference: &Difference) -> impl Iterator<Item = &Arc<Span>> {
    difference.sides.iter().flat_map(Side::spans)
}

fn taken(difference: &Difference, who: usize) -> Result<Vec<Wanted>, Refusal> {
    match difference.sides.get(who) {
        Some(Side::Spans(spans)) => Ok(spans.iter().map(|span| Wanted::of(span)).collect()),
        Some(Side::Nothing) => Ok(Vec::new()),
        _ => refuse("This annotator has not finished the document"),
    }
}

fn first(difference: &Difference) -> Result<Vec<Wanted>, Refusal> {
    let who = difference.sides.iter().position(Side::is_something);
    who.map_or_else(|| refuse("Nobody marked anything here"), |who| taken(difference, who))
}

/// An annotator who says what more than half of those who finished the document say.
pub(super) fn majority(difference: &Difference) -> Option<usize> {
    let told: Vec<usize> = (0..difference.sides.len()).filter(|who| difference.sides[*who].is_data()).collect();
    let alike =
        |who: &usize| told.iter().filter(|other| same(&difference.sides[*who], &difference.sides[**other])).count();
    told.iter().find(|who| alike(who) * 2 > told.len()).copied()
}

/// The two say the same: label, extent, attributes; of relations the kind, the aligned ends and attributes.
fn same(a: &Side, b: &Side) -> bool {
    let plainly = |attributes: &Attributes| {
        attributes.iter().map(|(name, value)| (name.clone(), plain(value))).collect::<Vec<_>>()
    };
    match (a, b) {
        (Side::Spans(a), Side::Spans(b)) => {
            a.len() == b.len()
                && a.iter().zip(b).all(|(a, b)| a.same_decision(b) && plainly(&a.attributes) == plainly(&b.attributes))
        }
        (Side::Relation { relation: a, from, to }, Side::Relation { relation: b, from: from_b, to: to_b }) => {
            a.kind == b.kind
                && from.same_decision(from_b)
                && to.same_decision(to_b)
                && plainly(&a.attributes) == plainly(&b.attributes)
        }
        (Side::Value(a), Side::Value(b)) => plain(a) == plain(b),
        (a, b) => a == b,
    }
}

/// What stands for all of them where a ruling names only a part: the label most of them gave, the extent and attributes of the first who
/// gave it, each attribute with the value that most of those gave.
fn usual(difference: &Difference) -> Option<Wanted> {
    let with_label =
        || spans(difference).filter(|span| difference.label.as_ref().is_none_or(|label| span.label == *label));
    let first = with_label().next().or_else(|| spans(difference).next())?;
    let mut wanted = Wanted::of(first);
    let names: std::collections::BTreeSet<&String> = with_label().flat_map(|span| span.attributes.keys()).collect();
    for name in names {
        let values = || with_label().map(|span| span.attributes.get(name));
        let votes =
            |value: Option<&serde_json::Value>| values().filter(|other| other.map(plain) == value.map(plain)).count();
        // The first of those with most votes.
        let best = values().fold(None, |best: Option<(usize, _)>, value| match best {
            Some((most, _)) if most >= votes(value) => best,
            _ => Some((votes(value), value)),
        });
        match best.and_then(|(_, value)| value) {
            Some(value) => wanted.attributes.insert(name.clone(), value.clone()),
            None => wanted.attributes.remove(name),
        };
    }
    Some(wanted)
}

/// What anyone covers. In several parts only where someone has several.
fn union(difference: &Difference, else_this: &Ranges) -> Ranges {
    let apart = spans(difference).any(|span| span.ranges.is_discontinuous());
    let mut all: Vec<TextRange> = spans(difference).flat_map(|span| span.ranges.as_slice()).copied().collect();
    all.sort_unstable();
    let mut merged: Vec<TextRange> = Vec::new();
    for range in all {
        match merged.last_mut() {
            Some(last) if !apart || range.start() <= last.end() => *last = last.hull(range),
            _ => merged.push(range),
        }
    }
    Ranges::new(merged).unwrap_or_else(|_| else_this.clone())
}

/// What all who marked something cover.
fn intersection(difference: &Difference) -> Option<Ranges> {
    let mut sides = difference.sides.iter().map(Side::spans).filter(|spans| !spans.is_empty());
    let of = |spans: &[Arc<Span>]| -> Vec<TextRange> {
        spans.iter().flat_map(|span| span.ranges.as_slice()).copied().collect()
    };
    let mut shared = of(sides.next()?);
    for side in sides {
        let other = of(side);
        shared = shared.iter().flat_map(|ours| other.iter().filter_map(|theirs| ours.intersection(*theirs))).collect();
    }
    Ranges::new(shared).ok()
}
