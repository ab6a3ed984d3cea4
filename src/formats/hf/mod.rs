//! A Hugging Face data set as a folder: JSON lines, and a card (`README.md`) whose `dataset_info` makes `ClassLabel`s of the labels'
//! names when `datasets.load_dataset(folder)` reads it. The columns are those of [`super::parquet`], which says what they hold.
//!
//! The lines are in `train.jsonl`, or in a file named as the part of the split that is written. Reading takes every `.jsonl` and
//! `.parquet` of the folder, so a data set that was downloaded is read as well. A card with features may stand beside them or not. One
//! file of such rows is read too ([`single`]).

mod card;
pub(super) mod columns;
pub(super) mod features;
mod foreign;
mod indexed;
pub(super) mod record;
pub(super) mod rows;
mod single;
mod tags;
mod yaml;

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

pub(super) use self::single::ROWS;

use self::columns::Classes;
use self::features::Features;
use self::record::{OURS, Reading, record};
pub(super) use self::tags::placed;
use super::glimpse::Glimpse;
use super::late::Loose;
use super::loss::Loss;
use super::options::{ReadOptions, WriteOptions};
use super::record::Records;
use super::split::PARTS;
use super::table::{self, Feature, Format, Shape, Sink, Writer};
use super::values::{self, Element, Values};
use crate::annotation::Layer;
use crate::annotation::exchange::to_json;
use crate::text::convert::Unit;
use crate::text::{Document, Place, Problem};

/// What the columns hold: everything.
pub(super) const CARRIES: table::Features = table::Features::all_but(&[Feature::Labels]);

/// A folder that `load_dataset` reads.
pub(super) static FORMAT: Format = Format {
    id: "hf",
    name: "Hugging Face folder",
    about: "JSON lines with a dataset card, a folder for load_dataset",
    extensions: &["jsonl"],
    unit: Unit::CodePoint,
    shape: Shape::Folder,
    carries: CARRIES,
    looks,
    reader: Some(read),
    writer: Some(writer),
    vocabulary: None,
    words: None,
};

const CARD: &str = "README.md";
/// What older data sets have instead.
const INFOS: &str = "dataset_infos.json";
/// Bytes of a card that are looked at.
const CARD_BYTES: u64 = 4 << 20;

/// A card that says something of the data, and data.
fn looks(glimpse: &Glimpse) -> bool {
    let mut names = glimpse.names.iter();
    glimpse.is_folder()
        && names.any(|name| is_data(name))
        && head(&glimpse.path).is_some_and(|head| !head["dataset_info"].is_null() || !head["configs"].is_null())
}

fn is_data(name: &str) -> bool {
    let ending = Path::new(name).extension().unwrap_or_default();
    ["jsonl", "ndjson", "parquet"].iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// The head of the folder's card.
fn head(folder: &Path) -> Option<Value> {
    yaml::head(&String::from_utf8_lossy(&beside(folder, CARD)?))
}

/// The start of a file in a folder.
fn beside(folder: &Path, name: &str) -> Option<Vec<u8>> {
    let mut start = Vec::new();
    File::open(folder.join(name)).ok()?.take(CARD_BYTES).read_to_end(&mut start).ok()?;
    Some(start)
}

/// What is said of the columns of files in a folder: there, or in the folder that it is in, as it is where data have a folder of their own.
pub(super) fn features(folder: &Path) -> Features {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let config = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let said = |folder: &Path| {
        let card = head(folder).map(|head| Features::of_card(&head, &config));
        card.filter(|features| !features.is_empty()).or_else(|| {
            let infos = serde_json::from_slice(&beside(folder, INFOS)?).ok()?;
            Some(Features::of_infos(&infos, &config)).filter(|features| !features.is_empty())
        })
    };
    said(&folder).or_else(|| said(folder.parent()?)).unwrap_or_default()
}

/// Reads a folder, or one file of it.
fn read(path: &Path, options: &ReadOptions) -> io::Result<Records> {
    let (folder, files) = if path.is_dir() {
        let names = Glimpse::at(path)?.names;
        let files: Vec<PathBuf> = names.iter().filter(|name| is_data(name)).map(|name| path.join(name)).collect();
        if files.is_empty() {
            let sentence = format!("{} holds no .jsonl and no .parquet file", path.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, sentence));
        }
        (path, files)
    } else {
        (path.parent().unwrap_or(path), vec![path.to_owned()])
    };
    let features = features(folder);
    let (several, options) = (files.len() > 1, *options);
    let records = files.into_iter().flat_map(move |file| match records(&file, &features, several, &options) {
        Ok(records) => records,
        Err(error) => {
            let place = Place::file(file.display().to_string());
            Box::new(std::iter::once(Err(Box::new(Problem::error(place, format!("it was not read: {error}"))))))
        }
    });
    Ok(Box::new(records))
}

