//! How the program speaks on a command line: what goes where, how much, and with which exit status it ends.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::session::report::{Findings, Form, Report, told};
use crate::store::Job;
use crate::text::{Problem, Severity};

/// How a command ended when it was carried out; the number is the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    Fully = 0,
    /// Something was refused or fell short.
    Short = 1,
}

/// Why a command was not carried out.
#[derive(Debug)]
pub(super) enum Failure {
    Said(String),
    /// Whoever read our output went away: no reason for words.
    NobodyListens,
}

pub(super) type Outcome = Result<Done, Failure>;

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Said(error.to_string())
    }
}

/// A failure of writing to standard output.
pub(super) fn unheard(error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::NobodyListens,
        _ => Failure::Said(format!("Could not write to standard output: {error}")),
    }
}

/// Messages on standard error.
#[derive(Debug)]
pub(super) struct Manners {
    quiet: bool,
    terminal: bool,
}

/// How many findings of an import are told; the rest is in the report.
const TOLD: usize = 20;

impl Manners {
    pub(super) fn new(quiet: bool) -> Self {
        Self { quiet, terminal: io::stderr().is_terminal() }
    }

    /// What was done.
    pub(super) fn say(&self, sentence: impl Display) {
        if !self.quiet {
            self.error(sentence);
        }
    }

    /// What went wrong. Where not even that can be written, nothing is left to do.
    #[expect(clippy::unused_self, reason = "all that is said goes through the manners")]
    pub(super) fn error(&self, sentence: impl Display) {
        let _ = writeln!(io::stderr(), "{sentence}");
    }

    /// The findings that matter, errors first; what is said of many documents is said once.
    pub(super) fn tell(&self, findings: &Findings) {
        let loud = |problem: &&Problem| !self.quiet || problem.severity == Severity::Error;
        let mut said: Vec<(&Problem, u64)> = Vec::new();
        let mut places = HashMap::new();
        for problem in findings.iter().filter(loud) {
            let place = *places.entry((problem.severity, &problem.sentence)).or_insert(said.len());
            match said.get_mut(place) {
                Some((_, more)) => *more += 1,
                None => said.push((problem, 0)),
            }
        }
        said.sort_by_key(|(problem, _)| Reverse(problem.severity));
        for (problem, more) in said.iter().take(TOLD) {
            self.error(told(problem));
            if *more > 0 {
                self.error(format!("  and {more} more like it"));
            }
        }
        if said.len() > TOLD {
            self.error(format!("… and {} other things; --report FILE lists them", said.len() - TOLD));
        }
    }

    /// Shows how far a job is, on a terminal, until the value is dropped.
    pub(super) fn progress(&self, job: &Job, what: &'static str) -> Progress {
        let stop = Arc::new(AtomicBool::new(false));
        let thread = (self.terminal && !self.quiet).then(|| {
            let (job, stop) = (job.clone(), stop.clone());
            std::thread::spawn(move || show(&job, what, &stop))
        });
        Progress { stop, thread }
    }
}

/// Writes a report in the form its name asks for.
pub(super) fn write_report(report: &Report, path: &Path) -> Result<(), Failure> {
    let form = form_of(path)?;
    std::fs::write(path, report.render(form))
        .map_err(|error| Failure::Said(format!("Could not write the report {}: {error}", path.display())))
}

/// The form of a report, by its name.
pub(super) fn form_of(path: &Path) -> Result<Form, Failure> {
    let unknown = || Failure::Said(format!("{}: a report ends in .json, .csv, .md or .txt", path.display()));
    Form::of_path(path).ok_or_else(unknown)
}

/// See [`Manners::progress`].
#[derive(Debug)]
pub(super) struct Progress {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}

fn show(job: &Job, what: &str, stop: &AtomicBool) {
    let mut shown = false;
    // Short work shows nothing.
    std::thread::park_timeout(Duration::from_millis(400));
    while !stop.load(Ordering::Relaxed) {
        let (done, total) = job.progress();
        if let Some(percent) = (done * 100).checked_div(total) {
            let _ = write!(io::stderr(), "\r{what} {percent} %\u{1b}[K");
            shown = true;
        }
        std::thread::park_timeout(Duration::from_millis(200));
    }
    if shown {
        let _ = write!(io::stderr(), "\r\u{1b}[K");
    }
}
