//! Gamma: its best alignment, its chance samples, its values.

mod alignment;
mod chance;
mod published;
mod values;

use spanwright::agreement::gamma::{Alignment, Continuum, Dissimilarity};

/// More than any test needs.
const STEPS: u64 = 1_000_000_000;

fn best(continuum: &Continuum, measure: Dissimilarity) -> Alignment {
    Alignment::best(continuum, measure, STEPS, &|| false).unwrap()
}
