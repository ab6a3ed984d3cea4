//! The cheapest one-to-one partners of two sides, where having none has a price too. Exact, in floats, on few edges.
//!
//! Shortest augmenting paths with prices (Jonker and Volgenant 1987), one side's units after another; each has besides its edges a place
//! of its own for "no partner". Paths end where they can, so that far units do not cost time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A distance that can be ordered.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Far(f64);

impl Eq for Far {}

impl PartialOrd for Far {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Far {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

const NONE: u32 = u32::MAX;

/// By row its column or none, so that the sum of the edges taken plus `alone` for every row without column is least. Columns without row cost
/// nothing. O(rows · edges · log) at worst, near linear for units of a text. Costs may be negative. A column is taken
/// rather than none at the same price; else equal sums have the same answer for the same input.
pub(super) fn partners(rows: &[Vec<(u32, f64)>], columns: usize, alone: f64) -> Vec<Option<u32>> {
    let mut search = Search {
        rows,
        alone,
        row_price: rows.iter().map(|edges| edges.iter().map(|edge| edge.1).fold(alone, f64::min)).collect(),
        column_price: vec![0.0; columns],
        row_of: vec![NONE; columns],
        column_of: vec![NONE; rows.len()],
        far: vec![f64::INFINITY; columns],
        from: vec![NONE; columns],
        done: vec![false; columns],
        touched: Vec::new(),
        heap: BinaryHeap::new(),
    };
    for row in 0..rows.len() as u32 {
        search.place(row);
    }
    search.column_of.into_iter().map(|column| (column != NONE).then_some(column)).collect()
}

struct Search<'a> {
    rows: &'a [Vec<(u32, f64)>],
    alone: f64,
    row_price: Vec<f64>,
    column_price: Vec<f64>,
    row_of: Vec<u32>,
    column_of: Vec<u32>,
    /// Of the path under way, by column.
    far: Vec<f64>,
    from: Vec<u32>,
    done: Vec<bool>,
    touched: Vec<u32>,
    heap: BinaryHeap<Reverse<(Far, u32)>>,
}

impl Search<'_> {
    fn place(&mut self, start: u32) {
        // Where a row gives its column up for no partner: the cheapest end found so far.
        let mut give_up = (f64::INFINITY, start);
        let mut row = start;
        let mut far = 0.0;
        let (length, end) = loop {
            let price = self.row_price[row as usize];
            let without = far + self.alone - price;
            if without < give_up.0 {
                give_up = (without, row);
            }
            for (column, cost) in &self.rows[row as usize] {
                let at = *column as usize;
                let reached = far + (cost - price - self.column_price[at]).max(0.0);
                if !self.done[at] && reached < self.far[at] && reached <= give_up.0 {
                    if self.far[at].is_infinite() {
                        self.touched.push(*column);
                    }
                    self.far[at] = reached;
                    self.from[at] = row;
                    self.heap.push(Reverse((Far(reached), *column)));
                }
            }
            let next = loop {
                match self.heap.pop() {
                    Some(Reverse((_, column))) if self.done[column as usize] => {}
                    Some(Reverse((Far(reached), column))) if reached <= give_up.0 => break Some((reached, column)),
                    _ => break None,
                }
            };
            let Some((reached, column)) = next else { break (give_up.0, None) };
            if self.row_of[column as usize] == NONE {
                break (reached, Some(column));
            }
            self.done[column as usize] = true;
            far = reached;
            row = self.row_of[column as usize];
        };
        self.settle(start, length, end, give_up.1);
    }

    /// Moves prices, then partners along the path.
    fn settle(&mut self, start: u32, length: f64, end: Option<u32>, loser: u32) {
        self.row_price[start as usize] += length;
        for column in &self.touched {
            let at = *column as usize;
            if self.done[at] {
                let change = length - self.far[at];
                self.column_price[at] -= change;
                self.row_price[self.row_of[at] as usize] += change;
            }
        }
        let mut free = match end {
            Some(column) => column,
            None => std::mem::replace(&mut self.column_of[loser as usize], NONE),
        };
        // The path back: each row takes the free column and leaves its own to the row before it.
        while free != NONE {
            let row = self.from[free as usize];
            self.row_of[free as usize] = row;
            let left = std::mem::replace(&mut self.column_of[row as usize], free);
            if row == start {
                break;
            }
            free = left;
        }
        for column in self.touched.drain(..) {
            self.far[column as usize] = f64::INFINITY;
            self.done[column as usize] = false;
        }
        self.heap.clear();
    }
}
