//! Opening a project to work on it: the schema, the session, and the place where work stopped. The window and the
//! command line begin here.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use tempfile::TempDir;

use super::import::{ImportError, ImportPlan, ImportReport, import};
use super::journal::Wake;
pub use super::path::{Found, beside, look, look_at, typed};
use super::report::told;
use super::settings::Settings;
use super::{Clock, Command, Notice, NoticeKind, Session, Start, guide, sample};
use crate::annotation::Annotator;
use crate::formats::articles::LoadOptions;
use crate::schema::Schema;
use crate::store::{Author, Job, Project, Store, StoreError, open_store};
use crate::text::{DocumentId, Problem, Severity};

/// A project that is open for work.
#[derive(Debug)]
pub struct Opened {
    pub session: Session,
    /// What was found on the way.
    pub notices: Vec<Notice>,
    pub folder: PathBuf,
    /// A folder that goes when this is dropped: the sample's.
    pub throwaway: Option<TempDir>,
}

/// Who opens, and how: what does not belong to the project.
#[allow(missing_debug_implementations, reason = "a function says nothing to a reader")]
pub struct Opening<'a> {
    pub settings: &'a Settings,
    /// Who works; else the one of the settings.
    pub annotator: Option<Annotator>,
    pub device: String,
    pub clock: Clock,
    pub wake: Wake,
}

/// Why no project was opened.
#[derive(Clone, Debug)]
pub enum OpenError {
    Store(StoreError),
    /// The schema cannot be read, and none was kept from before.
    Schema(Vec<Problem>),
    /// Nobody is named who works.
    Nobody,
    /// What was asked for cannot be.
    Said(String),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Schema(problems) => {
                write!(f, "{}. Mend it and open the project again", mistakes(problems))
            }
            Self::Nobody => f.write_str("Say who works: --annotator NAME"),
            Self::Said(sentence) => f.write_str(sentence),
        }
    }
}

impl std::error::Error for OpenError {}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<ImportError> for OpenError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Store(error) => Self::Store(error),
            error @ ImportError::Aborted(_) => Self::Said(error.to_string()),
        }
    }
}

/// Opens the project in a folder, where work stopped, or at the first document that wants work. A schema that cannot be read is
/// replaced by the one that was read last, and that is told.
pub fn open(folder: &Path, opening: Opening<'_>, job: &Job) -> Result<Opened, OpenError> {
    let Opening { settings, annotator, device, clock, wake } = opening;
    let annotator = annotator.or_else(|| settings.annotator()).ok_or(OpenError::Nobody)?;
    if annotator.is_gold() {
        return Err(OpenError::Said(
            "“gold” is the name of the layers that adjudication makes. Work under another name".to_owned(),
        ));
    }
    let project = Project::open(folder)?;
    let (mut store, found) = open_store(&project, job)?;
    if job.is_cancelled() {
        return Err(StoreError::Cancelled.into());
    }
    let mut notices: Vec<Notice> = found.problems.iter().map(|problem| notice(told(problem))).collect();
    let schema = schema(&project, &mut *store, &mut notices)?;
    let start = Start {
        store,
        project: project.name(),
        schema: Arc::new(schema),
        annotator,
        device,
        clock,
        keys: settings.keys.clone(),
        careful: settings.careful,
    };
    let mut session = Session::start(start, wake)?;
    session.timed = settings.time;
    session.settle_in(project.folder());
    session.run(Command::Shuffle(settings.shuffled(project.folder())));
    notices.extend(session.trouble().map(|why| notice(format!("The project can only be read: {why}"))));
    go_to_place(&mut session, settings.place(project.folder()))?;
    Ok(Opened { session, notices, folder: project.folder().to_owned(), throwaway: None })
}

