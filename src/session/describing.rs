//! What lies beside an export: manifest, dataset card, and what a target asks for before it takes the data.

use std::fs;
use std::io;
use std::path::Path;

use super::export::CardPlan;
use super::output::Written;
use crate::formats::card::{self, Agreement, Facts};
use crate::formats::label_studio;
use crate::formats::manifest::{self, Manifest};
use crate::schema::{LabelId, Schema};

/// What is told beside what the manifest counts.
pub(super) struct Describing<'a> {
    pub plan: &'a CardPlan,
    pub schema: &'a Schema,
    pub agreement: Option<&'a Agreement>,
}

impl Describing<'_> {
    /// Puts the manifest and the card into the folder that was written.
    pub(super) fn folder(&self, folder: &Path, mut manifest: Manifest) -> io::Result<()> {
        if let Some(configuration) = self.configuration(&manifest) {
            fs::write(folder.join("config.xml"), configuration)?;
        }
        manifest.seal(folder)?;
        card::write(folder, &self.card(&manifest, manifest::FILE))?;
        manifest.add(folder, "README.md")?;
        fs::write(folder.join(manifest::FILE), manifest.to_json()?)
    }

    /// Puts the manifest and the card of a single file beside it. Nothing for a stream.
    pub(super) fn file(&self, written: &mut Written, mut manifest: Manifest) -> io::Result<()> {
        let Some((name, path, _)) = written.files().pop() else { return Ok(()) };
        manifest.hold(vec![manifest::Written::of(&path, name.clone())?]);
        let named = format!("{name}.{}", manifest::FILE);
        let mut others = vec![(".card.md", self.card(&manifest, &named))];
        others.extend(self.configuration(&manifest).map(|configuration| (".config.xml", configuration)));
        for (ending, words) in others {
            let path = written.put_beside(ending, words.as_bytes())?;
            manifest
                .files
                .extend(path.map(|path| manifest::Written::of(&path, format!("{name}{ending}"))).transpose()?);
        }
        written.put_beside(".manifest.json", &manifest.to_json()?).map(drop)
    }

    /// Label Studio asks for it before it takes the tasks.
    fn configuration(&self, manifest: &Manifest) -> Option<String> {
        let labels: Vec<LabelId> = manifest.labels.keys().cloned().collect();
        (manifest.format.id == "label-studio").then(|| label_studio::configuration(self.schema, &labels))
    }

    fn card(&self, manifest: &Manifest, manifest_name: &str) -> String {
        card::card(&Facts {
            manifest_name,
            guidelines: self.plan.guidelines.as_deref(),
            licence: self.plan.licence.as_deref(),
            agreement: self.agreement,
            ..Facts::new(&self.plan.title, manifest, self.schema)
        })
    }
}
