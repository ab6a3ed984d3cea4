//! `manifest.json`: what an export is, in numbers and choices, so that whoever finds it in a year knows what was written and how to make it
//! again. `ARCHITECTURE.md` gives the fields.
//!
//! The same export gives the same bytes: no clock is asked, and everything is in order.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::loss::Loss;
use super::options::WriteOptions;
use super::split::{PARTS, SplitReport};
use super::table::Format;
use super::tokens::Misaligned;
use crate::annotation::Layer;
use crate::annotation::exchange::Offsets;
use crate::schema::{LabelId, Schema};
use crate::text::convert::Unit;
use crate::text::{Document, TextHash};

/// What an export is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Of this file's own format: 1.
    pub manifest: u32,
    /// `spanwright 0.1.0`
    pub program: String,
    /// RFC 3339; only if whoever exports gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    pub format: FormatName,
    /// Written; one in two versions of its text counts twice.
    pub documents: u64,
    pub layers: u64,
    /// As they were before the format changed or left out any (`losses`).
    pub spans: u64,
    pub relations: u64,
    /// Spans by label.
    pub labels: BTreeMap<LabelId, u64>,
    /// Layers by annotator.
    pub annotators: BTreeMap<String, u64>,
    /// The annotators' names are not their own.
    pub pseudonyms: bool,
    /// Layers by status.
    pub statuses: BTreeMap<String, u64>,
    /// Documents by source; `""` are those without one.
    pub sources: BTreeMap<String, u64>,
    pub chosen: Chosen,
    pub schema: SchemaName,
    pub offsets: Counting,
    /// `null` for a format that does not count in tokens.
    pub tokens: Option<Tokenising>,
    /// `null` where all went into one.
    pub split: Option<SplitReport>,
    /// What the format could not hold: how often.
    pub losses: BTreeMap<String, u64>,
    /// Everything that was written but this file, by path.
    pub files: Vec<Written>,
}

/// A row of the table of formats.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormatName {
    pub id: String,
    pub name: String,
}

/// What was asked for; an empty list is everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    pub annotators: Vec<String>,
    pub statuses: Vec<String>,
    pub labels: Vec<LabelId>,
}

/// Under which schema.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaName {
    pub name: String,
    /// Name and hash of what it means ([`Schema::stamp`]).
    pub stamp: String,
}

/// What offsets count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counting {
    /// `code points`, `UTF-16 units`, `bytes`
    pub unit: String,
    /// `lf`: line ends are LF and there is no byte order mark; `source`: as the source had them.
    pub newlines: String,
}

/// How texts were cut.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokenising {
    /// `uax29-cut`: Unicode word bounds (UAX #29), and a cut at every edge of a span; `uax29` without these cuts.
    pub tokeniser: String,
    /// What became of spans that do not end where a token does: `cut`, `expand`, `contract`, `drop`.
    pub misaligned: String,
    /// `bio`, `bioes`, `bilou`; `null` for a format without tags.
    pub scheme: Option<String>,
}

/// One file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Below the folder of the manifest, with `/`.
    pub path: String,
    pub bytes: u64,
    pub sha256: String,
    /// The part of the split that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// In it, where one file holds a whole part, or everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documents: Option<u64>,
}

/// The manifest's own name.
pub const FILE: &str = "manifest.json";

impl Manifest {
    /// One that has not counted anything yet. Of `options`, the split is left out: it is set when it is known.
    pub fn new(format: &Format, options: &WriteOptions) -> Self {
        let unit = match format.unit {
            Unit::Byte => "bytes",
            Unit::CodePoint => "code points",
            Unit::Utf16 => "UTF-16 units",
        };
        let newlines = if options.offsets == Offsets::Original { "source" } else { "lf" };
        Self {
            manifest: 1,
            program: concat!("spanwright ", env!("CARGO_PKG_VERSION")).to_owned(),
            created: None,
            format: FormatName { id: format.id.to_owned(), name: format.name.to_owned() },
            documents: 0,
            layers: 0,
            spans: 0,
            relations: 0,
            labels: options.labels.iter().map(|label| (label.clone(), 0)).collect(),
            annotators: BTreeMap::new(),
            pseudonyms: false,
            statuses: BTreeMap::new(),
            sources: BTreeMap::new(),
            chosen: Chosen::default(),
            schema: SchemaName::of(&options.schema),
            offsets: Counting { unit: unit.to_owned(), newlines: newlines.to_owned() },
            tokens: Tokenising::of(format, options),
            split: None,
            losses: BTreeMap::new(),
            files: Vec::new(),
        }
    }

    /// Counts a document with the layers that are written.
    pub fn count(&mut self, document: &Document, layers: &[Arc<Layer>]) {
        self.documents += 1;
        *self.sources.entry(document.meta_text("source").unwrap_or_default().trim().to_owned()).or_default() += 1;
        for layer in layers {
            self.layers += 1;
            self.spans += layer.spans.len() as u64;
            self.relations += layer.relations.len() as u64;
            *self.annotators.entry(layer.annotator.as_str().to_owned()).or_default() += 1;
            *self.statuses.entry(layer.status.as_str().to_owned()).or_default() += 1;
            for span in layer.spans.iter() {
                match self.labels.get_mut(&span.label) {
                    Some(count) => *count += 1,
                    None => drop(self.labels.insert(span.label.clone(), 1)),
                }
            }
        }
    }

