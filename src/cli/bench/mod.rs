//! `spanwright bench`: how quick the program is on this machine, beside the numbers it promises to hold.
//!
//! Everything that is measured is made here, from a seed, in a temporary folder that is removed. Times are CPU time where the system
//! tells it, so that other programs disturb little; the machine's load is printed beside. A goal that is missed is a result, not a failure.

mod agreement;
mod beside;
mod clock;
mod conversion;
mod document;
mod frames;
mod inside;
mod key;
mod project;
mod row;
mod samples;
mod window;
mod words;

use std::path::Path;
use std::time::{Duration, Instant};

use tempfile::TempDir;

pub use frames::{Frame, Screen};
pub use samples::Samples;

use self::row::Row;
use super::args;
use super::identity::Identity;
use super::manners::{Done, Failure, Manners, Outcome};
use super::table::Table;

/// Every row, in the order of the table: its name, what it says.
const ROWS: [(&str, &str); 20] = [
    ("key", "key press to changed layer, 5,000 spans in the document"),
    ("saved", "the same, to the moment it is on disk"),
    ("scroll-latin", "frame, 10 MB, 100,000 spans, scrolling, Latin"),
    ("scroll-arabic", "frame, 10 MB, 100,000 spans, scrolling, Arabic"),
    ("jump-latin", "frame, 10 MB, 100,000 spans, random jump, Latin"),
    ("jump-arabic", "frame, 10 MB, 100,000 spans, random jump, Arabic"),
    ("jump-chinese", "frame, 10 MB, random jump, Chinese, cold glyph atlas"),
    ("open-document", "opening a document of 1 MB with 5,000 spans, warm"),
    ("open-page", "the same, and its first frame"),
    ("open-project", "opening a project to the first list"),
    ("filter", "list of the documents whose title, id or source has a word"),
    ("search", "search in the texts of 100,000 articles, all hits"),
    ("import", "import of JSONL articles of 3 kB"),
    ("import-memory", "its peak memory above that of a tenth of it"),
    ("export", "export of articles of 3 kB, as Spanwright JSONL"),
    ("export-layers", "export of articles with 10 spans each, as spans"),
    ("memory", "memory with the project open, above an empty process"),
    ("first-frame", "first frame of the window, with the sample"),
    ("idle", "frames that a window at rest asks for, of 100"),
    ("sync", "fdatasync of 4 KiB in the temporary folder"),
];

/// What all rows need to know.
struct Bench<'a> {
    quick: bool,
    only: &'a [String],
    me: &'a Identity,
    manners: &'a Manners,
    folder: TempDir,
}

impl Bench<'_> {
    /// The row was asked for.
    fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| name.starts_with(only.as_str()))
    }

    fn wants_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.wants(name))
    }

    /// So many, or fewer where it is to be quick.
    fn many(&self, whole: usize, quick: usize) -> usize {
        if self.quick { quick } else { whole }
    }

    /// Where data may be made.
    fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A row of many that take long: it is told at once.
    fn told(&self, row: Row) -> Row {
        self.say(&row.told());
        row
    }

    /// Says what is being measured, since some of it takes minutes.
    fn say(&self, sentence: &str) {
        self.manners.say(sentence);
    }
}

pub(super) fn run(
    arguments: &args::Bench,
    me: &Identity,
    manners: &Manners,
    screen: fn() -> Option<Screen>,
) -> Outcome {
    if let (Some(input), Some(out), Some(format)) = (&arguments.inside, &arguments.articles, arguments.convert) {
        return inside::run_convert(input, out, format, arguments.in_memory, me);
    }
    if let (Some(file), Some(args::Part::Agreement)) = (&arguments.inside, arguments.part) {
        return agreement::run(file);
    }
    if let Some(project) = &arguments.inside {
        return inside::run(project, arguments.articles.as_deref(), me);
    }
    if arguments.beside.is_some() && arguments.part != Some(args::Part::Formats) {
        return Err(Failure::Said("--beside belongs to `bench formats`".to_owned()));
    }
    let names: Vec<String> = match arguments.part {
        Some(args::Part::Window) => window::names(),
        Some(args::Part::Formats) => conversion::names(),
        Some(args::Part::Agreement) => agreement::names(),
        None => ROWS.iter().map(|(name, _)| (*name).to_owned()).collect(),
    };
    if let Some(stranger) = arguments.only.iter().find(|only| !names.iter().any(|name| name.starts_with(*only))) {
        return Err(Failure::Said(format!("No row begins with “{stranger}”. There are {}", names.join(", "))));
    }
    let folder = tempfile::Builder::new().prefix("spanwright-bench-").tempdir()?;
    let bench = Bench { quick: arguments.quick, only: &arguments.only, me, manners, folder };
    let begun = Instant::now();
    let load = clock::load();
    let mut rows = Vec::new();
    match arguments.part {
        Some(args::Part::Window) => rows.extend(window::rows(&bench, screen)?),
        Some(args::Part::Formats) => rows.extend(conversion::rows(&bench, arguments.beside.as_deref())?),
        Some(args::Part::Agreement) => rows.extend(agreement::rows(&bench)),
        None => {
            if bench.wants("sync") {
                rows.push(sync(bench.folder())?);
            }
            rows.extend(key::rows(&bench)?);
            rows.extend(frames::rows(&bench, screen)?);
            rows.extend(document::rows(&bench, screen)?);
            rows.extend(project::rows(&bench)?);
        }
    }
    rows.sort_by_key(|row| names.iter().position(|name| *name == row.name));
    let mut table = Table::new(&["name", "what", "measured", "unit", "goal", "met", "median", "p99", "max", "note"]);
    for row in rows.into_iter().filter(|row| bench.wants(&row.name)) {
        table.row(row.cells());
    }
    table.print(arguments.format)?;
    manners.say(conditions(&bench, load, begun.elapsed()));
    Ok(Done::Fully)
}

/// Under which conditions the numbers came about.
fn conditions(bench: &Bench<'_>, before: Option<f64>, took: Duration) -> String {
    let load = match (before, clock::load()) {
        (Some(before), Some(after)) => format!("load of the machine {before:.1} before, {after:.1} after"),
        _ => "the system does not tell the machine's load".to_owned(),
    };
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let build = if cfg!(debug_assertions) { "a build without optimisation, " } else { "" };
    let data = if bench.quick { "--quick: 10,000 documents instead of 1,000,000; " } else { "" };
    let (seconds, time) = (took.as_secs(), clock::KIND);
    format!("{data}{time}, {build}{processors} processors, {load}; {seconds} s in all")
}

/// How long the disk takes to keep something.
fn sync(folder: &Path) -> Result<Row, Failure> {
    use std::io::Write as _;
    let mut file = tempfile::tempfile_in(folder)?;
    let mut samples = Samples::default();
    for _ in 0..50 {
        file.write_all(&[b'x'; 4096])?;
        let begun = Instant::now();
        file.sync_data()?;
        samples.push(begun.elapsed());
    }
    Ok(Row::new("sync").spread(&samples, row::MILLIS).note("wall time"))
}
