//! A good alignment, quickly: one annotator's units after another find their best place among the unitary alignments there are, all at
//! once; then each annotator is taken out and placed anew until nothing gets better. The best there is for two annotators; for more
//! an upper bound.

use super::partners::partners;
use super::problem::Problem;

/// Unitary alignments that hold every unit once; each sorted by annotator.
pub(super) fn draft(problem: &Problem) -> Vec<Vec<u32>> {
    let mut of: Vec<Vec<u32>> = vec![Vec::new(); problem.annotators];
    for (unit, owner) in problem.owner.iter().enumerate() {
        of[owner.0 as usize].push(unit as u32);
    }
    let mut draft = Draft { problem, tuples: Vec::new(), place: vec![0; problem.pieces.len()] };
    for units in &of {
        draft.add(units);
    }
    if problem.annotators > 2 {
        let mut cost = draft.cost();
        loop {
            let before = draft.tuples.clone();
            for (annotator, units) in of.iter().enumerate() {
                draft.take_out(annotator as u32);
                draft.add(units);
            }
            let now = draft.cost();
            if now >= cost - 1e-9 {
                if now > cost {
                    draft.tuples = before;
                }
                break;
            }
            cost = now;
        }
    }
    for tuple in &mut draft.tuples {
        tuple.sort_unstable_by_key(|unit| problem.owner[*unit as usize].0);
    }
    draft.tuples.sort_unstable();
    draft.tuples
}

struct Draft<'a> {
    problem: &'a Problem,
    tuples: Vec<Vec<u32>>,
    /// By unit that is placed, its tuple.
    place: Vec<u32>,
}

impl Draft<'_> {
    fn cost(&self) -> f64 {
        self.tuples.iter().map(|tuple| self.problem.cost(tuple)).sum()
    }

    /// Puts units of one annotator, none of whose units stands in a tuple, where they fit best.
    fn add(&mut self, units: &[u32]) {
        for (at, tuple) in self.tuples.iter().enumerate() {
            for unit in tuple {
                self.place[*unit as usize] = at as u32;
            }
        }
        let standing: Vec<bool> = {
            let mut standing = vec![false; self.place.len()];
            self.tuples.iter().flatten().for_each(|unit| standing[*unit as usize] = true);
            standing
        };
        let alone = self.problem.single();
        let rows: Vec<Vec<(u32, f64)>> = units
            .iter()
            .map(|unit| {
                let near = &self.problem.near[*unit as usize];
                let mut places: Vec<u32> = near
                    .iter()
                    .filter(|(other, _)| standing[*other as usize])
                    .map(|(other, _)| self.place[*other as usize])
                    .collect();
                places.sort_unstable();
                places.dedup();
                let fits = places.into_iter().map(|place| {
                    let spared: f64 =
                        self.tuples[place as usize].iter().map(|other| self.problem.spared(*unit, *other)).sum();
                    (place, -spared)
                });
                fits.filter(|(_, cost)| *cost <= alone).collect()
            })
            .collect();
        let found = partners(&rows, self.tuples.len(), alone);
        for (unit, place) in units.iter().zip(found) {
            match place {
                Some(place) => self.tuples[place as usize].push(*unit),
                None => self.tuples.push(vec![*unit]),
            }
        }
    }

    fn take_out(&mut self, annotator: u32) {
        for tuple in &mut self.tuples {
            tuple.retain(|unit| self.problem.owner[*unit as usize].0 != annotator);
        }
        self.tuples.retain(|tuple| !tuple.is_empty());
    }
}
