//! Finding in the project. [`scan`] looks through the texts, [`Pattern`] says what for.
//!
//! Searching means scanning: every text is read, on all cores, so that what is found is exactly what is there, in every script, and
//! no index has to be kept. Results come while it runs; a [`Job`](crate::store::Job) says how far it is and stops it.

mod pattern;
mod sweep;

pub use pattern::Pattern;
pub use sweep::{Found, scan, sweep};
