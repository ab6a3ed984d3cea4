//! [`Comparison`]: the numbers, ready to be shown.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{LeftOut, Material, Part, Plan, drift};
use crate::agreement::{Corpus, Coverage, Grain, Presence, Row, Scope, evaluate, gamma};
use crate::schema::Schema;
use crate::store::{Job, StoreError};
use crate::text::wording::counted;

/// How annotators agree, with what the numbers are made of.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// By measure, then overall, joint, pairs, labels, documents.
    pub rows: Vec<Row>,
    pub drift: Vec<Part>,
    pub leave_one_out: Vec<Part>,
    pub parameters: Parameters,
    /// What was compared.
    pub corpus: Corpus,
    /// Which documents could have been.
    pub coverage: Coverage,
}

/// What the numbers depend on beside the layers.
#[derive(Clone, Debug)]
pub struct Parameters {
    pub annotators: Vec<String>,
    pub labels: Vec<String>,
    pub grain: Grain,
    pub seed: u64,
    pub samples: usize,
    /// By id: what the measure says.
    pub measures: Vec<(&'static str, &'static str)>,
    /// The stamp of the schema that the labels were looked up in.
    pub schema: String,
    /// By stamp: how many of the layers that count were last written under it.
    pub schemas: BTreeMap<String, usize>,
    /// Documents of the project that are not hidden.
    pub documents: u64,
    pub hidden: u64,
    /// Layers that are there and do not count.
    pub left_out: Vec<LeftOut>,
    /// What should be known before the numbers are believed; sentences without full stop.
    pub notes: Vec<String>,
}

impl Comparison {
    /// Computes what the plan asks for. Can be called again on the same material, with other measures.
    pub fn new(mut material: Material, schema: &Schema, plan: &Plan, job: &Job) -> Result<Self, StoreError> {
        let asked = &plan.asked;
        material.corpus.seed = asked.seed;
        material.corpus.seed = asked.seed;
        // Half of the work was reading.
        let mut going = |share: f64| {
            job.set(1000 + (share * 1000.0) as u64, 2000);
            !job.is_cancelled()
        };
        let rows = evaluate(&material.corpus, &material.coverage, asked, &mut going).ok_or(StoreError::Cancelled)?;
        let drift = if plan.drift { drift::weeks(&material, asked, job)? } else { Vec::new() };
        let leave_one_out = if plan.leave_one_out && material.corpus.annotators.len() > 2 {
            drift::leave_one_out(&material, asked, job)?
        } else {
            Vec::new()
        };
        let notes = notes(&material);
        let Material { corpus, coverage, left_out, schemas, documents, hidden, .. } = material;
        let parameters = Parameters {
            annotators: corpus.annotators.clone(),
            labels: corpus.labels.clone(),
            grain: plan.grain,
            seed: asked.seed,
            samples: asked.samples,
            measures: asked.measures.iter().map(|measure| (measure.id(), measure.about())).collect(),
            schema: schema.stamp(),
            schemas,
            documents,
            hidden,
            left_out,
            notes,
        };
        Ok(Self { rows, drift, leave_one_out, parameters, corpus, coverage })
    }

    /// The mean over all pairs.
    pub fn overall(&self, measure: &str) -> Option<&Row> {
        self.of(measure, Scope::Overall).next()
    }

    /// All annotators at once, of all labels; only of measures that are defined so, and for more than two.
    pub fn joint(&self, measure: &str) -> Option<&Row> {
        self.of(measure, Scope::Joint).find(|row| row.label.is_none())
    }

    /// By annotator and annotator, in the order of [`Parameters::annotators`]; nothing on the diagonal.
    pub fn matrix(&self, measure: &str) -> Vec<Vec<Option<&Row>>> {
        let who = &self.parameters.annotators;
        let pairs: Vec<&Row> = self.of(measure, Scope::Pair).collect();
        let cell = |one: &String, other: &String| pairs.iter().copied().find(|row| row.is_pair(one, other));
        who.iter().map(|one| who.iter().map(|other| cell(one, other)).collect()).collect()
    }

