//! Dealing bundles of documents out to parts, so that each part gets its share of the documents and of every label.
//!
//! Iterative stratification after Sechidis, Tsoumakas and Vlahavas, “On the stratification of multi-label data” (2011), for bundles that
//! must stay whole: the largest first, of equal ones that with the rarest label, each to the part which lacks most of what it holds, the
//! rare weighing more. Then single bundles are moved for as long as that brings documents and labels nearer to their shares.

use std::cmp::Reverse;

/// Documents that stay together.
#[derive(Clone, Debug)]
pub(super) struct Bundle {
    pub documents: u64,
    /// Label and spans, each label once, ascending.
    pub labels: Vec<(usize, u64)>,
    /// Orders bundles that are equal otherwise; different for each.
    pub lot: [u8; 32],
}

/// From so many bundles on, they are not dealt out in both ways.
const MANY: usize = 20_000;

/// How often all bundles are gone through to move one at a time, at most.
const ROUNDS: usize = 8;

/// The part of each bundle. `shares` are in percent. No part is further from its share than the largest bundle has documents; none is empty
/// as long as there are bundles for all (unless that forbids it). Near linear.
pub(super) fn deal(bundles: &[Bundle], shares: &[f64]) -> Vec<usize> {
    // A few large bundles come out better where the whole share is filled, many small ones where shares hold at any time.
    let dealt = |want: Want| {
        let mut table = Table::new(bundles, shares);
        let order = table.deal(want, shares);
        for _ in 0..ROUNDS {
            let moved = order.iter().filter(|index| table.better(**index)).count();
            if moved * 1_000 <= order.len() {
                break;
            }
        }
        table.fill(&order);
        table.hold_shares(&order);
        table
    };
    let so_far = dealt(Want::SoFar);
    if bundles.len() > MANY {
        return so_far.part;
    }
    let whole = dealt(Want::Whole);
    if so_far.amiss() < whole.amiss() { so_far.part } else { whole.part }
}

/// What a part wants while bundles are dealt out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Want {
    /// Its share of everything.
    Whole,
    /// Its share of what has been dealt out.
    SoFar,
}

/// What each part has and wants: documents first, then every label.
struct Table<'a> {
    bundles: &'a [Bundle],
    /// By part, then by what is counted.
    over: Vec<Vec<f64>>,
    total: Vec<f64>,
    weight: Vec<f64>,
    part: Vec<usize>,
    /// Bundles in each part.
    count: Vec<usize>,
}

impl<'a> Table<'a> {
    fn new(bundles: &'a [Bundle], shares: &[f64]) -> Self {
        let labels = bundles.iter().flat_map(|bundle| &bundle.labels).map(|(label, _)| label + 1).max().unwrap_or(0);
        let mut total = vec![0.0; labels + 1];
        for (what, amount) in bundles.iter().flat_map(amounts) {
            total[what] += amount;
        }
        let mut weight: Vec<f64> = total.iter().map(|total| if *total > 0.0 { total.powi(-2) } else { 0.0 }).collect();
        // The documents weigh as much as all labels together.
        weight[0] *= labels.max(1) as f64;
        let over = vec![vec![0.0; labels + 1]; shares.len()];
        Self { bundles, over, total, weight, part: vec![usize::MAX; bundles.len()], count: vec![0; shares.len()] }
    }

    /// Deals everything out; gives the order in which it was done.
    fn deal(&mut self, want: Want, shares: &[f64]) -> Vec<usize> {
        let rarity = |bundle: &Bundle| bundle.labels.iter().map(|(label, _)| self.total[label + 1] as u64).min();
        let mut order: Vec<usize> = (0..self.bundles.len()).collect();
        order.sort_by_cached_key(|index| {
            let bundle = &self.bundles[*index];
            (Reverse(bundle.documents), rarity(bundle).unwrap_or(u64::MAX), bundle.lot)
        });
        let wanted = |over: &mut [Vec<f64>], what: usize, amount: f64| {
            for (over, share) in over.iter_mut().zip(shares) {
                over[what] -= amount * share / 100.0;
            }
        };
        if want == Want::Whole {
            let total = self.total.iter().enumerate();
            total.for_each(|(what, amount)| wanted(&mut self.over, what, *amount));
        }
        for index in &order {
            let bundle = &self.bundles[*index];
            if want == Want::SoFar {
                amounts(bundle).for_each(|(what, amount)| wanted(&mut self.over, what, amount));
            }
            let part = self.lacking_most(bundle);
            self.put(*index, part);
        }
        order
    }

