//! One object whose members are lists of texts, as files of shared tasks are: by part of a split, or all of them in one list.

use serde_json::{Map, Value};

/// What parts of a split are called.
const PARTS: [&str; 10] =
    ["train", "training", "dev", "development", "test", "testing", "valid", "validation", "val", "eval"];
/// What lists of all texts are called.
const LISTS: [&str; 4] = ["data", "examples", "documents", "rows"];
/// Members that only a text by itself has.
const TEXTS: [&str; 8] = ["text", "content", "sentence", "sentences", "tokens", "words", "paragraphs", "title"];

/// A member of that name that holds a list holds texts.
pub(super) fn is_list(name: &str) -> bool {
    PARTS.contains(&name) || LISTS.contains(&name)
}

/// What is read out of such a list.
pub(super) trait Listed {
    /// What is said of the text itself.
    fn about(&mut self) -> Option<&mut Map<String, Value>>;
}

impl Listed for Value {
    fn about(&mut self) -> Option<&mut Map<String, Value>> {
        match self {
            Self::Array(pair) => pair.get_mut(1).and_then(Self::as_object_mut),
            value => value.as_object_mut(),
        }
    }
}

/// Says in a text, or beside it, which part of a split its list is.
pub(super) fn mark(value: &mut impl Listed, list: &str) {
    if let Some(about) = value.about().filter(|_| PARTS.contains(&list)) {
        about.entry("split").or_insert_with(|| list.into());
    }
}

/// The object that begins here has such a list with objects or lists in it, and is no text itself; as far as it is to be seen.
pub(super) fn are_in(start: &[u8]) -> bool {
    let mut rest = start.strip_prefix(b"{").unwrap_or(start);
    loop {
        rest = after_blank(rest);
        if let Some(more) = rest.strip_prefix(b",") {
            rest = more;
            continue;
        }
        let Some((name, more)) = string(rest) else { return false };
        let Some(value) = after_blank(more).strip_prefix(b":").map(after_blank) else { return false };
        let name = String::from_utf8_lossy(name);
        if TEXTS.contains(&name.as_ref()) {
            return false;
        }
        let inside = value.strip_prefix(b"[").map(after_blank);
        if is_list(&name) && inside.is_some_and(|inside| inside.starts_with(b"{") || inside.starts_with(b"[")) {
            return true;
        }
        let Some(behind) = behind(value) else { return false };
        rest = behind;
    }
}

fn after_blank(bytes: &[u8]) -> &[u8] {
    bytes.trim_ascii_start()
}

/// What stands between two quotation marks, and what behind them.
fn string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let inside = bytes.strip_prefix(b"\"")?;
    let mut escape = false;
    let end = inside.iter().position(|byte| {
        let end = *byte == b'"' && !escape;
        escape = *byte == b'\\' && !escape;
        end
    })?;
    Some((inside.get(..end)?, inside.get(end + 1..)?))
}

/// What stands behind a value.
fn behind(value: &[u8]) -> Option<&[u8]> {
    let (mut rest, mut depth) = (value, 0_usize);
    loop {
        match rest.first()? {
            b'"' => rest = string(rest)?.1,
            b'{' | b'[' => {
                depth += 1;
                rest = rest.get(1..)?;
            }
            b'}' | b']' | b',' if depth == 0 => return Some(rest),
            b'}' | b']' => {
                depth -= 1;
                rest = rest.get(1..)?;
            }
            _ => rest = rest.get(1..)?,
        }
        if depth == 0 && after_blank(rest).first().is_none_or(|byte| matches!(byte, b',' | b'}')) {
            return Some(after_blank(rest));
        }
    }
}
