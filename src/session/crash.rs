//! Crash reports: what is written to disk when the program breaks, without a word of anybody's text.
//!
//! A report holds the place in the code, a message from which everything was taken that could quote a document, the last actions by
//! their ids, version, system and backtrace. Before it is written, what was done is brought to disk. The program unwinds as it would
//! without. Nothing is ever sent anywhere.

use std::backtrace::Backtrace;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use directories::ProjectDirs;
use jiff::Timestamp;

use crate::formats::caught::would_be_caught;

/// The last actions, oldest first, by id.
static TRAIL: Mutex<VecDeque<Cow<'static, str>>> = Mutex::new(VecDeque::new());
/// What is to be done before a report is written.
static GUARDS: Mutex<Vec<Guarded>> = Mutex::new(Vec::new());

/// How many actions a report lists.
const TRAIL_LENGTH: usize = 20;
/// Names the reports that nobody was told of yet, one a line.
const UNTOLD: &str = "untold";

/// Remembers that an action was asked for. Only its id: never a text, a name of a document or of a label.
pub fn trail(id: impl Into<Cow<'static, str>>) {
    let mut trail = TRAIL.lock().unwrap_or_else(PoisonError::into_inner);
    trail.push_back(id.into());
    if trail.len() > TRAIL_LENGTH {
        trail.pop_front();
    }
}

struct Guarded {
    number: u64,
    thread: &'static str,
    flush: Flush,
}

/// Brings to disk what is not there yet; whether that was done in time.
type Flush = Box<dyn Fn() -> bool + Send>;

/// As long as it lives, a crash first does what it stands for.
#[derive(Debug)]
pub(super) struct Guard(u64);

/// `flush` is called before a report is written, unless it is that thread which broke.
pub(super) fn guard(thread: &'static str, flush: Flush) -> Guard {
    let mut guards = GUARDS.lock().unwrap_or_else(PoisonError::into_inner);
    let number = guards.last().map_or(0, |last| last.number + 1);
    guards.push(Guarded { number, thread, flush });
    Guard(number)
}

impl Drop for Guard {
    fn drop(&mut self) {
        GUARDS.lock().unwrap_or_else(PoisonError::into_inner).retain(|guarded| guarded.number != self.0);
    }
}

/// Where reports go: beside the settings where `SPANWRIGHT_CONFIG` names their folder, else the system's folder for such things.
pub fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("SPANWRIGHT_CONFIG").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let system = || {
        let folders = ProjectDirs::from("", "", "spanwright")?;
        Some(folders.state_dir().unwrap_or_else(|| folders.data_local_dir()).to_owned())
    };
    named.or_else(system).map(|folder| folder.join("crashes"))
}

/// From now on a panic of any thread leaves a report in this folder.
pub fn watch(folder: PathBuf) {
    std::panic::set_hook(Box::new(move |info| {
        if would_be_caught() {
            return;
        }
        let thread = std::thread::current().name().unwrap_or("unnamed").to_owned();
        let changes = bring_to_disk(&thread);
        let place = place(info);
        let told = match write(&folder, &report(info, &thread, &place, changes)) {
            Ok(path) => format!("A report without any text of yours is in {}", path.display()),
            Err(error) => format!("A report could not be written to {}: {error}", folder.display()),
        };
        // Where not even that can be said, nothing is left to do.
        let _ = writeln!(
            std::io::stderr(),
            "Something broke inside Spanwright, at {place}: {}. What was saved is safe. {told}",
            message(info)
        );
    }));
}

/// The newest report that nobody was told of, once.
pub fn untold(folder: &Path) -> Option<PathBuf> {
    let list = folder.join(UNTOLD);
    let names = fs::read_to_string(&list).ok()?;
    fs::remove_file(&list).ok()?;
    let path = folder.join(names.lines().last()?);
    path.is_file().then_some(path)
}

/// What became of the changes that were on their way, in words.
fn bring_to_disk(thread: &str) -> &'static str {
    // Whoever holds the lock may be the one that broke.
    let Ok(guards) = GUARDS.try_lock() else { return "not known" };
    let flushed: Vec<bool> = guards.iter().map(|guarded| guarded.thread != thread && (guarded.flush)()).collect();
    match flushed.as_slice() {
        [] => "no project was open",
        flushed if flushed.iter().all(|done| *done) => "brought to disk",
        _ => "perhaps not all on disk: the thread that writes did not answer",
    }
}

