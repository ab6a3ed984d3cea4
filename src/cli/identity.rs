//! Who I am and which machine this is: from the command line, the environment, or the user's settings.

use jiff::Timestamp;

use super::manners::Failure;
use crate::annotation::Annotator;
use crate::session::settings::SettingsFile;
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

impl Identity {
    /// `given` is what `--annotator` or `SPANWRIGHT_ANNOTATOR` says.
    pub(super) fn new(given: Option<&str>) -> Result<Self, Failure> {
        let settings = SettingsFile::user();
        let given = given.map(str::trim).filter(|name| !name.is_empty());
        if given == Some(Annotator::GOLD) {
            let sentence = "“gold” is the name of the layers that adjudication makes. Give --annotator another name";
            return Err(Failure::Said(sentence.to_owned()));
        }
        let chosen = given.map(str::to_owned).or_else(|| settings.read().0.annotator().map(|name| name.to_string()));
        let user = || ["USER", "USERNAME", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok());
        let name =
            chosen.clone().or_else(user).filter(|name| !name.is_empty()).unwrap_or_else(|| "annotator".to_owned());
        Ok(Self { annotator: Annotator::from(name), chosen: chosen.is_some(), device: settings.device() })
    }

    /// As the log names whoever does something now.
    pub(super) fn author(&self, schema: String) -> Author {
        Author { annotator: self.annotator.clone(), device: self.device.clone(), at: Timestamp::now(), schema }
    }
}
