//! How far annotators agree: pure functions of what they marked, one file per statistic, each naming the source it follows.
//!
//! Nothing here reads files or knows a store: [`Corpus`] is what is compared, [`Measure`] how. What is undefined is
//! [`Undefined`], with its reason: never 0, never 1.

mod ac1;
mod alpha;
pub mod alpha_u;
mod assignment;
mod attributes;
pub mod bootstrap;
mod coding;
mod confusion;
mod corpus;
mod coverage;
pub mod distance;
mod extent;
mod f1;
mod f1_token;
mod fleiss;
pub mod gamma;
mod gather;
mod kappa;
mod measure;
mod pairing;
mod percent;
mod positions;
mod question;
mod relations;
mod report;
mod row;
mod semeval;

pub use ac1::{Ac1, ac1};
pub use alpha::{Alpha, alpha, nominal};
pub use alpha_u::AlphaU;
pub use assignment::{Aim, best, highest};
pub use attributes::{Answered, AttributeKappa, AttributePercent, answered};
pub use coding::{Codes, Coding, Metric};
pub use confusion::{Case, Confusion};
pub use corpus::{Corpus, Item, Link, Marked, Unit, View};
pub use coverage::{Candidate, Coverage, Excluded, Presence};
pub use extent::Extent;
pub use f1::{F1Exact, F1Overlap, f1};
pub use f1_token::F1Token;
pub use fleiss::{Fleiss, fleiss};
pub use gamma::{Gamma, GammaCat};
pub use gather::{Gather, Grain};
pub use kappa::{Kappa, kappa};
pub use measure::{Frame, Measure, Undefined};
pub use pairing::{Possible, aligned, candidates, matched};
pub use percent::Percent;
pub use positions::{Positions, Run};
pub use question::Question;
pub use relations::{RelationF1, relation_kinds};
pub use report::{Asked, evaluate};
pub use row::{Row, Scope};
pub use semeval::{F1Partial, F1Type};

/// Every statistic there is, in the order of rows; each adds its line.
pub static MEASURES: &[&dyn Measure] = &[
    &F1Exact,
    &F1Overlap,
    &F1Partial,
    &F1Type,
    &F1Token,
    &Percent,
    &Kappa,
    &Fleiss,
    &Alpha { metric: Metric::Nominal },
    &Alpha { metric: Metric::Masi },
    &Alpha { metric: Metric::Jaccard },
    &AlphaU,
    &Ac1,
    &AttributePercent,
    &AttributeKappa,
    &RelationF1,
    &Gamma::USUAL,
    &GammaCat::USUAL,
];

/// The measure of that id.
pub fn measure(id: &str) -> Option<&'static dyn Measure> {
    MEASURES.iter().copied().find(|measure| measure.id() == id)
}
