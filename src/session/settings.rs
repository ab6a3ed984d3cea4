//! [`Settings`]: what a person chose once, for every project. Where they are kept on disk is not said here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a person chose once, for every project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Who I am; asked for when first needed.
    pub annotator: Option<String>,
    pub theme: ThemeChoice,
    /// Size of the text that is read, in points: 15 to 22.
    pub text_size: f32,
    pub serif: bool,
    /// The user's own keys, by action id.
    pub keys: BTreeMap<String, Vec<String>>,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ThemeChoice {
    #[default]
    System,
    Light,
    Dark,
}

impl Default for Settings {
    fn default() -> Self {
        Self { annotator: None, theme: ThemeChoice::System, text_size: 17.5, serif: true, keys: BTreeMap::new() }
    }
}
