//! The window: egui around a page of our own. Reads the session, returns commands; keeps only what is for the eye.

pub mod bench;
pub mod dialogs;
mod errand;
pub mod files;
mod folds;
pub mod fonts;
mod gesture;
pub mod headless;
mod hovering;
pub mod input;
mod marks;
mod native;
mod overlays;
mod panels;
mod parts;
pub mod pictures;
pub mod raster;
pub mod reading;
mod recent;
mod request;
pub mod style;
mod task;
pub mod theme;
mod toasts;
mod view;
mod welcome;
mod window;
mod work;

pub use errand::{Errand, Home};
pub use native::run;
pub use request::Request;
pub use toasts::Toasts;
pub use view::View;
pub use welcome::Welcome;
pub use window::{Screen, Shared, StartUp, Waker, Window};
pub use work::Work;
