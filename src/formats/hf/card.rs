//! The head of a dataset card: the features that make labels of strings in JSON lines, and which file is which part, as `datasets` reads
//! them. And the counts below it.

use super::columns::{Classes, columns, quoted, yaml};

/// The head, with its `---`. `parts` are the parts of the split and their files, relative to the card.
pub(super) fn head(classes: &Classes, parts: &[(&str, &str)]) -> String {
    let mut head = String::from("---\nconfigs:\n- config_name: default\n  data_files:\n");
    for (split, path) in parts {
        // The library has its own word for it.
        let split = if *split == "dev" { "validation" } else { split };
        head.push_str(&format!("  - split: {split}\n    path: {}\n", quoted(path)));
    }
    head.push_str("dataset_info:\n  features:\n");
    yaml(&columns(classes), 2, &mut head);
    head.push_str("---\n");
    head
}

/// What stands in the folder, in words.
pub(super) fn counts(documents: u64, layers: u64, spans: u64) -> String {
    format!(
        "\nDocuments: {documents}  \nLayers: {layers}  \nSpans: {spans}\n\n\
         Each line is one layer of one document. Offsets count code points, half open.\n"
    )
}
