//! `spanwright import`: articles and layers into a project.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::args::Import;
use super::identity::Identity;
use super::manners::{Done, Failure, Manners, Outcome, form_of, unheard, write_report};
use super::project;
use crate::formats::articles::{FieldMap, LoadOptions, encoding_named};
use crate::session::import::{ImportPlan, import};
use crate::session::report::told;
use crate::session::surveys::survey;
use crate::store::Job;
use crate::text::Severity;

pub(super) fn run(arguments: &Import, me: &Identity, manners: &Manners) -> Outcome {
    if let Some(report) = &arguments.report {
        form_of(report)?;
    }
    let mut articles = LoadOptions::default();
    if let Some(map) = &arguments.map {
        articles.fields = FieldMap::parse(map).map_err(|problem| Failure::Said(told(&problem)))?;
    }
    if let Some(name) = &arguments.encoding {
        let unknown =
            || Failure::Said(format!("“{name}” is no encoding. Names are those of the web: utf-8, windows-1251, …"));
        articles.encoding = Some(encoding_named(name).ok_or_else(unknown)?);
    }
    let mut spool = None;
    let mut paths = Vec::new();
    for path in &arguments.paths {
        if path.as_os_str() == "-" {
            let spool = match &mut spool {
                Some(spool) => spool,
                None => spool.insert(TempDir::new()?),
            };
            paths.push(standard_input(spool.path())?);
        } else if path.exists() {
            paths.push(path.clone());
        } else {
            return Err(Failure::Said(format!("There is no file or folder {}. Nothing was imported", path.display())));
        }
    }
    let mut opened = project::open(&arguments.project, manners)?;
    if arguments.dry_run {
        return look(&paths, arguments, &opened, manners);
    }
    if let Some(why) = opened.store.read_only() {
        return Err(Failure::Said(format!("Nothing was imported: the project can only be read, because {why}")));
    }
    let plan = ImportPlan {
        paths,
        format: arguments.format,
        annotator: me.chosen.then(|| me.annotator.clone()),
        articles,
        new_versions: arguments.new_versions,
        by: me.author(if opened.broken { String::new() } else { opened.schema.stamp() }),
    };
    let job = Job::default();
    let progress = manners.progress(&job, "Importing");
    let report = import(&mut *opened.store, &plan, &job);
    drop(progress);
    let report = report?;
    opened.store.mirror(&Job::default())?;
    manners.tell(&report.findings);
    manners.say(report.sentence());
    if let Some(path) = &arguments.report {
        write_report(&report.report(), path)?;
    }
    Ok(if report.fell_short() { Done::Short } else { Done::Fully })
}

/// What the files are and hold; nothing is written.
fn look(paths: &[PathBuf], arguments: &Import, opened: &project::Opened, manners: &Manners) -> Outcome {
    let surveys = survey(paths, arguments.format, &Job::default())?;
    surveys.problems.iter().for_each(|problem| manners.error(told(problem)));
    let mut out = String::new();
    for survey in &surveys.each {
        let _ = writeln!(out, "{}: {}", survey.path.display(), survey.sentence());
        for problem in &survey.problems {
            let _ = writeln!(out, "  {}", told(problem));
        }
        for record in &survey.first {
            let id = record.document.document_id().map_or_else(String::new, |id| id.0);
            let words = record.document.text.as_ref().map(|(text, _)| text.as_str().split_whitespace().take(12));
            let _ =
                writeln!(out, "  {id}: {}", words.map(|words| words.collect::<Vec<_>>().join(" ")).unwrap_or_default());
        }
    }
    if surveys.each.is_empty() && surveys.problems.iter().all(|problem| problem.severity < Severity::Error) {
        let _ = writeln!(out, "Nothing here is another program's data: all would be read as articles");
    }
    let vocabulary = surveys.vocabulary();
    for (label, using) in &vocabulary.labels {
        let known = opened.schema.resolve(label).is_some();
        let _ =
            writeln!(out, "{label}\t{}\t{}", using.spans, if known { "in the schema" } else { "not in the schema" });
    }
    io::stdout().write_all(out.as_bytes()).map_err(|error| unheard(&error))?;
    manners.say("Nothing was imported: --dry-run");
    let short = surveys.problems.iter().any(|problem| problem.severity == Severity::Error);
    Ok(if short { Done::Short } else { Done::Fully })
}

/// Standard input as a file, whose ending says what it is: JSON Lines if it begins with a bracket, else text.
fn standard_input(folder: &Path) -> Result<PathBuf, Failure> {
    let mut input = io::stdin().lock();
    let mut head = Vec::new();
    input.by_ref().take(4096).read_to_end(&mut head)?;
    let begins = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head).trim_ascii_start();
    let name = if begins.starts_with(b"{") || begins.starts_with(b"[") { "stdin.jsonl" } else { "stdin.txt" };
    let path = folder.join(name);
    let mut file = File::create(&path)?;
    io::copy(&mut head.as_slice().chain(input), &mut file)?;
    Ok(path)
}