    /// The mean over pairs of each label, in the order of [`Parameters::labels`].
    pub fn labels(&self, measure: &str) -> Vec<&Row> {
        let everyone = self.parameters.annotators.len();
        self.of(measure, Scope::Label).filter(|row| row.annotators.len() == everyone).collect()
    }

    /// The documents from worst to best; those without a value last.
    pub fn worst(&self, measure: &str) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.of(measure, Scope::Document).collect();
        rows.sort_by(|a, b| match (&a.value, &b.value) {
            (Ok(a), Ok(b)) => a.total_cmp(b),
            (a, b) => a.is_err().cmp(&b.is_err()),
        });
        rows
    }

    fn of(&self, measure: &str, scope: Scope) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.measure == measure && row.scope == scope)
    }

    /// As `agree --format json` prints it.
    pub fn to_json(&self) -> Value {
        let part = |key: &str, part: &Part| -> Vec<Value> {
            let row = |row: &Row| {
                let mut object = Map::from_iter([(key.to_owned(), json!(part.name))]);
                if let Value::Object(row) = Value::from(row) {
                    object.extend(row);
                }
                Value::Object(object)
            };
            part.rows.iter().map(row).collect()
        };
        let rows: Vec<Value> = self.rows.iter().map(Value::from).collect();
        let drift: Vec<Value> = self.drift.iter().flat_map(|it| part("week", it)).collect();
        let leave_one_out: Vec<Value> = self.leave_one_out.iter().flat_map(|it| part("without", it)).collect();
        let mut object = Map::from_iter([("rows".to_owned(), json!(rows))]);
        if !drift.is_empty() {
            object.insert("drift".to_owned(), json!(drift));
        }
        if !leave_one_out.is_empty() {
            object.insert("leave_one_out".to_owned(), json!(leave_one_out));
        }
        object.insert("parameters".to_owned(), self.parameters.to_json());
        Value::Object(object)
    }
}

impl Parameters {
    /// The object beside the rows.
    pub fn to_json(&self) -> Value {
        let left_out = self
            .left_out
            .iter()
            .map(|left| json!({ "document": left.document, "annotator": left.annotator, "reason": left.why.as_str() }));
        let measures = self.measures.iter().map(|(id, about)| ((*id).to_owned(), json!(about)));
        let by_chance = self.measures.iter().any(|(id, _)| ["gamma", "gamma-cat"].contains(id));
        json!({
            "annotators": self.annotators,
            "labels": self.labels,
            "unit": self.grain.as_str(),
            "seed": self.seed,
            "samples": self.samples,
            "interval": "95 %, percentile bootstrap over documents",
            "measures": measures.collect::<Map<_, _>>(),
            "gamma": by_chance.then(|| gamma::Parameters::USUAL.to_json()),
            "schema": self.schema,
            "schemas": self.schemas,
            "documents": self.documents,
            "hidden": self.hidden,
            "left_out": left_out.collect::<Vec<_>>(),
            "notes": self.notes,
        })
    }
}

fn notes(material: &Material) -> Vec<String> {
    let mut notes = Vec::new();
    let texts = material.left_out.iter().filter(|left| left.why == Presence::TextDiffers).count();
    if texts > 0 {
        let layers = counted(texts as u64, "layer counts", "layers count");
        notes.push(format!("{layers} in an older version of the text, and no difference could be trusted: left out"));
    }
    if material.schemas.len() > 1 {
        notes.push(format!(
            "The layers were made with {} versions of the schema; they are compared as they are",
            material.schemas.len()
        ));
    }
    let outside = &material.corpus.labels[material.corpus.known..];
    if !outside.is_empty() {
        notes.push(format!("The schema lacks labels that occur: {}", outside.join(", ")));
    }
    notes
}
