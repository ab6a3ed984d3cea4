//! The text of `assignments.ron`: one line a document, by the bytes of the id, so that version control shows what went to whom.

use std::fmt::Write as _;

use super::{Assignments, FORMAT};
use crate::schema::quoted;

/// What stands above where nobody wrote anything else.
const HEAD: &str = "// Who marks which documents: each document once, with its annotators. `spanwright assign` deals out what is new and leaves\n\
                    // the rest as it is. You may edit this file; what you write up here stays.\n";

pub(super) fn write(assignments: &Assignments, head: &str) -> String {
    let names: Vec<String> = assignments.annotators.iter().map(|name| quoted(name.as_str())).collect();
    let head = if head.trim().is_empty() { HEAD } else { head };
    let mut text = String::with_capacity(head.len() + 200 + assignments.documents.len() * 40);
    text += head;
    let Assignments { overlap, seed, .. } = assignments;
    let said = write!(
        text,
        "Assignments(\n    format: {FORMAT},\n    annotators: [{}],\n    overlap: {overlap:?},\n    seed: {seed},\n    documents: {{\n",
        names.join(", ")
    );
    assert!(said.is_ok(), "a string takes what is written");
    for (id, hands) in &assignments.documents {
        text += "        ";
        text += &quoted(id.as_str());
        text += ": [";
        for (index, place) in hands.places().enumerate() {
            text += if index > 0 { ", " } else { "" };
            text += &names[place];
        }
        text += "],\n";
    }
    text += "    },\n)\n";
    text
}

/// The comments above `Assignments(`.
pub(super) fn head(text: &str) -> &str {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if !(trimmed.is_empty() || trimmed.starts_with("//")) {
            break;
        }
        end += line.len();
    }
    &text[..end]
}

/// Comments that a rewriting does not keep: those below the head.
pub(super) fn comments_below(text: &str) -> usize {
    let below = &text.strip_prefix('\u{feff}').unwrap_or(text)[head(text).len()..];
    let after = |line: &str| {
        line.rsplit_once([',', ']', '}', '{', '[', '(']).is_some_and(|(_, rest)| rest.trim_start().starts_with("//"))
    };
    below.lines().filter(|line| line.trim_start().starts_with("//") || line.contains("/*") || after(line)).count()
}
