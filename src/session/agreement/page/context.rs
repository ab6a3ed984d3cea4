//! The differences of the report, in the text around them, with what each annotator marked.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::sync::Arc;

use super::html::{Table, escape, figure, remark};
use super::numbers::leading;
use super::{Comparison, Looks, excerpt};
use crate::agreement::Scope;
use crate::annotation::{Annotator, Layer, Span, Status};
use crate::review::{Difference, Kind, LinkKind, Shape, Side, Subject, Trivial, compare};
use crate::store::{Job, Store, StoreError};
use crate::text::wording::{brief, counted, thousands};
use crate::text::{Document, DocumentId};

const MOST_DOCUMENTS: usize = 25;
const MOST_OF_ONE: usize = 20;
const MOST: usize = 250;
/// Spans of one annotator in one difference.
const MOST_PARTS: usize = 8;
/// What differences are compared for at once.
const MOST_ANNOTATORS: usize = 128;

/// What differs in all documents; only the worst is kept as HTML.
pub struct Context {
    /// From the worst: id, title, differences, and those of them that are shown.
    documents: Vec<InDocument>,
    /// By kind.
    kinds: BTreeMap<&'static str, usize>,
    /// By question, of those that ask it at least twice.
    questions: Vec<(String, usize)>,
    total: usize,
}

struct InDocument {
    id: DocumentId,
    title: String,
    differences: usize,
    shown: Vec<String>,
}

impl Context {
    pub fn read(looks: &Looks<'_>, store: &dyn Store, job: &Job) -> Result<Self, StoreError> {
        let comparison = looks.comparison;
        let mut found = Self { documents: Vec::new(), kinds: BTreeMap::new(), questions: Vec::new(), total: 0 };
        let annotators: Arc<[Annotator]> =
            comparison.corpus.annotators.iter().map(|name| Annotator::from(name.as_str())).collect();
        if annotators.len() > MOST_ANNOTATORS {
            return Ok(found);
        }
        let mut questions = Questions::default();
        let documents = order(comparison);
        let (all, mut shown) = (documents.len() as u64, 0);
        for (done, id) in (0..).zip(documents) {
            job.set(done, all);
            if job.is_cancelled() {
                return Err(StoreError::Cancelled);
            }
            let Some(document) = store.document(id, None)? else { continue };
            let layers = layers(&document, &annotators, store)?;
            let compared = compare(&document, looks.schema, &annotators, layers);
            let wanted = |difference: &&Arc<Difference>| !difference.is_agreed() && is_of(looks, difference);
            let mut differences: Vec<&Arc<Difference>> = compared.differences.iter().filter(wanted).collect();
            for difference in &differences {
                *found.kinds.entry(difference.kind().map_or("", in_a_word)).or_default() += 1;
                questions.add(&difference.shapes);
            }
            found.total += differences.len();
            let count = differences.len();
            // The worst of them, in reading order.
            differences.sort_by_key(|difference| std::cmp::Reverse(difference.severity));
            let room = if found.documents.len() < MOST_DOCUMENTS { MOST_OF_ONE.min(MOST - shown) } else { 0 };
            differences.truncate(room);
            differences.sort_by_key(|difference| difference.extent);
            shown += differences.len();
            let drawn = differences.iter().map(|difference| draw(looks, &document, difference)).collect();
            let title = brief(&document.title(), 120);
            if found.documents.len() < MOST_DOCUMENTS {
                found.documents.push(InDocument { id: id.clone(), title, differences: count, shown: drawn });
            }
        }
        found.questions = questions.often();
        Ok(found)
    }

    /// From the worst, by the leading measure, with a way to the differences below.
    pub fn documents(&self, comparison: &Comparison) -> String {
        let Some(id) = leading(comparison) else { return String::new() };
        if self.documents.is_empty() {
            return String::new();
        }
        let columns = [("document", "name"), (id, ""), ("differences", "right")];
        let mut table = Table::new(&columns.map(|(heading, class)| (heading.to_owned(), class)));
        for (place, document) in self.documents.iter().enumerate() {
            let of = |row: &&crate::agreement::Row| {
                row.measure == id && row.scope == Scope::Document && row.document.as_ref() == Some(&document.id)
            };
            let number = comparison.rows.iter().find(of).map_or_else(String::new, figure);
            let name = format!(
                "<bdi>{}</bdi><small>{}</small>",
                escape(&document.title),
                escape(&brief(document.id.as_str(), 80))
            );
            let name = if document.shown.is_empty() { name } else { format!("<a href=\"#d{place}\">{name}</a>") };
            table.row([name, number, thousands(document.differences as u64)]);
        }
        let left = comparison.corpus.items.len().saturating_sub(self.documents.len());
        let cut = (left > 0).then(|| {
            remark(&format!("{} that agree better are not shown", counted(left as u64, "document", "documents")))
        });
        table.finish() + &cut.unwrap_or_default()
    }

