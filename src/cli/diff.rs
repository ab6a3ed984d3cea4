//! `spanwright diff`: the typed differences between annotators, one per line.

use std::sync::Arc;

use serde_json::Value;

use super::agree;
use super::args::{Diff, Form};
use super::manners::{Done, Failure, Manners, Outcome};
use super::project::{self, Opened};
use super::table::Table;
use crate::annotation::Annotator;
use crate::review::{COLUMNS, Difference, Queue, Side, row, sides_in_words};
use crate::schema::LabelId;
use crate::session::report::Findings;
use crate::session::review::{Found, Look, Reading, Why, everybody};
use crate::store::Job;
use crate::text::convert::OffsetIndex;
use crate::text::wording::counted;
use crate::text::{Place, Problem};

pub(super) fn run(arguments: &Diff, given: Option<&str>, manners: &Manners) -> Outcome {
    let opened = project::open(&arguments.project, manners)?;
    let reading = reading(given, &opened)?;
    let labels = agree::labels(&arguments.label, &opened)?;
    let for_people = matches!(arguments.format, None | Some(Form::Table | Form::Md));
    let job = Job::default();
    let progress = manners.progress(&job, "Comparing");
    let (mut queue, mut rows, mut left_out) = (Queue::default(), Vec::new(), LeftOut::default());
    reading.each(&*opened.store, &job, &mut |look| {
        let Some(found) = left_out.sift(look) else { return true };
        queue.put(&found.comparison, &found.gold);
        let index = OffsetIndex::new(&found.document.text);
        for entry in queue.documents.last().into_iter().flat_map(|document| &document.entries) {
            let mut row = row(&found.document, &index, &found.comparison, &entry.difference, &entry.state, "");
            if for_people {
                let words = sides_in_words(&found.document, &found.comparison, &entry.difference);
                row.insert("sides".to_owned(), Value::from(words));
            }
            // As text: what is data is not rounded.
            if arguments.format == Some(Form::Csv)
                && let Some(iou) = row.get("iou").and_then(Value::as_f64)
            {
                row.insert("iou".to_owned(), Value::from(iou.to_string()));
            }
            let wanted = wanted(&opened, &entry.difference, &labels) && (!arguments.open || entry.state.is_open());
            rows.push(wanted.then_some(row));
        }
        true
    })?;
    drop(progress);
    queue.cluster();
    let mut table = Table::new(&COLUMNS);
    let entries = queue.documents.iter().flat_map(|document| &document.entries);
    let mut count = 0;
    for (entry, row) in entries.zip(rows) {
        let Some(mut row) = row else { continue };
        row.insert("cluster".to_owned(), Value::from(queue.clusters[entry.cluster].shape.sentence.as_str()));
        table.row(COLUMNS.map(|column| row.get(column).cloned().unwrap_or(Value::Null)));
        count += 1;
    }
    table.print(arguments.format)?;
    left_out.tell(manners);
    manners.say(format!(
        "{} in {}",
        counted(count, "difference", "differences"),
        counted(queue.documents.len() as u64, "document", "documents")
    ));
    Ok(if left_out.older > 0 { Done::Short } else { Done::Fully })
}

/// Whom `--annotator` names, else everybody.
pub(super) fn reading(given: Option<&str>, opened: &Opened) -> Result<Reading, Failure> {
    let named = agree::annotators(given, opened)?;
    let annotators: Arc<[Annotator]> = if named.is_empty() { everybody(&*opened.store)? } else { named.into() };
    match annotators.len() {
        0 => Err(Failure::Said("Nobody has finished a document yet".to_owned())),
        1 => Err(Failure::Said(format!(
            "There is nobody to compare {} with. Name two or more: --annotator ana,ben",
            annotators[0]
        ))),
        2..=128 => Ok(Reading { schema: Arc::new(opened.schema.clone()), annotators }),
        many => Err(Failure::Said(format!("At most 128 annotators are compared at once, not {many}"))),
    }
}

/// Someone gives one of the labels; any will do where none is named.
fn wanted(opened: &Opened, difference: &Difference, labels: &[LabelId]) -> bool {
    let is = |label: &LabelId| {
        let now = opened.schema.resolve(label.as_str()).map_or(label, |known| &known.id);
        opened.schema.lineage(now).any(|ancestor| labels.contains(ancestor)) || labels.contains(now)
    };
    let spans = difference.sides.iter().flat_map(Side::spans).map(|span| &span.label);
    labels.is_empty() || spans.chain(&difference.label).any(is)
}

/// Documents that are not compared, and why.
#[derive(Debug, Default)]
pub(super) struct LeftOut {
    only_one: u64,
    /// Documents in which a layer is left out because it counts in an older text.
    pub older: u64,
    pub findings: Findings,
}

impl LeftOut {
    /// What can be compared; what is left out is noted.
    pub(super) fn sift(&mut self, look: Look) -> Option<Box<Found>> {
        match look {
            Look::Found(found) => {
                if !found.older.is_empty() {
                    self.note(found.document.id.as_str(), &found.older);
                }
                Some(found)
            }
            Look::LeftOut(_, Why::OnlyOne(_)) => {
                self.only_one += 1;
                None
            }
            Look::LeftOut(document, Why::OlderText(annotators)) => {
                self.note(document.as_str(), &annotators);
                None
            }
        }
    }

    fn note(&mut self, document: &str, annotators: &[Annotator]) {
        self.older += 1;
        for annotator in annotators {
            let sentence = "the layer counts in an older text of the document; it was left out";
            self.findings.push(Problem::warning(
                Place { annotator: Some(annotator.to_string()), ..Place::document(document) },
                sentence,
            ));
        }
    }

    pub(super) fn tell(&self, manners: &Manners) {
        manners.tell(&self.findings);
        if self.only_one > 0 {
            let documents = counted(self.only_one, "document is", "documents are");
            manners.say(format!("{documents} left out: only one of them finished it"));
        }
    }
}
