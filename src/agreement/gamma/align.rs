//! [`Alignment`]: the cheapest way to say which units of several annotators are the same, exactly, or with what it costs at least.
//!
//! Two annotators: an assignment, which is polynomial. More: a good draft; then, part by part, prices of the units that prove it, from a linear
//! programme whose columns are found by need; then, where the programme splits units, a search through the columns that the gap
//! leaves. The optimum is that over all partitions; nothing is cut off that is not proven to be no better.

use super::continuum::Continuum;
use super::dissimilarity::Dissimilarity;
use super::draft::draft;
use super::part::Part;
use super::problem::Problem;
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
