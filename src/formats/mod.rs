//! What comes in and what goes out. Knows nothing of the store.
//!
//! [`articles`] reads articles from files, folders and archives; [`table`] says what data formats there are.

pub mod articles;
mod brat;
pub mod card;
mod cas;
pub mod caught;
mod conll;
mod conllu;
mod doccano;
pub mod duplicates;
pub mod glimpse;
mod hf;
mod inception;
pub mod label_studio;
pub mod labelled;
mod late;
mod lines;
mod lists;
pub mod loss;
pub mod manifest;
pub mod options;
mod packed;
mod parquet;
mod prodigy;
pub mod propose;
pub mod pseudonyms;
pub mod recognise;
pub mod record;
pub mod rehearse;
pub mod settle;
mod spacy;
mod spacy_json;
mod spans;
pub mod spanwright;
pub mod split;
pub mod survey;
pub mod table;
mod tags;
pub mod text;
pub mod tokens;
mod tsv;
mod union;
pub mod values;
pub mod verify;
pub mod vocabulary;
mod words;