    /// Counts what was left out.
    pub fn lose(&mut self, losses: &[Loss]) {
        for loss in losses {
            *self.losses.entry(loss.what.lost().to_owned()).or_default() += 1;
        }
    }

    /// Takes in the files of the folder, once everything else is written. A file is of a part if its name, or a folder above it, begins
    /// with the part's: `train.spacy`, `dev/0001.ann`, `data/test-00000.parquet`.
    pub fn seal(&mut self, folder: &Path) -> io::Result<()> {
        self.hold(files(folder)?);
        Ok(())
    }

    /// Likewise, files that are measured already.
    pub fn hold(&mut self, files: Vec<Written>) {
        self.files = files;
        for file in &mut self.files {
            file.part = self.split.as_ref().and_then(|_| part(&file.path)).map(str::to_owned);
        }
        for counts in self.split.iter().flat_map(|split| &split.parts) {
            let mut those = self.files.iter_mut().filter(|file| file.part.as_ref() == Some(&counts.name));
            if let (Some(only), None) = (those.next(), those.next()) {
                only.documents = Some(counts.documents);
            }
        }
        let mut data = self.files.iter_mut().filter(|file| file.is_data());
        if let (None, Some(only), None) = (&self.split, data.next(), data.next()) {
            only.documents = Some(self.documents);
        }
    }

    /// Takes in one file that was written after [`seal`](Self::seal), or anew: the card.
    pub fn add(&mut self, folder: &Path, path: &str) -> io::Result<()> {
        let file = Written::of(&folder.join(path), path.to_owned())?;
        self.files.retain(|file| file.path != path);
        let place = self.files.partition_point(|file| file.path.as_str() < path);
        self.files.insert(place, file);
        Ok(())
    }

    /// The file that holds a whole part.
    pub fn file_of(&self, part: &str) -> Option<&str> {
        let mut those = self.files.iter().filter(|file| file.part.as_deref() == Some(part));
        let first = those.next();
        first.filter(|_| those.next().is_none()).map(|file| file.path.as_str())
    }

    /// As the file has it, with a line end.
    pub fn to_json(&self) -> io::Result<Vec<u8>> {
        let mut json = serde_json::to_vec_pretty(self)?;
        json.push(b'\n');
        Ok(json)
    }
}

impl SchemaName {
    pub fn of(schema: &Schema) -> Self {
        Self { name: schema.name.clone(), stamp: schema.stamp() }
    }
}

impl Tokenising {
    /// `None` where the format does not count in tokens.
    pub fn of(format: &Format, options: &WriteOptions) -> Option<Self> {
        let tagged = matches!(format.id, "conll" | "conllu" | "parquet" | "hf");
        (tagged || matches!(format.id, "spacy" | "prodigy")).then(|| Self {
            tokeniser: if options.misaligned == Misaligned::Cut { "uax29-cut" } else { "uax29" }.to_owned(),
            misaligned: options.misaligned.as_str().to_owned(),
            scheme: tagged.then(|| options.scheme.as_str().to_owned()),
        })
    }
}

impl Written {
    /// Measures and hashes a file, piece by piece.
    pub fn of(file: &Path, path: String) -> io::Result<Self> {
        let (mut input, mut hash, mut bytes) = (File::open(file)?, Sha256::new(), 0);
        let mut buffer = vec![0; 1 << 16];
        loop {
            match input.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => {
                    hash.update(&buffer[..count]);
                    bytes += count as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let sha256 = TextHash(hash.finalize().into()).to_string();
        Ok(Self { path, bytes, sha256, ..Self::default() })
    }

    /// It is not the card.
    pub(super) fn is_data(&self) -> bool {
        self.path != "README.md"
    }
}

/// Every file below the folder but its manifest, by path, measured and hashed. Links are not followed.
pub fn files(folder: &Path) -> io::Result<Vec<Written>> {
    let (mut found, mut open) = (Vec::new(), vec![(folder.to_owned(), String::new())]);
    while let Some((folder, prefix)) = open.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type()?;
            if kind.is_dir() {
                open.push((entry.path(), format!("{path}/")));
            } else if kind.is_file() && path != FILE {
                found.push(Written::of(&entry.path(), path)?);
            }
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

/// The part that a path is of, by its first name that says one.
fn part(path: &str) -> Option<&'static str> {
    let of = |name: &str| {
        let rest = |part: &'static str| name.strip_prefix(part).map(|rest| (part, rest));
        let found = PARTS.into_iter().find_map(rest);
        found.filter(|(_, rest)| !rest.starts_with(|next: char| next.is_alphanumeric())).map(|(part, _)| part)
    };
    path.split('/').find_map(of)
}
