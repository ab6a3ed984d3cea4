//! [`Watch`]: what people edit beside the program. The journal's thread looks once a second, and whenever it is asked to.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::assign;

/// What was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    /// `schema.ron` has another content.
    Schema(String),
    /// So has `guidelines.md`; `None`: there is none.
    Guidelines(Option<String>),
    /// `assignments.ron` may have another content; it is read by whoever knows the documents.
    Assignments,
    /// The folder is not there any more…
    Gone,
    /// …and there again.
    Back,
}

/// A project's folder, as it was seen last.
#[derive(Debug)]
pub(super) struct Watch {
    folder: PathBuf,
    schema: File,
    guidelines: File,
    assignments: PathBuf,
    /// When the assignments were looked at last.
    assigned: Option<Stamp>,
    gone: bool,
}

/// Size and time of a file that is there.
type Stamp = Option<(u64, Option<SystemTime>)>;

fn stamp(path: &Path) -> Stamp {
    fs::metadata(path).ok().map(|about| (about.len(), about.modified().ok()))
}

#[derive(Debug)]
struct File {
    path: PathBuf,
    stamp: Stamp,
    content: Option<String>,
}

pub(super) const SCHEMA: &str = "schema.ron";
pub(super) const GUIDELINES: &str = "guidelines.md";

impl Watch {
    /// From now on.
    pub(super) fn new(folder: &Path) -> Self {
        let file = |name: &str| {
            let mut file = File { path: folder.join(name), stamp: None, content: None };
            file.look();
            file
        };
        Self {
            folder: folder.to_owned(),
            schema: file(SCHEMA),
            guidelines: file(GUIDELINES),
            assignments: folder.join(assign::FILE),
            assigned: None,
            gone: false,
        }
    }

    /// The guidelines, as they were seen last.
    pub(super) fn guidelines(&self) -> Option<&str> {
        self.guidelines.content.as_deref()
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder is not there, or no project any more. One question to the system.
    pub(super) fn is_gone(&self) -> bool {
        !self.folder.join("project.ron").exists()
    }

    /// Whether the file of the assignments looks otherwise than the last time; the first time it does if it is there.
    pub(super) fn look_at_assignments(&mut self) -> bool {
        let stamp = stamp(&self.assignments);
        let before = self.assigned.replace(stamp);
        before.map_or(stamp.is_some(), |before| before != stamp)
    }

    /// Bytes of the file of the assignments.
    pub(super) fn size_of_assignments(&self) -> u64 {
        stamp(&self.assignments).map_or(0, |(bytes, _)| bytes)
    }

    /// What is different from the last time.
    pub(super) fn look(&mut self) -> Vec<Sight> {
        let gone = self.is_gone();
        let mut sights = Vec::new();
        if gone != std::mem::replace(&mut self.gone, gone) {
            sights.push(if gone { Sight::Gone } else { Sight::Back });
        }
        if gone {
            return sights;
        }
        // A schema that is being replaced may be missing for a moment.
        if self.schema.look() {
            sights.extend(self.schema.content.clone().map(Sight::Schema));
        }
        if self.guidelines.look() {
            sights.push(Sight::Guidelines(self.guidelines.content.clone()));
        }
        if self.look_at_assignments() {
            sights.push(Sight::Assignments);
        }
        sights
    }
}

/// What is no UTF-8 is shown as far as it is text, what is longer than anybody reads as far as that.
fn read(path: &Path) -> io::Result<String> {
    const MOST: u64 = 4 << 20;
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(MOST).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

impl File {
    /// Reads it again if it looks different. Whether its content is another one.
    fn look(&mut self) -> bool {
        let stamp = stamp(&self.path);
        if stamp == self.stamp {
            return false;
        }
        self.stamp = stamp;
        let content = read(&self.path).ok();
        let changed = content != self.content;
        self.content = content;
        changed
    }
}
