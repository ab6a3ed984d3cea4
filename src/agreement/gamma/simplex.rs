//! [`Master`]: the linear programme that spreads every unit over unitary alignments as cheaply as can be, and the prices of the units
//! that prove it. Primal simplex with the inverse of the basis in sparse rows, columns added as they are found (Dantzig 1963).
//!
//! Ends that tie are kept apart by right-hand sides a little above 1; prices do not see that.

use super::work::Work;

/// A column: the units (rows) of a unitary alignment, and its cost.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) units: Vec<u32>,
    pub(super) cost: f64,
}

#[derive(Debug)]
pub(super) struct Master {
    pub(super) columns: Vec<Column>,
    basis: Vec<u32>,
    inverse: Vec<Vec<(u32, f64)>>,
    amounts: Vec<f64>,
    pub(super) prices: Vec<f64>,
    /// A column is worth taking where it costs that much less than its units' prices.
    worth: f64,
}

const TINY: f64 = 1e-10;

impl Master {
    /// Every unit alone, at these costs; differences below `worth` do not count.
    pub(super) fn new(singles: Vec<f64>, worth: f64) -> Self {
        let rows = singles.len();
        let columns = singles.iter().enumerate().map(|(row, cost)| Column { units: vec![row as u32], cost: *cost });
        Self {
            columns: columns.collect(),
            basis: (0..rows as u32).collect(),
            inverse: (0..rows as u32).map(|row| vec![(row, 1.0)]).collect(),
            // The golden ratio's multiples fall nowhere together.
            amounts: (0..rows).map(|row| 1.0 + 1e-6 * (1.0 + (row as f64 * 0.618_033_988_749_895).fract())).collect(),
            prices: singles,
            worth,
        }
    }

    /// Begins with this column whole; no two of them may share a unit, and nothing is solved yet.
    pub(super) fn begin_with(&mut self, units: Vec<u32>, cost: f64) {
        let of = |unit: &u32| self.amounts[*unit as usize];
        let Some(first) = units.iter().copied().min_by(|a, b| of(a).total_cmp(&of(b))) else { return };
        for unit in units.iter().filter(|unit| **unit != first) {
            self.inverse[*unit as usize].push((first, -1.0));
            self.inverse[*unit as usize].sort_unstable_by_key(|entry| entry.0);
            self.amounts[*unit as usize] -= self.amounts[first as usize];
        }
        self.basis[first as usize] = self.columns.len() as u32;
        self.add(units, cost);
    }

    pub(super) fn add(&mut self, units: Vec<u32>, cost: f64) {
        self.columns.push(Column { units, cost });
    }

    /// What a column costs more than its units' prices.
    pub(super) fn reduced(&self, column: &Column) -> f64 {
        column.cost - column.units.iter().map(|unit| self.prices[*unit as usize]).sum::<f64>()
    }

    /// To the least cost with the columns there are. False where the work ran out.
    pub(super) fn solve(&mut self, work: &mut Work<'_>) -> bool {
        self.reprice();
        let mut direction = vec![0.0; self.basis.len()];
        loop {
            let Some(entering) = self.entering() else {
                self.reprice();
                // Rounding gone, it may not be over.
                if self.entering().is_none() {
                    return true;
                }
                continue;
            };
            if !work.spend(2 * (self.columns.len() + self.basis.len()) as u64) {
                return false;
            }
            let Some(leaving) = self.leaving(entering, &mut direction) else { return true };
            self.pivot(entering, leaving, &direction);
        }
    }

    fn entering(&self) -> Option<usize> {
        let mut best = (-self.worth, None);
        for (at, column) in self.columns.iter().enumerate() {
            let reduced = self.reduced(column);
            if reduced < best.0 {
                best = (reduced, Some(at));
            }
        }
        best.1
    }

    fn leaving(&self, entering: usize, direction: &mut [f64]) -> Option<usize> {
        let units = &self.columns[entering].units;
        let mut best: Option<(f64, f64, usize)> = None;
        for (row, entries) in self.inverse.iter().enumerate() {
            let step: f64 = entries.iter().filter(|entry| units.contains(&entry.0)).map(|entry| entry.1).sum();
            direction[row] = if step.abs() < TINY { 0.0 } else { step };
            if step > 1e-9 {
                let ratio = self.amounts[row] / step;
                let better =
                    best.is_none_or(|(least, size, _)| ratio < least - 1e-13 || (ratio <= least && step > size));
                if better {
                    best = Some((ratio, step, row));
                }
            }
        }
        best.map(|best| best.2)
    }

    fn pivot(&mut self, entering: usize, leaving: usize, direction: &[f64]) {
        let size = direction[leaving];
        let mut pivot = std::mem::take(&mut self.inverse[leaving]);
        for entry in &mut pivot {
            entry.1 /= size;
        }
        let amount = self.amounts[leaving] / size;
        for (row, step) in direction.iter().enumerate() {
            if row != leaving && *step != 0.0 {
                self.inverse[row] = minus(&self.inverse[row], *step, &pivot);
                self.amounts[row] = (self.amounts[row] - step * amount).max(0.0);
            }
        }
        let reduced = self.reduced(&self.columns[entering]);
        for (row, value) in &pivot {
            self.prices[*row as usize] += reduced * value;
        }
        self.inverse[leaving] = pivot;
        self.amounts[leaving] = amount;
        self.basis[leaving] = entering as u32;
    }

    /// The prices anew, from the basis.
    fn reprice(&mut self) {
        self.prices.fill(0.0);
        for (row, column) in self.basis.iter().enumerate() {
            let cost = self.columns[*column as usize].cost;
            for (unit, value) in &self.inverse[row] {
                self.prices[*unit as usize] += cost * value;
            }
        }
    }

    /// The columns that are taken, and how much of each.
    pub(super) fn taken(&self) -> impl Iterator<Item = (usize, f64)> {
        let amount = |row: usize| self.inverse[row].iter().map(|entry| entry.1).sum::<f64>();
        let taken = self.basis.iter().enumerate().map(move |(row, column)| (*column as usize, amount(row)));
        taken.filter(|(_, amount)| *amount > 1e-6)
    }

    /// The columns that are taken, where each is taken whole.
    pub(super) fn whole(&self) -> Option<Vec<usize>> {
        let taken: Option<Vec<usize>> =
            self.taken().map(|(column, amount)| ((amount - 1.0).abs() < 1e-6).then_some(column)).collect();
        let held = |taken: &Vec<usize>| taken.iter().map(|column| self.columns[*column].units.len()).sum::<usize>();
        taken.filter(|taken| held(taken) == self.basis.len())
    }
}

/// `row - factor · other`, both sorted by unit.
fn minus(row: &[(u32, f64)], factor: f64, other: &[(u32, f64)]) -> Vec<(u32, f64)> {
    let mut difference = Vec::with_capacity(row.len() + other.len());
    let (mut a, mut b) = (0, 0);
    while a < row.len() || b < other.len() {
        let left = row.get(a).map_or(u32::MAX, |entry| entry.0);
        let right = other.get(b).map_or(u32::MAX, |entry| entry.0);
        let mut value = 0.0;
        if left <= right {
            value += row[a].1;
            a += 1;
        }
        if right <= left {
            value -= factor * other[b].1;
            b += 1;
        }
        if value.abs() > TINY {
            difference.push((left.min(right), value));
        }
    }
    difference
}
