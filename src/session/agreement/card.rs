//! What a dataset card says of how far the annotators of an export agree: one number, as `agree` computes it, with bounded work.

use super::{Plan, compare};
use crate::agreement::{Asked, F1Exact, Measure as _};
use crate::annotation::Annotator;
use crate::formats::card::Agreement;
use crate::schema::{LabelId, Schema};
use crate::store::{Counts, Job, Store, StoreError};
use crate::text::wording::thousands;

/// More layers than this, finished or not, are not compared for a card, so that the time it takes is bounded.
pub const MOST_LAYERS: u64 = 10_000;

/// How far those agree whose layers go out; everyone's where nobody is named. `None` where there is only one of them. Gold is compared
/// only with a single annotator: with several, it was made of their layers.
pub fn of_export(
    store: &dyn Store,
    schema: &Schema,
    named: &[Annotator],
    labels: &[LabelId],
) -> Result<Option<Agreement>, StoreError> {
    let counts = store.counts()?;
    let mut annotators = named.to_vec();
    if annotators.is_empty() {
        annotators.extend(counts.annotators.iter().map(|one| Annotator::from(one.annotator.as_str())));
    }
    if annotators.iter().filter(|annotator| !annotator.is_gold()).count() > 1 {
        annotators.retain(|annotator| !annotator.is_gold());
    }
    if annotators.len() < 2 {
        return Ok(None);
    }
    let measure = &F1Exact;
    let mut agreement = Agreement {
        measure: measure.id().to_owned(),
        about: measure.about().to_owned(),
        value: Err(String::new()),
        between: None,
        documents: 0,
    };
    let layers = layers(&counts, &annotators);
    if layers > MOST_LAYERS {
        let (layers, most) = (thousands(layers), thousands(MOST_LAYERS));
        agreement.value = Err(format!(
            "there are {layers} layers, and more than {most} are not compared here; spanwright agree does it"
        ));
        return Ok(Some(agreement));
    }
    let usual = Plan::new();
    let asked = Asked { measures: vec![measure], labels: false, documents: false, pairs: false, ..usual.asked };
    let plan = Plan { annotators, labels: labels.to_vec(), asked, ..usual };
    // A job of its own: how far the export is, is not told by this.
    let comparison = compare(store, schema, &plan, &Job::default())?;
    if let Some(row) = comparison.overall(measure.id()) {
        agreement.value = row.value.clone().map_err(|reason| reason.to_string());
        agreement.between = row.interval;
        agreement.documents = row.documents as u64;
    }
    Ok(Some(agreement))
}

fn layers(counts: &Counts, annotators: &[Annotator]) -> u64 {
    let asked = counts.annotators.iter().filter(|one| annotators.iter().any(|other| other.as_str() == one.annotator));
    asked.map(|one| one.in_progress + one.finished + one.skipped).sum()
}
