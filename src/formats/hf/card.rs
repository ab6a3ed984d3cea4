//! The head of a dataset card: the features that make labels of strings in JSON lines, as `datasets` reads them. And the counts below.

use super::columns::{Classes, columns, yaml};

/// The whole `README.md`.
pub(super) fn card(classes: &Classes, documents: u64, rows: u64, spans: u64) -> String {
    let mut card = String::from("---\ndataset_info:\n  features:\n");
    yaml(&columns(classes), 2, &mut card);
    card.push_str("---\n\n");
    card.push_str(&format!("Documents: {documents}  \nLayers: {rows}  \nSpans: {spans}\n\n"));
    card.push_str("Each line is one layer of one document. Offsets count code points, half open.\n");
    card
}
