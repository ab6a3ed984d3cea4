//! The window: egui around a page of our own. Reads the session, returns commands; keeps only what is for the eye.

pub mod bench;
pub mod fonts;
pub mod headless;
pub mod raster;
pub mod reading;
pub mod theme;