fn write(folder: &Path, report: &str) -> std::io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let name = format!("crash-{}-{}.txt", Timestamp::now().strftime("%Y-%m-%dT%H-%M-%S%.3f"), std::process::id());
    let path = folder.join(&name);
    fs::write(&path, report)?;
    let mut list = fs::OpenOptions::new().create(true).append(true).open(folder.join(UNTOLD))?;
    writeln!(list, "{name}")?;
    Ok(path)
}

fn report(info: &PanicHookInfo<'_>, thread: &str, place: &str, changes: &str) -> String {
    let mut report = format!(
        "Spanwright {} broke. This report holds no text and no names of documents, labels or people.\n\n\
         when       {}\nsystem     {} {}\nthread     {thread}\nplace      {place}\nchanges    {changes}\nmessage    {}\n\n\
         last actions, the newest at the end\n",
        env!("CARGO_PKG_VERSION"),
        Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        message(info),
    );
    if let Ok(trail) = TRAIL.try_lock() {
        for id in trail.iter() {
            let _ = writeln!(report, "  {id}");
        }
    }
    report.push_str("\nbacktrace\n");
    for line in Backtrace::force_capture().to_string().lines() {
        match line.trim_start().strip_prefix("at ") {
            Some(path) => {
                let _ = writeln!(report, "             at {}", shortened(path));
            }
            None => {
                let _ = writeln!(report, "{line}");
            }
        }
    }
    report
}

fn place(info: &PanicHookInfo<'_>) -> String {
    info.location().map_or_else(
        || "an unknown place".to_owned(),
        |location| format!("{}:{}:{}", shortened(location.file()), location.line(), location.column()),
    )
}

/// The part of a path that is the same on every machine: the crate's folder and what is in it.
fn shortened(path: &str) -> String {
    let path = path.replace('\\', "/");
    match path.rfind("/src/") {
        Some(src) => path[path[..src].rfind('/').map_or(0, |before| before + 1)..].to_owned(),
        None => path.rsplit('/').next().unwrap_or_default().to_owned(),
    }
}

fn message(info: &PanicHookInfo<'_>) -> String {
    let payload = info.payload();
    match (payload.downcast_ref::<&'static str>(), payload.downcast_ref::<String>()) {
        // Words of the program's own source: nothing was put into them.
        (Some(words), _) => (*words).to_owned(),
        (None, Some(words)) => cleaned(words),
        (None, None) => "no message".to_owned(),
    }
}

/// Beginnings of the standard library's messages. What follows is kept as far as it is numbers and plain words.
const KNOWN: [&str; 17] = [
    "byte index",
    "start byte index",
    "end byte index",
    "begin <= end",
    "index out of bounds",
    "range start index",
    "range end index",
    "slice index starts at",
    "attempt to ",
    "called `Option::unwrap()` on a `None` value",
    "called `Result::unwrap()` on an `Err` value",
    "assertion `left == right` failed",
    "assertion `left != right` failed",
    "assertion failed",
    "insertion index",
    "removal index",
    "RefCell already",
];

/// A message that something was put into, without anything that could come from a document.
pub fn cleaned(message: &str) -> String {
    const LEFT_OUT: &str = "the rest is left out, because it could quote a text";
    let Some(known) = KNOWN.iter().find(|known| message.starts_with(**known)) else {
        return format!("a message of {} characters; {LEFT_OUT}", message.chars().count());
    };
    // Of an assertion and of an error nothing that follows is ours.
    let follows = if known.contains("value") || known.contains("assertion") { "" } else { &message[known.len()..] };
    let plain = |character: char| character.is_ascii_alphanumeric() || " .,;:()<>=+-*".contains(character);
    let end = follows.find(|character| !plain(character)).unwrap_or(follows.len());
    let kept = format!("{known}{}", &follows[..end]);
    if kept.len() == message.len() { kept } else { format!("{} … ({LEFT_OUT})", kept.trim_end()) }
}
