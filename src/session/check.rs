//! Everything that can be wrong with a project, in one list: the store's own invariants, the schema, and every layer.

use super::report::Findings;
use crate::annotation::{self, Annotator};
use crate::schema::Schema;
use crate::store::{Job, Store, StoreError};

/// Checks everything. `source` is the text of `schema.ron`; where it cannot be read, layers are not held against it.
pub fn check(store: &dyn Store, source: &str, job: &Job) -> Result<Findings, StoreError> {
    let mut findings = Findings::default();
    let parsed = Schema::parse(source, "schema.ron");
    findings.extend(parsed.problems);
    findings.extend(store.check(job)?);
    let Some(schema) = parsed.schema else { return Ok(findings) };
    let counts = store.counts()?;
    if counts.annotators.is_empty() {
        return Ok(findings);
    }
    let mut done = 0;
    store.each_document(&mut |document| {
        let owners: Vec<Annotator> = store.heads(&document.id)?.into_iter().map(|head| head.annotator).collect();
        for owner in owners {
            let Some((layer, text)) = store.layer(&document.id, &owner)? else { continue };
            let own = if text == document.text.sha256() {
                Some(document.clone())
            } else {
                store.document(&document.id, Some(text))?
            };
            if let Some(own) = own {
                findings.extend(annotation::check::check(&schema, &own, &layer));
            }
        }
        done += 1;
        job.set(done, counts.documents);
        if job.is_cancelled() { Err(StoreError::Cancelled) } else { Ok(true) }
    })?;
    Ok(findings)
}
