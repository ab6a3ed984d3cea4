//! The [`Queue`]: the cases of all documents, in an order, in groups, narrowed to what is wanted.

use std::collections::HashMap;

use super::case::{Case, Progress};
use crate::review::{Difference, Shape};
use crate::schema::LabelId;
use crate::text::{Document, DocumentId};

/// What cases are put in groups by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    #[default]
    Severity,
    Cluster,
    Label,
    Kind,
    Document,
}

impl Order {
    pub const ALL: [Self; 5] = [Self::Severity, Self::Cluster, Self::Label, Self::Kind, Self::Document];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Severity => "Severity",
            Self::Cluster => "Question",
            Self::Label => "Label",
            Self::Kind => "Kind",
            Self::Document => "Document",
        }
    }
}

/// Which cases are shown; `None` is any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Asks the same question, by the shape's key.
    pub cluster: Option<String>,
    pub label: Option<LabelId>,
    /// As `Kind::id` names it.
    pub kind: Option<String>,
    pub document: Option<DocumentId>,
    /// Between these two, by their places.
    pub pair: Option<(usize, usize)>,
}

impl Filter {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A question that cases ask.
#[derive(Clone, Debug)]
pub struct Cluster {
    pub shape: Shape,
    /// Cases that ask it.
    pub cases: u32,
}

/// A document with cases.
#[derive(Clone, Debug)]
pub struct Title {
    pub id: DocumentId,
    pub title: String,
}

impl Title {
    /// As lists show the document.
    pub(super) fn of(document: &Document) -> Self {
        let title = document.meta_text("title").filter(|title| !title.is_empty());
        Self { id: document.id.clone(), title: title.unwrap_or(document.id.as_str()).to_owned() }
    }
}

/// A row of the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Of [`Queue::groups`].
    Group(u32),
    Case(u32),
}

/// Cases with the same answer to what they are put in groups by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub title: String,
    pub cases: u32,
    pub open: u32,
    /// Shows this group alone.
    pub filter: Filter,
}

/// The cases of all documents.
#[derive(Debug, Default)]
pub struct Queue {
    cases: Vec<Case>,
    pub documents: Vec<Title>,
    pub labels: Vec<LabelId>,
    pub clusters: Vec<Cluster>,
    known: HashMap<String, u32>,
    numbers: HashMap<DocumentId, u32>,
    order: Order,
    filter: Filter,
    lines: Vec<Line>,
    groups: Vec<Group>,
    /// By case: its place among the lines, if it is shown.
    places: Vec<u32>,
    /// By case: its group.
    within: Vec<u32>,
    open: u32,
    /// By document: cases about spans that are yet to be settled.
    spans_open: Vec<u32>,
}

const NOWHERE: u32 = u32::MAX;

impl Queue {
    pub fn case(&self, number: u32) -> Option<&Case> {
        self.cases.get(number as usize)
    }

    pub fn document(&self, case: &Case) -> &Title {
        &self.documents[case.document as usize]
    }

    pub fn label(&self, case: &Case) -> Option<&LabelId> {
        self.labels.get(usize::from(case.label?))
    }

    /// The narrowest question that at least one other case asks too, else the widest.
    pub fn cluster(&self, case: &Case) -> Option<&Cluster> {
        let of = |shape: &u32| &self.clusters[*shape as usize];
        case.shapes.iter().map(of).find(|cluster| cluster.cases > 1).or_else(|| case.shapes.last().map(of))
    }

    /// All cases, whatever is shown.
    pub fn len(&self) -> usize {
        self.cases.len()
    }

    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// Cases that are shown, and how many of them are open.
    pub fn counts(&self) -> (u32, u32) {
        self.groups.iter().fold((0, 0), |(cases, open), group| (cases + group.cases, open + group.open))
    }

    /// Cases that are open, whatever is shown.
    pub fn open(&self) -> u32 {
        self.open
    }

    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    pub fn group(&self, number: u32) -> &Group {
        &self.groups[number as usize]
    }

    pub fn order(&self) -> Order {
        self.order
    }

    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// The row of a case, where it is shown.
    pub fn place(&self, case: u32) -> Option<usize> {
        self.places.get(case as usize).copied().filter(|place| *place != NOWHERE).map(|place| place as usize)
    }

    /// The case with this key in a document.
    pub fn find(&self, document: &DocumentId, key: u64) -> Option<u32> {
        let document = *self.numbers.get(document)?;
        let found = self.cases.iter().position(|case| case.document == document && case.key == key)?;
        u32::try_from(found).ok()
    }

