//! `spanwright-extra.jsonl`, beside the files of an export: one line per document with what brat has no place for. brat passes it over.
//!
//! What it says of a span or relation holds only while the `.ann` file still has the line that it was said of; the rest was changed in
//! brat since, and brat's word counts.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::annotation::{Attributes, Status};
use crate::text::{NewlineMap, Place, Problem};

pub(super) const NAME: &str = "spanwright-extra.jsonl";

/// What is said of one document and one layer of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Aside {
    /// The text's file, relative, with `/`.
    pub file: String,
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annotator: Option<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub meta: Map<String, Value>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
    /// How the source wrote its newlines, where the text's file has them as LF.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newlines: Option<NewlineMap>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<Said>,
    /// By the id in the file.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub spans: BTreeMap<String, Item>,
    /// By the id in the file; of a role `E1 Role`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub relations: BTreeMap<String, Item>,
}

/// What is said of a layer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flag: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub schema: String,
    #[serde(skip_serializing_if = "Attributes::is_empty")]
    pub attributes: Attributes,
    #[serde(skip_serializing_if = "is_zero")]
    pub seconds: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<Value>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

/// What is said of a span or relation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Item {
    /// The line's second field: what it must still be.
    pub is: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The span's fragments before they were cut at line ends and tabs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ranges: Vec<(usize, usize)>,
    /// Values that brat cannot write as they are.
    #[serde(skip_serializing_if = "Attributes::is_empty")]
    pub attributes: Attributes,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Item {
    /// There is nothing to say beside what it is.
    pub fn is_empty(&self) -> bool {
        *self == Self { is: self.is.clone(), ..Self::default() }
    }
}

/// The lines of one such file, found by the text's file. Holds places, not lines.
#[derive(Debug)]
pub(super) struct Asides {
    path: PathBuf,
    /// Where the line begins, its bytes, and the document's id.
    places: HashMap<String, (u64, u64, String)>,
}

/// Of a line that is only looked up.
#[derive(Deserialize)]
struct Head {
    file: String,
    id: String,
}

impl Asides {
    /// Those of a folder; `None` where it has no such file. Broken lines are said once each.
    pub fn of(folder: &Path, problems: &mut Vec<Problem>) -> Option<Self> {
        let path = folder.join(NAME);
        let mut source = BufReader::new(File::open(&path).ok()?);
        let mut asides = Self { path, places: HashMap::new() };
        let (mut line, mut start, mut number) = (Vec::new(), 0_u64, 0);
        loop {
            line.clear();
            number += 1;
            let count = match source.read_until(b'\n', &mut line) {
                Ok(0) => return Some(asides),
                Ok(count) => count as u64,
                Err(error) => {
                    problems.push(asides.broken(number, &error.to_string()));
                    return Some(asides);
                }
            };
            if !line.trim_ascii().is_empty() {
                match serde_json::from_slice::<Head>(&line) {
                    Ok(head) => drop(asides.places.insert(head.file, (start, count, head.id))),
                    Err(error) => problems.push(asides.broken(number, &error.to_string())),
                }
            }
            start += count;
        }
    }

    fn broken(&self, number: usize, error: &str) -> Problem {
        let error = error.split(" at line ").next().unwrap_or(error);
        let place = Place::file(self.path.display().to_string()).at_line(number);
        Problem::warning(place, format!("what brat has no place for could not be read here: {error}"))
    }

    /// The id of the document whose text stands in `file`.
    pub fn id(&self, file: &str) -> Option<&str> {
        self.places.get(file).map(|(.., id)| id.as_str())
    }

    /// What is said of it.
    pub fn get(&self, file: &str) -> Option<Aside> {
        let &(start, length, _) = self.places.get(file)?;
        let read = || -> io::Result<Aside> {
            let mut source = File::open(&self.path)?;
            source.seek(SeekFrom::Start(start))?;
            let mut line = Vec::new();
            source.take(length).read_to_end(&mut line)?;
            Ok(serde_json::from_slice(&line)?)
        };
        read().ok()
    }
}
