//! A project of a million articles: taking them in, opening it, listing, giving them out, and what memory that needs.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::inside::{self, Measured};
use super::row::{Goal, MILLIS, Row, grouped};
use super::words::{self, Script, Words};
use super::{Bench, Samples, clock, key};
use crate::annotation::Status;
use crate::cli::manners::{Failure, Manners};
use crate::cli::{project, schema};
use crate::formats::table::Format;
use crate::session::export::{ExportPlan, Target, Who, export};
use crate::session::search::{Free, Search, Vocabulary};
use crate::store::{Job, Project, Query};

const ARTICLE: usize = 3000;

/// What of these rows is made from the large project.
const LARGE: [&str; 6] = ["import", "import-memory", "open-project", "memory", "filter", "export"];

const MEGABYTE: f64 = 1e6;
const NO_MEMORY: &str = "the system does not tell a process's memory";

pub(super) fn rows(bench: &Bench<'_>) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    if bench.wants("search") {
        rows.push(searching(bench, bench.many(100_000, 5000))?);
    }
    if bench.wants_any(&LARGE) {
        let documents = bench.many(1_000_000, 10_000);
        // The articles as they come, the project, its index, the export.
        let needed = documents as u64 * ARTICLE as u64 * 7 / 2;
        match clock::free(bench.folder()) {
            Some(free) if free < needed => {
                let (gigabytes, there) = (needed as f64 / 1e9, free as f64 / 1e9);
                let why = format!("not run: needs {gigabytes:.1} GB in the temporary folder, {there:.1} GB are free");
                rows.extend(LARGE.iter().map(|name| Row::missing(*name, why.clone())));
            }
            _ => large(bench, documents, &mut rows)?,
        }
    }
    if bench.wants("export-layers") {
        rows.push(with_layers(bench, bench.many(100_000, 2000))?);
    }
    Ok(rows)
}

fn large(bench: &Bench<'_>, documents: usize, rows: &mut Vec<Row>) -> Result<(), Failure> {
    let tenth = take_in(bench, "tenth", documents / 10)?;
    fs::remove_dir_all(bench.folder().join("tenth"))?;
    let whole = take_in(bench, "whole", documents)?;
    let folder = bench.folder().join("whole");
    let many = grouped(documents as f64);
    let note = format!("{many} documents; by wall time {}/s", grouped(documents as f64 / whole.wall));
    let rate = documents as f64 / whole.cpu;
    rows.push(Row::new("import").value(rate, "documents/s").goal(Goal::Above(30_000.0)).note(note));
    rows.push(match (tenth.memory, whole.memory) {
        (Some(tenth), Some(whole)) => {
            let (tenth, whole) = (tenth as f64 / MEGABYTE, whole as f64 / MEGABYTE);
            let note = format!("{whole:.0} MB for {many} documents, {tenth:.0} MB for a tenth");
            Row::new("import-memory").value(whole - tenth, "MB").goal(Goal::Below(64.0)).note(note)
        }
        _ => Row::missing("import-memory", NO_MEMORY),
    });
    if bench.wants_any(&["open-project", "memory"]) {
        opening(&folder, &many, rows)?;
    }
    if bench.wants("filter") {
        bench.say("Filtering …");
        let store = project::open(&folder, &Manners::new(true))?.store;
        let query = Query { words: "tersal".to_owned(), ..Query::default() };
        let mut hits = 0;
        let mut samples = Samples::default();
        for _ in 0..5 {
            let (time, found) = clock::timed(|| store.listing(&query, &Job::default()));
            hits = found?.len();
            samples.push(time);
        }
        let note = format!("{many} documents, {} hits", grouped(hits as f64));
        rows.push(Row::new("filter").median(&samples, MILLIS).note(note));
    }
    if bench.wants("export") {
        rows.push(give_out(bench, "export", &folder, documents)?);
    }
    fs::remove_dir_all(&folder)?;
    Ok(())
}

/// Looks for words in every text of a project, as find in documents does.
fn searching(bench: &Bench<'_>, documents: usize) -> Result<Row, Failure> {
    take_in(bench, "searched", documents)?;
    let folder = bench.folder().join("searched");
    bench.say("Searching …");
    let opened = project::open(&folder, &Manners::new(true))?;
    let known = Vocabulary { schema: &opened.schema, counts: &opened.store.counts()?, assigned: None };
    let search = Search::read("tersal", Free::Texts, &Query::default(), known);
    let search = search.map_err(|mistake| Failure::Said(mistake.to_string()))?;
    let (mut samples, mut hits, mut wall) = (Samples::default(), 0, Duration::ZERO);
    for _ in 0..5 {
        hits = 0;
        let (begun, cpu) = (Instant::now(), clock::process());
        search.run(&*opened.store, &Job::default(), &mut |found| {
            hits += found.hits.len();
            true
        })?;
        samples.push(clock::process().saturating_sub(cpu));
        wall = begun.elapsed();
    }
    fs::remove_dir_all(&folder)?;
    let (hits, many) = (grouped(hits as f64), grouped(documents as f64));
    let note = format!("{many} documents, {hits} hits; wall time {:.0} ms", wall.as_secs_f64() * 1e3);
    let row = Row::new("search").median(&samples, MILLIS).note(note);
    // The goal is that of the whole number.
    Ok(if bench.quick { row } else { row.goal(Goal::Below(500.0)) })
}

