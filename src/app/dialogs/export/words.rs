//! What a format makes of words: spans that end inside one, and tags.

use egui::Ui;

use super::super::super::theme::Theme;
use super::super::form;
use super::order::Order;
use crate::formats::table::{Feature, Format};
use crate::formats::tokens::{Misaligned, Scheme};
use crate::schema::Schema;
use crate::session::export::TokenPlan;

/// Words as they are being described.
#[derive(Debug)]
pub struct Words {
    /// Into [`MISALIGNED`].
    misaligned: usize,
    /// Into [`SCHEMES`].
    scheme: usize,
    order: Order,
}

/// What becomes of a span that ends inside a word, in the order of [`Misaligned::ALL`].
const MISALIGNED: [(&str, &str); 4] = [
    ("Cut", "Words are cut where spans begin and end: no span is changed"),
    ("Expand", "Spans that end inside a word grow to the whole word; each is listed"),
    ("Contract", "Spans that end inside a word shrink to the whole words in them; each is listed"),
    ("Drop", "Spans that end inside a word are left out; each is listed"),
];
/// In the order of [`Scheme::ALL`].
const SCHEMES: [&str; 3] = ["BIO", "BIOES", "BILOU"];

impl Words {
    pub fn new(schema: &Schema) -> Self {
        Self { misaligned: 0, scheme: 0, order: Order::new(schema) }
    }

    pub fn plan(&self) -> TokenPlan {
        TokenPlan {
            misaligned: Misaligned::ALL.get(self.misaligned).copied().unwrap_or_default(),
            scheme: Scheme::ALL.get(self.scheme).copied().unwrap_or_default(),
            priority: self.order.priority(),
        }
    }

    pub fn show(&mut self, ui: &mut Ui, format: &Format, theme: &Theme) {
        if cuts_words(format) {
            form::row(ui, "Words", theme, |ui| {
                let names = MISALIGNED.map(|(name, _)| name);
                self.misaligned = form::segments(ui, self.misaligned, &names, theme).unwrap_or(self.misaligned);
                if let Some((_, about)) = MISALIGNED.get(self.misaligned) {
                    ui.add_space(4.0);
                    form::small(ui, about, theme.secondary);
                }
            });
        }
        if writes_tags(format) {
            form::row(ui, "Tags", theme, |ui| {
                self.scheme = form::segments(ui, self.scheme, &SCHEMES, theme).unwrap_or(self.scheme);
            });
        }
        if writes_tags(format) || is_spacy(format) {
            self.order.show(ui, format.has(Feature::Overlaps), theme);
        }
    }
}

/// Words are made of the text, and a span may end inside one.
fn cuts_words(format: &Format) -> bool {
    writes_tags(format) || format.id == "spacy"
}

/// A word has a tag that says where a span begins and ends.
fn writes_tags(format: &Format) -> bool {
    let flat = !format.has(Feature::Overlaps) || !format.has(Feature::Edges);
    format.has(Feature::Spans) && (flat || matches!(format.id, "parquet" | "hf"))
}

/// Its entities are flat, though its other spans are not.
fn is_spacy(format: &Format) -> bool {
    matches!(format.id, "spacy" | "spacy-json")
}
