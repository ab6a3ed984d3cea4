//! What the paths of an import are: files of Spanwright JSONL, which are read line by line and lose nothing; data of other programs,
//! which their own readers read; or articles, which are loaded (span JSONL among them: what else its lines have becomes metadata).

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::import::ImportPlan;
use super::report::Findings;
use crate::formats::articles::{ArticleFormat, LoadOptions};
use crate::formats::glimpse::Glimpse;
use crate::formats::table::Format;
use crate::text::{Place, Problem};

/// Something to read.
#[derive(Debug)]
pub(super) enum Source {
    /// A file of our lines, and its size.
    Lines(PathBuf, u64),
    /// A file or folder of another program's data, and its size.
    Foreign(PathBuf, &'static Format, u64),
    /// Neighbouring paths of articles.
    Articles(Vec<PathBuf>, Box<LoadOptions>),
}

impl Source {
    pub(super) fn size(&self) -> Option<u64> {
        match self {
            // Foreign data is read twice: once to see what it counts in.
            Self::Foreign(.., size) => Some(*size * 2),
            Self::Lines(_, size) => Some(*size),
            Self::Articles(..) => None,
        }
    }
}

/// The sources of a plan, in its order. A folder whose files are all ours is read file by file; any other is articles.
pub(super) fn sources(plan: &ImportPlan, findings: &mut Findings) -> Vec<Source> {
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
        if let Some(found) = foreign(plan, path, findings) {
            sources.extend(found.into_iter().map(|(path, format)| {
                let size = size(&path);
                Source::Foreign(path, format, size)
            }));
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
    sources
}

/// The foreign data that a path stands for: itself, or every file of the folder. `None` for articles.
fn foreign(plan: &ImportPlan, path: &Path, findings: &mut Findings) -> Option<Vec<(PathBuf, &'static Format)>> {
    let reads_as_articles = plan.articles.encoding.is_some() || plan.articles.fields.pairs().next().is_some();
    match plan.format {
        Some(format) => format.reader.map(|_| vec![(path.to_owned(), format)]),
        None if reads_as_articles => None,
        None => {
            let Recognised { found, articles, left_out } = recognise(path);
            let first = found.first()?;
            if articles > 0 {
                let (name, format) = (first.0.display().to_string(), first.1.name);
                let sentence =
                    format!("it looks like {format}, but the folder holds articles too: all were read as articles");
                findings.push(
                    Problem::warning(Place::file(name), sentence)
                        .fix("Import its labelled files by themselves, or say what they are with --format"),
                );
                return None;
            }
            if let Some(name) = left_out.first() {
                let sentence = match left_out.len() {
                    1 => "it is no labelled file that is known; it was left out".to_owned(),
                    more => format!("it is no labelled file that is known; it and {} like it were left out", more - 1),
                };
                findings.push(Problem::warning(Place::file(name.display().to_string()), sentence));
            }
            Some(found)
        }
    }
}

/// What a path holds.
#[derive(Debug, Default)]
pub struct Recognised {
    /// Another program's data: the path as a whole, or files of the folder.
    pub found: Vec<(PathBuf, &'static Format)>,
    /// How many files would be read as articles.
    pub articles: usize,
    /// Files whose endings say nothing.
    pub left_out: Vec<PathBuf>,
}

/// Looks at a file, or at the files of a folder.
pub fn recognise(path: &Path) -> Recognised {
    /// So many files in a row that are nothing special, and the folder is taken for articles.
    const ENOUGH: usize = 20;
    let of = |path: &Path| Format::of(&Glimpse::at(path).ok()?).filter(|format| format.reader.is_some());
    let mut recognised = Recognised::default();
    if let Some(format) = of(path) {
        recognised.found.push((path.to_owned(), format));
        return recognised;
    }
    if !path.is_dir() {
        recognised.articles = 1;
        return recognised;
    }
    let mut files = Vec::new();
    collect(path, &mut files, &|_| Some(true));
    for file in files {
        // What comes with an export is no article, and no data either.
        if file.file_name().is_some_and(|name| name == "manifest.json" || name == "README.md") {
            continue;
        }
        let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if let Some(format) = of(&file) {
            recognised.found.push((file, format));
        } else if ArticleFormat::of_ending(ending).is_some() || ending.eq_ignore_ascii_case("zip") {
            recognised.articles += 1;
        } else {
            recognised.left_out.push(file);
        }
        if recognised.found.is_empty() && recognised.articles + recognised.left_out.len() >= ENOUGH {
            break;
        }
    }
    recognised
}

/// Bytes of a file, or of the files in a folder.
pub(super) fn size(path: &Path) -> u64 {
    let mut files = Vec::new();
    if path.is_dir() {
        collect(path, &mut files, &|_| Some(true));
    } else {
        files.push(path.to_owned());
    }
    files.iter().filter_map(|file| fs::metadata(file).ok()).map(|about| about.len()).sum()
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
