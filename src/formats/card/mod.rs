//! The dataset card: what an export is, in Markdown, for whoever is to use it. Made from the manifest, so that the two never differ.
//!
//! [`card`] gives the body; a format whose `README.md` begins with a head of its own (`hf`) puts it below that.

mod markdown;
mod sections;
mod usage;

use std::fs;
use std::io;
use std::path::Path;

use super::manifest::{self, Manifest};
use crate::schema::Schema;
use markdown::inline;

/// What a card tells.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    pub title: &'a str,
    pub manifest: &'a Manifest,
    /// How the manifest's file is called, which lies beside the card.
    pub manifest_name: &'a str,
    pub schema: &'a Schema,
    /// The text of the guidelines; their beginning is quoted.
    pub guidelines: Option<&'a str>,
    /// `None` where nobody looked.
    pub agreement: Option<&'a Agreement>,
    /// Under which terms it may be used, in words or as an SPDX name.
    pub licence: Option<&'a str>,
    /// The language of the texts as spaCy names it, `en`; `xx` (any) where it is not known.
    pub language: Option<&'a str>,
}

/// How far annotators agree.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// Its id: `f1-exact`
    pub measure: String,
    /// What it says, in one sentence.
    pub about: String,
    /// Or why it is not known, as a sentence without capital and full stop.
    pub value: Result<f64, String>,
    /// The 95 % interval.
    pub between: Option<(f64, f64)>,
    /// Documents that were compared.
    pub documents: u64,
}

impl<'a> Facts<'a> {
    /// With what is always known.
    pub const fn new(title: &'a str, manifest: &'a Manifest, schema: &'a Schema) -> Self {
        let manifest_name = manifest::FILE;
        Self {
            title,
            manifest,
            manifest_name,
            schema,
            guidelines: None,
            agreement: None,
            licence: None,
            language: None,
        }
    }
}

/// Words on one thing; empty where there is nothing to say.
type Part = fn(&Facts<'_>) -> String;

/// The card's body, with a line end. The same facts give the same words.
pub fn card(facts: &Facts<'_>) -> String {
    let mut card = format!("# {}\n\n", inline(facts.title));
    let parts: [(&str, Part); 10] = [
        ("", sections::what),
        ("Labels", sections::labels),
        ("Relations", sections::relations),
        ("Parts", sections::parts),
        ("Annotators", sections::annotators),
        ("Agreement", sections::agreement),
        ("Guidelines", sections::guidelines),
        ("Sources", sections::sources),
        ("What is left out", sections::losses),
        ("Use", usage::usage),
    ];
    for (heading, part) in parts {
        let words = part(facts);
        if !words.is_empty() {
            if !heading.is_empty() {
                card.push_str(&format!("## {heading}\n\n"));
            }
            card.push_str(words.trim_end());
            card.push_str("\n\n");
        }
    }
    let licence = facts.licence.map(str::trim).filter(|licence| !licence.is_empty());
    let licence = licence.map_or_else(
        || {
            "Not stated. Texts belong to whoever published them, annotations to whoever made them: before passing this on, say here under \
             which terms it may be used."
                .to_owned()
        },
        inline,
    );
    card.push_str(&format!("## Licence\n\n{licence}\n"));
    card
}

/// Writes the body into the folder's `README.md`, below what a format has put there.
pub fn write(folder: &Path, body: &str) -> io::Result<()> {
    let path = folder.join("README.md");
    let head = match fs::read_to_string(&path) {
        Ok(head) => format!("{}\n\n", head.trim_end()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    fs::write(path, head + body)
}
