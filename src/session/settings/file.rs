//! [`SettingsFile`]: the RON file that keeps the settings.
//!
//! The file is the user's: a change exchanges the values that changed and leaves comments, and fields that we do not know, alone.
//! A value that cannot be read is a warning with its line and column, and counts as not given; the other values hold.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use serde::de::DeserializeOwned;

use super::{Settings, TEXT_SIZES};
use crate::schema::source::Value;
use crate::schema::{Source, Step};
use crate::text::{Place, Problem};

/// Where settings are kept.
#[derive(Clone, Debug, Default)]
pub struct SettingsFile {
    /// The folder; without one nothing is kept.
    folder: Option<PathBuf>,
}

const FILE: &str = "settings.ron";
const BROKEN: &str = "settings.ron.broken";
const FIELDS: [&str; 16] = [
    "annotator",
    "theme",
    "text_size",
    "serif",
    "line_spacing",
    "column_width",
    "line_numbers",
    "fold_boilerplate",
    "show_invisible",
    "careful",
    "rapid",
    "check_before_finishing",
    "time",
    "keys",
    "recent",
    "window",
];
const EMPTY: &str =
    "// What you chose in Spanwright. You may edit it; comments stay.\nSettings(\n    theme: System,\n)\n";

impl SettingsFile {
    /// The user's: in the system's folder for settings, or in the one that `SPANWRIGHT_CONFIG` names.
    pub fn user() -> Self {
        let named = std::env::var_os("SPANWRIGHT_CONFIG").filter(|folder| !folder.is_empty()).map(PathBuf::from);
        let system = || ProjectDirs::from("", "", "spanwright").map(|folders| folders.config_dir().to_owned());
        Self { folder: named.or_else(system) }
    }

    /// In this folder.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: Some(folder.into()) }
    }

    /// The file itself.
    pub fn path(&self) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(FILE))
    }

    /// Reads the settings. Never fails: what cannot be read is a problem, and a file that is no RON is kept under another name.
    pub fn read(&self) -> (Settings, Vec<Problem>) {
        let (read, mut problems) = self.source();
        let Some(source) = read else { return (Settings::default(), problems) };
        let settings = of_source(&source, &mut problems);
        (settings, problems)
    }

    /// Makes a change and writes it. What another window changed since is kept, and taken over. `Err` says why it could not be written;
    /// the change holds all the same until the program ends.
    pub fn change(&self, settings: &mut Settings, change: impl Fn(&mut Settings)) -> Result<(), String> {
        change(settings);
        let Some(path) = self.path() else { return Ok(()) };
        let (source, problems) = self.source();
        if !problems.is_empty() {
            // Whatever it is, it is not ours to overwrite.
            let _ = fs::rename(&path, path.with_file_name(BROKEN));
        }
        let mut source = source.unwrap_or_else(|| Source::parse(EMPTY, FILE));
        let before = of_source(&source, &mut Vec::new());
        let mut after = before.clone();
        change(&mut after);
        let told =
            |why: &dyn std::fmt::Display| format!("Your settings could not be written to {}: {why}", path.display());
        for (field, value) in changed(&before, &after) {
            let value = value.map_err(|error| told(&error))?;
            source.set(&[Step::Field(field)], &value).map_err(|error| told(&error))?;
        }
        *settings = after;
        replace(&path, source.text()).map_err(|error| told(&error))
    }

    /// The file's text as a tree; `None` where there is none, or none that can be read.
    fn source(&self) -> (Option<Source>, Vec<Problem>) {
        let Some(path) = self.path() else { return (None, Vec::new()) };
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return (None, Vec::new()),
            Err(error) => {
                let sentence = format!("your settings could not be read: {error}. Everything is as at first");
                return (None, vec![Problem::warning(Place::file(path.display().to_string()), sentence)]);
            }
        };
        let broken = |why: String| {
            let sentence = format!("your settings could not be read: {why}. Everything is as at first");
            let fix = format!("The next change keeps the file as {BROKEN} and begins a new one");
            (None, vec![Problem::warning(Place::file(path.display().to_string()), sentence).fix(fix)])
        };
        let Ok(text) = String::from_utf8(bytes) else { return broken("it is no text".to_owned()) };
        let source = Source::parse(&text, FILE);
        if let Some(problem) = source.problems().first() {
            return broken(problem.to_string());
        }
        match &source.root().value {
            Value::Struct(..) => (Some(source), Vec::new()),
            Value::Tuple(_, items) if items.is_empty() => (Some(source), Vec::new()),
            _ => broken(format!("it should read like Settings(…) and is {}", source.root().describe())),
        }
    }

    /// A short name of this machine, unique among those of the annotator. Made once, and kept in a file of its own: settings may be
    /// copied to another machine, the name may not. Where it cannot be kept, a new one each time.
    pub fn device(&self) -> String {
        let path = self.folder.as_ref().map(|folder| folder.join("device"));
        let known = path.as_ref().and_then(|path| fs::read_to_string(path).ok());
        if let Some(known) = known.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()) {
            return known;
        }
        let random = ulid::Ulid::generate().to_string().to_lowercase();
        let name = format!("d-{}", &random[random.len() - 8..]);
        if let Some(path) = path {
            // A name that is not kept is still a name.
            let _ = replace(&path, &format!("{name}\n"));
        }
        name
    }
}

