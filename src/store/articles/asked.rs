//! A [`Query`] in the database's words.

use rusqlite::types::Value as Sql;

use crate::annotation::Status;
use crate::store::{Query, Sort};

/// The condition of a query, without its words, and its values in order.
pub(super) struct Asked {
    pub sql: String,
    pub values: Vec<Sql>,
}

impl Asked {
    pub(super) fn new(query: &Query) -> Self {
        let mut asked = Self { sql: "d.hidden = ?".to_owned(), values: vec![Sql::Integer(query.hidden.into())] };
        match (query.status, &query.annotator) {
            (None, _) | (Some(Status::Untouched), None) => {}
            (Some(_), None) => asked.and("0", &[]),
            (Some(Status::Untouched), Some(owner)) => {
                let touched = "d.id NOT IN (SELECT doc FROM layer WHERE annotator = ? AND status <> ?)";
                asked.and(touched, &[owner.as_str(), Status::Untouched.as_str()]);
            }
            (Some(status), Some(owner)) => {
                let these = "d.id IN (SELECT doc FROM layer WHERE annotator = ? AND status = ?)";
                asked.and(these, &[owner.as_str(), status.as_str()]);
            }
        }
        match (query.flagged, &query.annotator) {
            (false, _) => {}
            (true, None) => asked.and("0", &[]),
            (true, Some(owner)) => {
                let these = "d.id IN (SELECT doc FROM layer WHERE annotator = ? AND flag IS NOT NULL)";
                asked.and(these, &[owner.as_str()]);
            }
        }
        match (&query.label, &query.annotator) {
            (None, _) => {}
            (Some(label), None) => {
                asked.and("d.id IN (SELECT doc FROM layer_label WHERE label = ? AND n > 0)", &[label.as_str()]);
            }
            (Some(label), Some(owner)) => {
                let these = "d.id IN (SELECT doc FROM layer_label WHERE annotator = ? AND label = ? AND n > 0)";
                asked.and(these, &[owner.as_str(), label.as_str()]);
            }
        }
        if let Some(source) = &query.source {
            asked.and("d.source = ?", &[source]);
        }
        asked
    }

    pub(super) fn and(&mut self, condition: &str, values: &[&str]) {
        self.sql += " AND ";
        self.sql += condition;
        self.values.extend(values.iter().map(|value| Sql::Text((*value).to_owned())));
    }
}

pub(super) fn annotator(query: &Query) -> Sql {
    query.annotator.as_ref().map_or(Sql::Null, |annotator| Sql::Text(annotator.as_str().to_owned()))
}

pub(super) fn column(sort: Sort) -> Option<&'static str> {
    match sort {
        Sort::Id => None,
        Sort::Title => Some("d.title"),
        Sort::Source => Some("d.source"),
        Sort::Date => Some("d.date"),
        Sort::Length => Some("d.length"),
    }
}

/// Ties go by the bytes of the id; descending turns the whole order around.
pub(super) fn order(query: &Query) -> String {
    let way = if query.descending { "DESC" } else { "ASC" };
    column(query.sort).map_or_else(|| format!("d.id {way}"), |column| format!("{column} {way}, d.id {way}"))
}

/// Words that must all occur, in lower case.
pub(super) struct Words(pub Vec<String>);

impl Words {
    pub(super) fn new(query: &Query) -> Self {
        Self(query.words.to_lowercase().split_whitespace().map(str::to_owned).collect())
    }

    pub(super) fn occur(&self, title: &str, id: &str, source: &str) -> bool {
        if self.0.is_empty() {
            return true;
        }
        let places = [title.to_lowercase(), id.to_lowercase(), source.to_lowercase()];
        self.0.iter().all(|word| places.iter().any(|place| place.contains(word.as_str())))
    }
}
