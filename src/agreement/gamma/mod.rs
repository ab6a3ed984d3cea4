//! Gamma: agreement about where units are and what they are at once, corrected for chance, from the best alignment of all annotators' units.
//!
//! Mathet, Widlöcher and Métivier 2015, "The Unified and Holistic Method Gamma (γ) for Inter-Annotator Agreement Measure and Alignment",
//! Computational Linguistics 41(3); gamma-cat and gamma-k after Mathet 2017, "The Agreement Measure γcat", Computational Linguistics 43(3).

mod align;
mod branch;
mod chance;
mod continuum;
mod dissimilarity;
mod draft;
mod estimate;
mod measures;
mod part;
mod partners;
mod problem;
mod simplex;
mod tuples;
mod work;

pub use align::Alignment;
pub use chance::{Chance, Sampler};
pub use continuum::{Continuum, Piece};
pub use dissimilarity::Dissimilarity;
pub use estimate::{Estimate, Parameters, Range};
pub use measures::{Gamma, GammaCat};
