//! The command line: arguments, subcommands, manners. Works with no display.
//!
//! Standard output carries data and nothing else; messages go to standard error. Exit status: 0 done; 1 done, but something was
//! refused or fell short; 2 not done.

mod adjudicate;
mod agree;
mod args;
mod assign;
mod backup;
mod bench;
mod check;
mod complete;
mod convert;
mod diff;
mod export;
mod identity;
mod import;
mod list;
mod manners;
mod new;
mod project;
mod rename;
mod restore;
mod schema;
mod stats;
mod table;
mod window;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser as _;

pub use args::command;
pub use bench::{Frame, Samples, Screen};
pub use identity::Identity;
pub use window::Open;

use args::{Arguments, Command};
use manners::{Failure, Manners, Outcome};

use crate::session::crash;

/// What the command line cannot do itself, because it knows nothing of the window: `main` joins the two.
#[derive(Clone, Copy, Debug)]
pub struct Outside {
    /// Opens the window and returns when it is closed.
    pub window: fn(Open) -> Result<(), String>,
    /// Makes something that draws the window's frames without a display, if there is a window.
    pub screen: fn() -> Option<Screen>,
    /// Draws the pictures of the window into a folder; gives the files.
    pub pictures: fn(&Path) -> Result<Vec<PathBuf>, String>,
}

/// Does what the arguments of the process ask for.
pub fn run(outside: &Outside) -> ExitCode {
    let arguments = match Arguments::try_parse_from(std::env::args_os().map(negated)) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are data that were asked for; everything else is a message. Nobody may be listening to either.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let manners = Manners::new(arguments.quiet);
    // Only words that are commands: the others are paths and names.
    let words: Vec<_> = std::env::args().skip(1).collect();
    let subcommand =
        command().get_subcommands().map(|known| known.get_name().to_owned()).find(|known| words.contains(known));
    crash::trail(subcommand.map_or_else(|| "window".to_owned(), |known| format!("command {known}")));
    let outcome = dispatch(arguments, &manners, outside);
    match outcome {
        Ok(done) => ExitCode::from(done as u8),
        Err(Failure::NobodyListens) => ExitCode::SUCCESS,
        Err(Failure::Said(sentence)) => {
            manners.error(&sentence);
            ExitCode::from(2)
        }
    }
}

fn dispatch(arguments: Arguments, manners: &Manners, outside: &Outside) -> Outcome {
    let me = Identity::new(arguments.annotator.as_deref());
    match arguments.command {
        None => window::run(arguments.paths, &me?, outside.window),
        Some(Command::Demo) => window::demo(&me?, outside.window),
        Some(Command::New(new)) => new::run(&new, &me?, manners),
        Some(Command::Import(import)) => import::run(&import, &me?, manners),
        Some(Command::Export(export)) => export::run(&export, arguments.annotator.as_deref(), manners),
        Some(Command::Convert(convert)) => convert::run(&convert, &me?, manners),
        Some(Command::List(list)) => list::run(&list, &me?, manners),
        Some(Command::Stats(stats)) => stats::run(&stats, manners),
        Some(Command::Agree(agree)) => agree::run(&agree, arguments.annotator.as_deref(), manners),
        Some(Command::Diff(diff)) => diff::run(&diff, arguments.annotator.as_deref(), manners),
        Some(Command::Adjudicate(adjudicate)) => adjudicate::run(&adjudicate, arguments.annotator.as_deref(), manners),
        Some(Command::Assign(assign)) => assign::run(&assign, arguments.annotator.as_deref(), manners),
        Some(Command::Check(check)) => check::run(&check, manners),
        Some(Command::Rename(rename)) => rename::run(&rename, &me?, manners),
        Some(Command::Backup(backup)) => backup::run(&backup, manners),
        Some(Command::Restore(restore)) => restore::run(&restore, manners),
        Some(Command::Screenshot(shot)) => window::pictures(&shot.out, outside.pictures, manners),
        Some(Command::Bench(bench)) => bench::run(&bench, &me?, manners, outside.screen),
        Some(Command::Schema(schema)) => schema::run(&schema, manners),
        Some(Command::Completions { shell }) => complete::completions(shell),
        Some(Command::Man) => complete::man(),
    }
}

/// `-has:speaker` is no flag but a field that must not be there. With a space before it, it reads the same and looks like no flag.
fn negated(argument: OsString) -> OsString {
    let field = |words: &str| {
        let name = words.strip_prefix('-').and_then(|rest| rest.split_once(':')).map(|(name, _)| name);
        name.is_some_and(|name| name.len() > 1 && name.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
    };
    match argument.to_str() {
        Some(words) if field(words) => format!(" {words}").into(),
        _ => argument,
    }
}