    pub fn differences(&self, annotators: &[String]) -> String {
        let shown: usize = self.documents.iter().map(|document| document.shown.len()).sum();
        if self.total == 0 {
            return String::new();
        }
        let mut kinds: Vec<_> = self.kinds.iter().map(|(kind, count)| (*count, *kind)).collect();
        kinds.sort_by(|a, b| b.cmp(a));
        let kinds: Vec<String> =
            kinds.iter().map(|(count, kind)| format!("{} {kind}", thousands(*count as u64))).collect();
        let mut html =
            format!("<p>{}: {}</p>\n", counted(self.total as u64, "difference", "differences"), kinds.join(", "));
        if shown < self.total {
            html.push_str(&remark(&format!(
                "{} are shown: the worst {MOST_OF_ONE} of each of the {MOST_DOCUMENTS} documents that agree least, {MOST} at most",
                thousands(shown as u64)
            )));
        }
        if let [one, other] = annotators {
            html.push_str(&remark(&format!(
                "Lines below the text are what {one} marked, lines above it what {other} marked"
            )));
        }
        if !self.questions.is_empty() {
            let mut table =
                Table::new(&[("the same question more than once".to_owned(), "name"), ("cases".to_owned(), "right")]);
            for (sentence, cases) in self.questions.iter().take(12) {
                table.row([format!("<bdi>{}</bdi>", escape(&brief(sentence, 160))), thousands(*cases as u64)]);
            }
            html.push_str(&table.finish());
        }
        for (place, document) in self.documents.iter().enumerate().filter(|(_, document)| !document.shown.is_empty()) {
            let _ = writeln!(html, "<h3 id=d{place}><bdi>{}</bdi></h3>", escape(&document.title));
            document.shown.iter().for_each(|difference| html.push_str(difference));
            let left = document.differences - document.shown.len();
            if left > 0 {
                html.push_str(&remark(&format!("{} more of this document", thousands(left as u64))));
            }
        }
        html
    }
}

/// What differences are cases of.
#[derive(Default)]
struct Questions {
    /// By key: the place in `sentences`.
    places: HashMap<String, usize>,
    /// With how many differences ask it.
    sentences: Vec<(String, usize)>,
    /// By difference: its questions, the narrowest first.
    asked: Vec<Vec<usize>>,
}

impl Questions {
    fn add(&mut self, shapes: &[Shape]) {
        let mut asked = Vec::with_capacity(shapes.len());
        for shape in shapes {
            let next = self.sentences.len();
            let place = *self.places.entry(shape.key.clone()).or_insert(next);
            if place == next {
                self.sentences.push((shape.sentence.clone(), 0));
            }
            self.sentences[place].1 += 1;
            asked.push(place);
        }
        self.asked.push(asked);
    }

    /// Each difference under the narrowest question that another asks too; the most frequent first.
    fn often(self) -> Vec<(String, usize)> {
        let mut cases = vec![0; self.sentences.len()];
        for asked in &self.asked {
            if let Some(place) = asked.iter().find(|place| self.sentences[**place].1 > 1) {
                cases[*place] += 1;
            }
        }
        let questions = self.sentences.into_iter().zip(cases).map(|((sentence, _), cases)| (sentence, cases));
        let mut often: Vec<(String, usize)> = questions.filter(|(_, cases)| *cases > 1).collect();
        often.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        often
    }
}

/// The documents compared, from the worst.
fn order(comparison: &Comparison) -> Vec<&DocumentId> {
    let rows = leading(comparison).map(|id| comparison.worst(id)).unwrap_or_default();
    let ranked: Vec<&DocumentId> = rows.into_iter().filter_map(|row| row.document.as_ref()).collect();
    if ranked.is_empty() { comparison.corpus.items.iter().map(|item| &item.document).collect() } else { ranked }
}

/// The layers that count, as they are now.
fn layers(
    document: &Document,
    annotators: &[Annotator],
    store: &dyn Store,
) -> Result<Vec<Option<Arc<Layer>>>, StoreError> {
    let hash = document.text.sha256();
    let layer = |annotator| {
        let found = store.layer(&document.id, annotator)?;
        let counts = found.filter(|(layer, text)| layer.status == Status::Finished && *text == hash);
        Ok(counts.map(|(layer, _)| Arc::new(layer)))
    };
    annotators.iter().map(layer).collect()
}

/// It is about labels that were compared.
fn is_of(looks: &Looks<'_>, difference: &Difference) -> bool {
    let compared = &looks.comparison.parameters.labels;
    match &difference.label {
        Some(label) => !looks.class(label.as_str()).is_empty(),
        None => looks.schema.labels.iter().all(|label| compared.iter().any(|id| id == label.id.as_str())),
    }
}

