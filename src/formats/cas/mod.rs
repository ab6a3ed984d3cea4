//! UIMA CAS, as XMI and as JSON: the way to `INCEpTION`, `WebAnno` and `DKPro`.
//! <https://docs.oasis-open.org/uima/v1.0/uima-v1.0.html>, <https://github.com/apache/uima-uimaj-io-jsoncas/blob/main/SPECIFICATION.adoc>
//!
//! A CAS is one text (its sofa) with feature structures over it, and belongs to one annotator: several annotators of a document are
//! several files. Offsets count UTF-16 units; one inside a surrogate pair is refused. Any type with a begin and an end is a span: its
//! label is its feature `label` or `value`, else the type's own name; its other features are attributes. A type with Governor and
//! Dependent (or source and target) is a relation, as is a feature that refers to another span. Tokens, sentences and what is known of
//! their words are no spans.
//!
//! Written are the layers that `INCEpTION` has from the start, `custom.Span` and `custom.Relation` with their feature `label`, and the
//! schema's attributes as further features; a feature `spanwright` holds as JSON what no feature takes. A document is a folder with one
//! file for each annotator, as in the projects that `INCEpTION` exports; the types stand in `TypeSystem.xml` beside the documents, or in
//! each JSON file.

mod build;
mod describe;
mod document;
mod json;
mod model;
mod read;
mod spans;
mod types;
mod write;
mod xmi;
mod xml;

use std::path::{Path, PathBuf};

use super::glimpse::Glimpse;
use super::table::{Feature, Features, Format, Shape};
use crate::text::convert::Unit;

const CARRIES: Features = Features::all_but(&[Feature::Labels, Feature::FormerIds]);

/// One XMI file for each document and annotator, and `TypeSystem.xml`.
pub(super) static XMI: Format = Format {
    id: "cas-xmi",
    name: "UIMA CAS XMI",
    about: "one file for each document and annotator, with TypeSystem.xml; for INCEpTION and DKPro",
    extensions: &["xmi"],
    unit: Unit::Utf16,
    shape: Shape::Folder,
    carries: CARRIES,
    looks: |glimpse| looks(glimpse, Syntax::Xmi),
    reader: Some(|path, options| read::reader(path, options, Syntax::Xmi)),
    writer: Some(|sink, options| write::writer(sink, options, Syntax::Xmi)),
    vocabulary: None,
    words: None,
};

/// One JSON file for each document and annotator, with its types.
pub(super) static JSON: Format = Format {
    id: "cas-json",
    name: "UIMA CAS JSON",
    about: "one file for each document and annotator, with its types; for INCEpTION and DKPro",
    extensions: &["json"],
    unit: Unit::Utf16,
    shape: Shape::Folder,
    carries: CARRIES,
    looks: |glimpse| looks(glimpse, Syntax::Json),
    reader: Some(|path, options| read::reader(path, options, Syntax::Json)),
    writer: Some(|sink, options| write::writer(sink, options, Syntax::Json)),
    vocabulary: None,
    words: None,
};

/// How a CAS is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Syntax {
    Xmi,
    Json,
}

impl Syntax {
    const fn ending(self) -> &'static str {
        match self {
            Self::Xmi => "xmi",
            Self::Json => "json",
        }
    }
}

/// The types that are written.
const SPAN: &str = "custom.Span";
const RELATION: &str = "custom.Relation";
const LAYER: &str = "spanwright.Layer";
const METADATA: &str = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData";
/// The feature that holds as JSON what no other takes.
const OURS: &str = "spanwright";
/// The key under which theirs stands in ours.
const THEIRS: &str = "cas";
/// The types of UIMA that matter.
const ANNOTATION: &str = "uima.tcas.Annotation";
const DOCUMENT: &str = "uima.tcas.DocumentAnnotation";
const SOFA: &str = "uima.cas.Sofa";
/// Names that features of a span have already: an attribute of such a name gets a `_`.
const RESERVED: [&str; 9] = ["begin", "end", "id", "label", "note", "self", "sofa", "spanwright", "type"];

/// How many files of a folder are looked into.
const LOOKS: usize = 8;

fn looks(glimpse: &Glimpse, syntax: Syntax) -> bool {
    if glimpse.is_folder() {
        let ending = |name: &&String| name.to_lowercase().ends_with(&format!(".{}", syntax.ending()));
        let files = glimpse.names.iter().filter(ending).map(|name| glimpse.path.join(name));
        return files.take(LOOKS).any(|file| is_file(&file, syntax));
    }
    let text = glimpse.text();
    match syntax {
        Syntax::Xmi => {
            // The root is `XMI`, with any prefix.
            let root = text.match_indices("XMI").take_while(|(at, _)| *at < 8192).any(|(at, _)| {
                let tag = text[..at].rfind('<').map(|start| &text[start + 1..at]);
                tag.is_some_and(|prefix| {
                    prefix.is_empty() || (prefix.ends_with(':') && !prefix.contains(char::is_whitespace))
                })
            });
            root && text.contains("http://www.omg.org/XMI") && text.contains("http:///uima/cas.ecore")
        }
        Syntax::Json => match glimpse.value() {
            Some(value) => value.get("%FEATURE_STRUCTURES").is_some() || value.get("%VIEWS").is_some(),
            None => {
                text.trim_start().starts_with('{')
                    && (text.contains("\"%TYPES\"") || text.contains("\"%FEATURE_STRUCTURES\""))
            }
        },
    }
}

fn is_file(path: &Path, syntax: Syntax) -> bool {
    Glimpse::at(path).is_ok_and(|glimpse| !glimpse.is_folder() && looks(&glimpse, syntax))
}

/// How deep folders are looked into.
const DEPTH: usize = 8;

/// The files of a folder and its folders with this ending, by path. Links are not followed.
fn files(folder: &Path, syntax: Syntax) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && depth < DEPTH => folders.push((path, depth + 1)),
                Ok(kind)
                    if kind.is_file()
                        && path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(syntax.ending())) =>
                {
                    found.push(path);
                }
                _ => {}
            }
        }
    }
    found.sort();
    found
}
