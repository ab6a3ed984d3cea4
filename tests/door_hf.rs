//! Hugging Face data sets: the folder of JSON lines with its card, and Parquet. What they hold alike is tried on both.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::json;
use spanwright::annotation::exchange::{Offsets, RawDocument, RawLayer};
use spanwright::annotation::{Annotator, Layer};
use spanwright::formats::glimpse::Glimpse;
use spanwright::formats::options::{ReadOptions, WriteOptions};
use spanwright::formats::settle::{Votes, settle};
use spanwright::formats::table::Format;
use spanwright::formats::tokens::Scheme;
use spanwright::text::{Document, NewlineMap, Place};
use tempfile::TempDir;

use crate::doors::{self, Corpus, check_round_trip, options, stress, survive, write};

const BOTH: [&str; 2] = ["parquet", "hf"];

#[test]
fn everything_that_goes_wrong_elsewhere_comes_back() {
    for format in BOTH {
        let corpus = stress();
        check_round_trip(format, &options(&corpus), &corpus);
        let (_folder, _path, losses) = write(format, &options(&corpus), &corpus);
        assert_eq!(losses, Vec::new(), "{format}");
        doors::keep(format, &options(&corpus), &corpus);
    }
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::with_cases(64) })]
    #[test]
    fn whatever_is_written_comes_back(corpus in doors::corpora()) {
        for format in BOTH {
            check_round_trip(format, &options(&corpus), &corpus);
        }
    }
}
