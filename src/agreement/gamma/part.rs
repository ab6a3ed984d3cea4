//! [`Part`]: the best alignment of units that hang together, of more than two annotators.
//!
//! Prices of the units that pay for every possible unitary alignment prove a draft, where they pay for no more than it costs. They come from
//! the draft itself; else from a linear programme whose columns are found by need (Gilmore and Gomory 1961). Where the programme
//! splits units, what it leaves open is parted first, then everything is searched that the gap leaves room for.

use super::branch::cheapest;
use super::partners::partners;
use super::problem::Problem;
use super::simplex::{Column, Master};
use super::tuples::hunt;
use super::work::Work;

/// Units that hang together.
pub(super) struct Part<'a, 'w> {
    pub(super) problem: &'a Problem,
    pub(super) units: &'a [u32],
    /// By unit of the whole problem.
    pub(super) prices: &'a mut [f64],
    /// By unit of the whole problem: its place in `units`.
    pub(super) local: &'a mut [u32],
    pub(super) work: &'a mut Work<'w>,
}

/// Costs times the number of pairs of annotators.
pub(super) struct Found {
    pub(super) tuples: Vec<Vec<u32>>,
    pub(super) cost: f64,
    pub(super) least: f64,
}

/// Steps of one search for a column, at first; then eight times as many, and so on.
const SHORT: u64 = 20_000;
/// Columns kept for the last search.
const MANY: usize = 200_000;

impl Part<'_, '_> {
    /// From a draft: unitary alignments of all the units.
    pub(super) fn solve(mut self, tuples: Vec<Vec<u32>>) -> Found {
        let cost = tuples.iter().map(|tuple| self.problem.cost(tuple)).sum();
        let mut found = Found { tuples, cost, least: cost };
        let mut owners: Vec<u32> = self.units.iter().map(|unit| self.problem.owner[*unit as usize].0).collect();
        owners.sort_unstable();
        owners.dedup();
        // The draft is an assignment.
        if owners.len() <= 2 {
            return found;
        }
        self.share(&found.tuples);
        let (mut better, complete) = self.columns(SHORT);
        if better.is_empty() && complete {
            return found;
        }
        for (at, unit) in self.units.iter().enumerate() {
            self.local[*unit as usize] = at as u32;
        }
        let mut master = self.master(&found.tuples);
        let mut steps = SHORT;
        let proven = loop {
            for tuple in better {
                let cost = self.problem.cost(&tuple);
                master.add(self.localised(&tuple), cost);
            }
            if !master.solve(self.work) {
                break false;
            }
            for (unit, price) in self.units.iter().zip(&master.prices) {
                self.prices[*unit as usize] = *price;
            }
            let complete;
            (better, complete) = self.columns(steps);
            if better.is_empty() {
                if complete {
                    break true;
                }
                steps *= 8;
            }
            if self.work.over() {
                break false;
            }
        };
        if let Some(whole) = master.whole() {
            let tuples = whole.iter().map(|column| self.named(&master.columns[*column])).collect();
            self.improve(&mut found, tuples);
        }
        if !proven {
            found.least = self.pairwise_bound().min(found.cost);
            return found;
        }
        let bound = master.prices.iter().sum::<f64>();
        self.round(&mut found, &master, bound);
        if found.cost - bound > self.tolerance() {
            self.search(&mut found, bound);
        } else {
            found.least = found.cost;
        }
        found
    }

    /// Differences below are rounding.
    fn tolerance(&self) -> f64 {
        1e-8 * self.problem.single() * self.units.len() as f64
    }

    fn improve(&self, found: &mut Found, mut tuples: Vec<Vec<u32>>) {
        for tuple in &mut tuples {
            tuple.sort_unstable_by_key(|unit| self.problem.owner[*unit as usize].0);
        }
        let cost: f64 = tuples.iter().map(|tuple| self.problem.cost(tuple)).sum();
        if cost < found.cost - self.tolerance() {
            found.tuples = tuples;
            found.cost = cost;
        }
        found.least = found.cost;
    }

    fn localised(&self, tuple: &[u32]) -> Vec<u32> {
        tuple.iter().map(|unit| self.local[*unit as usize]).collect()
    }

    fn named(&self, column: &Column) -> Vec<u32> {
        column.units.iter().map(|at| self.units[*at as usize]).collect()
    }

    /// Prices that pay for the tuples: each unit half of what it is apart from the others, and its share of the empty places.
    fn share(&mut self, tuples: &[Vec<u32>]) {
        let empty = self.problem.measure.empty;
        for tuple in tuples {
            let count = tuple.len() as f64;
            let vacant = (self.problem.single() - empty * count * (count - 1.0) / 2.0) / count;
            for unit in tuple {
                let others = tuple.iter().filter(|other| *other != unit);
                let apart: f64 = others.map(|other| empty - self.problem.spared(*unit, *other)).sum();
                self.prices[*unit as usize] = vacant + apart / 2.0;
            }
        }
    }

    /// What is worth more than it costs at these prices, the best by its first unit; and whether that is all there is.
    fn columns(&mut self, steps: u64) -> (Vec<Vec<u32>>, bool) {
        let floor = 1e-8 * self.problem.single();
        let mut better = Vec::new();
        let mut complete = true;
        for root in self.units {
            let mut best = Vec::new();
            complete &= hunt(self.problem, self.prices, *root, floor, steps, self.work, &mut |worth, tuple| {
                best = tuple.to_vec();
                worth
            });
            if !best.is_empty() {
                better.push(best);
            }
        }
        (better, complete)
    }

