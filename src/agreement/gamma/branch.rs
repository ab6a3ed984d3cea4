//! The cheapest whole partition of units into given columns: where the linear programme splits units, two of them are said to stand
//! together, or not to (Ryan and Foster 1981), and each half is solved anew; what hangs together through no column is solved alone.

use std::collections::BTreeMap;

use super::simplex::{Column, Master};
use super::work::Work;

/// The work ran out.
pub(super) struct Unfinished;

/// The columns, by their places, of the cheapest partition of all `units` that costs less than `room`; `None` where there is none. No cost is
/// negative; differences below `worth` do not count.
pub(super) fn cheapest(
    columns: &[Column],
    units: Vec<u32>,
    room: f64,
    worth: f64,
    work: &mut Work<'_>,
) -> Result<Option<(f64, Vec<usize>)>, Unfinished> {
    let rows = units.iter().max().map_or(0, |last| *last as usize + 1);
    let all = columns.iter().enumerate().map(|(at, column)| (at, column.cost)).collect();
    Branch { columns, worth, work, place: vec![0; rows] }.solve(units, all, room)
}

struct Branch<'a, 'w> {
    columns: &'a [Column],
    worth: f64,
    work: &'a mut Work<'w>,
    /// By unit: its row, or its part, in what is looked at.
    place: Vec<u32>,
}

/// Columns that may be taken, by their places, with what they cost at the prices so far.
type Left = Vec<(usize, f64)>;

type Answer = Result<Option<(f64, Vec<usize>)>, Unfinished>;

impl Branch<'_, '_> {
    fn solve(&mut self, units: Vec<u32>, left: Left, room: f64) -> Answer {
        let (mut spent, mut taken) = (0.0, Vec::new());
        for (units, left) in self.parts(units, left) {
            let Some((cost, columns)) = self.relax(&units, &left, room - spent)? else { return Ok(None) };
            spent += cost;
            taken.extend(columns);
        }
        Ok((spent < room).then_some((spent, taken)))
    }

    /// Units that hang together, with their columns.
    fn parts(&mut self, units: Vec<u32>, left: Left) -> Vec<(Vec<u32>, Left)> {
        for unit in &units {
            self.place[*unit as usize] = *unit;
        }
        for (column, _) in &left {
            let first = self.root(self.columns[*column].units[0]);
            for unit in &self.columns[*column].units[1..] {
                let other = self.root(*unit);
                self.place[other as usize] = first;
            }
        }
        let mut parts: BTreeMap<u32, (Vec<u32>, Left)> = BTreeMap::new();
        for unit in units {
            parts.entry(self.root(unit)).or_default().0.push(unit);
        }
        for one in left {
            let root = self.root(self.columns[one.0].units[0]);
            parts.entry(root).or_default().1.push(one);
        }
        parts.into_values().collect()
    }

    fn root(&mut self, mut unit: u32) -> u32 {
        while self.place[unit as usize] != unit {
            let next = self.place[unit as usize];
            self.place[unit as usize] = self.place[next as usize];
            unit = next;
        }
        unit
    }

    /// Of one part.
    fn relax(&mut self, units: &[u32], left: &[(usize, f64)], room: f64) -> Answer {
        for (row, unit) in units.iter().enumerate() {
            self.place[*unit as usize] = row as u32;
        }
        // Units that no column holds cost what there is not.
        let mut master = Master::new(vec![room.max(self.worth) * 2.0; units.len()], self.worth);
        for (column, cost) in left {
            let rows = self.columns[*column].units.iter().map(|unit| self.place[*unit as usize]);
            master.add(rows.collect(), *cost);
        }
        if !master.solve(self.work) {
            return Err(Unfinished);
        }
        let bound = master.prices.iter().sum::<f64>();
        if bound > room - self.worth {
            return Ok(None);
        }
        let first = units.len();
        if let Some(whole) = master.whole() {
            if whole.iter().any(|column| *column < first) {
                return Ok(None);
            }
            let cost = whole.iter().map(|column| master.columns[*column].cost).sum();
            return Ok(Some((cost, whole.iter().map(|column| left[column - first].0).collect())));
        }
        let room = room - bound;
        let near: Left = left
            .iter()
            .zip(&master.columns[first..])
            .map(|((at, _), column)| (*at, master.reduced(column).max(0.0)))
            .filter(|(_, reduced)| *reduced < room)
            .collect();
        let Some((a, b)) = split(&master).map(|(a, b)| (units[a as usize], units[b as usize])) else {
            return Ok(None);
        };
        let units = units.to_vec();
        let found = if self.parts(units.clone(), near.clone()).len() > 1 {
            self.solve(units, near, room)?
        } else {
            self.branch(&units, &near, room, (a, b))?
        };
        Ok(found.map(|(cost, columns)| (cost + bound, columns)))
    }

    fn branch(&mut self, units: &[u32], left: &[(usize, f64)], mut room: f64, (a, b): (u32, u32)) -> Answer {
        let mut best = None;
        for together in [true, false] {
            let allowed = |(column, _): &&(usize, f64)| {
                let holds = |unit| self.columns[*column].units.contains(&unit);
                if together { holds(a) == holds(b) } else { !(holds(a) && holds(b)) }
            };
            let left: Left = left.iter().filter(allowed).copied().collect();
            if let Some(found) = self.solve(units.to_vec(), left, room)? {
                room = found.0;
                best = Some(found);
            }
        }
        Ok(best)
    }
}

/// Two units (rows) that stand together in about half of what is taken.
fn split(master: &Master) -> Option<(u32, u32)> {
    let mut together: BTreeMap<(u32, u32), f64> = BTreeMap::new();
    for (column, amount) in master.taken() {
        let units = &master.columns[column].units;
        for (at, a) in units.iter().enumerate() {
            for b in &units[at + 1..] {
                *together.entry((*a.min(b), *a.max(b))).or_default() += amount;
            }
        }
    }
    let fair = together.into_iter().filter(|(_, amount)| *amount > 1e-6 && *amount < 1.0 - 1e-6);
    fair.min_by(|a, b| (a.1 - 0.5).abs().total_cmp(&(b.1 - 0.5).abs())).map(|(pair, _)| pair)
}
