//! [`Shorts`]: a few letters for each label, all different, for schemas with more labels than there are colours.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use unicode_segmentation::UnicodeSegmentation;

use crate::schema::{LabelId, Schema};

/// Short names of the labels of one schema; none where every label has a colour of its own.
#[derive(Debug, Default)]
pub struct Shorts {
    made_for: Option<Arc<Schema>>,
    names: HashMap<LabelId, String>,
}

/// Colours of labels that differ.
const COLOURS: usize = 8;
/// Letters of a short name: at least, at most.
const LEAST: usize = 3;
const MOST: usize = 6;

impl Shorts {
    /// Makes the names anew where the schema is another one.
    pub fn at(&mut self, schema: &Arc<Schema>) {
        if !self.made_for.as_ref().is_some_and(|made_for| Arc::ptr_eq(made_for, schema)) {
            self.names = names(schema);
            self.made_for = Some(Arc::clone(schema));
        }
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Empty where the label needs none.
    pub fn of(&self, label: &LabelId) -> &str {
        self.names.get(label).map_or("", String::as_str)
    }
}

/// The first letters of each name, as many as tell it from the others; where that takes too many, two and the number that the name ends
/// in, or any that is free.
fn names(schema: &Schema) -> HashMap<LabelId, String> {
    let live = || schema.labels.iter().filter(|label| !label.retired);
    if live().count() <= COLOURS {
        return HashMap::new();
    }
    let letters: Vec<Vec<&str>> = schema.labels.iter().map(|label| label.name.graphemes(true).collect()).collect();
    let cut = |at: usize, length: usize| letters[at].iter().take(length).copied().collect::<String>();
    let mut taken = BTreeSet::new();
    let mut short = |at: usize| {
        let alone = |length: &usize| {
            let this = cut(at, *length);
            (0..letters.len()).all(|other| other == at || cut(other, *length) != this)
        };
        let first = (LEAST..=MOST).find(alone).map(|length| cut(at, length).trim_end().to_owned());
        let own = letters[at].iter().rev().take_while(|letter| letter.chars().all(|c| c.is_ascii_digit()));
        let own: Vec<&str> = own.take(MOST - 2).copied().collect();
        let own: String = own.into_iter().rev().collect();
        let own = Some(own).filter(|own| !own.is_empty()).map(|own| format!("{}{own}", cut(at, 2).trim_end()));
        let numbered = (2..).map(|number| format!("{}{number}", cut(at, 2).trim_end()));
        let name = first.into_iter().chain(own).chain(numbered).find(|name| taken.insert(name.clone()));
        name.unwrap_or_default()
    };
    schema.labels.iter().enumerate().map(|(at, label)| (label.id.clone(), short(at))).collect()
}
