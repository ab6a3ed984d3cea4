//! A CAS as a document with one layer: which structures are spans, which are relations, what is known of the text.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::model::{Cas, Feature};
use super::spans::Reading;
use super::types::Types;
use super::{DOCUMENT, LAYER, OURS, SOFA, THEIRS};
use crate::annotation::Status;
use crate::annotation::exchange::{RawDocument, RawLayer};
use crate::formats::record::Record;
use crate::text::{NewlineMap, Place, Problem, Text};

/// What the file's path says, for files that do not say it themselves.
pub(super) struct Names {
    pub id: String,
    pub annotator: Option<String>,
}

/// The name under which `INCEpTION` keeps a text that nobody has annotated.
const NOBODY: &str = "INITIAL_CAS";

pub(super) fn record(
    cas: &Cas,
    types: &Types,
    names: Names,
    mut place: Place,
    mut problems: Vec<Problem>,
) -> Result<Record, String> {
    let sofas = || cas.structures.iter().filter(|one| one.kind == SOFA && one.text("sofaString").is_some());
    let first = sofas().find(|one| one.text("sofaID") == Some("_InitialView")).or_else(|| sofas().next());
    let Some((sofa, source)) = first.and_then(|sofa| Some((sofa, sofa.text("sofaString")?))) else {
        return Err("it has no text".to_owned());
    };
    let views = sofas().count();
    let own = cas.structures.iter().find(|one| one.kind == LAYER).and_then(|one| one.text(OURS));
    let own = own.and_then(|json| serde_json::from_str::<Map<String, Value>>(json).ok());
    let mut reading = Reading {
        cas,
        types,
        sofa: sofa.id,
        own: own.is_some(),
        left_out: 0,
        lost: 0,
        layer: RawLayer::default(),
        ids: HashMap::new(),
        pieces: HashMap::new(),
        links: Vec::new(),
    };
    let mut own = own.unwrap_or_default();
    let mut document = reading.document(&names, source, &mut own);
    place.document.clone_from(&document.id);
    if views > 1 {
        let sentence = format!(
            "it has {views} views of the text; only {} is imported",
            sofa.text("sofaID").unwrap_or("the first")
        );
        problems.push(Problem::warning(place.clone(), sentence));
    }
    let annotator = own.shift_remove("annotator");
    let nobody = annotator == Some(Value::Null);
    reading.layer.annotator = match annotator {
        Some(Value::String(annotator)) => Some(annotator),
        _ => reading.username().or(names.annotator.filter(|name| name != NOBODY)),
    };
    let place = match &reading.layer.annotator {
        Some(annotator) => place.of_annotator(annotator.as_str()),
        None => place,
    };
    reading.spans(source, &place, &mut problems);
    reading.relations();
    reading.own_layer(own);
    if reading.left_out > 0 {
        let sentence = match reading.left_out {
            1 => "one token, sentence or note on a word is no span: it is left out".to_owned(),
            count => format!("{count} tokens, sentences and notes on words are no spans: they are left out"),
        };
        problems.push(Problem::note(place.clone(), sentence));
    }
    if reading.lost > 0 {
        let sentence = match reading.lost {
            1 => "one reference leads to nothing that can be kept: it is left out".to_owned(),
            count => format!("{count} references lead to nothing that can be kept: they are left out"),
        };
        problems.push(Problem::warning(place.clone(), sentence));
    }
    if !nobody {
        document.layers.push(reading.layer);
    }
    let place = Place { annotator: None, ..place };
    Ok(Record { place, document, has_spans: false, problems, read: 0 })
}

pub(super) fn text_of(map: &mut Map<String, Value>, key: &str) -> Option<String> {
    match map.shift_remove(key) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

pub(super) fn object_of(map: &mut Map<String, Value>, key: &str) -> Map<String, Value> {
    match map.shift_remove(key) {
        Some(Value::Object(object)) => object,
        _ => Map::new(),
    }
}

impl Reading<'_> {
    /// Text, id and metadata.
    fn document(&self, names: &Names, source: &str, own: &mut Map<String, Value>) -> RawDocument {
        let mut ours = object_of(own, "document");
        let newlines = ours.shift_remove("newlines").and_then(|map| serde_json::from_value::<NewlineMap>(map).ok());
        let fits = |map: &NewlineMap| NewlineMap::normalise(&map.restore(source)) == (source.into(), map.clone());
        let (text, newlines, counting) = match newlines.filter(fits) {
            Some(map) => (Text::new(source), map, NewlineMap::default()),
            None => {
                let (text, map) = Text::from_source(source);
                (text, map.clone(), map)
            }
        };
        let mut meta = object_of(&mut ours, "meta");
        let mut id = text_of(&mut ours, "id");
        if !self.own {
            let known = self.cas.structures.iter().find(|one| {
                one.kind != DOCUMENT && self.types.is(&one.kind, DOCUMENT) || one.short() == "DocumentMetaData"
            });
            let mut rest = Map::new();
            for (name, feature) in known.into_iter().flat_map(|known| &known.features) {
                match (name.as_str(), feature) {
                    ("documentId", Feature::Value(Value::String(known))) if !known.is_empty() => {
                        id = Some(known.clone());
                    }
                    ("documentTitle", Feature::Value(title)) => drop(meta.insert("title".to_owned(), title.clone())),
                    ("begin" | "end" | "sofa", _) | (_, Feature::Refs(_)) => {}
                    (_, Feature::Value(value)) => drop(rest.insert(name.clone(), value.clone())),
                }
            }
            if !rest.is_empty() {
                meta.insert(THEIRS.to_owned(), Value::Object(rest));
            }
            id = id.or_else(|| self.metadata("sourceDocumentName")).or_else(|| Some(names.id.clone()));
        }
        let extra = object_of(&mut ours, "extra");
        RawDocument { id, text: Some((text, newlines)), counting, meta, extra, ..RawDocument::default() }
    }

    /// What `INCEpTION` says of the file.
    fn metadata(&self, name: &str) -> Option<String> {
        let known = self.cas.structures.iter().find(|one| one.short() == "CASMetadata")?;
        known.text(name).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    fn username(&self) -> Option<String> {
        self.metadata("username").filter(|name| name != NOBODY)
    }

    /// What our own files say of the layer.
    fn own_layer(&mut self, mut own: Map<String, Value>) {
        let layer = &mut self.layer;
        layer.status = text_of(&mut own, "status").as_deref().and_then(Status::parse);
        layer.flag = text_of(&mut own, "flag");
        layer.schema = text_of(&mut own, "schema").unwrap_or_default();
        layer.version = own.shift_remove("version").as_ref().and_then(Value::as_u64);
        layer.clock =
            own.shift_remove("clock").and_then(|clock| serde_json::from_value(clock).ok()).unwrap_or_default();
        layer.updated = text_of(&mut own, "updated").and_then(|time| time.parse().ok());
        layer.seconds = own.shift_remove("seconds").as_ref().and_then(Value::as_u64).unwrap_or_default();
        layer.attributes.extend(object_of(&mut own, "attributes"));
        layer.extra = object_of(&mut own, "extra");
        if let Some(Value::Array(decisions)) = own.shift_remove("decisions") {
            layer.decisions = decisions;
        }
    }
}
