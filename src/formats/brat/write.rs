//! Writing: per document a text and, per annotator, its lines. Several annotators get a folder each.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::FORMAT;
use super::aside::{self, Aside, Said};
use super::settings::{self, Seen};
use super::standoff::{Standoff, standoff};
use crate::annotation::exchange::{Offsets, to_json};
use crate::annotation::{Layer, Status};
use crate::formats::loss::{Loss, of_layer};
use crate::formats::options::WriteOptions;
use crate::formats::table::{Sink, Writer};
use crate::formats::text::Names;
use crate::text::Document;

/// Where documents go that nobody marked, beside the folders of annotators; no annotator's folder is named so.
pub(super) const NO_LAYER: &str = "No-layer";

pub(super) fn writer<'a>(sink: Sink<'a>, options: &WriteOptions) -> io::Result<Box<dyn Writer + 'a>> {
    Ok(match sink {
        Sink::Folder(folder) => Box::new(Files {
            several: options.annotators.len() > 1,
            seen: Seen::new(options),
            folder,
            options: options.clone(),
            names: Names::default(),
            asides: BTreeMap::new(),
        }),
        Sink::Stream(_) => unreachable!("the table says that this format is a folder"),
    })
}

struct Files {
    folder: PathBuf,
    several: bool,
    options: WriteOptions,
    names: Names,
    /// By folder.
    asides: BTreeMap<String, BufWriter<File>>,
    seen: Seen,
}

impl Writer for Files {
    fn document(&mut self, document: &Document, layers: &[Arc<Layer>]) -> io::Result<Vec<Loss>> {
        if layers.len() > 1 && !self.several {
            let sentence = format!("{}: {} layers, but one annotator was announced", document.id, layers.len());
            return Err(io::Error::other(sentence));
        }
        let name = name(&mut self.names, document);
        let original = self.options.offsets == Offsets::Original;
        let restored =
            (original && !document.newlines.is_empty()).then(|| document.newlines.restore(document.text.as_str()));
        let text = restored.as_deref().unwrap_or(document.text.as_str());
        let mut losses = Vec::new();
        if layers.is_empty() {
            let folder = if self.several { NO_LAYER.to_owned() } else { String::new() };
            self.write(document, &folder, &name, text, None, None)?;
        }
        for layer in layers {
            let folder = if self.several { layer.annotator.folder() } else { String::new() };
            losses.extend(of_layer(&FORMAT, document, layer));
            let mut made = standoff(document, layer, original, &mut self.seen);
            losses.append(&mut made.losses);
            self.write(document, &folder, &name, text, Some(layer), Some(made))?;
        }
        Ok(losses)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        for aside in self.asides.values_mut() {
            aside.flush()?;
        }
        settings::write(&self.folder, &self.options, &self.seen)
    }
}

impl Files {
    fn write(
        &mut self,
        document: &Document,
        folder: &str,
        name: &str,
        text: &str,
        layer: Option<&Layer>,
        made: Option<Standoff>,
    ) -> io::Result<()> {
        let base = if folder.is_empty() { self.folder.clone() } else { self.folder.join(folder) };
        let path = base.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, text)?;
        let made = made.unwrap_or_default();
        if layer.is_some() {
            fs::write(path.with_extension("ann"), &made.lines)?;
        }
        let normalised = self.options.offsets == Offsets::Normalised;
        let aside = Aside {
            file: name.to_owned(),
            id: document.id.0.clone(),
            annotator: layer.map(|layer| layer.annotator.as_str().to_owned()),
            meta: document.meta.clone(),
            extra: document.extra.clone(),
            newlines: Some(&document.newlines).filter(|map| normalised && !map.is_empty()).cloned(),
            layer: layer.map(said),
            spans: made.spans,
            relations: made.relations,
        };
        let out = match self.asides.get_mut(folder) {
            Some(out) => out,
            None => self.asides.entry(folder.to_owned()).or_insert(open(&base)?),
        };
        out.write_all(&to_json(&aside)?)?;
        out.write_all(b"\n")
    }
}

fn open(folder: &Path) -> io::Result<BufWriter<File>> {
    Ok(BufWriter::with_capacity(1 << 16, File::create(folder.join(aside::NAME))?))
}

fn said(layer: &Layer) -> Said {
    Said {
        status: Some(layer.status).filter(|status| !matches!(status, Status::Finished | Status::Untouched)),
        flag: layer.flag.clone(),
        schema: layer.schema.clone(),
        attributes: layer.attributes.clone(),
        seconds: layer.seconds,
        decisions: layer.decisions.clone(),
        extra: layer.extra.clone(),
    }
}

/// The text's file. No folder may be named as a file of the export is.
fn name(names: &mut Names, document: &Document) -> String {
    let name = names.name(&document.id);
    if !name.contains('/') {
        return name;
    }
    let mut parts: Vec<String> = name.split('/').map(str::to_owned).collect();
    let last = parts.len() - 1;
    for part in &mut parts[..last] {
        let lower = part.to_lowercase();
        if [".ann", ".conf", ".jsonl"].iter().any(|ending| lower.ends_with(ending)) {
            *part = part.replace('.', "%2e");
        }
    }
    parts.join("/")
}
