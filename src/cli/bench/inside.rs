//! What is measured in a process of its own, which holds nothing else: opening a project, importing into it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::{clock, key};
use crate::cli::identity::Identity;
use crate::cli::manners::{Done, Failure, Manners, Outcome};
use crate::cli::project;
use crate::formats::articles::LoadOptions;
use crate::formats::table::Format;
use crate::session::convert::{ConvertPlan, Loaded, convert as convert_plan};
use crate::session::export::{ExportPlan, Target, Who};
use crate::session::import::{ImportPlan, import};
use crate::store::Job;

/// What the other process tells.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Measured {
    /// Seconds of all its threads, and by the clock on the wall.
    pub cpu: f64,
    pub wall: f64,
    /// Bytes above what there was before: after opening; at the peak of an import.
    pub memory: Option<u64>,
    /// Documents listed, or imported.
    pub documents: usize,
}

impl Measured {
    /// The one of two that took less.
    pub(super) fn or_less(self, other: Self) -> Self {
        if other.cpu < self.cpu { other } else { self }
    }
}

/// Opens a project, or imports articles into it, elsewhere.
pub(super) fn measure(folder: &Path, articles: Option<&Path>) -> Result<Measured, Failure> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["bench", "--inside"]).arg(folder);
    if let Some(articles) = articles {
        command.arg("--articles").arg(articles);
    }
    let output = command.output()?;
    let wrong = |_| Failure::Said(format!("The benchmark went wrong: {}", String::from_utf8_lossy(&output.stderr)));
    serde_json::from_slice(&output.stdout).map_err(wrong)
}

/// `bench --inside PROJECT`: opens it to the first rows of its list. With `--articles FILE`: imports that, as `spanwright import` does.
pub(super) fn run(folder: &Path, articles: Option<&Path>, me: &Identity) -> Outcome {
    let quiet = Manners::new(true);
    let measured = match articles {
        None => {
            let meter = Meter::start();
            let session = key::session_of(&me.annotator, &me.device, project::open(folder, &quiet)?.store)?;
            session.list.rows(session.store(), 0..60)?;
            meter.read(session.list.len(), clock::resident())
        }
        Some(articles) => {
            let mut store = project::open(folder, &quiet)?.store;
            let plan = ImportPlan {
                paths: vec![articles.to_owned()],
                format: None,
                annotator: None,
                articles: LoadOptions::default(),
                new_versions: false,
                by: me.author(String::new()),
            };
            clock::forget_peak();
            let meter = Meter::start();
            let report = import(&mut *store, &plan, &Job::default())?;
            meter.read(report.new as usize, clock::peak())
        }
    };
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&measured)?)?;
    Ok(Done::Fully)
}

/// A conversion that is measured.
#[derive(Debug)]
pub(super) struct Work {
    pub input: PathBuf,
    pub out: PathBuf,
    /// The format that is written.
    pub format: String,
}

/// Converts elsewhere, as `spanwright convert` does, but without reading back what was written: the libraries that this is compared with
/// do not do that either.
///
/// With `in_memory`, everything is read and checked before the clock starts.
pub(super) fn convert(work: &Work, in_memory: bool) -> Result<Measured, Failure> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["bench", "--inside"]).arg(&work.input).arg("--articles").arg(&work.out);
    if in_memory {
        command.arg("--in-memory");
    }
    let output = command.args(["--convert", &work.format]).output()?;
    let wrong = |_| Failure::Said(format!("The benchmark went wrong: {}", String::from_utf8_lossy(&output.stderr)));
    serde_json::from_slice(&output.stdout).map_err(wrong)
}

/// `bench --inside INPUT --articles OUT --convert FORMAT`
pub(super) fn run_convert(
    input: &Path,
    out: &Path,
    format: &'static Format,
    in_memory: bool,
    me: &Identity,
) -> Outcome {
    let mut export = ExportPlan::new(format, Target::Path(out.to_owned()), Who::All);
    export.trusting = true;
    let annotator = me.annotator.clone();
    let plan = ConvertPlan { inputs: vec![input.to_owned()], from: None, annotator, schema: None, export };
    let (job, mut sink) = (Job::default(), std::io::sink());
    let measured = if in_memory {
        let loaded = Loaded::read(&plan, &job)?;
        clock::forget_peak();
        let meter = Meter::start();
        let documents = loaded.write(&plan, &mut sink)?;
        meter.read(documents, clock::peak())
    } else {
        clock::forget_peak();
        let meter = Meter::start();
        let report = convert_plan(&plan, &mut sink, &job)?;
        meter.read(report.documents as usize, clock::peak())
    };
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&measured)?)?;
    Ok(Done::Fully)
}

struct Meter {
    memory: Option<u64>,
    wall: Instant,
    cpu: std::time::Duration,
}

impl Meter {
    fn start() -> Self {
        Self { memory: clock::resident(), wall: Instant::now(), cpu: clock::process() }
    }

    /// What there was since the start, with so much memory now.
    fn read(self, documents: usize, memory: Option<u64>) -> Measured {
        let (cpu, wall) = (clock::process().saturating_sub(self.cpu), self.wall.elapsed());
        let memory = memory.zip(self.memory).map(|(now, before)| now.saturating_sub(before));
        Measured { cpu: cpu.as_secs_f64(), wall: wall.as_secs_f64(), memory, documents }
    }
}
