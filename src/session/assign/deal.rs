//! [`deal`]: which annotator gets which documents. Pure, seeded, and the same whatever the order of the documents.
//!
//! Of each source, the overlap share goes to everybody; the rest to one each. Numbers come out even (they differ by one at most, unless what
//! was given before forbids it), also within a source; of the documents that fall to it, a source's longest go first to whoever has least to
//! read. What was given before stays, is counted, and is only ever added to.

use super::Hands;
use crate::session::queue::mixed;
use crate::text::DocumentId;

/// A document to be dealt out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub id: DocumentId,
    /// By its place in the list of sources.
    pub source: usize,
    /// Bytes of its text.
    pub length: u64,
    /// Who has it before.
    pub before: Hands,
    /// It is given to nobody on purpose.
    pub set_aside: bool,
}

/// How documents are dealt out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// Who gets documents now.
    pub to: Hands,
    /// The share of every source that goes to all of them, from 0 to 1.
    pub overlap: f64,
    pub seed: u64,
}

/// Who has each document then, in the order of the sheets. O(n log n).
pub fn deal(sheets: &[Sheet], terms: Terms) -> Vec<Hands> {
    let mut table = Table {
        sheets,
        terms,
        lots: sheets.iter().map(|sheet| lot(terms.seed, sheet.id.as_str())).collect(),
        hands: sheets.iter().map(|sheet| sheet.before).collect(),
    };
    let sources = sheets.iter().map(|sheet| sheet.source + 1).max().unwrap_or(0);
    let mut by_source: Vec<Vec<usize>> = vec![Vec::new(); sources];
    for (index, sheet) in sheets.iter().enumerate().filter(|(_, sheet)| !sheet.set_aside) {
        by_source[sheet.source].push(index);
    }
    if terms.to.is_shared() {
        table.share(&by_source);
    }
    if !terms.to.is_empty() {
        table.single(&by_source);
    }
    table.hands
}

/// A number that has nothing to do with the id, and is always the same.
fn lot(seed: u64, id: &str) -> u64 {
    id.bytes().fold(mixed(seed), |lot, byte| mixed(lot ^ u64::from(byte)))
}

struct Table<'a> {
    sheets: &'a [Sheet],
    terms: Terms,
    lots: Vec<u64>,
    hands: Vec<Hands>,
}

impl Table<'_> {
    /// Gives the overlap to everybody: first what several have already, then what nobody has, then what one has.
    fn share(&mut self, by_source: &[Vec<usize>]) {
        let to = self.terms.to;
        let counts: Vec<usize> = by_source.iter().map(Vec::len).collect();
        for (these, quota) in by_source.iter().zip(quotas(&counts, self.terms.overlap)) {
            let mut order = these.clone();
            order.sort_by_cached_key(|index| {
                let have = self.hands[*index].len();
                let turn = match have {
                    0 => Hands::MOST as u32 + 1,
                    1 => Hands::MOST as u32 + 2,
                    several => Hands::MOST as u32 - several,
                };
                (turn, self.lots[*index])
            });
            for index in &order[..quota] {
                self.hands[*index] = self.hands[*index].and(to);
            }
        }
    }

    /// Gives what nobody has to one annotator each.
    fn single(&mut self, by_source: &[Vec<usize>]) {
        let open = |hands: &[Hands], index: &usize| hands[*index].is_empty();
        let left = by_source.iter().flatten().filter(|index| open(&self.hands, index)).count();
        let mut loads = vec![Load::default(); Hands::MOST];
        for (sheet, hands) in self.sheets.iter().zip(&self.hands) {
            for place in hands.places() {
                loads[place].documents += 1;
                loads[place].bytes += sheet.length;
            }
        }
        let mut turns = self.turns(&loads, left).into_iter();
        for these in by_source {
            let mut order: Vec<usize> = these.iter().copied().filter(|index| open(&self.hands, index)).collect();
            order.sort_by_cached_key(|index| (std::cmp::Reverse(self.sheets[*index].length), self.lots[*index]));
            let mut room = vec![(0_u64, 0_u64); Hands::MOST];
            for place in turns.by_ref().take(order.len()) {
                room[place].0 += 1;
                room[place].1 += 1;
            }
            for index in order {
                // Whoever still has the largest part of their room; then whoever has least to read.
                let of = |place: &usize| {
                    let (left, all) = room[*place];
                    (
                        std::cmp::Reverse(left * 1_000_000 / all.max(1)),
                        loads[*place].bytes,
                        mixed(self.lots[index] ^ *place as u64),
                    )
                };
                let Some(place) = self.terms.to.places().filter(|place| room[*place].0 > 0).min_by_key(of) else {
                    break;
                };
                room[place].0 -= 1;
                loads[place].bytes += self.sheets[index].length;
                self.hands[index] = Hands::one(place);
            }
        }
    }

    /// Whose turn it is, so many times: so often that numbers come out even, and each annotator's turns evenly apart.
    fn turns(&self, loads: &[Load], count: usize) -> Vec<usize> {
        let mut often = vec![0_u64; Hands::MOST];
        let rank = |place: usize| mixed(self.terms.seed ^ (place as u64 + 1));
        for _ in 0..count {
            let least =
                self.terms.to.places().min_by_key(|place| (loads[*place].documents + often[*place], rank(*place)));
            if let Some(place) = least {
                often[place] += 1;
            }
        }
        let mut turns: Vec<(f64, u64, usize)> = Vec::with_capacity(count);
        for place in self.terms.to.places() {
            let all = often[place];
            turns.extend((0..all).map(|turn| ((turn as f64 + 0.5) / all as f64, rank(place), place)));
        }
        turns.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
        turns.into_iter().map(|(.., place)| place).collect()
    }
}

/// What an annotator has.
#[derive(Clone, Copy, Debug, Default)]
struct Load {
    documents: u64,
    bytes: u64,
}

/// The share of each count, in whole numbers whose sum is the share of all: the largest remainders are rounded up.
fn quotas(counts: &[usize], share: f64) -> Vec<usize> {
    let total: usize = counts.iter().sum();
    let wanted = (total as f64 * share).round() as usize;
    let exact = |count: usize| count as f64 * share;
    let mut quotas: Vec<usize> = counts.iter().map(|count| exact(*count).floor() as usize).collect();
    let mut order: Vec<usize> = (0..counts.len()).collect();
    let remainder = |at: usize| exact(counts[at]).fract();
    order.sort_by(|a, b| remainder(*b).total_cmp(&remainder(*a)).then(a.cmp(b)));
    let lacking = wanted.saturating_sub(quotas.iter().sum());
    for at in order.into_iter().filter(|at| remainder(*at) > 0.0).take(lacking) {
        quotas[at] += 1;
    }
    quotas
}