/// Makes a project in a folder that is new, or empty but for what version control puts there.
pub fn create(folder: &Path, name: &str, schema: &str) -> Result<Project, OpenError> {
    if folder.as_os_str().is_empty() {
        return Err(OpenError::Said("Say where the project is to be".to_owned()));
    }
    let parsed = Schema::parse(schema, "schema.ron");
    if parsed.schema.is_none() {
        let sentence = format!("No project was made: {}", mistakes(&parsed.problems));
        return Err(OpenError::Said(sentence));
    }
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) && !is_bare(folder) {
        return Err(OpenError::Said(format!(
            "{} is not empty. No project was made. Name a new folder",
            folder.display()
        )));
    }
    let had_guidelines = folder.join("guidelines.md").exists();
    let project = Project::create(folder, name, schema)?;
    if let Some(schema) = parsed.schema.filter(|_| !had_guidelines) {
        let path = project.folder().join("guidelines.md");
        let wrote = fs::write(&path, guide::beginning(name, &schema));
        wrote.map_err(|error| StoreError::Io {
            what: format!("Could not write {}", path.display()),
            why: error.to_string(),
        })?;
    }
    Ok(project)
}

/// A project to be made of articles.
#[derive(Clone, Debug)]
pub struct NewProject {
    pub folder: PathBuf,
    pub name: String,
    /// The source of `schema.ron`.
    pub schema: String,
    /// Files, folders and archives of articles; may be none.
    pub articles: Vec<PathBuf>,
    pub load: LoadOptions,
}

/// Makes a project, imports its articles and opens it. When cancelled, or when anything fails, nothing of it stays.
pub fn make(new: &NewProject, opening: Opening<'_>, job: &Job) -> Result<(Opened, ImportReport), OpenError> {
    let annotator = opening.annotator.clone().or_else(|| opening.settings.annotator()).ok_or(OpenError::Nobody)?;
    let by = Author {
        annotator: annotator.clone(),
        device: opening.device.clone(),
        at: opening.clock.now(),
        schema: Schema::parse(&new.schema, "schema.ron").schema.map(|schema| schema.stamp()).unwrap_or_default(),
    };
    let was_there = new.folder.exists();
    let project = create(&new.folder, &new.name, &new.schema)?;
    let made =
        fill(&project, new, annotator, by, job).and_then(|report| Ok((open(&new.folder, opening, job)?, report)));
    if made.is_err() {
        clear(&new.folder, was_there);
    }
    made
}

fn fill(project: &Project, new: &NewProject, me: Annotator, by: Author, job: &Job) -> Result<ImportReport, OpenError> {
    if new.articles.is_empty() {
        return Ok(ImportReport::default());
    }
    let (mut store, _) = open_store(project, job)?;
    let plan = ImportPlan {
        paths: new.articles.clone(),
        format: None,
        annotator: Some(me),
        articles: new.load.clone(),
        new_versions: false,
        by,
    };
    let report = import(&mut *store, &plan, job)?;
    store.mirror(job)?;
    Ok(report)
}

/// Takes away a project that was just made.
fn clear(folder: &Path, keep_folder: bool) {
    // What cannot be taken away is an unfinished project, which can be opened and looked at.
    for part in ["project.ron", "schema.ron", "guidelines.md"] {
        let _ = fs::remove_file(folder.join(part));
    }
    for part in ["articles", "layers", ".store"] {
        let _ = fs::remove_dir_all(folder.join(part));
    }
    if !keep_folder {
        let _ = fs::remove_dir(folder);
    }
}

/// A throw-away copy of the sample, open at the document that a first look sees.
pub fn open_sample(opening: Opening<'_>, job: &Job) -> Result<Opened, OpenError> {
    let folder = TempDir::with_prefix("spanwright-").map_err(|error| StoreError::Io {
        what: "Could not make a folder for the sample".to_owned(),
        why: error.to_string(),
    })?;
    sample::create(folder.path())?;
    let annotator = Some(Annotator::from(sample::ANNOTATOR));
    let mut opened = open(folder.path(), Opening { annotator, ..opening }, job)?;
    opened.session.run(Command::Open(DocumentId::from(sample::FIRST)));
    opened.throwaway = Some(folder);
    Ok(opened)
}

