#![allow(clippy::unwrap_used, clippy::expect_used)]

mod segment;
mod segment_rules;
mod text;
