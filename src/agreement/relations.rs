//! [`RelationF1`]: do two annotators draw the same arrows between spans that both have?

use std::collections::{BTreeMap, BTreeSet};

use super::f1::f1;
use super::pairing::matched;
use super::{Corpus, Frame, Measure, Undefined, View};

/// An arrow between matched spans: kind, and the matched pairs at its ends.
type Arrow<'a> = (&'a str, usize, usize);

/// Relations of the same kind between the same matched spans ([`matched`]). One with an end that the other annotator did not mark is
/// left out: that is a difference of spans, and counted there. Of one label, those that start at it. Sums are [both, ours, theirs].
#[derive(Clone, Copy, Debug)]
pub struct RelationF1;

impl Measure for RelationF1 {
    fn id(&self) -> &'static str {
        "relation-f1"
    }

    fn about(&self) -> &'static str {
        "Of all relations between spans that both annotators marked, the share that the other drew too, of the same kind."
    }

    fn joint(&self) -> bool {
        false
    }

    fn tally(&self, view: &View<'_>) -> Vec<f64> {
        let [ours, theirs] = arrows(view);
        vec![ours.intersection(&theirs).count() as f64, ours.len() as f64, theirs.len() as f64]
    }

    fn value(&self, _: &Frame<'_>, sums: &[f64]) -> Result<f64, Undefined> {
        f1(sums[0], sums[1], sums[2])
            .map_err(|_| Undefined::Because("no relation between spans that both marked".into()))
    }

    /// Relations drawn by either.
    fn counted(&self, sums: &[f64]) -> f64 {
        sums[1] + sums[2] - sums[0]
    }
}

/// [`RelationF1`] of each kind that occurs between spans both marked, over the documents both finished: both, ours, theirs.
pub fn relation_kinds(corpus: &Corpus, who: [usize; 2]) -> BTreeMap<String, [f64; 3]> {
    let mut kinds: BTreeMap<String, [f64; 3]> = BTreeMap::new();
    for item in corpus.items.iter().filter(|item| who.iter().all(|who| item.layers[*who].is_some())) {
        let [ours, theirs] = arrows(&View { corpus, item, who: &who, label: None });
        for arrow in ours.union(&theirs) {
            let sums = kinds.entry(arrow.0.to_owned()).or_default();
            let (in_ours, in_theirs) = (ours.contains(arrow), theirs.contains(arrow));
            for (sum, counts) in sums.iter_mut().zip([in_ours && in_theirs, in_ours, in_theirs]) {
                *sum += f64::from(counts);
            }
        }
    }
    kinds
}

fn arrows<'a>(view: &View<'a>) -> [BTreeSet<Arrow<'a>>; 2] {
    let layers = [0, 1].map(|index| view.item.layers[view.who[index]].as_ref());
    let [Some(ours), Some(theirs)] = layers else { return Default::default() };
    if ours.relations.is_empty() && theirs.relations.is_empty() {
        return Default::default();
    }
    let units = [ours, theirs].map(|layer| layer.units.iter().collect::<Vec<_>>());
    // By unit of either: the number of its pair.
    let mut pairs = [vec![None; units[0].len()], vec![None; units[1].len()]];
    for (number, (a, b)) in matched(&units[0], &units[1]).into_iter().enumerate() {
        (pairs[0][a], pairs[1][b]) = (Some(number), Some(number));
    }
    [0, 1].map(|side| {
        let layer = [ours, theirs][side];
        let seen =
            layer.relations.iter().filter(|link| view.label.is_none_or(|label| layer.units[link.from].label == label));
        seen.filter_map(|link| Some((link.kind.as_str(), pairs[side][link.from]?, pairs[side][link.to]?))).collect()
    })
}
