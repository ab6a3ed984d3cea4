//! Every test of the project, in one binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
// In a test, what reads best and compares exactly.
#![allow(
    clippy::default_trait_access,
    clippy::double_ended_iterator_last,
    clippy::float_cmp,
    clippy::format_collect,
    clippy::items_after_statements,
    clippy::redundant_closure_for_method_calls,
    clippy::single_range_in_vec_init
)]

mod agreeing;
#[cfg(feature = "app")]
mod stage;
mod storing;
mod support;

#[cfg(feature = "app")]
mod access;
mod adjudicating;
mod agree;
mod agreement;
mod agreement_coding;
mod agreement_page;
mod agreement_properties;
mod agreement_unitizing;
mod annotation;
mod articles;
mod assign;
mod assignment;
mod bench;
mod cli;
mod coming;
#[cfg(feature = "app")]
mod crowded;
mod documents;
mod door_brat;
mod door_cas;
mod door_conll;
mod door_conllu;
mod door_doccano;
mod door_hf;
mod door_label_studio;
mod door_parquet;
mod door_prodigy;
mod door_rows;
mod door_spacy;
mod door_spacy_json;
mod door_tsv;
#[allow(dead_code, reason = "the tests of each format take what they need")]
mod doors;
mod edit;
mod evaluating;
mod exchange;
#[cfg(feature = "app")]
mod exporting;
mod faults;
mod find;
#[cfg(feature = "app")]
mod finding;
mod flow;
#[cfg(feature = "app")]
mod flowing;
mod formats;
mod gamma;
#[cfg(feature = "app")]
mod gestures;
#[cfg(feature = "app")]
mod keys;
mod layers;
#[cfg(feature = "app")]
mod lines;
mod loading;
mod markall;
#[cfg(feature = "app")]
mod marking;
mod matching;
mod mirrors;
#[cfg(feature = "app")]
mod mouse;
mod packed;
#[cfg(feature = "app")]
mod page;
#[cfg(feature = "app")]
mod pictures;
#[cfg(feature = "app")]
mod reading;
#[cfg(feature = "app")]
mod relations;
mod review;
mod review_queue;
#[cfg(feature = "app")]
mod reviewing;
mod sample;
mod schema;
#[cfg(feature = "app")]
mod screen_reader;
#[cfg(feature = "app")]
mod screens;
#[cfg(feature = "app")]
mod scripts;
mod segment;
mod segment_rules;
mod session;
#[cfg(feature = "app")]
mod settings_of_reading;
mod settling;
mod split;
mod store;
#[cfg(feature = "app")]
mod sturdy;
#[cfg(feature = "app")]
mod survival;
#[cfg(feature = "app")]
mod team;
mod text;
mod twin;
#[cfg(feature = "app")]
mod window;
