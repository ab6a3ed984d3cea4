//! Web addresses: one word, without the punctuation that follows them in a sentence.

/// Where the address ends that starts at `start`; `None` if none does.
pub(super) fn at(run: &str, start: usize) -> Option<usize> {
    let rest = &run[start..];
    let starts = |prefix: &str| {
        rest.as_bytes().get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix.as_bytes()))
            && rest[prefix.len()..].starts_with(char::is_alphanumeric)
    };
    if !["http://", "https://", "ftp://", "mailto:", "www."].iter().any(|prefix| starts(prefix)) {
        return None;
    }
    let end = rest.find(|character: char| "\"<>“”„«»（）「」，。、".contains(character)).unwrap_or(rest.len());
    let mut address = &rest[..end];
    while let Some(last) = address.chars().next_back() {
        let closes = match last {
            ')' => address.matches(')').count() > address.matches('(').count(),
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '’' | '‘' | '›' | '…' | ']' | '}' | '*' => true,
            _ => false,
        };
        if !closes {
            break;
        }
        address = &address[..address.len() - last.len_utf8()];
    }
    Some(start + address.len())
}
