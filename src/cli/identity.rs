//! Who I am and which machine this is: from the command line, the environment, or the user's settings.

use std::fs;
use std::path::PathBuf;

use directories::ProjectDirs;
use jiff::Timestamp;
use serde::Deserialize;

use super::manners::Failure;
use crate::annotation::Annotator;
use crate::store::Author;

/// Who works, and on which machine.
#[derive(Clone, Debug)]
pub struct Identity {
    pub annotator: Annotator,
    /// The name was given or is in the settings; else it is the system's user.
    pub chosen: bool,
    /// A short name of this machine, unique among those of the annotator.
    pub device: String,
}

/// What of the settings matters here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Chosen {
    annotator: Option<String>,
}

impl Identity {
    /// `given` is what `--annotator` or `SPANWRIGHT_ANNOTATOR` says.
    pub(super) fn new(given: Option<&str>) -> Result<Self, Failure> {
        let given = given.map(str::trim).filter(|name| !name.is_empty());
        if given == Some(Annotator::GOLD) {
            let sentence = "“gold” is the name of the layers that adjudication makes. Give --annotator another name";
            return Err(Failure::Said(sentence.to_owned()));
        }
        let chosen = given.map(str::to_owned).or_else(from_settings);
        let user = || ["USER", "USERNAME", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok());
        let name =
            chosen.clone().or_else(user).filter(|name| !name.is_empty()).unwrap_or_else(|| "annotator".to_owned());
        Ok(Self { annotator: Annotator::from(name), chosen: chosen.is_some(), device: device() })
    }

    /// As the log names whoever does something now.
    pub(super) fn author(&self, schema: String) -> Author {
        Author { annotator: self.annotator.clone(), device: self.device.clone(), at: Timestamp::now(), schema }
    }

    /// The folder of the user's settings.
    pub fn settings() -> Option<PathBuf> {
        ProjectDirs::from("", "", "spanwright").map(|folders| folders.config_dir().to_owned())
    }
}

fn from_settings() -> Option<String> {
    let source = fs::read_to_string(Identity::settings()?.join("settings.ron")).ok()?;
    let options = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
    let chosen: Chosen = options.from_str(&source).unwrap_or_default();
    chosen.annotator.filter(|name| !name.is_empty())
}

/// Made once for each user and machine, and kept beside the settings. Where it cannot be kept, a new one each time: a layer's clock
/// then has more entries and is still right.
fn device() -> String {
    let path = Identity::settings().map(|folder| folder.join("device"));
    let known = path.as_ref().and_then(|path| fs::read_to_string(path).ok());
    if let Some(known) = known.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()) {
        return known;
    }
    let random = ulid::Ulid::generate().to_string().to_lowercase();
    let name = format!("d-{}", &random[random.len() - 8..]);
    if let Some(path) = path
        && let Some(folder) = path.parent()
    {
        // A name that is not kept is still a name.
        let _ = fs::create_dir_all(folder).and_then(|()| fs::write(&path, format!("{name}\n")));
    }
    name
}
