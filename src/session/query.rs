//! The words of a search for documents: `status:finished label:quote source:x flag: bridge`.

use crate::annotation::{Annotator, Status};
use crate::schema::LabelId;
use crate::store::{Query, Sort};

/// Reads a query as people type it, seen by `annotator`. What is no field is a word that must occur in title, id or source.
///
/// Fields: `status:` (untouched, in-progress, finished, skipped), `label:`, `source:`, `by:` (an annotator), `flag:`, `hidden:`,
/// `sort:` (id, title, source, date, length; `-` before it turns the order round). A value with spaces stands in quotes:
/// `source:"The Fen Lantern"`.
pub fn parse(words: &str, annotator: Option<&Annotator>) -> Result<Query, String> {
    let mut query = Query { annotator: annotator.cloned(), ..Query::default() };
    let mut rest = Vec::new();
    for word in split(words) {
        let Some((field, value)) = word.split_once(':') else {
            rest.push(word);
            continue;
        };
        match field {
            "status" => {
                let status = Status::parse(value);
                query.status = Some(status.ok_or_else(|| {
                    format!("“{value}” is no status. There are untouched, in-progress, finished and skipped")
                })?);
            }
            "label" => query.label = Some(LabelId::from(value)),
            "source" => query.source = Some(value.to_owned()),
            "by" => query.annotator = Some(Annotator::from(value)),
            "flag" => query.flagged = true,
            "hidden" => query.hidden = true,
            "sort" => {
                let (value, descending) = value.strip_prefix('-').map_or((value, false), |value| (value, true));
                query.descending = descending;
                query.sort = sort(value)
                    .ok_or_else(|| format!("“{value}” is no order. There are id, title, source, date and length"))?;
            }
            // A web address, a time of day: a word like any other.
            _ => rest.push(word),
        }
    }
    query.words = rest.join(" ");
    Ok(query)
}

fn sort(word: &str) -> Option<Sort> {
    Some(match word {
        "id" => Sort::Id,
        "title" => Sort::Title,
        "source" => Sort::Source,
        "date" => Sort::Date,
        "length" => Sort::Length,
        _ => return None,
    })
}

/// Words at white space, except inside straight double quotes, which go.
fn split(words: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quoted = false;
    for character in words.chars() {
        match character {
            '"' => quoted = !quoted,
            space if space.is_whitespace() && !quoted => out.push(String::new()),
            other => {
                if let Some(word) = out.last_mut() {
                    word.push(other);
                }
            }
        }
    }
    out.retain(|word| !word.is_empty());
    out
}
