//! What comes in and what goes out. Knows nothing of the store.
//!
//! [`articles`] reads articles from files, folders and archives; [`table`] says what data formats there are.

pub mod articles;
mod conll;
mod conllu;
pub mod glimpse;
mod lines;
pub mod loss;
pub mod options;
pub mod propose;
pub mod record;
pub mod rehearse;
pub mod settle;
mod spans;
pub mod spanwright;
pub mod survey;
pub mod table;
mod tags;
pub mod text;
pub mod tokens;
mod tsv;
pub mod values;
pub mod verify;
pub mod vocabulary;
mod words;
