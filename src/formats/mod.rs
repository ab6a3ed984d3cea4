//! What comes in and what goes out.
//!
//! [`articles`] reads articles from files, folders and archives.

pub mod articles;
