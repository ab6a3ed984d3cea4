//! Attribute values as brat writes them: a flag is there or not, everything else is a word. What reads back otherwise is told apart here.

use serde_json::Value;

use super::names::{escape_free, escape_listed, unescape};

/// The lines of one attribute: `None` for a flag, else its value. No lines: brat writes nothing.
pub(super) fn lines(value: &Value, listed: bool) -> Vec<Option<String>> {
    let escape = |text: &str| if listed { escape_listed(text) } else { escape_free(text) };
    match value {
        Value::Bool(true) => vec![None],
        Value::Number(number) => vec![Some(number.to_string())],
        Value::String(text) if !text.is_empty() => vec![Some(escape(text))],
        Value::Array(items) => items
            .iter()
            .flat_map(|item| match item {
                Value::Array(_) => Vec::new(),
                item => lines(item, listed),
            })
            .collect(),
        Value::Null | Value::Bool(false) | Value::String(_) | Value::Object(_) => Vec::new(),
    }
}

/// What the lines of one attribute read as.
pub(super) fn read(lines: impl IntoIterator<Item = Option<String>>, escaped: bool) -> Option<Value> {
    let mut value = None;
    for line in lines {
        add(&mut value, line.as_deref(), escaped);
    }
    value
}

/// One line more of the same attribute.
pub(super) fn add(value: &mut Option<Value>, line: Option<&str>, escaped: bool) {
    let next = match line {
        None => Value::Bool(true),
        Some(text) if escaped => Value::String(unescape(text)),
        Some(text) => Value::String(text.to_owned()),
    };
    *value = Some(match value.take() {
        None => next,
        Some(Value::Bool(true)) if next == Value::Bool(true) => next,
        Some(Value::Array(mut items)) => {
            items.push(next);
            Value::Array(items)
        }
        Some(before) => Value::Array(vec![before, next]),
    });
}

/// A note's lines: brat writes one comment per line, and none that is empty.
pub(super) fn note_lines(note: &str) -> Vec<String> {
    let blank = |character: char| character.is_whitespace() || character.is_control();
    let line = |line: &str| line.trim_matches(blank).replace(blank, " ");
    note.split('\n').map(line).filter(|line| !line.is_empty()).collect()
}
