//! The last column: `key=value` behind bars, and white space in letters.

/// The value of a key.
pub(super) fn value<'m>(misc: &'m str, key: &str) -> Option<&'m str> {
    misc.split('|').find_map(|part| part.strip_prefix(key)?.strip_prefix('='))
}

/// The tag, wherever programs put it: `NER=`, `name=`, `NE=`, `Entity=` with a letter, or by itself.
pub(super) fn tag(misc: &str) -> Option<&str> {
    ["NER", "ner", "name", "NE"].into_iter().find_map(|key| value(misc, key)).or_else(|| {
        let lettered = |tag: &&str| {
            tag.len() > 2
                && matches!(tag.as_bytes().first(), Some(b'B' | b'I' | b'E' | b'S' | b'L' | b'U'))
                && tag.as_bytes()[1] == b'-'
        };
        value(misc, "Entity").filter(lettered).or_else(|| misc.split('|').find(lettered))
    })
}

/// White space as `\s`, `\t`, `\n`, `\r`, `\p` (a bar) and `\\`.
pub(super) fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            ' ' => out.push_str("\\s"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '|' => out.push_str("\\p"),
            '\\' => out.push_str("\\\\"),
            other => out.push(other),
        }
    }
}

/// And back.
pub(super) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        match characters.next() {
            Some('s') => plain.push(' '),
            Some('t') => plain.push('\t'),
            Some('n') => plain.push('\n'),
            Some('r') => plain.push('\r'),
            Some('p') => plain.push('|'),
            Some(other) => plain.push(other),
            None => plain.push('\\'),
        }
    }
    plain
}
