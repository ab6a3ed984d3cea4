//! The window: egui around a page of our own. Reads the session, returns commands; keeps only what is for the eye.

pub mod fonts;
pub mod reading;
pub mod theme;