    /// The case waits: it is about an arrow, and spans of its document are yet to be settled.
    pub fn waits(&self, case: &Case) -> bool {
        case.links && self.spans_open.get(case.document as usize).is_some_and(|open| *open > 0)
    }

    /// What was left for later in a document.
    pub(super) fn skipped(&self, document: &DocumentId) -> Vec<u64> {
        let Some(document) = self.numbers.get(document) else { return Vec::new() };
        let here = self.cases.iter().filter(|case| case.document == *document && case.progress == Progress::Skipped);
        here.map(|case| case.key).collect()
    }

    /// What was left for later, everywhere.
    pub(super) fn all_skipped(&self) -> Vec<(DocumentId, u64)> {
        let skipped = self.cases.iter().filter(|case| case.progress == Progress::Skipped);
        skipped.map(|case| (self.document(case).id.clone(), case.key)).collect()
    }

    /// The first case after a row (or before it) that holds, around at the ends.
    pub fn seek(&self, from: Option<usize>, forward: bool, holds: impl Fn(&Case) -> bool) -> Option<u32> {
        let fits = |line: &Line| match line {
            Line::Case(case) if holds(&self.cases[*case as usize]) => Some(*case),
            _ => None,
        };
        if forward {
            let start = from.map_or(0, |from| from + 1).min(self.lines.len());
            self.lines[start..].iter().find_map(fits).or_else(|| self.lines[..start].iter().find_map(fits))
        } else {
            let end = from.unwrap_or(self.lines.len()).min(self.lines.len());
            self.lines[..end].iter().rev().find_map(fits).or_else(|| self.lines[end..].iter().rev().find_map(fits))
        }
    }

    /// Takes in the cases of one document, in the place of those it had. Call [`Queue::arrange`] after the last one.
    pub(super) fn put(&mut self, document: Title, cases: Vec<(Case, &Difference)>) {
        let number = match self.numbers.get(&document.id) {
            Some(number) => {
                let number = *number;
                self.remove(number);
                number
            }
            None if cases.is_empty() => return,
            None => {
                let number = u32::try_from(self.documents.len()).unwrap_or(u32::MAX);
                self.numbers.insert(document.id.clone(), number);
                self.documents.push(document);
                number
            }
        };
        for (case, difference) in cases {
            let label = difference.label.as_ref().map(|label| self.number_of(label));
            let shapes = difference.shapes.iter().map(|shape| self.shape(shape)).collect();
            self.cases.push(Case { document: number, label, shapes, ..case });
        }
    }

    fn remove(&mut self, document: u32) {
        let clusters = &mut self.clusters;
        self.cases.retain(|case| {
            let stays = case.document != document;
            if !stays {
                case.shapes.iter().for_each(|shape| clusters[*shape as usize].cases -= 1);
            }
            stays
        });
    }

    fn number_of(&mut self, label: &LabelId) -> u16 {
        let place = self.labels.iter().position(|known| known == label).unwrap_or_else(|| {
            self.labels.push(label.clone());
            self.labels.len() - 1
        });
        u16::try_from(place).unwrap_or(u16::MAX)
    }

    fn shape(&mut self, shape: &Shape) -> u32 {
        let number = *self.known.entry(shape.key.clone()).or_insert_with(|| {
            self.clusters.push(Cluster { shape: shape.clone(), cases: 0 });
            u32::try_from(self.clusters.len() - 1).unwrap_or(u32::MAX)
        });
        self.clusters[number as usize].cases += 1;
        number
    }

    pub(super) fn set(&mut self, case: u32, progress: Progress) {
        let Some(known) = self.cases.get_mut(case as usize) else { return };
        let (before, after) = (known.progress.is_open(), progress.is_open());
        known.progress = progress;
        if before == after {
            return;
        }
        let change = |count: &mut u32| if after { *count += 1 } else { *count -= 1 };
        change(&mut self.open);
        if !known.links {
            change(&mut self.spans_open[known.document as usize]);
        }
        if let Some(group) = self.groups.get_mut(self.within[case as usize] as usize) {
            change(&mut group.open);
        }
    }

    pub(super) fn arrange_by(&mut self, order: Order) {
        self.order = order;
        self.arrange();
    }

    pub(super) fn narrow(&mut self, filter: Filter) {
        self.filter = filter;
        self.arrange();
    }

