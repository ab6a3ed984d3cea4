//! Small corpora for the tests of agreement: who marked what, as numbers.

use spanwright::agreement::{Corpus, Extent, Frame, Item, Marked, Measure, Undefined, Unit};
use spanwright::text::DocumentId;

/// Labels are single letters; `"a0-5 b3-8"` is one annotator's layer, `"a0-2+4-6"` a discontinuous unit, `""` finished and empty, `"-"` missing.
pub fn corpus(length: u32, layers: &[&str]) -> Corpus {
    documents(&[(length, layers)])
}

/// Several documents, each with its length and what each annotator marked in it.
pub fn documents(documents: &[(u32, &[&str])]) -> Corpus {
    let mut corpus = Corpus::default();
    for (number, (length, layers)) in documents.iter().enumerate() {
        let layers = layers.iter().map(|layer| (*layer != "-").then(|| marked(&mut corpus.labels, layer))).collect();
        corpus.items.push(Item { document: DocumentId(format!("d{number}")), length: *length, layers });
    }
    let annotators = corpus.items.iter().map(|item| item.layers.len()).max().unwrap_or(0);
    corpus.annotators = (0..annotators).map(|number| format!("ann{number}")).collect();
    corpus.known = corpus.labels.len();
    corpus
}

fn marked(labels: &mut Vec<String>, layer: &str) -> Marked {
    let units = layer.split_whitespace().map(|unit| {
        let (label, places) = unit.split_at(1);
        let label = labels.iter().position(|known| known == label).unwrap_or_else(|| {
            labels.push(label.to_owned());
            labels.len() - 1
        });
        let fragments = places.split('+').map(|place| {
            let (start, end) = place.split_once('-').unwrap();
            (start.parse().unwrap(), end.parse().unwrap())
        });
        Unit::new(label, Extent::new(fragments.collect()))
    });
    Marked::new(units.collect())
}

/// What a measure says of some annotators over all documents.
pub fn value(measure: &dyn Measure, corpus: &Corpus, who: &[usize], label: Option<usize>) -> Result<f64, Undefined> {
    Frame { corpus, who, label }.value(measure, 0..corpus.items.len())
}
