//! `spanwright bench formats --beside PYTHON`: the libraries that own formats, doing what our writers do, in the same run and on the same
//! documents. Each runs in a process of its own, from a program that is built in.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::Bench;
use super::conversion::clear;
use super::inside::{self, Measured, Work};
use super::row::{Goal, Row, grouped};
use crate::cli::manners::Failure;

const TRIES: usize = 3;
/// CPU seconds.
const LONG: f64 = 5.0;
const PROGRAM: &str = include_str!("beside.py");

/// A library, and what of ours it is put beside.
struct Library {
    /// The row is `beside-` and this.
    name: &'static str,
    what: &'static str,
    /// What the program calls it.
    call: &'static str,
    /// The format that we write.
    ours: &'static str,
    /// From records in memory; else from Spanwright JSONL.
    in_memory: bool,
    /// How many times quicker we want to be.
    goal: Option<f64>,
}

const LIBRARIES: [Library; 6] = [
    Library {
        name: "spacy",
        what: "times spaCy from JSONL: blank tokeniser, DocBin",
        call: "spacy",
        ours: "spacy",
        in_memory: false,
        goal: Some(10.0),
    },
    Library {
        name: "label-studio",
        what: "times Label Studio’s converter from its JSON to CoNLL",
        call: "label_studio",
        ours: "conll",
        in_memory: false,
        goal: Some(10.0),
    },
    Library {
        name: "datasets",
        what: "times datasets from JSONL: map that tokenises, Parquet of the same columns",
        call: "datasets",
        ours: "parquet",
        in_memory: false,
        goal: Some(10.0),
    },
    Library {
        name: "datasets-spans",
        what: "times datasets from JSONL: Parquet of texts and spans alone",
        call: "datasets_spans",
        ours: "parquet",
        in_memory: false,
        goal: None,
    },
    Library {
        name: "pyarrow",
        what: "times pyarrow from Arrow, tokenised already; ours from JSONL",
        call: "pyarrow",
        ours: "parquet",
        in_memory: false,
        goal: Some(1.0),
    },
    Library {
        name: "pyarrow-memory",
        what: "times pyarrow from Arrow, tokenised already; ours from records in memory",
        call: "pyarrow",
        ours: "parquet",
        in_memory: true,
        goal: None,
    },
];

/// The names of all rows.
pub(super) fn names() -> impl Iterator<Item = String> {
    LIBRARIES.iter().map(|library| format!("beside-{}", library.name))
}

/// `source` is Spanwright JSONL, `python` an environment with the libraries.
pub(super) fn rows(bench: &Bench<'_>, python: &Path, source: &Path) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    for library in &LIBRARIES {
        let name = format!("beside-{}", library.name);
        if !bench.wants(&name) {
            continue;
        }
        bench.say(&format!("{} …", library.call));
        let out = bench.folder().join("beside");
        std::fs::create_dir(&out)?;
        let work = Work { input: source.to_owned(), out: out.join("ours"), format: library.ours.to_owned() };
        let (ours, theirs) = both(&work, library, || theirs(python, library.call, source, &out.join("theirs")))?;
        let row = match theirs {
            Ok(theirs) => beside(name, library, &ours, &theirs),
            Err(why) => Row::missing(name, why).what(library.what),
        };
        rows.push(bench.told(row));
        clear(&out)?;
    }
    Ok(rows)
}

/// Ours and theirs, in turn, and the best of either: what else the machine does only makes them worse, and it does it to both. What takes
/// long is not done again. A process of theirs tries several times, when it has its memory already; one of ours once.
fn both(
    work: &Work,
    library: &Library,
    theirs: impl Fn() -> Result<Measured, String>,
) -> Result<(Measured, Result<Measured, String>), Failure> {
    let ours = || {
        clear(&work.out)?;
        inside::convert(work, library.in_memory)
    };
    let (mut our_best, mut their_best) = (ours()?, theirs());
    for _ in 1..TRIES {
        our_best = our_best.or_less(ours()?);
        their_best = match their_best {
            Ok(best) if best.cpu < LONG => theirs().map(|next| best.or_less(next)),
            done => done,
        };
    }
    Ok((our_best, their_best))
}

fn beside(name: String, library: &Library, ours: &Measured, theirs: &Measured) -> Row {
    let rate = |measured: &Measured| measured.documents as f64 / measured.cpu;
    let said = |measured: &Measured| {
        let peak = measured.memory.map_or_else(|| "?".to_owned(), |bytes| format!("{:.0} MB", bytes as f64 / 1e6));
        format!("{} documents/s, peak {peak}", grouped(rate(measured)))
    };
    let note = format!("theirs {}; ours {}; {} documents", said(theirs), said(ours), grouped(theirs.documents as f64));
    let row = Row::new(name).what(library.what).value(rate(ours) / rate(theirs), "times").note(note);
    match library.goal {
        Some(goal) => row.goal(Goal::Above(goal)),
        None => row,
    }
}

/// What a library takes; an error is a sentence for the table.
fn theirs(python: &Path, call: &str, source: &Path, out: &Path) -> Result<Measured, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", python.display());
    let mut command = Command::new(python);
    command.args(["-P", "-", call]).arg(source).arg(out);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().map_err(failed)?;
    if let Some(mut input) = process.stdin.take() {
        input.write_all(PROGRAM.as_bytes()).map_err(failed)?;
    }
    let output = process.wait_with_output().map_err(failed)?;
    let told = String::from_utf8_lossy(&output.stderr);
    let last = told.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it said nothing");
    serde_json::from_slice(&output.stdout).map_err(|_| format!("not measured: {last}"))
}