    /// Groups and order anew. O(n log n) in the cases.
    pub(super) fn arrange(&mut self) {
        let mut shown: Vec<u32> = (0..u32::try_from(self.cases.len()).unwrap_or(u32::MAX)).collect();
        shown.retain(|case| self.shows(&self.cases[*case as usize]));
        let mut ranked: Vec<([u64; 4], u32)> = shown.into_iter().map(|case| (self.rank(case), case)).collect();
        ranked.sort_unstable();
        self.places = vec![NOWHERE; self.cases.len()];
        self.within = vec![NOWHERE; self.cases.len()];
        (self.lines, self.groups) = (Vec::with_capacity(ranked.len() + 8), Vec::new());
        self.open = u32::try_from(self.cases.iter().filter(|case| case.progress.is_open()).count()).unwrap_or(u32::MAX);
        self.spans_open = vec![0; self.documents.len()];
        for case in self.cases.iter().filter(|case| case.progress.is_open() && !case.links) {
            self.spans_open[case.document as usize] += 1;
        }
        let mut last: Option<Filter> = None;
        for (_, number) in ranked {
            let (title, filter) = self.heading(&self.cases[number as usize]);
            let severity = self.order == Order::Severity;
            let new = match (&last, self.groups.last()) {
                (Some(known), Some(group)) => {
                    if severity {
                        group.title != title
                    } else {
                        *known != filter
                    }
                }
                _ => true,
            };
            if new {
                self.lines.push(Line::Group(u32::try_from(self.groups.len()).unwrap_or(u32::MAX)));
                self.groups.push(Group { title, cases: 0, open: 0, filter: filter.clone() });
                last = Some(filter);
            }
            let group = self.groups.len() - 1;
            self.groups[group].cases += 1;
            self.groups[group].open += u32::from(self.cases[number as usize].progress.is_open());
            self.within[number as usize] = u32::try_from(group).unwrap_or(u32::MAX);
            self.places[number as usize] = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
            self.lines.push(Line::Case(number));
        }
    }

    fn shows(&self, case: &Case) -> bool {
        let Filter { cluster, label, kind, document, pair } = &self.filter;
        let asks = |key: &String| case.shapes.iter().any(|shape| self.clusters[*shape as usize].shape.key == *key);
        cluster.as_ref().is_none_or(asks)
            && label.as_ref().is_none_or(|label| self.label(case) == Some(label))
            && kind.as_ref().is_none_or(|kind| case.kind == kind)
            && document.as_ref().is_none_or(|document| self.document(case).id == *document)
            && pair.is_none_or(|(one, other)| case.parts(one, other))
    }

    /// What comes first: the worst, the most frequent, the first in the text.
    fn rank(&self, number: u32) -> [u64; 4] {
        let case = &self.cases[number as usize];
        let worst = u64::from(9 - case.severity.min(9));
        let (document, start) = (u64::from(case.document), u64::from(case.start));
        let label = case.label.map_or(u64::MAX, u64::from);
        let place = self.cluster(case).map(|cluster| (cluster.cases, self.known[&cluster.shape.key]));
        let (most, cluster) =
            place.map_or((u64::MAX, u64::MAX), |(cases, at)| (u64::from(u32::MAX - cases), at.into()));
        match self.order {
            Order::Severity => [worst, document, start, 0],
            Order::Cluster => [most, cluster, document, start],
            Order::Label => [label, worst, document, start],
            Order::Kind => [worst, super::words::kind_rank(case.kind), document, start],
            Order::Document => [document, start, 0, 0],
        }
    }

    fn heading(&self, case: &Case) -> (String, Filter) {
        let mut filter = self.filter.clone();
        let title = match self.order {
            Order::Severity => super::words::severity(case.severity).to_owned(),
            Order::Cluster => {
                let shape = self.cluster(case).map(|cluster| &cluster.shape);
                filter.cluster = shape.map(|shape| shape.key.clone());
                shape.map_or_else(|| "Agreed by now".to_owned(), |shape| shape.sentence.clone())
            }
            Order::Label => {
                filter.label = self.label(case).cloned();
                self.label(case).map_or_else(|| "The document".to_owned(), ToString::to_string)
            }
            Order::Kind => {
                filter.kind = Some(case.kind.to_owned());
                super::words::kind(case.kind).to_owned()
            }
            Order::Document => {
                filter.document = Some(self.document(case).id.clone());
                self.document(case).title.clone()
            }
        };
        (title, filter)
    }
}
