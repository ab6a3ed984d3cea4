//! [`Heights`]: how tall each block of a text is, and which of them stands at a given height.

/// Heights of `n` blocks from top to bottom, in any unit. A Fenwick tree: every question and every change is O(log n).
///
/// Whole numbers below 2^53 stay exact, however often they change.
#[derive(Clone, Debug, Default)]
pub struct Heights {
    each: Vec<f32>,
    /// `sums[i]` is the sum of the blocks from `i - (i & -i)` to `i`, counted from 1.
    sums: Vec<f64>,
}

impl Heights {
    /// O(n).
    pub fn new(each: Vec<f32>) -> Self {
        let mut sums = vec![0.0; each.len() + 1];
        for (i, &height) in each.iter().enumerate() {
            let i = i + 1;
            sums[i] += f64::from(height);
            let parent = i + lowest_bit(i);
            if parent < sums.len() {
                sums[parent] += sums[i];
            }
        }
        Self { each, sums }
    }

    pub fn set(&mut self, block: usize, height: f32) {
        let change = f64::from(height) - f64::from(self.each[block]);
        if change == 0.0 {
            return;
        }
        self.each[block] = height;
        let mut i = block + 1;
        while i < self.sums.len() {
            self.sums[i] += change;
            i += lowest_bit(i);
        }
    }

    /// Top of `block`: the sum of all before it. `block` may be the number of blocks.
    pub fn top(&self, block: usize) -> f64 {
        let (mut i, mut sum) = (block, 0.0);
        while i > 0 {
            sum += self.sums[i];
            i -= lowest_bit(i);
        }
        sum
    }

    pub fn total(&self) -> f64 {
        self.top(self.each.len())
    }

    /// The block that `y` falls into and how far below its top; the last block for what lies beyond.
    pub fn find(&self, y: f64) -> (usize, f64) {
        let (mut before, mut rest) = (0, y.max(0.0));
        let mut step = self.each.len().next_power_of_two();
        while step > 0 {
            if before + step < self.sums.len() && self.sums[before + step] <= rest {
                before += step;
                rest -= self.sums[before];
            }
            step /= 2;
        }
        if before < self.each.len() {
            return (before, rest);
        }
        let last = self.each.len().saturating_sub(1);
        (last, y - self.top(last))
    }
}

const fn lowest_bit(i: usize) -> usize {
    i & i.wrapping_neg()
}
