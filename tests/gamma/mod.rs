//! Gamma: its best alignment, its chance samples, its values.

mod alignment;
mod chance;
mod published;
mod values;

use spanwright::agreement::gamma::{Alignment, Continuum, Dissimilarity};

/// More than any test needs.
const STEPS: u64 = 50_000_000;

/// The weights of the Gamma Software.
const JAVA: Dissimilarity = Dissimilarity { alpha: 3.0, beta: 1.0, empty: 1.0 };

fn best(continuum: &Continuum, measure: Dissimilarity) -> Alignment {
    Alignment::best(continuum, measure, STEPS, &|| false).unwrap()
}
