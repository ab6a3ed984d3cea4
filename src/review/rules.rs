//! Bulk rules: which open differences a rule would settle, and how. Only looks: [`Gold::settle_all`] carries it out.

use std::sync::Arc;

use super::wanted::majority;
use super::{Boundary, Comparison, Difference, Gold, Kind, Rule, Ruling, Settlement, State, Trivial};

/// What may be settled without a look at each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// What all who finished the document agree on.
    Unanimous,
    /// What more than half of them say; what all say, too.
    Majority,
    /// Boundaries that differ by nothing worse than this, as wide as anyone marked them or, else, as narrow.
    Trivial { worst: Trivial, wide: bool },
}

impl Gold {
    /// What a rule would settle of a comparison, in order. Nothing that is settled, and nothing that came back, is touched: that wants a
    /// person.
    pub fn proposals(&self, comparison: &Comparison, accept: Accept) -> Vec<(Arc<Difference>, Settlement)> {
        let open = comparison.differences.iter().filter(|it| self.state(comparison, it) == State::Open);
        open.filter_map(|difference| Some((Arc::clone(difference), accept.settlement(difference)?))).collect()
    }
}

impl Accept {
    fn settlement(self, difference: &Difference) -> Option<Settlement> {
        let by = |rule, ruling| Some(Settlement { rule: Some(rule), ..Settlement::by_hand(ruling) });
        match (self, &difference.kinds[..]) {
            (Self::Unanimous | Self::Majority, []) => by(Rule::Unanimous, Ruling::Unanimous),
            (Self::Majority, _) if majority(difference).is_some() => by(Rule::Majority, Ruling::Majority),
            (Self::Trivial { worst, wide }, [Kind::Boundary(Boundary { trivial: Some(trivial), .. })])
                if *trivial <= worst =>
            {
                by(Rule::Trivial, if wide { Ruling::Union } else { Ruling::Intersection })
            }
            _ => None,
        }
    }
}
