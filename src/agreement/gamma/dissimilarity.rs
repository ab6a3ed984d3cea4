//! [`Dissimilarity`]: how unlike two units are. Mathet, Widlöcher and Métivier 2015, section 4.
//!
//! `d = α·d_pos + β·d_cat` with `d_pos = ((|Δstart| + |Δend|) / (length + length))²·Δ∅` and `d_cat` 0 for one label, Δ∅ for two.
//! Our addition, 0 for continuous units: the positions in a gap of just one of two units count like |Δstart| and |Δend|, so that a
//! discontinuous unit is not equal to the whole stretch around it.

use super::continuum::{Gaps, Piece};

/// The weights of place and label, and what no partner costs. None negative, `empty` above 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dissimilarity {
    /// α, of the place.
    pub alpha: f64,
    /// β, of the label.
    pub beta: f64,
    /// Δ∅, of a unit without partner.
    pub empty: f64,
}

impl Dissimilarity {
    /// α = 1, β = 1, Δ∅ = 1, as pygamma-agreement and `DKPro` have them unless told otherwise.
    pub const USUAL: Self = Self { alpha: 1.0, beta: 1.0, empty: 1.0 };
    /// α = 3, as the Gamma Software has it: places matter more.
    pub const GAMMA_SOFTWARE: Self = Self { alpha: 3.0, beta: 1.0, empty: 1.0 };

    /// Of places. 0 is the same place, Δ∅ at the most for one inside the other, infinite for two units of no length at different places.
    pub fn positional(&self, a: &Piece, b: &Piece) -> f64 {
        self.placed((a.start - b.start).abs() + (a.end - b.end).abs(), a, b)
    }

    fn placed(&self, moved: f64, a: &Piece, b: &Piece) -> f64 {
        if moved == 0.0 {
            return 0.0;
        }
        let share = moved / (a.length() + b.length());
        share * share * self.empty
    }

    /// Of labels.
    pub fn categorical(&self, a: &Piece, b: &Piece) -> f64 {
        if a.label == b.label { 0.0 } else { self.empty }
    }

    /// α·positional, gaps counted.
    pub(super) fn weighted_place(&self, gaps: &Gaps, a: &Piece, b: &Piece) -> f64 {
        let mut moved = (a.start - b.start).abs() + (a.end - b.end).abs();
        if a.shape != 0 || b.shape != 0 {
            moved += unlike_gaps(&gaps[a.shape as usize], a.start, &gaps[b.shape as usize], b.start);
        }
        // Not 0 · ∞, where only labels count.
        if self.alpha == 0.0 { 0.0 } else { self.alpha * self.placed(moved, a, b) }
    }

    /// Of both.
    pub(super) fn between(&self, gaps: &Gaps, a: &Piece, b: &Piece) -> f64 {
        self.weighted_place(gaps, a, b) + self.beta * self.categorical(a, b)
    }
}

/// Positions in a gap of one but not of the other.
fn unlike_gaps(ours: &[(f64, f64)], at: f64, theirs: &[(f64, f64)], there: f64) -> f64 {
    let covered = |gaps: &[(f64, f64)]| gaps.iter().map(|(start, end)| end - start).sum::<f64>();
    let mut shared = 0.0;
    for (start, end) in ours {
        for (other, last) in theirs {
            shared += ((at + end).min(there + last) - (at + start).max(there + other)).max(0.0);
        }
    }
    covered(ours) + covered(theirs) - 2.0 * shared
}
