//! Every test of the project, in one binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

mod annotation;
mod edit;
mod layers;
mod loading;
#[cfg(feature = "app")]
mod page;
#[cfg(feature = "app")]
mod reading;
mod schema;
mod segment;
mod segment_rules;
mod session;
mod text;
#[cfg(feature = "app")]
mod window;
