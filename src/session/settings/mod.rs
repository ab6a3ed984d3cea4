//! [`Settings`]: what a person chose once, for every project; [`SettingsFile`] keeps it.

mod file;
mod reading;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::file::SettingsFile;
pub use self::reading::{ColumnWidth, LineSpacing};
use crate::annotation::Annotator;

/// What a person chose once, for every project.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Who I am; asked for when first needed.
    pub annotator: Option<String>,
    pub theme: ThemeChoice,
    /// Size of the text that is read, in points: 15 to 22.
    pub text_size: f32,
    pub serif: bool,
    pub line_spacing: LineSpacing,
    pub column_width: ColumnWidth,
    /// Numbers of the text's own lines, beside it.
    pub line_numbers: bool,
    /// What is not the article shows as one quiet line.
    pub fold_boilerplate: bool,
    /// Spaces, line ends and characters without width are shown.
    pub show_invisible: bool,
    /// Ask for required attributes as soon as a span is marked.
    pub careful: bool,
    /// The label used last stays armed: the next drag marks at once.
    pub rapid: bool,
    /// Tell what is missing before a document is finished.
    pub check_before_finishing: bool,
    /// Count the time that is worked on each document.
    pub time: bool,
    /// The user's own keys, by action id.
    pub keys: BTreeMap<String, Vec<String>>,
    /// Projects that were open, the last one first.
    pub recent: Vec<Recent>,
    pub window: Option<Geometry>,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ThemeChoice {
    #[default]
    System,
    Light,
    Dark,
}

/// A project that was open, and where work stopped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Recent {
    pub path: PathBuf,
    pub name: String,
    /// The document on the page, and the caret in it, in bytes.
    pub document: Option<String>,
    pub caret: usize,
    /// Documents come by chance.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub shuffled: bool,
    pub opened: Option<Timestamp>,
}

/// The window as it was left. Where it stood is left to the system: the screen it stood on may be gone.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Geometry {
    /// In points.
    pub width: f32,
    pub height: f32,
    pub maximised: bool,
    pub zoom: f32,
}

/// Sizes of the text that is read, in points.
pub const TEXT_SIZES: std::ops::RangeInclusive<f32> = 15.0..=22.0;
/// Projects that are remembered.
const RECENT: usize = 12;

impl Default for Settings {
    fn default() -> Self {
        Self {
            annotator: None,
            theme: ThemeChoice::System,
            text_size: 17.5,
            serif: true,
            line_spacing: LineSpacing::default(),
            column_width: ColumnWidth::default(),
            line_numbers: false,
            fold_boilerplate: false,
            show_invisible: false,
            careful: false,
            rapid: false,
            check_before_finishing: true,
            time: true,
            keys: BTreeMap::new(),
            recent: Vec::new(),
            window: None,
        }
    }
}

impl Default for Geometry {
    fn default() -> Self {
        Self { width: 1280.0, height: 840.0, maximised: false, zoom: 1.0 }
    }
}

impl Settings {
    /// Who I am, where that was said.
    pub fn annotator(&self) -> Option<Annotator> {
        self.annotator.as_deref().and_then(|name| annotator(name).ok())
    }

    /// Puts a project at the top of the recent ones. A place that is not given stays as it was remembered.
    pub fn remember(&mut self, path: &Path, name: &str, place: Option<(&str, usize)>, at: Timestamp) {
        // What RON cannot hold would keep everything else from being written.
        if path.to_str().is_none() {
            return;
        }
        let at = Timestamp::from_second(at.as_second()).unwrap_or(at);
        let known = self.recent.iter().position(|recent| recent.path == path);
        let mut recent = known.map(|known| self.recent.remove(known)).unwrap_or_default();
        if let Some((document, caret)) = place {
            recent.document = Some(document.to_owned());
            recent.caret = caret;
        }
        self.recent.insert(0, Recent { path: path.to_owned(), name: name.to_owned(), opened: Some(at), ..recent });
        self.recent.truncate(RECENT);
    }

    /// The remembered place of a project.
    pub fn place(&self, path: &Path) -> Option<(&str, usize)> {
        let recent = self.recent.iter().find(|recent| recent.path == path)?;
        Some((recent.document.as_deref()?, recent.caret))
    }

    /// Documents of this project come by chance.
    pub fn shuffled(&self, path: &Path) -> bool {
        self.recent.iter().any(|recent| recent.path == path && recent.shuffled)
    }

    /// Everything that a person chooses in the dialog, as it was at first. Name, keys, recent projects and the window stay.
    #[must_use]
    pub fn reset(&self) -> Self {
        let Self { annotator, keys, recent, window, .. } = self.clone();
        Self { annotator, keys, recent, window, ..Self::default() }
    }
}

/// A name somebody may work under, without the blanks around it.
pub fn annotator(name: &str) -> Result<Annotator, &'static str> {
    match name.trim() {
        "" => Err("Type a name"),
        Annotator::GOLD => Err("“gold” is the name of the layers that adjudication makes. Take another name"),
        name if name.chars().any(char::is_control) => Err("A name is one line of text"),
        name => Ok(Annotator::from(name)),
    }
}
