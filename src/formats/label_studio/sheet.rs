//! The exports CSV and TSV: the short variant ([`super::min`]) as a table, in which what is no text is JSON.

use std::io::BufRead;

use serde_json::{Map, Value};

use crate::formats::articles::rows::{Row, Rows};
use crate::formats::values::Element;
use crate::text::{Place, Problem};

/// Columns that every such table has.
const COLUMNS: [&str; 3] = ["annotation_id", "annotator", "lead_time"];
/// Columns of numbers.
const NUMBERS: [&str; 4] = ["annotation_id", "annotator", "id", "lead_time"];

/// The first line names the columns of such a table.
pub(super) fn looks(text: &str) -> bool {
    let cells = text.lines().next().unwrap_or_default().split([',', '\t']);
    let names: Vec<&str> = cells.map(|cell| cell.trim().trim_matches('"')).collect();
    COLUMNS.iter().all(|column| names.contains(column))
}

/// A text may look like JSON; regions and what is said of a text are objects.
fn is_made(json: &Value) -> bool {
    json.is_object() || json.as_array().is_some_and(|list| !list.is_empty() && list.iter().all(Value::is_object))
}

/// The rows of a table as the objects that they were made of.
pub(super) struct Sheet<R> {
    rows: Rows<R>,
    file: String,
    columns: Vec<String>,
    read: u64,
    done: bool,
}

impl<R: BufRead> Sheet<R> {
    pub fn new(mut source: R, file: String, limit: u64) -> Self {
        let sample = source.fill_buf().unwrap_or_default();
        let line = sample.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let delimiter = if line.contains(&b'\t') { b'\t' } else { b',' };
        Self { rows: Rows::new(source, delimiter, true, limit), file, columns: Vec::new(), read: 0, done: false }
    }

    fn object(&self, cells: &[Vec<u8>]) -> Map<String, Value> {
        let one = |(column, cell): (&String, &Vec<u8>)| {
            let (name, text) = (column.as_str(), String::from_utf8_lossy(cell));
            if text.is_empty() {
                return COLUMNS.contains(&name).then(|| (column.clone(), Value::Null));
            }
            let is_json = text.starts_with(['[', '{']) || NUMBERS.contains(&name);
            let json = if is_json { serde_json::from_str(&text).ok() } else { None };
            let value = json.filter(|json| NUMBERS.contains(&name) || is_made(json));
            Some((column.clone(), value.unwrap_or_else(|| Value::from(text))))
        };
        self.columns.iter().zip(cells).filter_map(one).collect()
    }
}

impl<R: BufRead> Iterator for Sheet<R> {
    type Item = Result<Element, Box<Problem>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut cells = Vec::new();
        while !self.done {
            let place = || Place::file(self.file.clone());
            let line = match self.rows.next(&mut cells) {
                Ok(Row::Read(line)) => line,
                Ok(Row::Broken(line, fault)) => return Some(Err(Box::new(fault.problem(place().at_line(line))))),
                Ok(Row::End) => break,
                Err(error) => {
                    self.done = true;
                    let sentence = format!("the file could not be read further: {error}");
                    return Some(Err(Box::new(Problem::error(place(), sentence))));
                }
            };
            self.read += cells.iter().map(|cell| cell.len() as u64 + 1).sum::<u64>();
            if self.columns.is_empty() {
                let name = |cell: &Vec<u8>| String::from_utf8_lossy(cell).trim_start_matches('\u{feff}').to_owned();
                self.columns = cells.iter().map(name).collect();
                continue;
            }
            if cells.len() != self.columns.len() {
                let sentence = format!("the row has {} cells, the first one {}", cells.len(), self.columns.len());
                return Some(Err(Box::new(Problem::error(place().at_line(line), sentence))));
            }
            return Some(Ok(Element { value: self.object(&cells).into(), line, read: self.read, list: None }));
        }
        None
    }
}
