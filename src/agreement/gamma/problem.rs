//! [`Problem`]: the units of a continuum, and which of them could stand together in a best alignment at all.
//!
//! A unitary alignment of `k` of `n` annotators' units costs, times the number `C` of pairs of annotators, `CΔ + Σ(d − Δ)` over its pairs
//! of units. Taking a unit out of it changes that by `CΔ − Σ(d − Δ)` over the unit's pairs; in some best alignment that is nowhere a
//! gain, so that every pair has `d ≤ (C + n − 1)Δ`. As `d ≥ α·d_pos`, units of about one length need to be looked for only nearby.

use super::continuum::{Continuum, Gaps, Piece};
use super::dissimilarity::Dissimilarity;

/// Units of all annotators, by (start, end), with their possible partners.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) measure: Dissimilarity,
    pub(super) pieces: Vec<Piece>,
    /// By unit: its annotator, and its place among that annotator's units.
    pub(super) owner: Vec<(u32, u32)>,
    pub(super) annotators: usize,
    /// By unit, sorted: the units of other annotators that may stand with it, and how unlike they are.
    pub(super) near: Vec<Vec<(u32, f64)>>,
    gaps: Gaps,
}

impl Problem {
    pub(super) fn new(continuum: &Continuum, measure: Dissimilarity) -> Self {
        let mut order: Vec<(Piece, (u32, u32))> = Vec::with_capacity(continuum.units());
        for (annotator, pieces) in continuum.annotators().iter().enumerate() {
            order.extend(pieces.iter().enumerate().map(|(at, piece)| (*piece, (annotator as u32, at as u32))));
        }
        order.sort_by(|(a, one), (b, other)| {
            a.start.total_cmp(&b.start).then(a.end.total_cmp(&b.end)).then(one.cmp(other))
        });
        let (pieces, owner): (Vec<Piece>, Vec<(u32, u32)>) = order.into_iter().unzip();
        let near = vec![Vec::new(); pieces.len()];
        let mut problem = Self {
            measure,
            pieces,
            owner,
            annotators: continuum.annotators().len(),
            near,
            gaps: continuum.gaps().clone(),
        };
        problem.find_near();
        problem
    }

    /// `C`, pairs of annotators.
    pub(super) fn pairs(&self) -> f64 {
        (self.annotators * (self.annotators - 1) / 2) as f64
    }

    /// What a unit alone costs, times `C`: `CΔ`.
    pub(super) fn single(&self) -> f64 {
        self.pairs() * self.measure.empty
    }

    /// What two units of different annotators in one unitary alignment spare: `Δ − d`, often less than nothing.
    pub(super) fn spared(&self, a: u32, b: u32) -> f64 {
        let (a, b) = (&self.pieces[a as usize], &self.pieces[b as usize]);
        self.measure.empty - self.measure.between(&self.gaps, a, b)
    }

    /// `α·d_pos` and `d_cat` of two units.
    pub(super) fn apart(&self, a: u32, b: u32) -> (f64, f64) {
        let (a, b) = (&self.pieces[a as usize], &self.pieces[b as usize]);
        (self.measure.weighted_place(&self.gaps, a, b), self.measure.categorical(a, b))
    }

    /// What a unitary alignment costs, times `C`.
    pub(super) fn cost(&self, units: &[u32]) -> f64 {
        let mut cost = self.single();
        for (at, unit) in units.iter().enumerate() {
            for other in &units[..at] {
                cost -= self.spared(*other, *unit);
            }
        }
        cost
    }

    /// Two units further apart never stand together.
    fn limit(&self) -> f64 {
        (self.pairs() + self.annotators as f64 - 1.0) * self.measure.empty
    }

    fn find_near(&mut self) {
        let limit = self.limit();
        // d_pos ≤ reach²·Δ, a little more for rounding.
        let reach = (limit / (self.measure.alpha * self.measure.empty)).sqrt() * (1.0 + 1e-9);
        let classes = Class::all(&self.pieces);
        for unit in 0..self.pieces.len() {
            let piece = self.pieces[unit];
            let length = piece.length();
            for class in &classes {
                // |Δstart| + |Δend| ≥ |2Δstart + Δlength|
                let moved = reach * (length + class.longest);
                let longer = (class.longest - length).abs().max((class.shortest - length).abs());
                let away = moved.min(f64::midpoint(moved, longer));
                let first =
                    class.units.partition_point(|other| self.pieces[*other as usize].start < piece.start - away);
                for other in &class.units[first..] {
                    let candidate = &self.pieces[*other as usize];
                    if candidate.start > piece.start + away {
                        break;
                    }
                    if *other as usize <= unit || self.owner[*other as usize].0 == self.owner[unit].0 {
                        continue;
                    }
                    let unlike = self.measure.between(&self.gaps, &piece, candidate);
                    if unlike <= limit {
                        self.near[unit].push((*other, unlike));
                        self.near[*other as usize].push((unit as u32, unlike));
                    }
                }
            }
        }
        for near in &mut self.near {
            near.sort_unstable_by_key(|(unit, _)| *unit);
        }
    }

    /// Units that hang together through possible partners, each part sorted; nothing of one part stands with another's.
    pub(super) fn components(&self) -> Vec<Vec<u32>> {
        let mut seen = vec![false; self.pieces.len()];
        let mut components = Vec::new();
        for unit in 0..self.pieces.len() as u32 {
            if std::mem::replace(&mut seen[unit as usize], true) {
                continue;
            }
            let mut component = vec![unit];
            let mut next = 0;
            while next < component.len() {
                for (other, _) in &self.near[component[next] as usize] {
                    if !std::mem::replace(&mut seen[*other as usize], true) {
                        component.push(*other);
                    }
                }
                next += 1;
            }
            component.sort_unstable();
            components.push(component);
        }
        components
    }
}

/// Units of about one length, by start, so that one long unit does not make all units look far.
struct Class {
    shortest: f64,
    longest: f64,
    units: Vec<u32>,
}

impl Class {
    fn all(pieces: &[Piece]) -> Vec<Self> {
        let mut classes: Vec<(i32, Self)> = Vec::new();
        for (unit, piece) in pieces.iter().enumerate() {
            let length = piece.length();
            let size = if length > 0.0 { length.log2().floor() as i32 } else { i32::MIN };
            let at = classes.binary_search_by_key(&size, |class| class.0).unwrap_or_else(|at| {
                classes.insert(at, (size, Self { shortest: length, longest: length, units: Vec::new() }));
                at
            });
            let class = &mut classes[at].1;
            class.shortest = class.shortest.min(length);
            class.longest = class.longest.max(length);
            class.units.push(unit as u32);
        }
        classes.into_iter().map(|class| class.1).collect()
    }
}
