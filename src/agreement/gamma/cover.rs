//! The cheapest exact cover of units by columns: depth first, at the unit with the fewest columns left, never deeper than what the best
//! known cover leaves room for.

use super::work::Work;

/// Columns (units, and what each costs more than its units' prices, none negative), covering `rows` units. The cheapest set that holds every
/// unit once and costs less than `room`: `Ok(None)` where there is none, `Err` where the work ran out.
pub(super) fn cheapest_cover(
    columns: &[(Vec<u32>, f64)],
    rows: usize,
    room: f64,
    work: &mut Work<'_>,
) -> Result<Option<Vec<usize>>, Option<Vec<usize>>> {
    let mut by_unit: Vec<Vec<u32>> = vec![Vec::new(); rows];
    let mut order: Vec<usize> = (0..columns.len()).collect();
    order.sort_by(|a, b| columns[*a].1.total_cmp(&columns[*b].1).then_with(|| columns[*a].0.cmp(&columns[*b].0)));
    for column in order {
        for unit in &columns[column].0 {
            by_unit[*unit as usize].push(column as u32);
        }
    }
    let mut cover = Cover { columns, by_unit, held: vec![false; rows], taken: Vec::new(), best: None, room, work };
    let complete = cover.descend(0.0);
    if complete { Ok(cover.best) } else { Err(cover.best) }
}

struct Cover<'a, 'w> {
    columns: &'a [(Vec<u32>, f64)],
    /// By unit its columns, cheapest first.
    by_unit: Vec<Vec<u32>>,
    held: Vec<bool>,
    taken: Vec<usize>,
    best: Option<Vec<usize>>,
    room: f64,
    work: &'a mut Work<'w>,
}

impl Cover<'_, '_> {
    fn fits(&self, column: u32) -> bool {
        self.columns[column as usize].0.iter().all(|unit| !self.held[*unit as usize])
    }

    fn descend(&mut self, spent: f64) -> bool {
        let mut fewest: Option<(usize, usize)> = None;
        for unit in 0..self.held.len() {
            if self.held[unit] {
                continue;
            }
            let left = self.room - spent;
            let columns = self.by_unit[unit].iter().take_while(|column| self.columns[**column as usize].1 < left);
            let many =
                columns.filter(|column| self.fits(**column)).take(fewest.map_or(usize::MAX, |few| few.0)).count();
            if fewest.is_none_or(|(few, _)| many < few) {
                fewest = Some((many, unit));
            }
            if many == 0 {
                return true;
            }
        }
        let Some((_, unit)) = fewest else {
            self.room = spent;
            self.best = Some(self.taken.clone());
            return true;
        };
        for at in 0..self.by_unit[unit].len() {
            let column = self.by_unit[unit][at];
            let columns = self.columns;
            let (units, cost) = &columns[column as usize];
            if spent + cost >= self.room {
                break;
            }
            if !self.fits(column) {
                continue;
            }
            if !self.work.step() {
                return false;
            }
            self.set(units, true);
            self.taken.push(column as usize);
            let complete = self.descend(spent + cost);
            self.taken.pop();
            self.set(units, false);
            if !complete {
                return false;
            }
        }
        true
    }

    fn set(&mut self, units: &[u32], held: bool) {
        for unit in units {
            self.held[*unit as usize] = held;
        }
    }
}
