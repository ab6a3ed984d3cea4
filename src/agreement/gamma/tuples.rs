//! Which unitary alignments are worth more than they cost, at given prices of the units: a search through all of them that leaves out
//! what cannot reach.

use super::problem::Problem;
use super::work::Work;

/// One search from one unit.
pub(super) struct Hunt<'a, 'w> {
    problem: &'a Problem,
    /// What a unitary alignment must be worth, more than it costs.
    floor: f64,
    /// Two units that spare less never stand together.
    least: f64,
    found: &'a mut dyn FnMut(f64, &[u32]) -> f64,
    work: &'a mut Work<'w>,
    /// Steps that this search may take.
    left: u64,
    complete: bool,
    tuple: Vec<u32>,
    /// Candidates of each level, one annotator's after another's: unit, and what it adds to the tuple as it is.
    candidates: Vec<(u32, f64)>,
}

/// Tells `found` each unitary alignment whose first unit (of those in it) is `root` and whose prices exceed its cost by more than the floor;
/// `found` answers with the floor from then on. False where the steps ran out first.
pub(super) fn hunt(
    problem: &Problem,
    prices: &[f64],
    root: u32,
    floor: f64,
    steps: u64,
    work: &mut Work<'_>,
    found: &mut dyn FnMut(f64, &[u32]) -> f64,
) -> bool {
    let mut groups: Vec<Vec<(u32, f64)>> = vec![Vec::new(); problem.annotators];
    for (unit, unlike) in &problem.near[root as usize] {
        if *unit > root {
            let gain = prices[*unit as usize] + problem.measure.empty - unlike;
            groups[problem.owner[*unit as usize].0 as usize].push((*unit, gain));
        }
    }
    groups.retain(|group| !group.is_empty());
    // The best first: a high floor soon.
    for group in &mut groups {
        group.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    }
    let mut candidates = Vec::new();
    let mut bounds = Vec::new();
    for group in groups {
        let first = candidates.len();
        candidates.extend(group);
        bounds.push((first, candidates.len()));
    }
    let value = prices[root as usize] - problem.single();
    let least = problem.measure.empty - (problem.single() + (problem.annotators as f64 - 1.0) * problem.measure.empty);
    let floor = if value > floor { found(value, &[root]) } else { floor };
    let tuple = vec![root];
    let mut hunt = Hunt { problem, floor, least, found, work, left: steps, complete: true, tuple, candidates };
    hunt.extend(&bounds, value);
    hunt.complete
}

impl Hunt<'_, '_> {
    fn best(&self, (first, last): (usize, usize)) -> f64 {
        self.candidates[first..last].iter().map(|candidate| candidate.1).fold(f64::NEG_INFINITY, f64::max)
    }

    /// `groups`: where the candidates of each further annotator stand.
    fn extend(&mut self, groups: &[(usize, usize)], value: f64) {
        let empty = self.problem.measure.empty;
        let best: Vec<f64> = groups.iter().map(|group| self.best(*group)).collect();
        let mut next: Vec<(usize, usize)> = Vec::with_capacity(groups.len());
        for (at, group) in groups.iter().enumerate() {
            // What those after this annotator can add at the very most: every pair of them, and with this one, at the same place.
            let later: f64 = best[at + 1..]
                .iter()
                .enumerate()
                .map(|(between, best)| (best + empty * (between as f64 + 1.0)).max(0.0))
                .sum();
            for candidate in group.0..group.1 {
                let (unit, gain) = self.candidates[candidate];
                let worth = value + gain;
                if worth + later <= self.floor {
                    continue;
                }
                let steps = 8 + groups[at + 1..].iter().map(|(first, last)| (last - first) as u64).sum::<u64>();
                if self.left == 0 || !self.work.spend(steps) {
                    self.complete = false;
                    return;
                }
                self.left = self.left.saturating_sub(steps);
                let mark = self.candidates.len();
                next.clear();
                let mut most = worth;
                for (first, last) in &groups[at + 1..] {
                    let start = self.candidates.len();
                    let mut best = f64::NEG_INFINITY;
                    for other in *first..*last {
                        let (other, gain) = self.candidates[other];
                        let spared = self.problem.spared(unit, other);
                        if spared >= self.least {
                            let gain = gain + spared;
                            best = best.max(gain);
                            self.candidates.push((other, gain));
                        }
                    }
                    if start < self.candidates.len() {
                        most += (best + empty * next.len() as f64).max(0.0);
                        next.push((start, self.candidates.len()));
                    }
                }
                self.tuple.push(unit);
                if worth > self.floor {
                    self.floor = (self.found)(worth, &self.tuple);
                }
                if most > self.floor {
                    let level = std::mem::take(&mut next);
                    self.extend(&level, worth);
                    next = level;
                }
                self.tuple.pop();
                self.candidates.truncate(mark);
                if !self.complete {
                    return;
                }
            }
        }
    }
}
