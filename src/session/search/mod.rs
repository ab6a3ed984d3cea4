//! Finding in the project. [`scan`] looks through the texts, [`Pattern`] says what for.
//!
//! Searching means scanning: every text is read, on all cores, so that what is found is exactly what is there, in every script, and
//! no index has to be kept. Results come while it runs; a [`Job`](crate::store::Job) says how far it is and stops it.

mod dates;
mod line;
mod pattern;
mod query;
mod read;
mod results;
mod run;
mod sweep;
mod token;

pub use line::Line;
pub use pattern::Pattern;
pub use query::Search;
pub use read::{FIELDS, Free, Mistake, Vocabulary};
pub use results::{MOST, Results, Row};
pub use run::{Hit, HitSpan, Match};
pub use sweep::{Found, Look, scan, sweep};