    /// How far everything is from its share, in squares.
    fn amiss(&self) -> f64 {
        self.over.iter().flat_map(|over| over.iter().zip(&self.weight)).map(|(over, weight)| over * over * weight).sum()
    }

    fn lacking_most(&self, bundle: &Bundle) -> usize {
        let lack = |part: usize| -> f64 {
            amounts(bundle).map(|(what, amount)| -self.over[part][what] * amount * self.weight[what]).sum()
        };
        let mut best = (0, lack(0));
        for part in 1..self.over.len() {
            let lack = lack(part);
            if lack > best.1 {
                best = (part, lack);
            }
        }
        best.0
    }

    fn put(&mut self, index: usize, part: usize) {
        for (what, amount) in amounts(&self.bundles[index]) {
            if let Some(over) = self.over.get_mut(self.part[index]) {
                over[what] -= amount;
            }
            self.over[part][what] += amount;
        }
        if let Some(count) = self.count.get_mut(self.part[index]) {
            *count -= 1;
        }
        self.count[part] += 1;
        self.part[index] = part;
    }

    /// How much further from all shares everything would be, in squares.
    fn cost(&self, index: usize, to: usize) -> f64 {
        let (from, to) = (&self.over[self.part[index]], &self.over[to]);
        let cost = |(what, amount): (usize, f64)| 2.0 * amount * (amount - from[what] + to[what]) * self.weight[what];
        amounts(&self.bundles[index]).map(cost).sum()
    }

    /// Moves the bundle to the part where it does most good, if it does any.
    fn better(&mut self, index: usize) -> bool {
        let from = self.part[index];
        let others = (0..self.over.len()).filter(|part| *part != from && self.count[from] > 1);
        let best = others.map(|part| (self.cost(index, part), part)).min_by(|one, two| one.0.total_cmp(&two.0));
        match best {
            Some((cost, part)) if cost < -1e-12 => {
                self.put(index, part);
                true
            }
            _ => false,
        }
    }

    /// Gives every empty part the bundle that costs least.
    fn fill(&mut self, order: &[usize]) {
        for part in 0..self.count.len() {
            if self.count[part] == 0
                && let Some(index) = self.cheapest(order, part, |table, index| table.count[table.part[index]] > 1)
            {
                self.put(index, part);
            }
        }
    }

    /// While a part is further from its share of documents than the largest bundle is large: moves one from the part that has most too
    /// much to the one that lacks most. Each move brings the squares of what is amiss down, so that it ends.
    fn hold_shares(&mut self, order: &[usize]) {
        let largest = self.bundles.iter().map(|bundle| bundle.documents).max().unwrap_or(0) as f64;
        while self.over.iter().any(|over| over[0].abs() > largest + 1e-6) {
            let by_documents = |one: &usize, two: &usize| self.over[*one][0].total_cmp(&self.over[*two][0]);
            let parts = || 0..self.over.len();
            let (Some(most), Some(least)) = (parts().max_by(by_documents), parts().min_by(by_documents)) else {
                return;
            };
            let Some(index) = self.cheapest(order, least, |table, index| table.part[index] == most) else { return };
            self.put(index, least);
        }
    }

    fn cheapest(&self, order: &[usize], to: usize, may: impl Fn(&Self, usize) -> bool) -> Option<usize> {
        let those = order.iter().filter(|index| may(self, **index));
        let least = those.map(|index| (self.cost(*index, to), *index)).min_by(|one, two| one.0.total_cmp(&two.0));
        least.map(|(_, index)| index)
    }
}

/// What is counted, and how much of it: 0 the documents, then the labels.
fn amounts(bundle: &Bundle) -> impl Iterator<Item = (usize, f64)> + '_ {
    let labels = bundle.labels.iter().map(|(label, spans)| (label + 1, *spans as f64));
    std::iter::once((0, bundle.documents as f64)).chain(labels)
}
