//! Documents whose texts are the same, or nearly: reprints, agency copy, the same page fetched twice. A split must not tear them apart.
//!
//! Two texts are alike as far as their sets of shingles (five words in a row) are: resemblance after Broder, “On the resemblance and
//! containment of documents” (1997), |A ∩ B| / |A ∪ B|. Candidates come from minima of hashed shingles in bands (locality-sensitive
//! hashing, Indyk and Motwani 1998); each is then compared by its shingles themselves. Nothing is random: the same texts and the same
//! seed give the same groups, whatever the order.

mod fingerprint;

pub use fingerprint::{Fingerprint, Likeness, SHINGLE};

use super::union::Union;

/// In a band, a document is compared with so many of those before it that it is not tied to yet, and looks no further back than this.
const NEIGHBOURS: usize = 32;
const REACH: usize = 256;

/// Takes in one text after the other and then says which belong together. Holds of each text its [`Fingerprint`], no more.
#[derive(Debug, Default)]
pub struct Duplicates {
    likeness: Likeness,
    texts: Vec<Fingerprint>,
}

/// What was found. Numbers are those that [`Duplicates::add`] gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// By their first member.
    pub groups: Vec<Group>,
    /// How often a document was not compared with all that looked like it, because too many do without being alike (pages of one
    /// template): some pair may be missing.
    pub passed_over: u64,
}

/// Texts that hang together by pairs that are alike; two of them need not be.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// At least two, ascending.
    pub members: Vec<usize>,
    /// The pairs that tie it together, ascending. Two members that were tied already were not compared.
    pub pairs: Vec<Pair>,
}

/// Two texts that are alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    pub one: usize,
    pub other: usize,
    /// Resemblance, from the threshold to 1.
    pub similarity: f64,
    /// The texts are the same, byte for byte.
    pub identical: bool,
}

impl Duplicates {
    pub fn new(likeness: Likeness) -> Self {
        Self { likeness, texts: Vec::new() }
    }

    pub const fn likeness(&self) -> &Likeness {
        &self.likeness
    }

    /// Takes in the next text; gives its number, from 0. The fingerprint must be made with this [`likeness`](Self::likeness).
    pub fn add(&mut self, text: Fingerprint) -> usize {
        self.texts.push(text);
        self.texts.len() - 1
    }

    /// Everything was given. About n log n, as long as few texts look like each other without being alike.
    pub fn finish(self) -> Found {
        let texts = &self.texts;
        let mut union = Union::new(texts.len());
        let mut pairs: Vec<Pair> = Vec::new();
        // By hash, so that the order in which the texts came does not matter. Of equal ones the first stands for all.
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_unstable_by_key(|index| (texts[*index].text, *index));
        let mut distinct: Vec<usize> = Vec::with_capacity(order.len());
        for index in order {
            match distinct.last() {
                Some(first) if texts[*first].text == texts[index].text => {
                    union.join(*first, index);
                    pairs.push(Pair { one: *first, other: index, similarity: 1.0, identical: true });
                }
                _ => distinct.push(index),
            }
        }
        let mut passed_over = 0;
        let bands = self.likeness.bands();
        let mut band: Vec<(u32, u32, usize)> = Vec::with_capacity(distinct.len());
        for number in 0..bands {
            // Texts that share the next band too stand side by side.
            let keys = |index: &usize| {
                let keys = &texts[*index].bands;
                keys.get(number).map(|key| (*key, keys[(number + 1) % bands], *index))
            };
            band.clear();
            band.extend(distinct.iter().filter_map(keys));
            // Stable: equal keys keep the order of the hashes.
            band.sort_by_key(|(key, next, _)| (*key, *next));
            for bucket in band.chunk_by(|one, other| one.0 == other.0) {
                for (place, (.., index)) in bucket.iter().enumerate() {
                    let mut left = NEIGHBOURS;
                    for (back, (.., other)) in bucket[..place].iter().rev().enumerate() {
                        if left == 0 || back == REACH {
                            passed_over += u64::from(!union.joined(*index, bucket[0].2));
                            break;
                        }
                        if union.joined(*index, *other) {
                            continue;
                        }
                        left -= 1;
                        let similarity = texts[*index].resembles(&texts[*other]);
                        if similarity >= self.likeness.threshold() {
                            union.join(*index, *other);
                            let (one, other) = (*index.min(other), *index.max(other));
                            pairs.push(Pair { one, other, similarity, identical: false });
                        }
                    }
                }
            }
        }
        Found { groups: groups(&mut union, pairs, texts.len()), passed_over }
    }
}

fn groups(union: &mut Union, mut pairs: Vec<Pair>, count: usize) -> Vec<Group> {
    let mut place: Vec<Option<usize>> = vec![None; count];
    let mut sizes = vec![0_usize; count];
    for index in 0..count {
        sizes[union.root(index)] += 1;
    }
    let mut groups: Vec<Group> = Vec::new();
    for index in 0..count {
        let root = union.root(index);
        if sizes[root] > 1 {
            let at = *place[root].get_or_insert_with(|| {
                groups.push(Group { members: Vec::new(), pairs: Vec::new() });
                groups.len() - 1
            });
            groups[at].members.push(index);
        }
    }
    pairs.sort_unstable_by_key(|pair| (pair.one, pair.other));
    for pair in pairs {
        if let Some(at) = place[union.root(pair.one)] {
            groups[at].pairs.push(pair);
        }
    }
    groups
}