fn draw(looks: &Looks<'_>, document: &Document, difference: &Difference) -> String {
    let names = &looks.comparison.corpus.annotators;
    let kinds: Vec<String> = difference.kinds.iter().map(|kind| in_words(kind, names)).collect();
    let mut html = format!("<div class=difference><div class=what><span>{}</span></div>\n", escape(&kinds.join(" · ")));
    if difference.subject == Subject::Spans || difference.subject == Subject::Relation {
        let marks =
            difference.sides.iter().enumerate().flat_map(|(who, side)| spans(side).map(move |span| (who, span)));
        html.push_str(&excerpt::excerpt(looks, &document.text, difference.extent, &marks.collect::<Vec<_>>()));
    }
    html.push_str("<ul>\n");
    for (name, side) in names.iter().zip(&difference.sides).filter(|(_, side)| side.is_data()) {
        let _ = writeln!(
            html,
            "<li><span class=who><bdi>{}</bdi></span> {}</li>",
            escape(&brief(name, 60)),
            said(looks, document, side)
        );
    }
    html + "</ul></div>\n"
}

/// The spans of a side, those at the ends of a relation too.
fn spans(side: &Side) -> impl Iterator<Item = &Span> {
    let (marked, ends): (&[Arc<Span>], Vec<&Arc<Span>>) = match side {
        Side::Relation { from, to, .. } => (&[], vec![from, to]),
        other => (other.spans(), Vec::new()),
    };
    marked.iter().chain(ends).map(|span| &**span)
}

fn said(looks: &Looks<'_>, document: &Document, side: &Side) -> String {
    let quote =
        |span: &Span| format!("<bdi class=said>{}</bdi>", escape(&brief(&span.ranges.quote(&document.text), 200)));
    let value = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let marked = |span: &Arc<Span>| {
        let attributes: Vec<String> =
            span.attributes.iter().map(|(name, given)| format!("{name} {}", value(given))).collect();
        format!(
            "{} {} <span class=second>{}</span>",
            looks.chip(span.label.as_str()),
            quote(span),
            escape(&brief(&attributes.join(", "), 200))
        )
    };
    match side {
        Side::Absent => String::new(),
        Side::Nothing => "<span class=second>nothing here</span>".to_owned(),
        Side::Spans(spans) => {
            let left = spans.len().saturating_sub(MOST_PARTS);
            let more =
                (left > 0).then(|| format!("<span class=second>{}</span>", counted(left as u64, "more", "more")));
            spans.iter().take(MOST_PARTS).map(marked).chain(more).collect::<Vec<_>>().join(" + ")
        }
        Side::Relation { relation, from, to } => {
            format!("{} → {} <span class=second>{}</span>", quote(from), quote(to), escape(relation.kind.as_str()))
        }
        Side::Value(given) => format!("<bdi>{}</bdi>", escape(&brief(&value(given), 200))),
    }
}

fn in_a_word(kind: &Kind) -> &'static str {
    match kind {
        Kind::Withdrawn => "withdrawn",
        Kind::Missing { .. } => "marked or not",
        Kind::Split { .. } => "in one or in several",
        Kind::Label => "of labels",
        Kind::Relation(_) => "of relations",
        Kind::Boundary(boundary) if boundary.trivial.is_some() => "of edges by white space or punctuation",
        Kind::Boundary(_) => "of edges",
        Kind::Attribute { .. } => "of attributes",
    }
}

fn in_words(kind: &Kind, names: &[String]) -> String {
    let of = |by: &[usize]| super::names(&by.iter().map(|who| names[*who].clone()).collect::<Vec<_>>());
    let letters = |count: usize| counted(count as u64, "character", "characters");
    match kind {
        Kind::Withdrawn => "Nobody marks it any more".to_owned(),
        Kind::Missing { by } => format!("Not marked by {}", of(by)),
        Kind::Split { by } => format!("In several parts by {}", of(by)),
        Kind::Label => "Different labels".to_owned(),
        Kind::Relation(LinkKind::Kind) => "Different kinds of relation".to_owned(),
        Kind::Relation(LinkKind::End) => "Another span at one end".to_owned(),
        Kind::Attribute { names } => format!("Different values of {}", names.join(", ")),
        Kind::Boundary(boundary) => match boundary.trivial {
            Some(Trivial::Whitespace) => "Edges differ by white space only".to_owned(),
            Some(Trivial::Quotation) => "Edges differ by quotation marks only".to_owned(),
            Some(Trivial::Punctuation) => "Edges differ by punctuation only".to_owned(),
            None => match (boundary.left.chars, boundary.right.chars) {
                (0, 0) => "Different parts".to_owned(),
                (left, 0) => format!("The start differs by {}", letters(left)),
                (0, right) => format!("The end differs by {}", letters(right)),
                (left, right) => format!("The start differs by {}, the end by {}", letters(left), letters(right)),
            },
        },
    }
}