/// Writes articles to a file and imports them into a new project, in a process of its own.
fn take_in(bench: &Bench<'_>, name: &str, documents: usize) -> Result<Measured, Failure> {
    bench.say(&format!("Making {} articles …", grouped(documents as f64)));
    let file = bench.folder().join(format!("{name}.jsonl"));
    let mut out = BufWriter::with_capacity(1 << 20, File::create(&file)?);
    let mut words = Words::new(Script::Latin, 1);
    for number in 0..documents as u64 {
        out.write_all(words.article(number, ARTICLE).line().as_bytes())?;
    }
    out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;

    bench.say("Importing them …");
    let folder = bench.folder().join(name);
    Project::create(&folder, name, &schema::source("news")?)?;
    let measured = inside::measure(&folder, Some(&file))?;
    if measured.documents != documents {
        let sentence = format!("The import of the benchmark brought {} of {documents} articles", measured.documents);
        return Err(Failure::Said(sentence));
    }
    fs::remove_file(&file)?;
    Ok(measured)
}

/// Opens the project in processes of their own, which hold nothing else.
fn opening(folder: &Path, many: &str, rows: &mut Vec<Row>) -> Result<(), Failure> {
    let (mut cpu, mut wall, mut memory) = (Samples::default(), Samples::default(), None);
    for round in 0..6 {
        let measured = inside::measure(folder, None)?;
        // The first process may have to make a backup, and to read the index from the disk.
        if round > 0 {
            cpu.push(Duration::from_secs_f64(measured.cpu));
            wall.push(Duration::from_secs_f64(measured.wall));
        }
        memory = measured.memory;
    }
    let note = format!("{many} documents; wall time {:.0} ms", wall.median().as_secs_f64() * 1e3);
    rows.push(Row::new("open-project").median(&cpu, MILLIS).goal(Goal::Below(300.0)).note(note));
    rows.push(match memory {
        Some(bytes) => {
            let note = format!("{many} documents");
            Row::new("memory").value(bytes as f64 / MEGABYTE, "MB").goal(Goal::Below(150.0)).note(note)
        }
        None => Row::missing("memory", NO_MEMORY),
    });
    Ok(())
}

/// Exports a project to a file: as training data where there are layers, else whole.
fn give_out(bench: &Bench<'_>, name: &'static str, folder: &Path, documents: usize) -> Result<Row, Failure> {
    bench.say("Exporting …");
    let opened = project::open(folder, &Manners::new(true))?;
    let layers = name == "export-layers";
    let format = if layers { "spans" } else { "spanwright" };
    let Some(format) = Format::named(format) else { return Ok(Row::missing(name, "the format is not there")) };
    let target: PathBuf = bench.folder().join(format!("{name}.jsonl"));
    let who = if layers { Who::Annotators(vec![bench.me.annotator.clone()]) } else { Who::All };
    let plan = ExportPlan::new(format, Target::Path(target.clone()), who);
    let (begun, cpu) = (Instant::now(), clock::process());
    let report = export(&*opened.store, &opened.schema, &plan, &mut std::io::sink(), &Job::default())?;
    let (cpu, wall) = (clock::process().saturating_sub(cpu), begun.elapsed());
    fs::remove_file(&target)?;
    if report.documents != documents as u64 {
        return Err(Failure::Said(format!("The export of the benchmark went wrong: {}", report.sentence())));
    }
    let rate = |time: Duration| documents as f64 / time.as_secs_f64();
    let note = format!("{} documents; by wall time {}/s", grouped(documents as f64), grouped(rate(wall)));
    Ok(Row::new(name).value(rate(cpu), "documents/s").goal(Goal::Above(50_000.0)).note(note))
}

/// Exports a project with spans in every document.
fn with_layers(bench: &Bench<'_>, documents: usize) -> Result<Row, Failure> {
    bench.say("Making articles with layers …");
    let folder = bench.folder().join("layers");
    Project::create(&folder, "layers", &schema::source("news")?)?;
    let mut store = project::open(&folder, &Manners::new(true))?.store;
    let mut words = Words::new(Script::Latin, 1);
    let mut import = store.import(key::options(bench))?;
    for number in 0..documents as u64 {
        let document = words.article(number, ARTICLE).document();
        let mut layer = words::layer(&document.text, bench.me.annotator.clone(), 10);
        layer.status = Status::Finished;
        import.document(&document)?;
        import.layer(&document.id, document.text.sha256(), layer)?;
    }
    import.finish()?;
    drop(store);
    let row = give_out(bench, "export-layers", &folder, documents)?;
    fs::remove_dir_all(&folder)?;
    Ok(row)
}
