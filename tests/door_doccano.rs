//! doccano JSONL, in and out.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::{Value, json};
use spanwright::annotation::{Layer, Status};
use spanwright::formats::glimpse::Glimpse;
use spanwright::formats::options::WriteOptions;
use spanwright::formats::table::Format;
use spanwright::schema::Schema;
use tempfile::TempDir;

use crate::doors::{
    Corpus, check_round_trip, corpora, document, keep, layer, options, read, related, seen, stress, survive, write,
};

fn shared(name: &str) -> Option<PathBuf> {
    Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name)).filter(|path| path.exists())
}

/// Options of a schema without relations: labels are triples.
fn plain(corpus: &Corpus) -> WriteOptions {
    WriteOptions { schema: Schema::default().into(), ..options(corpus) }
}

#[test]
fn everything_that_ever_went_wrong_reads_back() {
    let corpus = stress();
    check_round_trip("doccano", &options(&corpus), &corpus);
    check_round_trip("doccano", &plain(&corpus), &corpus);
    keep("doccano", &options(&corpus), &corpus);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_layers_read_back(corpus in corpora()) {
        check_round_trip("doccano", &options(&corpus), &corpus);
        check_round_trip("doccano", &plain(&corpus), &corpus);
    }
}
