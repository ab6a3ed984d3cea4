//! Mentions in brackets, as `CorefUD` and GUM have them in `Entity=`: what is open, and what it becomes where it closes.

use serde_json::Value;

use super::misc::Bracket;
use crate::annotation::RawSpan;
use crate::text::{Place, Problem};

/// The mentions of a document.
#[derive(Debug)]
pub(super) struct Mentions {
    /// Names of the fields, from `# global.Entity`.
    fields: Vec<String>,
    open: Vec<Open>,
}

#[derive(Debug)]
struct Open {
    fields: String,
    start: usize,
    line: usize,
}

impl Default for Mentions {
    fn default() -> Self {
        Self { fields: vec!["eid".to_owned(), "etype".to_owned()], open: Vec::new() }
    }
}

/// `e3[2/3]`: the id, and which piece of its mention.
fn id(field: &str) -> (&str, Option<&str>) {
    match field.split_once('[') {
        Some((id, piece)) => (id, piece.split('/').next()),
        None => (field, None),
    }
}

impl Mentions {
    /// Takes the names of the fields from what the comment says.
    pub fn name(&mut self, fields: &str) {
        self.fields = fields.split('-').map(str::to_owned).collect();
    }

    fn at(&self, names: [&str; 2], usual: usize) -> usize {
        self.fields.iter().position(|field| names.contains(&field.as_str())).unwrap_or(usual)
    }

    fn id_of<'o>(&self, fields: &'o str) -> &'o str {
        fields.split('-').nth(self.at(["eid", "GRP"], 0)).unwrap_or_default()
    }

    /// One bracket at a word that stands at `start..end`.
    pub fn bracket(
        &mut self,
        bracket: Bracket<'_>,
        (start, end): (usize, usize),
        place: &Place,
        spans: &mut Vec<RawSpan>,
        problems: &mut Vec<Problem>,
    ) {
        match bracket {
            Bracket::Opens(fields) => {
                self.open.push(Open { fields: fields.to_owned(), start, line: place.line.unwrap_or_default() });
            }
            Bracket::Closes(name) => {
                let Some(index) = self.open.iter().rposition(|open| self.id_of(&open.fields) == name) else {
                    let sentence = format!("the mention {name} ends where none begins: left out");
                    problems.push(Problem::warning(place.clone(), sentence));
                    return;
                };
                let open = self.open.remove(index);
                self.close(&open, end, spans);
            }
        }
    }

    fn close(&self, open: &Open, end: usize, spans: &mut Vec<RawSpan>) {
        let (name, piece) = id(self.id_of(&open.fields));
        if piece.is_some_and(|piece| piece != "1") {
            let begun =
                |span: &&mut RawSpan| span.attributes.get("eid").and_then(Value::as_str).is_some_and(|eid| eid == name);
            if let Some(span) = spans.iter_mut().rev().find(begun) {
                span.ranges.push((open.start, end));
                return;
            }
        }
        let (of_id, of_label) = (self.at(["eid", "GRP"], 0), self.at(["etype", "entity"], 1));
        let mut span = RawSpan { line: Some(open.line), ranges: vec![(open.start, end)], ..RawSpan::default() };
        for (index, value) in open.fields.split('-').enumerate() {
            if index == of_label {
                value.clone_into(&mut span.label);
            } else if index == of_id {
                span.attributes.insert("eid".to_owned(), Value::from(name));
            } else if let Some(field) = self.fields.get(index).filter(|_| !value.is_empty()) {
                span.attributes.insert(field.clone(), Value::from(value));
            }
        }
        if span.label.is_empty() {
            "entity".clone_into(&mut span.label);
        }
        spans.push(span);
    }

    /// The sentence is over: nothing stays open.
    pub fn sentence(&mut self, place: &Place, problems: &mut Vec<Problem>) {
        for open in std::mem::take(&mut self.open) {
            let sentence = format!("the mention {} has no end in its sentence: left out", self.id_of(&open.fields));
            problems.push(Problem::warning(place.clone().at_line(open.line), sentence));
        }
    }
}
