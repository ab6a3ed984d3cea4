//! `spanwright bench formats`: documents per CPU second and peak memory of each writer and each reader, from Spanwright JSONL to the
//! finished file and back. With `--beside`, the libraries that own the formats too ([`beside`]).

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;

use super::inside::{self, Work};
use super::row::{Row, grouped};
use super::words::{self, Script, Words};
use super::{Bench, beside};
use crate::annotation::exchange::{Line, Offsets, write_line};
use crate::annotation::{Annotator, Status};
use crate::cli::manners::Failure;
use crate::formats::table::{FORMATS, Format};

const ARTICLE: usize = 3000;
const SPANS: usize = 10;
const MEGABYTE: f64 = 1e6;

/// The names of all rows.
pub(super) fn names() -> Vec<String> {
    let both = |format: &Format| {
        let write = format.writer.map(|_| format!("write-{}", format.id));
        let read = format.reader.map(|_| format!("read-{}", format.id));
        write.into_iter().chain(read)
    };
    FORMATS.iter().flat_map(|format| both(format)).chain(beside::names()).collect()
}

pub(super) fn rows(bench: &Bench<'_>, python: Option<&Path>) -> Result<Vec<Row>, Failure> {
    let documents = bench.many(100_000, 2_000);
    let source = bench.folder().join("source.jsonl");
    bench.say("Making articles with spans …");
    make(&source, documents)?;
    let tenth = bench.folder().join("tenth.jsonl");
    make(&tenth, documents / 10)?;
    let mut rows = Vec::new();
    for format in FORMATS {
        let out = bench.folder().join(format!("out-{}", format.id));
        let (write, read) = (format!("write-{}", format.id), format!("read-{}", format.id));
        if format.writer.is_none() || !(bench.wants(&write) || bench.wants(&read)) {
            continue;
        }
        bench.say(&format!("{} …", format.name));
        rows.push(bench.told(row(write, &source, &tenth, &out, format, documents)?));
        if format.reader.is_some() {
            let small = bench.folder().join("small");
            inside::convert(&Work { input: tenth.clone(), out: small.clone(), format: format.id.to_owned() }, false)?;
            let lines = bench.folder().join("lines.jsonl");
            let spanwright = Format::named("spanwright").unwrap_or(format);
            rows.push(bench.told(row(read, &out, &small, &lines, spanwright, documents)?));
            clear(&small)?;
            clear(&lines)?;
        }
        clear(&out)?;
    }
    match python {
        Some(python) => rows.extend(beside::rows(bench, python, &tenth)?),
        None if bench.only.is_empty() => {}
        None => {
            let asked = beside::names().filter(|name| bench.wants(name));
            rows.extend(asked.map(|name| Row::missing(name, "--beside PYTHON says where the library is")));
        }
    }
    Ok(rows)
}

/// Converts a whole input and a tenth of it: the rate of the one, and how the peaks of memory compare.
fn row(
    name: String,
    input: &Path,
    tenth: &Path,
    out: &Path,
    format: &Format,
    documents: usize,
) -> Result<Row, Failure> {
    let work =
        |input: &Path, out: &Path| Work { input: input.to_owned(), out: out.to_owned(), format: format.id.to_owned() };
    let less = inside::convert(&work(tenth, &out.with_extension("tenth")), false)?;
    clear(&out.with_extension("tenth"))?;
    let whole = inside::convert(&work(input, out), false)?;
    if whole.documents != documents {
        return Err(Failure::Said(format!("{name}: {} documents instead of {documents}", whole.documents)));
    }
    let memory =
        |bytes: Option<u64>| bytes.map_or_else(|| "?".to_owned(), |bytes| format!("{:.0} MB", bytes as f64 / MEGABYTE));
    let note = format!(
        "{} documents; peak {}, of a tenth {}; {:.1} s by the clock",
        grouped(documents as f64),
        memory(whole.memory),
        memory(less.memory),
        whole.wall
    );
    Ok(Row::new(name.clone()).what(name).value(documents as f64 / whole.cpu, "documents/s").note(note))
}

pub(super) fn clear(path: &Path) -> std::io::Result<()> {
    match path {
        path if path.is_dir() => fs::remove_dir_all(path),
        path if path.exists() => fs::remove_file(path),
        _ => Ok(()),
    }
}

/// Articles with spans, as Spanwright JSONL.
pub(super) fn make(path: &Path, documents: usize) -> Result<(), Failure> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let mut words = Words::new(Script::Latin, 7);
    for number in 0..documents as u64 {
        let document = words.article(number, ARTICLE).document();
        let mut layer = words::layer(&document.text, Annotator::from("ana"), SPANS);
        layer.status = Status::Finished;
        let line =
            Line { document: &document, layers: &[Arc::new(layer)], with_text: true, offsets: Offsets::Normalised };
        write_line(&mut out, line)?;
    }
    out.flush()?;
    Ok(())
}
