//! What a [`Query`] means, said once in plain code: which rows match, in which order, what follows a key.

use std::cmp::Ordering;

use super::{Query, Row, RowKey, Sort};

/// The row is one the query asks for. Labels are not looked at: a row does not know them.
pub(super) fn matches(query: &Query, row: &Row) -> bool {
    let words = || {
        let places = [row.title.to_lowercase(), row.id.as_str().to_lowercase(), row.source.to_lowercase()];
        query.words.to_lowercase().split_whitespace().all(|word| places.iter().any(|place| place.contains(word)))
    };
    row.hidden == query.hidden
        && query.status.is_none_or(|status| row.status == status)
        && query.source.as_ref().is_none_or(|source| row.source == *source)
        && (!query.flagged || row.flag.is_some())
        && words()
}

/// The order of a list. Descending turns the whole order around, ties too.
pub(super) fn order(query: &Query, a: &Row, b: &Row) -> Ordering {
    let values = match query.sort {
        Sort::Id => Ordering::Equal,
        Sort::Title => a.title.cmp(&b.title),
        Sort::Source => a.source.cmp(&b.source),
        Sort::Date => a.date.cmp(&b.date),
        Sort::Length => a.length.cmp(&b.length),
    };
    let order = values.then_with(|| a.id.cmp(&b.id));
    if query.descending { order.reverse() } else { order }
}

/// The row comes after the place where a page ended.
pub(super) fn follows(query: &Query, row: &Row, key: &RowKey) -> bool {
    let end = Row {
        id: key.id.clone(),
        title: key.value.clone(),
        source: key.value.clone(),
        date: key.value.clone(),
        length: key.value.parse().unwrap_or_default(),
        ..row.clone()
    };
    order(query, row, &end) == Ordering::Greater
}
