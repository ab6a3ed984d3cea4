//! A look at what an import would bring, before it: bounded, whatever the size of the input.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::fields::Roles;
use super::folder::{self, Kind};
use super::intake::{Flow, Intake};
use super::loader::Progress;
use super::record::Record;
use super::{Article, ArticleFormat, FieldMap, LoadOptions, Loaded};
use crate::text::Problem;

/// Files that are counted.
const FILES: u64 = 100_000;
/// Articles and problems that are looked at, and bytes of text.
const ITEMS: usize = 50;
const BYTES: usize = 4 << 20;
/// Values kept of each column, and characters of each value.
const VALUES: usize = 3;
const CHARACTERS: usize = 120;

/// What the first files and their first articles look like.
#[derive(Debug, Default)]
pub struct Preview {
    /// Files of each format, archives uncounted inside.
    pub formats: BTreeMap<ArticleFormat, u64>,
    pub archives: u64,
    /// Files that are neither: they are left out.
    pub others: u64,
    /// There are more files than were counted.
    pub more_files: bool,
    /// Encodings by name, of the articles that were looked at.
    pub encodings: BTreeMap<String, u64>,
    /// Fields of JSON objects or columns of tables, in the order they were met; empty for text and HTML.
    pub columns: Vec<Column>,
    /// The first articles.
    pub articles: Vec<Article>,
    /// What was refused, skipped or noted among them.
    pub problems: Vec<Problem>,
    /// There is more than was looked at.
    pub more: bool,
}

/// One field or column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    /// What it was taken for: `text`, `id` or a metadata key (its own name, if nothing else).
    pub taken_for: String,
    /// Its first values, cut to 120 characters.
    pub values: Vec<String>,
}

/// Looks at the first articles of `paths`: at most 50 of them, or 4 MiB. Changes nothing.
pub fn preview(paths: &[PathBuf], options: &LoadOptions) -> Preview {
    let mut preview = Preview::default();
    let mut files = 0;
    folder::survey(paths, options, |kind, _| {
        match kind {
            Kind::Articles(format) => *preview.formats.entry(format).or_default() += 1,
            Kind::Archive => preview.archives += 1,
            Kind::Hidden | Kind::Unknown(_) => preview.others += 1,
        }
        files += 1;
        preview.more_files = files == FILES;
        !preview.more_files
    });
    let mut columns = Vec::new();
    let mut bytes = 0;
    let mut give = |loaded| {
        match loaded {
            Loaded::Article(article) => {
                bytes += article.document.text.len();
                let encoding = article.document.meta_text("encoding").unwrap_or("UTF-8");
                *preview.encodings.entry(encoding.to_owned()).or_default() += 1;
                preview.articles.push(*article);
            }
            Loaded::Refused(problem) | Loaded::Skipped(problem) | Loaded::Note(problem) | Loaded::Aborted(problem) => {
                preview.problems.push(problem);
            }
        }
        preview.more = preview.articles.len() + preview.problems.len() >= ITEMS || bytes >= BYTES;
        if preview.more { Flow::Break(()) } else { Flow::Continue(()) }
    };
    let mut intake = Intake::new(options, &mut give);
    intake.columns = Some(&mut columns);
    if folder::read(&mut intake, paths, &Arc::new(Progress::default())).is_continue() {
        // `Break` says no more than that enough was seen.
        let _ = intake.finish();
    }
    preview.columns = columns;
    preview
}

/// Adds a record's fields to the columns.
pub(super) fn see(columns: &mut Vec<Column>, map: &FieldMap, record: &Record, roles: &Roles) {
    for (index, (name, value)) in record.fields.iter().enumerate() {
        let place = columns.iter().position(|column| column.name == *name).unwrap_or_else(|| {
            let taken_for = roles.taken_for(map, index, name).to_owned();
            columns.push(Column { name: name.clone(), taken_for, values: Vec::new() });
            columns.len() - 1
        });
        if columns[place].values.len() < VALUES {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            columns[place].values.push(text.chars().take(CHARACTERS).collect());
        }
    }
}
