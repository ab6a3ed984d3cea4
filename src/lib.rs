//! Spanwright: label spans in articles, compare annotators, export training data.
//!
//! The layers, each using only what stands left of it:
//!
//! ```text
//! text → schema → annotation → edit → { store | formats | agreement | assist } → review → session → { app | cli }
//! ```

pub mod agreement;
pub mod annotation;
#[cfg(feature = "app")]
pub mod app;
pub mod cli;
pub mod edit;
pub mod formats;
pub mod review;
pub mod schema;
pub mod session;
pub mod store;

pub mod text;
