//! [`FileDialogs`]: asking the system for a file or a folder; a trait, so that tests can answer.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fmt, io};

/// What is to be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    Folder {
        title: String,
    },
    Files {
        title: String,
    },
    /// A place to write to. `name` is what it would be called, `start` the folder where choosing begins.
    Save {
        title: String,
        name: String,
        start: PathBuf,
    },
}

/// Asks the system. Called on a thread of its own: an answer may take as long as a person takes, or longer.
pub trait FileDialogs: Send + Sync + fmt::Debug {
    /// Nothing: it was cancelled, or there is no such dialog on this machine. Which of the two cannot be known.
    fn choose(&self, choice: &Choice) -> Vec<PathBuf>;

    /// Opens a file with the program that the system has for it.
    fn open(&self, path: &Path) -> io::Result<()>;
}

/// The system's own dialogs.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

impl FileDialogs for System {
    fn choose(&self, choice: &Choice) -> Vec<PathBuf> {
        let dialog = rfd::FileDialog::new();
        match choice {
            Choice::Folder { title } => dialog.set_title(title).pick_folder().into_iter().collect(),
            Choice::Files { title } => dialog.set_title(title).pick_files().unwrap_or_default(),
            Choice::Save { title, name, start } => {
                let dialog = dialog.set_title(title).set_file_name(name).set_directory(start);
                dialog.save_file().into_iter().collect()
            }
        }
    }

    fn open(&self, path: &Path) -> io::Result<()> {
        let mut command = Command::new(match std::env::consts::OS {
            "macos" => "open",
            "windows" => "explorer",
            _ => "xdg-open",
        });
        let quiet = command.arg(path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut started = quiet.spawn()?;
        // Nobody waits for it but the system, which wants to know that somebody did.
        std::thread::spawn(move || started.wait());
        Ok(())
    }
}
