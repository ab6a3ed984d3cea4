//! What the paths of an import are: files of Spanwright JSONL, which are read line by line and lose nothing; data of other programs,
//! which their own readers read; or articles, which are loaded (span JSONL among them: what else its lines have becomes metadata).

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::import::ImportPlan;
use super::report::Findings;
use crate::formats::articles::{ArticleFormat, LoadOptions};
use crate::formats::labelled::Labelled;
use crate::formats::recognise::{Recognised, recognise, told};
use crate::text::{Place, Problem};

/// Something to read.
#[derive(Debug)]
pub(super) enum Source {
    /// A file of our lines, and its size.
    Lines(PathBuf, u64),
    /// Another program's data.
    Foreign(Box<Labelled>),
    /// Neighbouring paths of articles.
    Articles(Vec<PathBuf>, Box<LoadOptions>),
}

impl Source {
    pub(super) fn size(&self) -> Option<u64> {
        match self {
            // Foreign data is read twice: once to see what it counts in.
            Self::Foreign(labelled) => Some(labelled.size() * 2),
            Self::Lines(_, size) => Some(*size),
            Self::Articles(..) => None,
        }
    }
}

/// The sources of a plan, in its order. A folder whose files are all ours is read file by file; any other is articles. An error where
/// one is dangerous.
pub(super) fn sources(plan: &ImportPlan, findings: &mut Findings) -> Result<Vec<Source>, Box<Problem>> {
    let mut sources: Vec<Source> = Vec::new();
    for path in &plan.paths {
        if path.join("project.ron").is_file() {
            let problem = Problem::error(Place::file(path.display().to_string()), "it is a project, not articles");
            findings.push(problem.fix("Export it with --format spanwright --all, and import that file"));
            continue;
        }
        if let Some(files) = lines(plan, path) {
            sources.extend(files.into_iter().map(|file| {
                let size = fs::metadata(&file).map_or(0, |found| found.len());
                Source::Lines(file, size)
            }));
            continue;
        }
        if let Some(found) = foreign(plan, path, findings)? {
            for labelled in found {
                let told = |source: &Source| matches!(source, Source::Foreign(other) if labelled.comes_with(other));
                if !sources.iter().any(told) {
                    sources.push(Source::Foreign(Box::new(labelled)));
                }
            }
            continue;
        }
        if let Some(Source::Articles(paths, _)) = sources.last_mut() {
            paths.push(path.clone());
            continue;
        }
        let mut options = plan.articles.clone();
        options.format = match plan.format.map(|format| format.id) {
            Some("text") => Some(ArticleFormat::Plain),
            Some("spans") => Some(ArticleFormat::Jsonl),
            _ => options.format,
        };
        sources.push(Source::Articles(vec![path.clone()], Box::new(options)));
    }
    Ok(sources)
}

/// The foreign data that a path stands for: itself, or files of the folder or archive. `None` for articles.
fn foreign(plan: &ImportPlan, path: &Path, findings: &mut Findings) -> Result<Option<Vec<Labelled>>, Box<Problem>> {
    let reads_as_articles = plan.articles.encoding.is_some() || plan.articles.fields.pairs().next().is_some();
    if plan.format.is_some_and(|format| format.reader.is_none()) || (plan.format.is_none() && reads_as_articles) {
        return Ok(None);
    }
    let found = match plan.format {
        Some(format) => told(path, format, &plan.articles.limits),
        None => recognise(path, &plan.articles.limits),
    };
    if let Some(danger) = found.danger {
        return Err(danger);
    }
    if let Some(mixed) = found.mixed(path) {
        findings.push(mixed);
        return Ok(None);
    }
    let Recognised { found, left_out, problems, articles, .. } = found;
    // A project of which nothing can be read is no articles either.
    if found.is_empty() && (articles > 0 || problems.is_empty()) {
        return Ok(None);
    }
    for problem in problems {
        findings.push(problem);
    }
    if let Some(name) = left_out.first() {
        let sentence = match left_out.len() {
            1 => "it is no labelled file that is known; it was left out".to_owned(),
            more => format!("it is no labelled file that is known; it and {} like it were left out", more - 1),
        };
        findings.push(Problem::warning(Place::file(name.display().to_string()), sentence));
    }
    Ok(Some(found))
}

/// A path holds Spanwright JSONL and nothing else. Looks at the first lines of each file.
pub fn is_spanwright(path: &Path) -> bool {
    files(path, None).is_some()
}

/// The files of our lines that a path stands for; `None` for articles.
fn lines(plan: &ImportPlan, path: &Path) -> Option<Vec<PathBuf>> {
    let told = plan.format.map(|format| format.id == "spanwright");
    let reads_as_articles = plan.articles.encoding.is_some() || plan.articles.fields.pairs().next().is_some();
    if told == Some(false) || (told.is_none() && reads_as_articles) {
        return None;
    }
    files(path, told)
}

/// `told`: the user said that it is ours.
fn files(path: &Path, told: Option<bool>) -> Option<Vec<PathBuf>> {
    if !path.is_dir() {
        return (told == Some(true) || is_ours(path)).then(|| vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    let take = |file: &Path| match told {
        Some(true) => Some(is_lines(file)),
        _ => is_ours(file).then_some(true),
    };
    (collect(path, &mut files, &take) && !files.is_empty()).then_some(files)
}

/// The files below a folder, sorted by path, that `take` wants; stops with `false` where it says `None`. Hidden files and links do
/// not count.
fn collect(folder: &Path, files: &mut Vec<PathBuf>, take: &dyn Fn(&Path) -> Option<bool>) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    let mut entries: Vec<_> =
        entries.flatten().filter_map(|entry| Some((entry.path(), entry.file_type().ok()?))).collect();
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    for (path, kind) in entries {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden || kind.is_symlink() {
            continue;
        }
        if kind.is_dir() {
            if !collect(&path, files, take) {
                return false;
            }
            continue;
        }
        match take(&path) {
            Some(true) => files.push(path),
            Some(false) => {}
            None => return false,
        }
    }
    true
}

/// Its ending says that it holds one JSON object per line.
fn is_lines(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    matches!(ending.as_str(), "jsonl" | "ndjson")
}

/// The first good record among the first lines is Spanwright JSONL.
fn is_ours(path: &Path) -> bool {
    /// A line that is longer is looked at no further.
    const HEAD: u64 = 256 << 20;
    if !is_lines(path) {
        return false;
    }
    let Ok(file) = File::open(path) else { return false };
    let mut file = BufReader::new(file.take(HEAD));
    let mut line = Vec::new();
    for _ in 0..5 {
        line.clear();
        if file.read_until(b'\n', &mut line).is_err() {
            return false;
        }
        let bytes = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line);
        if let Ok(record) = serde_json::from_slice::<Map<String, Value>>(bytes) {
            return crate::formats::spanwright::looks(&record);
        }
    }
    false
}
