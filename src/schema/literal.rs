//! What the literals of RON stand for: strings, characters, numbers.

use serde_json::Number;

/// The text of a string's inside, its escapes resolved; where one is wrong, its byte offset in `inside`.
pub fn unescape(inside: &str) -> Result<String, usize> {
    let mut text = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let escape = inside.len() - rest.len() + at;
        let after = &rest[at + 1..];
        let mut chars = after.chars();
        let (c, used) = match chars.next() {
            Some(c @ ('\'' | '"' | '\\')) => (c, 1),
            Some('n') => ('\n', 1),
            Some('r') => ('\r', 1),
            Some('t') => ('\t', 1),
            Some('0') => ('\0', 1),
            Some('x') => (hex(after.get(1..3)).filter(char::is_ascii).ok_or(escape)?, 3),
            Some('u') => {
                let end = after.find('}').ok_or(escape)?;
                let digits = after.get(1..end).and_then(|braced| braced.strip_prefix('{'));
                (hex(digits.filter(|digits| digits.len() <= 6)).ok_or(escape)?, end + 1)
            }
            Some('\n' | '\r') => {
                rest = after.trim_start_matches([' ', '\t', '\n', '\r']);
                continue;
            }
            _ => return Err(escape),
        };
        text.push(c);
        rest = &after[used..];
    }
    text.push_str(rest);
    Ok(text)
}

fn hex(digits: Option<&str>) -> Option<char> {
    let digits = digits.filter(|digits| digits.chars().all(|c| c.is_ascii_hexdigit()))?;
    u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
}

/// Decimal, `0x`, `0o`, `0b`, with `_` between digits; no type suffixes. Integers past 64 bits become floats.
pub fn number(written: &str) -> Option<Number> {
    let plain: String = written.chars().filter(|c| *c != '_').collect();
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", plain.strip_prefix('+').unwrap_or(&plain)),
    };
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = digits.strip_prefix(prefix) {
            return i64::from_str_radix(&format!("{sign}{digits}"), radix).ok().map(Number::from);
        }
    }
    if let Ok(integer) = plain.parse::<u64>() {
        return Some(integer.into());
    }
    if let Ok(integer) = plain.parse::<i64>() {
        return Some(integer.into());
    }
    plain.parse::<f64>().ok().and_then(Number::from_f64)
}

/// `text` as a RON string, in quotation marks.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
