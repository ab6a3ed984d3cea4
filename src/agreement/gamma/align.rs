//! [`Alignment`]: the cheapest way to say which units of several annotators are the same, exactly, or with what it costs at least.
//!
//! Two annotators: an assignment, which is polynomial. More: a good draft; then, part by part, prices of the units that prove it, from a linear
//! programme whose columns are found by need; then, where the programme splits units, a search through the columns that the gap
//! leaves. The optimum is that over all partitions; nothing is cut off that is not proven to be no better.

use super::branch::cheapest;
use super::continuum::Continuum;
use super::dissimilarity::Dissimilarity;
use super::draft::draft;
use super::partners::partners;
use super::problem::Problem;
use super::simplex::{Column, Master};
use super::tuples::hunt;
use super::work::Work;

/// A best alignment, or the best that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Alignment {
    /// Unitary alignments: pairs of annotator and place among the annotator's units, by annotator.
    pub tuples: Vec<Vec<(usize, usize)>>,
    /// Sum of what the unitary alignments cost.
    pub cost: f64,
    /// What every alignment costs at least: `cost`, unless the steps ran out.
    pub least: f64,
    pub(super) links: Vec<Link>,
}

/// Two units in one unitary alignment, as gamma-cat sees them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Link {
    pub(super) labels: (u32, u32),
    /// 1 for one place, 0 for places that are too far apart, by how many units stand together.
    pub(super) weight: f64,
    /// Of the labels: 0 or Δ∅.
    pub(super) unlike: f64,
}

impl Alignment {
    /// The best alignment of at least two annotators. `steps` bounds the work for more than two (not for two, which is cheap);
    /// `None` where `stop` said so.
    pub fn best(
        continuum: &Continuum,
        measure: Dissimilarity,
        steps: u64,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Option<Self> {
        assert!(continuum.annotators().len() > 1, "an alignment is of two annotators at least");
        let mut work = Work::new(steps, stop);
        let problem = Problem::new(continuum, measure);
        let drafted = draft(&problem);
        if problem.annotators == 2 {
            let cost = drafted.iter().map(|tuple| problem.cost(tuple)).sum();
            return Some(Self::told(&problem, &drafted, cost, cost));
        }
        let mut part_of = vec![0; problem.pieces.len()];
        let components = problem.components();
        for (part, units) in components.iter().enumerate() {
            for unit in units {
                part_of[*unit as usize] = part;
            }
        }
        let mut drafts: Vec<Vec<Vec<u32>>> = vec![Vec::new(); components.len()];
        for tuple in drafted {
            drafts[part_of[tuple[0] as usize]].push(tuple);
        }
        let mut prices = vec![0.0; problem.pieces.len()];
        let mut local = vec![0; problem.pieces.len()];
        let (mut tuples, mut cost, mut least) = (Vec::new(), 0.0, 0.0);
        for (units, drafted) in components.iter().zip(drafts) {
            let found = Part { problem: &problem, units, prices: &mut prices, local: &mut local, work: &mut work }
                .solve(drafted);
            tuples.extend(found.tuples);
            cost += found.cost;
            least += found.least;
        }
        if work.stopped() {
            return None;
        }
        tuples.sort_unstable();
        Some(Self::told(&problem, &tuples, cost, least))
    }

    /// Sum of the costs by mean units per annotator; of no unit at all not a number.
    pub fn disorder(&self, continuum: &Continuum) -> f64 {
        self.cost / continuum.mean_units()
    }

    /// It is proven that none is better.
    pub fn exact(&self) -> bool {
        self.least >= self.cost
    }

    fn told(problem: &Problem, tuples: &[Vec<u32>], cost: f64, least: f64) -> Self {
        let mut links = Vec::new();
        for tuple in tuples {
            for (at, unit) in tuple.iter().enumerate() {
                for other in &tuple[at + 1..] {
                    let (place, unlike) = problem.apart(*unit, *other);
                    let weight = (1.0 - place).max(0.0) / (tuple.len() - 1) as f64;
                    let labels = (problem.pieces[*unit as usize].label, problem.pieces[*other as usize].label);
                    links.push(Link { labels, weight, unlike });
                }
            }
        }
        let named = |unit: &u32| {
            let (annotator, at) = problem.owner[*unit as usize];
            (annotator as usize, at as usize)
        };
        let pairs = problem.pairs();
        Self {
            tuples: tuples.iter().map(|tuple| tuple.iter().map(named).collect()).collect(),
            cost: cost / pairs,
            least: least / pairs,
            links,
        }
    }
}

/// Units that hang together.
struct Part<'a, 'w> {
    problem: &'a Problem,
    units: &'a [u32],
    /// By unit of the whole problem.
    prices: &'a mut [f64],
    /// By unit of the whole problem: its place in `units`.
    local: &'a mut [u32],
    work: &'a mut Work<'w>,
}

/// Costs times the number of pairs of annotators.
struct Found {
    tuples: Vec<Vec<u32>>,
    cost: f64,
    least: f64,
}

/// Steps of one search for a column, at first; then eight times as many, and so on.
const SHORT: u64 = 20_000;
/// Columns kept for the last search.
const MANY: usize = 200_000;

impl Part<'_, '_> {
    fn solve(mut self, tuples: Vec<Vec<u32>>) -> Found {
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
