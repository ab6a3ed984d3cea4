//! The last column: `key=value` behind bars, and white space in letters.

/// The value of a key.
pub(super) fn value<'m>(misc: &'m str, key: &str) -> Option<&'m str> {
    misc.split('|').find_map(|part| part.strip_prefix(key)?.strip_prefix('='))
}

/// The keys under which programs put a tag.
const KEYS: [&str; 4] = ["NER", "ner", "name", "NE"];

/// `B-PER`, by itself.
pub(super) fn is_lettered(tag: &str) -> bool {
    let mut letters = tag.chars();
    matches!(letters.next(), Some('B' | 'I' | 'E' | 'S' | 'L' | 'U')) && letters.next() == Some('-') && tag.len() > 2
}

/// The tag, wherever programs put it: `NER=`, `name=`, `NE=`, `Entity=` with a letter, or by itself.
pub(super) fn tag(misc: &str) -> Option<&str> {
    KEYS.into_iter().find_map(|key| value(misc, key)).or_else(|| {
        value(misc, "Entity").filter(|tag| is_lettered(tag)).or_else(|| misc.split('|').find(|part| is_lettered(part)))
    })
}

/// A part of the column says what spans the word is in, and nothing else.
pub(super) fn is_tag(part: &str) -> bool {
    let key = part.split('=').next().unwrap_or_default();
    is_lettered(part) || key == "Entity" || KEYS.contains(&key)
}

/// A part of the column is one that we write.
pub(super) fn is_ours(part: &str) -> bool {
    let key = part.split('=').next().unwrap_or_default();
    matches!(key, "_" | "NER" | "name" | "SpaceAfter" | "SpacesAfter" | "SpacesBefore")
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

/// The character of four hex digits, and what stands behind them.
fn coded(text: &str) -> Option<(char, &str)> {
    let (digits, rest) = text.split_at_checked(4)?;
    let digits = Some(digits).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    Some((char::from_u32(u32::from_str_radix(digits, 16).ok()?)?, rest))
}

/// And back; others write white space that has no letter as `\u00A0`.
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
            Some('u') => match coded(characters.as_str()) {
                Some((character, rest)) => {
                    plain.push(character);
                    characters = rest.chars();
                }
                None => plain.push('u'),
            },
            Some(other) => plain.push(other),
            None => plain.push('\\'),
        }
    }
    plain
}

/// One bracket of `Entity=(e1-person(e2-place)` as `CorefUD` and GUM write mentions: nested, in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bracket<'m> {
    /// With its fields, joined by dashes.
    Opens(&'m str),
    /// By its id.
    Closes(&'m str),
}

/// The brackets of a word, in their order. A mention of one word opens and closes.
pub(super) fn brackets(misc: &str) -> Vec<Bracket<'_>> {
    let mut found = Vec::new();
    let mut rest = value(misc, "Entity").filter(|entity| entity.contains(['(', ')'])).unwrap_or_default();
    while !rest.is_empty() {
        let (opens, inner) = match rest.strip_prefix('(') {
            Some(inner) => (true, inner),
            None => (false, rest),
        };
        let end = inner.find(['(', ')']).unwrap_or(inner.len());
        let fields = &inner[..end];
        let closes = inner[end..].starts_with(')');
        if opens {
            found.push(Bracket::Opens(fields));
        }
        if closes {
            found.push(Bracket::Closes(fields.split('-').next().unwrap_or_default()));
        }
        rest = &inner[end + usize::from(closes)..];
        if !opens && !closes {
            // Neither begins nor ends anything; what follows is looked at still.
            rest = inner.get(end..).unwrap_or_default();
        }
    }
    found
}
