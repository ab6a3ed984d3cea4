//! One cell of a row: values side by side behind bars, each perhaps with the number of its annotation; `\` before what is meant as it is.

/// One value of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// `None` for `*`: the annotation is there, the value is not.
    pub value: Option<String>,
    /// As in `person[12]`: words with the same number are one annotation. 0 is none.
    pub number: Option<u64>,
}

/// The values of a cell; none for `_`.
pub(super) fn items(cell: &str) -> Vec<Item> {
    if matches!(cell, "_" | "") {
        return Vec::new();
    }
    split(cell, '|').map(item).collect()
}

/// One value by itself.
pub(super) fn item(text: &str) -> Item {
    let numbered = text.strip_suffix(']').and_then(|rest| {
        let (value, number) = rest.rsplit_once('[')?;
        Some((value, number.parse().ok()?))
    });
    let (value, number) = match numbered {
        Some((value, number)) => (value, Some(number)),
        None => (text, None),
    };
    let value = (!matches!(value, "*" | "_" | "")).then(|| plain(value));
    Item { value, number: number.filter(|number| *number > 0) }
}

/// Parts at each `mark` that has no `\` before it.
pub(super) fn split(text: &str, mark: char) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let mut escaped = false;
        let end = text.char_indices().find(|(_, character)| {
            let here = *character == mark && !escaped;
            escaped = *character == '\\' && !escaped;
            here
        });
        rest = end.map(|(at, _)| &text[at + mark.len_utf8()..]);
        Some(&text[..end.map_or(text.len(), |(at, _)| at)])
    })
}

/// Without its escapes.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        match characters.next() {
            Some('t') => plain.push('\t'),
            Some('n') => plain.push('\n'),
            Some('r') => plain.push('\r'),
            Some('b') => plain.push('\u{8}'),
            Some('f') => plain.push('\u{c}'),
            Some(other) => plain.push(other),
            None => plain.push('\\'),
        }
    }
    plain
}

/// Where a relation or a slot points: a word, and the numbers of the annotations there and here (`3-6[13_2]`, `3-6[13]`, `3-6`); 0 is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address<'c> {
    pub word: &'c str,
    pub there: u64,
    pub here: u64,
}

pub(super) fn address(text: &str) -> Option<Address<'_>> {
    let Some((word, numbers)) = text.strip_suffix(']').and_then(|rest| rest.split_once('[')) else {
        return Some(Address { word: text, there: 0, here: 0 });
    };
    let (there, here) = numbers.split_once('_').unwrap_or((numbers, "0"));
    Some(Address { word, there: there.parse().ok()?, here: here.parse().ok()? })
}
