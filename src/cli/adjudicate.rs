//! `spanwright adjudicate`: settles into gold what annotators agree on, by a rule. What is settled already is never touched.

use serde_json::json;

use super::args::Adjudicate;
use super::diff::{LeftOut, reading};
use super::identity::Identity;
use super::manners::{Done, Manners, Outcome, form_of, write_report};
use super::project;
use super::table::Table;
use crate::edit::LayerEdit;
use crate::review::{Accept, Difference, Kind, Reviewer, Subject};
use crate::session::report::Report;
use crate::session::review::{Found, edits_of_gold};
use crate::store::Job;
use crate::text::convert::{OffsetIndex, Unit};
use crate::text::wording::{brief, counted};
use crate::text::{DocumentId, Place, Problem};

/// A backup comes before a transaction of more edits than this.
const LARGE: usize = 1_000;

const COLUMNS: [&str; 7] = ["document", "ruling", "kind", "label", "start", "end", "text"];

pub(super) fn run(arguments: &Adjudicate, given: Option<&str>, manners: &Manners) -> Outcome {
    if let Some(report) = &arguments.report {
        form_of(report)?;
    }
    let accept = if arguments.accept == "majority" { Accept::Majority } else { Accept::Unanimous };
    let mut opened = project::open(&arguments.project, manners)?;
    let reading = reading(given, &opened)?;
    let mine = std::env::var("SPANWRIGHT_ANNOTATOR").ok();
    let author = Identity::new(arguments.by.as_deref().or(mine.as_deref()))?.author(opened.schema.stamp());
    let reviewer = Reviewer { by: author.annotator.clone(), at: author.at };
    let job = Job::default();
    let progress = manners.progress(&job, "Comparing");
    let mut work = Work::new(accept, reviewer);
    reading.each(&*opened.store, &job, &mut |look| {
        if let Some(found) = work.left_out.sift(look) {
            work.settle(*found);
        }
        true
    })?;
    drop(progress);
    let edits = edits_of_gold(std::mem::take(&mut work.settling));
    let in_documents = format!(
        "{} in {}",
        counted(work.settled, "thing that was open", "things that were open"),
        counted(work.documents, "document", "documents")
    );
    let sentence = if arguments.dry_run {
        work.table.print(arguments.format)?;
        format!("{in_documents} would be settled. Nothing was written")
    } else if edits.is_empty() {
        "There is nothing left that this rule settles".to_owned()
    } else {
        if edits.len() > LARGE {
            opened.store.backup(author.at)?;
        }
        let transaction = author.transaction(format!("Accept what is {}", arguments.accept), edits);
        opened.store.commit(&transaction, &author.schema)?;
        for problem in opened.store.mirror(&Job::default())?.problems {
            manners.error(problem);
        }
        format!("{in_documents} settled by {}", author.annotator)
    };
    work.left_out.tell(manners);
    manners.say(&sentence);
    manners.say(format!("{} for a reviewer", counted(work.open, "difference is left", "differences are left")));
    if work.waiting > 0 {
        let relations = counted(work.waiting, "relation that all agree on comes", "relations that all agree on come");
        manners.say(format!("{relations} along when both ends are settled"));
    }
    let short = work.refused > 0 || work.left_out.older > 0;
    if let Some(path) = &arguments.report {
        let Work { settled, refused, open, waiting, documents, left_out, .. } = work;
        let counts = vec![
            ("settled", settled),
            ("refused", refused),
            ("open", open),
            ("waiting", waiting),
            ("documents", documents),
        ];
        write_report(&Report { sentence, counts, findings: left_out.findings }, path)?;
    }
    Ok(if short { Done::Short } else { Done::Fully })
}

/// What is settled on the way through the documents.
struct Work {
    accept: Accept,
    reviewer: Reviewer,
    left_out: LeftOut,
    table: Table,
    settling: Vec<(DocumentId, Vec<LayerEdit>)>,
    settled: u64,
    refused: u64,
    /// Differences that want a reviewer afterwards.
    open: u64,
    /// Relations that all agree on, whose ends do not stand in gold yet.
    waiting: u64,
    /// In which something is settled.
    documents: u64,
}

impl Work {
    fn new(accept: Accept, reviewer: Reviewer) -> Self {
        let (left_out, table) = (LeftOut::default(), Table::new(&COLUMNS));
        let (settled, refused, open, waiting, documents) = Default::default();
        Self { accept, reviewer, left_out, table, settling: Vec::new(), settled, refused, open, waiting, documents }
    }

    fn settle(&mut self, found: Found) {
        let Found { document, comparison, mut gold, gold_is_older, .. } = found;
        let place = || Place::document(document.id.as_str());
        if gold_is_older {
            let sentence = "gold counts in an older text of the document; nothing was settled here";
            self.left_out.findings.push(Problem::warning(place(), sentence));
            self.refused += 1;
            return;
        }
        let proposals = gold.proposals(&comparison, self.accept);
        let (edits, refused) = gold.settle_all(&comparison, &proposals, &self.reviewer);
        // A relation whose ends do not stand yet comes along when they do.
        let truly = |difference: &Difference| difference.subject != Subject::Relation;
        for (difference, refusal) in refused.iter().filter(|(difference, _)| truly(difference)) {
            self.refused += 1;
            let said = document.text.slice(difference.extent);
            self.left_out.findings.push(Problem::warning(place(), format!("“{}”: {refusal}", brief(said, 40))));
        }
        let index = OffsetIndex::new(&document.text);
        for (difference, settlement) in &proposals {
            if refused.iter().any(|(other, _)| other.id == difference.id) {
                continue;
            }
            let (start, end) = index.give(Unit::CodePoint, difference.extent);
            self.table.row([
                json!(document.id),
                json!(settlement.ruling.id()),
                json!(difference.kind().map_or("agreed", Kind::id)),
                json!(difference.label),
                json!(start),
                json!(end),
                json!(document.text.slice(difference.extent)),
            ]);
            self.settled += 1;
        }
        let withdrawn = gold.withdrawn(&comparison);
        let all = comparison.differences.iter().chain(&withdrawn);
        for difference in all.filter(|it| gold.state(&comparison, it).is_open()) {
            let waits = difference.is_agreed() && difference.subject == Subject::Relation;
            *(if waits { &mut self.waiting } else { &mut self.open }) += 1;
        }
        if !edits.is_empty() {
            self.documents += 1;
            self.settling.push((document.id.clone(), edits));
        }
    }
}
