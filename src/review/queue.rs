//! [`Queue`]: the differences of all documents, in an order of one's choice, in clusters of the same question.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::{Comparison, Difference, Gold, Kind, Shape, State};
use crate::schema::LabelId;
use crate::text::DocumentId;

/// The differences of many documents. What is agreed is counted, not kept.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    /// In the order in which they were added.
    pub documents: Vec<InDocument>,
    places: HashMap<DocumentId, usize>,
    /// The most frequent first; as of the last [`Queue::cluster`].
    pub clusters: Vec<Cluster>,
}

/// The differences of one document, in reading order.
#[derive(Clone, Debug, PartialEq)]
pub struct InDocument {
    pub document: DocumentId,
    pub entries: Vec<Entry>,
    /// How many things all agree on…
    pub agreed: usize,
    /// …and how many of those do not stand in gold yet.
    pub agreed_open: usize,
}

/// One difference.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub difference: Arc<Difference>,
    pub state: State,
    /// Index into [`Queue::clusters`].
    pub cluster: usize,
}

/// Differences that ask the same question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    pub shape: Shape,
    /// How many there are, settled ones too…
    pub cases: usize,
    /// …and how many want a reviewer.
    pub open: usize,
}

/// Where an entry stands: index into [`Queue::documents`], then into its entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub document: usize,
    pub entry: usize,
}

/// What comes first. Ties go by document and place in the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// The worst first.
    #[default]
    Severity,
    Label,
    Kind,
    /// The most frequent question first.
    Cluster,
    /// As one reads.
    Document,
}

/// Which entries are wanted; what is `None` or false says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only what wants a reviewer.
    pub open: bool,
    pub document: Option<DocumentId>,
    pub label: Option<LabelId>,
    /// [`Kind::id`] of any of its kinds.
    pub kind: Option<String>,
    /// [`Shape::key`] of its cluster.
    pub cluster: Option<String>,
}

impl Queue {
    /// Adds a document, or looks at it again in its place: call [`Queue::cluster`] when all are in.
    pub fn put(&mut self, comparison: &Comparison, gold: &Gold) {
        let withdrawn = gold.withdrawn(comparison);
        let mut found =
            InDocument { document: comparison.document.clone(), entries: Vec::new(), agreed: 0, agreed_open: 0 };
        for difference in comparison.differences.iter().chain(&withdrawn) {
            let state = gold.state(comparison, difference);
            if difference.is_agreed() {
                found.agreed += 1;
                found.agreed_open += usize::from(state.is_open());
                // What all agree on now may have been settled otherwise before.
                if !matches!(state, State::Stale(_)) {
                    continue;
                }
            }
            found.entries.push(Entry { difference: Arc::clone(difference), state, cluster: 0 });
        }
        match self.places.get(&comparison.document) {
            Some(place) => self.documents[*place] = found,
            None => {
                self.places.insert(comparison.document.clone(), self.documents.len());
                self.documents.push(found);
            }
        }
    }

    /// Puts every entry into the cluster of its narrowest shape that has two cases, else of its widest.
    pub fn cluster(&mut self) {
        let mut cases: HashMap<&str, usize> = HashMap::new();
        for entry in self.documents.iter().flat_map(|document| &document.entries) {
            for shape in &entry.difference.shapes {
                *cases.entry(&shape.key).or_default() += 1;
            }
        }
        let mut found: BTreeMap<String, Cluster> = BTreeMap::new();
        let mut chosen: Vec<String> = Vec::new();
        for entry in self.documents.iter().flat_map(|document| &document.entries) {
            let shape = chosen_shape(&entry.difference, &cases);
            let new = || Cluster { shape: shape.clone(), cases: 0, open: 0 };
            let cluster = found.entry(shape.key.clone()).or_insert_with(new);
            cluster.cases += 1;
            cluster.open += usize::from(entry.state.is_open());
            chosen.push(shape.key);
        }
        let mut clusters: Vec<Cluster> = found.into_values().collect();
        clusters.sort_by(|a, b| (Reverse(a.cases), &a.shape).cmp(&(Reverse(b.cases), &b.shape)));
        let numbers: HashMap<&str, usize> =
            clusters.iter().enumerate().map(|(number, cluster)| (cluster.shape.key.as_str(), number)).collect();
        let entries = self.documents.iter_mut().flat_map(|document| &mut document.entries);
        for (entry, key) in entries.zip(&chosen) {
            entry.cluster = numbers[key.as_str()];
        }
        self.clusters = clusters;
    }

    /// What of the queue is wanted, in order. O(n log n).
    pub fn order(&self, order: Order, filter: &Filter) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for (document, found) in self.documents.iter().enumerate() {
            if filter.document.as_ref().is_none_or(|wanted| found.document == *wanted) {
                let entries = (0..found.entries.len()).filter(|entry| self.is_wanted(&found.entries[*entry], filter));
                places.extend(entries.map(|entry| Place { document, entry }));
            }
        }
        let severity = |place: &Place| Reverse(self[*place].difference.severity);
        match order {
            Order::Document => {}
            Order::Severity => places.sort_by_key(severity),
            Order::Label => places.sort_by(|a, b| self[*a].difference.label.cmp(&self[*b].difference.label)),
            Order::Kind => {
                let kind = |place: &Place| self[*place].difference.kind().map_or("agreed", Kind::id);
                places.sort_by_key(|place| (severity(place), kind(place)));
            }
            Order::Cluster => places.sort_by_key(|place| self[*place].cluster),
        }
        places
    }

    fn is_wanted(&self, entry: &Entry, filter: &Filter) -> bool {
        let difference = &entry.difference;
        let cluster = || self.clusters.get(entry.cluster).map(|cluster| &cluster.shape.key);
        (!filter.open || entry.state.is_open())
            && filter.label.as_ref().is_none_or(|label| difference.label.as_ref() == Some(label))
            && filter.kind.as_ref().is_none_or(|kind| difference.kinds.iter().any(|known| known.id() == kind))
            && filter.cluster.as_ref().is_none_or(|key| cluster() == Some(key))
    }

    pub fn get(&self, place: Place) -> Option<&Entry> {
        self.documents.get(place.document)?.entries.get(place.entry)
    }

    /// Of how many differences, and how many want a reviewer.
    pub fn counts(&self) -> (usize, usize) {
        let entries = || self.documents.iter().flat_map(|document| &document.entries);
        (entries().count(), entries().filter(|entry| entry.state.is_open()).count())
    }
}

impl std::ops::Index<Place> for Queue {
    type Output = Entry;

    fn index(&self, place: Place) -> &Entry {
        &self.documents[place.document].entries[place.entry]
    }
}

fn chosen_shape(difference: &Difference, cases: &HashMap<&str, usize>) -> Shape {
    let narrow = difference.shapes.iter().find(|shape| cases.get(shape.key.as_str()).is_some_and(|cases| *cases > 1));
    let agreed = || Shape { key: "agreed".to_owned(), sentence: "Settled otherwise before they agreed".to_owned() };
    narrow.or(difference.shapes.last()).cloned().unwrap_or_else(agreed)
}

impl Cluster {
    /// For people: `Entity: “Dr” at the left edge is in or out – 61 cases`.
    pub fn sentence(&self) -> String {
        let cases = if self.cases == 1 { "case" } else { "cases" };
        format!("{} – {} {cases}", self.shape.sentence, self.cases)
    }
}
