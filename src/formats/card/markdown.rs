//! Foreign words in Markdown, so that they read as they are and change nothing around them.

/// In running text or a cell of a table: one line, with everything escaped that Markdown or HTML would take for its own.
pub(super) fn inline(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '$') {
            safe.push('\\');
        }
        safe.push(character);
    }
    safe
}

/// One row of a table, of cells that are Markdown.
pub(super) fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// Markdown of someone else, kept apart.
pub(super) fn quoted(text: &str) -> String {
    text.lines().map(|line| format!("> {line}").trim_end().to_owned() + "\n").collect()
}

/// The first paragraphs, as many as have at most `limit` bytes, but one at least and no more than twice as much of that; and whether this
/// is all.
pub(super) fn beginning(text: &str, limit: usize) -> (&str, bool) {
    if text.len() <= limit {
        return (text, true);
    }
    let head = &text[..text.floor_char_boundary(limit)];
    if let Some(end) = head.rfind("\n\n").filter(|end| !head[..*end].trim().is_empty()) {
        return (text[..end].trim_end(), false);
    }
    let end = text.find("\n\n").unwrap_or(text.len()).min(2 * limit);
    let end = text.floor_char_boundary(end);
    (text[..end].trim_end(), end == text.len())
}
