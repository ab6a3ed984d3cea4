//! The parts of the work screen. Each draws from `&Session` and asks; none changes anything.

pub mod agreement;
pub mod armed;
pub mod asking;
pub mod attributes;
pub mod banner;
pub mod find;
pub mod guidelines;
pub mod inspector;
mod labels;
pub mod list;
pub mod menus;
pub mod missing;
pub mod page;
mod relations;
pub mod review;
pub mod rows;
pub mod search;
pub mod status;
pub mod team;