fn schema(project: &Project, store: &mut dyn Store, notices: &mut Vec<Notice>) -> Result<Schema, OpenError> {
    let source = project.schema();
    let (problems, why) = match &source {
        Ok(source) => {
            let parsed = Schema::parse(source, "schema.ron");
            if let Some(schema) = parsed.schema {
                if store.read_only().is_none() {
                    store.keep_schema(source)?;
                }
                return Ok(schema);
            }
            let why = mistakes(&parsed.problems);
            (parsed.problems, why)
        }
        Err(error) => (Vec::new(), error.to_string()),
    };
    let kept = store.last_schema()?.and_then(|source| Schema::parse(&source, "schema.ron").schema);
    match (kept, source) {
        (Some(schema), _) => {
            notices.push(notice(format!(
                "{why}. You work with the schema as it was before; mend schema.ron and open the project again"
            )));
            Ok(schema)
        }
        (None, Err(error)) => Err(error.into()),
        (None, Ok(_)) => Err(OpenError::Schema(problems)),
    }
}

/// `schema.ron has 3 mistakes, the first at 12:8: …`
fn mistakes(problems: &[Problem]) -> String {
    let mut errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
    let count = errors.clone().count();
    let Some(first) = errors.next() else { return "schema.ron cannot be read".to_owned() };
    let place = match (first.place.line, first.place.column) {
        (Some(line), Some(column)) => format!(" at {line}:{column}"),
        _ => String::new(),
    };
    let fix = if first.fix.is_empty() { String::new() } else { format!(". {}", first.fix) };
    match count {
        1 => format!("schema.ron has a mistake{place}: {}{fix}", first.sentence),
        count => format!("schema.ron has {count} mistakes, the first{place}: {}{fix}", first.sentence),
    }
}

/// Opens the document where work stopped; where that is not there any more, the first that wants work, else the first.
fn go_to_place(session: &mut Session, place: Option<(&str, usize)>) -> Result<(), StoreError> {
    let query = session.list.query.clone();
    session.run(Command::Filter(query));
    if let Some((document, caret)) = place {
        session.run(Command::Open(DocumentId::from(document)));
        if let Some(open) = &mut session.open {
            let text = open.text();
            let caret = text.as_str().floor_char_boundary(caret.min(text.len()));
            open.put_caret(caret);
            return Ok(());
        }
    }
    let first = match session.list.next_open(session.store(), 0)? {
        Some(row) => Some(row),
        None => session.list.rows(session.store(), 0..1)?.into_iter().next(),
    };
    if let Some(row) = first {
        session.run(Command::Open(row.id));
    }
    Ok(())
}

fn notice(sentence: String) -> Notice {
    Notice { kind: NoticeKind::Error, sentence, undo: false }
}

/// Nothing but what version control puts there.
fn is_bare(folder: &Path) -> bool {
    let bare = |name: &str| name.starts_with(".git") || name.starts_with("LICENSE") || name.starts_with("README");
    fs::read_dir(folder)
        .is_ok_and(|entries| entries.flatten().all(|entry| entry.file_name().to_str().is_some_and(bare)))
}

/// How long ago, in the words of a list: `today`, `yesterday`, `12 Nov`, `12 Nov 2025`.
pub fn ago(then: Timestamp, now: Timestamp) -> String {
    let zone = jiff::tz::TimeZone::system();
    let (then, now) = (then.to_zoned(zone.clone()), now.to_zoned(zone));
    let days =
        then.date().until(now.date()).map_or(0, |span| i64::from(span.get_days()) + i64::from(span.get_months()) * 30);
    match days {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        _ if then.year() == now.year() => then.strftime("%-d %b").to_string(),
        _ => then.strftime("%-d %b %Y").to_string(),
    }
}
