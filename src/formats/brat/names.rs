//! Names that brat takes: types, roles and attributes are ASCII letters, digits, `-` and `_`. Everything else is escaped, reversibly.

/// What `annotation.conf` says where its names are escaped.
pub(super) const MARK: &str = "# Names: _x20_ and the like stand for characters that brat forbids";

/// `odd label` as `odd_x20_label`. A name that is only hyphens would be a separator line: its first one is escaped.
pub(super) fn escape(name: &str) -> String {
    let separator = name.bytes().all(|byte| byte == b'-');
    write(name, |character| character.is_ascii_alphanumeric() || matches!(character, '-' | '_'), separator)
}

/// A value that a configuration lists: no white space, nothing that separates there.
pub(super) fn escape_listed(value: &str) -> String {
    write(value, |character| character.is_alphanumeric() || matches!(character, '-' | '_' | '.' | '+' | '%'), false)
}

/// Any other value: it may hold spaces, but for those at its ends, and nothing that ends a line or a field.
pub(super) fn escape_free(value: &str) -> String {
    let last = value.chars().count().saturating_sub(1);
    let mut index = 0;
    let plain = |character: char| {
        let edge = index == 0 || index == last;
        index += 1;
        !character.is_control() && (!character.is_whitespace() || (character == ' ' && !edge))
    };
    write(value, plain, false)
}

/// An underscore before an `x` is escaped too, so that no name reads as an escape.
fn write(name: &str, mut plain: impl FnMut(char) -> bool, first: bool) -> String {
    let mut escaped = String::with_capacity(name.len());
    let mut characters = name.chars().peekable();
    let mut first = first;
    while let Some(character) = characters.next() {
        let keep = plain(character) && !(character == '_' && characters.peek() == Some(&'x')) && !first;
        first = false;
        if keep {
            escaped.push(character);
        } else {
            escaped.push_str(&format!("_x{:x}_", u32::from(character)));
        }
    }
    escaped
}

/// The name again. What is no escape stands for itself.
pub(super) fn unescape(name: &str) -> String {
    let mut rest = name;
    let mut plain = String::with_capacity(name.len());
    while let Some(at) = rest.find("_x") {
        plain.push_str(&rest[..at]);
        let digits = &rest[at + 2..];
        let end = digits.find('_').filter(|end| (1..=6).contains(end));
        let code = end.map(|end| &digits[..end]).filter(|code| code.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let character = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        match (character, end) {
            (Some(character), Some(end)) => {
                plain.push(character);
                rest = &digits[end + 1..];
            }
            _ => {
                plain.push_str("_x");
                rest = digits;
            }
        }
    }
    plain.push_str(rest);
    plain
}
