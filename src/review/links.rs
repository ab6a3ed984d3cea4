//! [`align_links`]: which relations of different annotators are about the same, once their spans are aligned.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::annotation::{ItemId, Layer, Relation};
use crate::schema::{RelationId, Schema};

/// Relations that are about the same.
pub(super) struct Links {
    /// By annotator.
    pub relations: Vec<Option<Arc<Relation>>>,
    /// They run between the same groups.
    pub same_ends: bool,
}

/// A relation between groups of spans.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Arrow {
    from: usize,
    to: usize,
    kind: RelationId,
}

/// What a bundle of relations of different annotators stands under while they are joined: their common features.
type Feature = fn(&Arrow) -> (Option<usize>, Option<usize>, Option<&RelationId>);

/// The same arrow between the same groups belongs together; then the same ends with another kind; then the same kind with another
/// end. `group` gives the group of a span of an annotator. What runs twice between the same groups counts once.
pub(super) fn align_links(
    schema: &Schema,
    layers: &[Option<&Layer>],
    group: impl Fn(usize, &ItemId) -> Option<usize>,
) -> Vec<Links> {
    let mut bundles: BTreeMap<Arrow, Links> = BTreeMap::new();
    for (who, layer) in layers.iter().enumerate() {
        for relation in layer.iter().flat_map(|layer| layer.relations.values()) {
            let (Some(from), Some(to)) = (group(who, &relation.from), group(who, &relation.to)) else { continue };
            let kind = schema.resolve_relation(relation.kind.as_str());
            let kind = kind.map_or_else(|| relation.kind.clone(), |kind| kind.id.clone());
            let none = || Links { relations: vec![None; layers.len()], same_ends: true };
            let bundle = bundles.entry(Arrow { from, to, kind }).or_insert_with(none);
            bundle.relations[who].get_or_insert_with(|| Arc::clone(relation));
        }
    }
    let mut bundles: Vec<(Arrow, Links)> = bundles.into_iter().collect();
    let features: [Feature; 3] = [
        |arrow| (Some(arrow.from), Some(arrow.to), None),
        |arrow| (Some(arrow.from), None, Some(&arrow.kind)),
        |arrow| (None, Some(arrow.to), Some(&arrow.kind)),
    ];
    for feature in features {
        join(&mut bundles, feature);
    }
    bundles.into_iter().map(|(_, links)| links).collect()
}

/// Joins bundles of different annotators that have a feature in common, in order. O(n log n) for few annotators.
fn join(bundles: &mut Vec<(Arrow, Links)>, feature: Feature) {
    // By feature and annotators: the places of such bundles in `kept`, in order.
    let mut places: BTreeMap<_, BTreeMap<u128, VecDeque<usize>>> = BTreeMap::new();
    let mut kept: Vec<(Arrow, Links)> = Vec::with_capacity(bundles.len());
    for (arrow, links) in bundles.drain(..) {
        let (from, to, kind) = feature(&arrow);
        let places = places.entry((from, to, kind.cloned())).or_default();
        let who = who(&links);
        let fits = places.iter().filter(|(theirs, _)| *theirs & who == 0);
        let first = fits.filter_map(|(theirs, places)| Some((*places.front()?, *theirs))).min();
        let (place, all) = match first {
            Some((place, theirs)) => {
                places.entry(theirs).or_default().pop_front();
                let (first, joined) = &mut kept[place];
                joined.same_ends &= links.same_ends && (first.from, first.to) == (arrow.from, arrow.to);
                for (mine, theirs) in joined.relations.iter_mut().zip(links.relations) {
                    *mine = mine.take().or(theirs);
                }
                (place, who | theirs)
            }
            None => {
                kept.push((arrow, links));
                (kept.len() - 1, who)
            }
        };
        let same = places.entry(all).or_default();
        same.insert(same.partition_point(|known| *known < place), place);
    }
    *bundles = kept;
}

/// The annotators who have one, as bits.
fn who(links: &Links) -> u128 {
    let bits = links.relations.iter().enumerate().filter(|(_, link)| link.is_some());
    bits.fold(0, |bits, (who, _)| bits | 1 << who)
}
