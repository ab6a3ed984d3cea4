//! Every test of the project, in one binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

mod annotation;
mod edit;
mod layers;
mod schema;
mod session;
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod segment;
mod text;