/// The records of one file.
fn records(file: &Path, features: &Features, several: bool, options: &ReadOptions) -> io::Result<Records> {
    if file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet")) {
        return Ok(Box::new(super::parquet::Rows::open(file, options, features, several)?));
    }
    let name = file.display().to_string();
    let source = values::open(file)?;
    let limit = options.limits.document_bytes.saturating_mul(4);
    let mut reading = Reading::new(file, features.clone(), several);
    Ok(Box::new(Values::new(source, name.clone(), limit).map(move |element: Result<Element<Loose>, _>| {
        let element = element?;
        let wrong =
            |sentence: &str| Err(Box::new(Problem::error(Place::file(name.clone()).at_line(element.line), sentence)));
        let Loose::Object(row) = element.value else {
            return wrong("it is no JSON object; each line must be one");
        };
        if let Some(list) = &element.list {
            reading.in_list(list);
        }
        let row = if row.get(OURS).is_some_and(Value::is_string) { Ok(row.bare()) } else { row.whole() };
        let Ok(row) = row else { return wrong("its words are nested too deep") };
        record(row, element.line, element.read, &mut reading)
    })))
}

fn writer<'a>(sink: Sink<'a>, options: &WriteOptions) -> io::Result<Box<dyn Writer + 'a>> {
    let Sink::Folder(folder) = sink else { unreachable!("the table says that this format is a folder") };
    let split = if options.split.is_empty() { "train" } else { options.split };
    let out = BufWriter::with_capacity(1 << 18, File::create(folder.join(format!("{split}.jsonl")))?);
    let classes = Classes::new(options);
    Ok(Box::new(Lines { folder, split, out, options: options.clone(), classes, documents: 0, rows: 0, spans: 0 }))
}

struct Lines {
    folder: PathBuf,
    split: &'static str,
    out: BufWriter<File>,
    options: WriteOptions,
    classes: Classes,
    documents: u64,
    rows: u64,
    spans: u64,
}

impl Writer for Lines {
    fn document(&mut self, document: &Document, layers: &[Arc<Layer>]) -> io::Result<Vec<Loss>> {
        self.documents += 1;
        for row in rows::rows(document, layers, &self.options, &self.classes) {
            let row = row?;
            self.rows += u64::from(row.annotator.is_some());
            self.spans += row.spans.as_ref().map_or(0, |spans| spans.len() as u64);
            self.out.write_all(&to_json(&row)?)?;
            self.out.write_all(b"\n")?;
        }
        Ok(Vec::new())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()?;
        // The parts of a split lie side by side; who is last lists them all.
        let files = PARTS.map(|part| (part, format!("{part}.jsonl")));
        let there: Vec<(&str, &str)> = files
            .iter()
            .filter(|(part, file)| *part == self.split || self.folder.join(file).exists())
            .map(|(part, file)| (*part, file.as_str()))
            .collect();
        let mut card = card::head(&self.classes, &there);
        if self.options.split.is_empty() {
            card.push_str(&card::counts(self.documents, self.rows, self.spans));
        }
        fs::write(self.folder.join(CARD), card)
    }
}
