//! Tokens and one tag each, as a data set for token classification has them: read as spans, leniently.
//!
//! A tag that does not go on what stands before it begins a span, so that IOB1, BIO and tags whose start is missing all read as meant.

use serde_json::Value;

/// A span in tokens, half open, with its label.
pub(super) type Tagged = (usize, usize, String);

/// Reads the tags. `B-`, `I-`, `E-`, `S-` and the letters of BILOU, or bare labels where some tag has no such letter. Numbers without
/// names are labels, but for 0, which is outside.
pub(super) fn spans(tags: &[Value]) -> Vec<Tagged> {
    let prefixed = tags.iter().all(|tag| match tag {
        Value::String(tag) => is_outside(tag) || split(tag).is_some(),
        _ => true,
    });
    let mut spans: Vec<Tagged> = Vec::new();
    let mut open = false;
    for (index, tag) in tags.iter().enumerate() {
        let number;
        let (letter, label) = match tag {
            Value::String(tag) if is_outside(tag) => ('O', ""),
            Value::String(tag) if prefixed => split(tag).unwrap_or(('O', "")),
            Value::String(tag) => ('I', tag.as_str()),
            Value::Number(tag) if tag.as_i64() != Some(0) => {
                number = tag.to_string();
                ('I', number.as_str())
            }
            _ => ('O', ""),
        };
        if letter == 'O' {
            open = false;
            continue;
        }
        match spans.last_mut() {
            Some(last) if open && last.2 == label && !matches!(letter, 'B' | 'S' | 'U') => last.1 = index + 1,
            _ => spans.push((index, index + 1, label.to_owned())),
        }
        open = !matches!(letter, 'E' | 'L' | 'S' | 'U');
    }
    spans
}

fn is_outside(tag: &str) -> bool {
    matches!(tag, "O" | "o" | "" | "_")
}

fn split(tag: &str) -> Option<(char, &str)> {
    let mut rest = tag.chars();
    let letter = rest.next().filter(|letter| "BIESLUM".contains(*letter))?;
    let label = rest.as_str().strip_prefix(['-', '_']).filter(|label| !label.is_empty())?;
    Some((letter, label))
}

/// Where the tokens stand in a text, in code points: one after the other with white space alone between them. `None` if they do not.
pub(in crate::formats) fn placed(text: &str, tokens: &[&str]) -> Option<Vec<(usize, usize)>> {
    let (mut rest, mut count) = (text, 0);
    let mut places = Vec::with_capacity(tokens.len());
    for token in tokens {
        // A token may begin with white space of its own.
        while !rest.starts_with(token) {
            let blank = rest.chars().next().filter(|character| character.is_whitespace())?;
            rest = &rest[blank.len_utf8()..];
            count += 1;
        }
        let length = token.chars().count();
        places.push((count, count + length));
        rest = &rest[token.len()..];
        count += length;
    }
    rest.trim().is_empty().then_some(places)
}

/// The tokens joined by spaces, and where they stand in that.
pub(super) fn joined(tokens: &[&str]) -> (String, Vec<(usize, usize)>) {
    let mut start = 0;
    let place = |token: &&str| {
        let end = start + token.chars().count();
        let place = (start, end);
        start = end + 1;
        place
    };
    let places = tokens.iter().map(place).collect();
    (tokens.join(" "), places)
}