    fn master(&self, tuples: &[Vec<u32>]) -> Master {
        let single = self.problem.single();
        let mut master = Master::new(vec![single; self.units.len()], 1e-9 * single);
        for tuple in tuples.iter().filter(|tuple| tuple.len() > 1) {
            master.begin_with(self.localised(tuple), self.problem.cost(tuple));
        }
        for unit in self.units {
            for (other, unlike) in &self.problem.near[*unit as usize] {
                if other > unit && *unlike < single + self.problem.measure.empty {
                    let cost = single - self.problem.measure.empty + unlike;
                    master.add(self.localised(&[*unit, *other]), cost);
                }
            }
        }
        master
    }

    /// Keeps what the programme takes whole, and parts the units that it splits anew, with the columns it has: mostly near the best.
    fn round(&mut self, found: &mut Found, master: &Master, bound: f64) {
        let room = found.cost - bound;
        let whole: Vec<usize> =
            master.taken().filter(|(_, amount)| *amount > 1.0 - 1e-6).map(|(column, _)| column).collect();
        let mut open = vec![true; self.units.len()];
        for unit in whole.iter().flat_map(|column| &master.columns[*column].units) {
            open[*unit as usize] = false;
        }
        let among = |column: &&Column| column.units.iter().all(|unit| open[*unit as usize]);
        let columns: Vec<Column> = master
            .columns
            .iter()
            .filter(among)
            .map(|column| Column { units: column.units.clone(), cost: master.reduced(column).max(0.0) })
            .filter(|column| column.cost < room)
            .collect();
        let rest: Vec<u32> = (0..self.units.len() as u32).filter(|unit| open[*unit as usize]).collect();
        if rest.is_empty() || room <= self.tolerance() {
            return;
        }
        if let Ok(Some((_, taken))) = cheapest(&columns, rest, room, self.tolerance() / 10.0, self.work) {
            let tuples = whole.iter().map(|column| self.named(&master.columns[*column]));
            let tuples = tuples.chain(taken.iter().map(|at| self.named(&columns[*at]))).collect();
            self.improve(found, tuples);
        }
    }

    /// Looks for something better among all columns that what is known leaves room for.
    fn search(&mut self, found: &mut Found, bound: f64) {
        let room = found.cost - bound;
        let mut columns: Vec<Column> = Vec::new();
        let mut complete = true;
        for root in self.units {
            let local = &*self.local;
            complete &= hunt(self.problem, self.prices, *root, -room, u64::MAX, self.work, &mut |worth, tuple| {
                let units = tuple.iter().map(|unit| local[*unit as usize]).collect();
                columns.push(Column { units, cost: (-worth).max(0.0) });
                // Too many: what is left is not looked at.
                if columns.len() > MANY { f64::INFINITY } else { -room }
            });
            complete &= columns.len() <= MANY;
            if !complete {
                break;
            }
        }
        found.least = bound.min(found.cost);
        if !complete {
            return;
        }
        let units = (0..self.units.len() as u32).collect();
        let Ok(better) = cheapest(&columns, units, room, self.tolerance() / 10.0, self.work) else { return };
        if let Some((_, taken)) = better {
            let tuples = taken.iter().map(|at| self.named(&columns[*at])).collect();
            self.improve(found, tuples);
        }
        found.least = found.cost;
    }

    /// What every alignment costs at least, by annotators two by two: as `1 ≥ 2k/(j+1) − k(k−1)/(j(j+1))` for all whole `k` and `j`, a unitary
    /// alignment of `k` units may be paid for by its units and its pairs, and the pairs of two annotators are one-to-one.
    fn pairwise_bound(&self) -> f64 {
        let (single, empty) = (self.problem.single(), self.problem.measure.empty);
        let mut of: Vec<Vec<u32>> = vec![Vec::new(); self.problem.annotators];
        let mut place = vec![0; self.problem.pieces.len()];
        for unit in self.units {
            let owner = self.problem.owner[*unit as usize].0 as usize;
            place[*unit as usize] = of[owner].len() as u32;
            of[owner].push(*unit);
        }
        let mut best = 0.0_f64;
        for j in 1..self.problem.annotators {
            let j = j as f64;
            let spared = empty + 2.0 * single / (j * (j + 1.0));
            let mut bound = 2.0 * single / (j + 1.0) * self.units.len() as f64;
            for (a, ours) in of.iter().enumerate() {
                for (b, theirs) in of.iter().enumerate().skip(a + 1) {
                    let rows: Vec<Vec<(u32, f64)>> = ours
                        .iter()
                        .map(|unit| {
                            let near = self.problem.near[*unit as usize].iter();
                            let fit = near.filter(|(other, unlike)| {
                                self.problem.owner[*other as usize].0 as usize == b && *unlike < spared
                            });
                            fit.map(|(other, unlike)| (place[*other as usize], unlike - spared)).collect()
                        })
                        .collect();
                    for (row, column) in rows.iter().zip(partners(&rows, theirs.len(), 0.0)) {
                        bound += row.iter().find(|edge| Some(edge.0) == column).map_or(0.0, |edge| edge.1);
                    }
                }
            }
            best = best.max(bound);
        }
        best
    }
}