/// The settings a tree holds. What is unknown or wrong is a warning.
fn of_source(source: &Source, problems: &mut Vec<Problem>) -> Settings {
    let first = Settings::default();
    let mut read = Reading { source, problems };
    let settings = Settings {
        annotator: read.field("annotator").unwrap_or(first.annotator),
        theme: read.field("theme").unwrap_or(first.theme),
        text_size: read
            .field("text_size")
            .filter(|size: &f32| size.is_finite())
            .unwrap_or(first.text_size)
            .clamp(*TEXT_SIZES.start(), *TEXT_SIZES.end()),
        serif: read.field("serif").unwrap_or(first.serif),
        line_spacing: read.field("line_spacing").unwrap_or(first.line_spacing),
        column_width: read.field("column_width").unwrap_or(first.column_width),
        line_numbers: read.field("line_numbers").unwrap_or(first.line_numbers),
        fold_boilerplate: read.field("fold_boilerplate").unwrap_or(first.fold_boilerplate),
        show_invisible: read.field("show_invisible").unwrap_or(first.show_invisible),
        careful: read.field("careful").unwrap_or(first.careful),
        rapid: read.field("rapid").unwrap_or(first.rapid),
        check_before_finishing: read.field("check_before_finishing").unwrap_or(first.check_before_finishing),
        time: read.field("time").unwrap_or(first.time),
        keys: read.field("keys").unwrap_or(first.keys),
        recent: read.field("recent").unwrap_or(first.recent),
        window: read.field("window").unwrap_or(first.window),
    };
    read.unknown();
    settings
}

struct Reading<'a> {
    source: &'a Source,
    problems: &'a mut Vec<Problem>,
}

impl Reading<'_> {
    fn field<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        let node = self.source.find(&[Step::Field(name)])?;
        match ron().from_str(&self.source.text()[node.range.clone()]) {
            Ok(value) => Some(value),
            Err(error) => {
                let place = self.source.place(node.range.start).field(name);
                self.problems.push(Problem::warning(place, format!("this setting cannot be read: {}", error.code)));
                None
            }
        }
    }

    fn unknown(&mut self) {
        let Value::Struct(_, fields) = &self.source.root().value else { return };
        for field in fields.iter().filter(|field| !FIELDS.contains(&field.name.as_str())) {
            let near = FIELDS.iter().find(|known| strsim::damerau_levenshtein(known, &field.name) <= 2);
            let fix = near.map(|near| format!("Did you mean {near}?")).unwrap_or_default();
            let place = self.source.place(field.at.start);
            self.problems.push(Problem::warning(place, format!("there is no setting “{}”", field.name)).fix(fix));
        }
    }
}

/// The fields that differ, as RON writes them.
fn changed(before: &Settings, after: &Settings) -> Vec<(&'static str, ron::Result<String>)> {
    let mut fields = Vec::new();
    let options = ron();
    let list = || ron::ser::PrettyConfig::new().depth_limit(1).indentor("    ");
    let indented = |text: String| text.replace('\n', "\n    ");
    if before.annotator != after.annotator {
        fields.push(("annotator", options.to_string(&after.annotator)));
    }
    if before.theme != after.theme {
        fields.push(("theme", options.to_string(&after.theme)));
    }
    if before.text_size.to_bits() != after.text_size.to_bits() {
        fields.push(("text_size", options.to_string(&after.text_size)));
    }
    if before.serif != after.serif {
        fields.push(("serif", options.to_string(&after.serif)));
    }
    if before.line_spacing != after.line_spacing {
        fields.push(("line_spacing", options.to_string(&after.line_spacing)));
    }
    if before.column_width != after.column_width {
        fields.push(("column_width", options.to_string(&after.column_width)));
    }
    if before.line_numbers != after.line_numbers {
        fields.push(("line_numbers", options.to_string(&after.line_numbers)));
    }
    if before.fold_boilerplate != after.fold_boilerplate {
        fields.push(("fold_boilerplate", options.to_string(&after.fold_boilerplate)));
    }
    if before.show_invisible != after.show_invisible {
        fields.push(("show_invisible", options.to_string(&after.show_invisible)));
    }
    if before.careful != after.careful {
        fields.push(("careful", options.to_string(&after.careful)));
    }
    if before.time != after.time {
        fields.push(("time", options.to_string(&after.time)));
    }
    if before.rapid != after.rapid {
        fields.push(("rapid", options.to_string(&after.rapid)));
    }
    if before.check_before_finishing != after.check_before_finishing {
        fields.push(("check_before_finishing", options.to_string(&after.check_before_finishing)));
    }
    if before.keys != after.keys {
        fields.push(("keys", options.to_string_pretty(&after.keys, list()).map(indented)));
    }
    if before.recent != after.recent {
        fields.push(("recent", options.to_string_pretty(&after.recent, list()).map(indented)));
    }
    if before.window != after.window {
        fields.push(("window", options.to_string(&after.window)));
    }
    fields
}

/// RON as people write it: what may be missing is not wrapped in `Some`.
fn ron() -> ron::Options {
    ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME)
}

/// Writes a file under another name and then gives it its own.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(".settings-").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
