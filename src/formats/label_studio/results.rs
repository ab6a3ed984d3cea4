//! One annotation or prediction: its results taken apart into spans, relations and attributes of a layer.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::config::Config;
use super::paragraphs::Paragraphs;
use super::region::{self, Part};
use super::{MODEL, OURS, THEIRS, put_theirs, take_ours, word};
use crate::annotation::exchange::{RawLayer, RawRelation};
use crate::annotation::{RawSpan, Status};
use crate::text::{Place, Problem};

/// What a result is read against.
pub(super) struct Context<'a> {
    pub text: &'a str,
    /// The field that holds it.
    pub field: &'a str,
    /// What else the task shows.
    pub data: &'a Map<String, Value>,
    /// The text was taken out of HTML.
    pub rich: bool,
    /// The text was put together from a dialogue.
    pub paragraphs: Option<&'a Paragraphs>,
    pub config: &'a Config,
    /// What regions of this text call it, where the task shows several texts.
    pub names: Option<&'a [String]>,
    pub place: &'a Place,
}

/// Who completed an annotation, in the words of the file; `None` where it does not say.
pub(super) fn owner(annotation: &Map<String, Value>) -> Option<String> {
    let by = annotation.get("completed_by").or_else(|| annotation.get("created_username"))?;
    let text = |key: &str| by[key].as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    match by {
        Value::Object(user) => {
            let full = [text("first_name"), text("last_name")].into_iter().flatten().collect::<Vec<_>>().join(" ");
            let full = Some(full).filter(|name| !name.is_empty());
            text("email")
                .or_else(|| text("username"))
                .or(full)
                .or_else(|| user.get("id").and_then(word).map(|id| format!("user-{id}")))
        }
        Value::Number(id) => Some(format!("user-{id}")),
        other => word(other),
    }
}

/// Whose layer a prediction is.
pub(super) fn model(prediction: &Map<String, Value>) -> String {
    format!("{MODEL}{}", version(prediction))
}

fn version(prediction: &Map<String, Value>) -> String {
    prediction.get("model_version").and_then(word).unwrap_or_else(|| "unknown".to_owned())
}

/// Takes one apart. Nothing fails; what is wrong is said.
pub(super) fn layer(
    mut annotation: Map<String, Value>,
    predicted: bool,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> RawLayer {
    let annotator = if predicted { Some(model(&annotation)) } else { owner(&annotation) };
    let place = match &annotator {
        Some(annotator) => context.place.clone().of_annotator(annotator.as_str()),
        None => context.place.clone(),
    };
    let mut taken = Taken::new(predicted.then(|| version(&annotation)));
    match annotation.shift_remove("result") {
        Some(Value::Array(results)) => taken.results(results, context, &place, problems),
        Some(Value::Null) | None => {}
        Some(_) => problems.push(Problem::error(place, "its “result” is no list; it was read as empty")),
    }
    let mut ours = take_ours(&mut annotation);
    let mut layer = RawLayer {
        annotator,
        spans: taken.spans,
        relations: taken.relations,
        attributes: taken.attributes.into_iter().collect(),
        ..RawLayer::default()
    };
    let skipped = annotation.get("was_cancelled").or_else(|| annotation.get("skipped")).and_then(Value::as_bool);
    layer.status = match ours.shift_remove("status").as_ref().and_then(Value::as_str).and_then(Status::parse) {
        _ if skipped == Some(true) => Some(Status::Skipped),
        Some(Status::Skipped) | None => Some(Status::Finished),
        given => given,
    };
    annotation.shift_remove("was_cancelled");
    annotation.shift_remove("skipped");
    if let Some(seconds) = annotation.get("lead_time").and_then(Value::as_f64).filter(|seconds| *seconds >= 0.0) {
        layer.seconds = seconds.round() as u64;
        if seconds.fract() == 0.0 {
            annotation.shift_remove("lead_time");
        }
    }
    if let Some(updated) = annotation.get("updated_at").and_then(Value::as_str).and_then(|time| time.parse().ok()) {
        layer.updated = Some(updated);
        annotation.shift_remove("updated_at");
    }
    let mut text = |key: &str| match ours.shift_remove(key) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    };
    layer.flag = text("flag");
    layer.schema = text("schema").unwrap_or_default();
    layer.version = ours.shift_remove("version").as_ref().and_then(Value::as_u64);
    layer.clock = ours.shift_remove("clock").and_then(|clock| serde_json::from_value(clock).ok()).unwrap_or_default();
    if let Some(Value::Array(decisions)) = ours.shift_remove("decisions") {
        layer.decisions = decisions;
    }
    if let Some(Value::Object(attributes)) = ours.shift_remove("attributes") {
        layer.attributes.extend(attributes);
    }
    if let Some(Value::Object(extra)) = ours.shift_remove("extra") {
        layer.extra = extra;
    }
    // What the writer makes up comes from us and goes again.
    if ours.shift_remove("owner").is_some() {
        annotation.shift_remove("completed_by");
        annotation.shift_remove("id");
        if annotation.get("ground_truth") == Some(&Value::Bool(layer.annotator.as_deref() == Some("gold"))) {
            annotation.shift_remove("ground_truth");
        }
    }
    if predicted {
        annotation.shift_remove("model_version");
    }
    if !taken.kept.is_empty() {
        annotation.insert("result".to_owned(), Value::Array(taken.kept));
    }
    if !ours.is_empty() {
        annotation.insert(OURS.to_owned(), Value::Object(ours));
    }
    put_theirs(&mut layer.extra, annotation);
    layer
}

/// What has come out of the results so far.
struct Taken {
    /// The version of the model that predicted them.
    model: Option<String>,
    spans: Vec<RawSpan>,
    relations: Vec<RawRelation>,
    attributes: Map<String, Value>,
    /// Results that are neither: kept as they are.
    kept: Vec<Value>,
    /// A region's id → its spans.
    regions: HashMap<String, Vec<usize>>,
    /// The span that pieces belong to → where it is.
    pieces: HashMap<String, usize>,
}

impl Taken {
    fn new(model: Option<String>) -> Self {
        Self {
            model,
            spans: Vec::new(),
            relations: Vec::new(),
            attributes: Map::new(),
            kept: Vec::new(),
            regions: HashMap::new(),
            pieces: HashMap::new(),
        }
    }

    fn results(&mut self, results: Vec<Value>, context: &Context<'_>, place: &Place, problems: &mut Vec<Problem>) {
        let mut later = Vec::new();
        for result in results {
            let Value::Object(result) = result else {
                problems.push(Problem::error(place.clone(), "a result is no object; it was not imported"));
                continue;
            };
            if region::is_span(&result, context) {
                self.region(result, context, place, problems);
            } else {
                later.push(result);
            }
        }
        // Attributes and relations may stand before the regions they belong to.
        for result in later {
            if result.get("type").and_then(Value::as_str) == Some("relation") {
                self.relation(result);
            } else {
                self.attribute(result, context, place, problems);
            }
        }
    }

    fn region(
        &mut self,
        result: Map<String, Value>,
        context: &Context<'_>,
        place: &Place,
        problems: &mut Vec<Problem>,
    ) {
        let id = result.get("id").and_then(word);
        let (spans, part) = match region::spans(result, context, self.model.as_deref()) {
            Ok(read) => read,
            Err(sentence) => {
                let place = place.clone().item(id.unwrap_or_default());
                problems.push(Problem::error(place, format!("{sentence}; the region was not imported")));
                return;
            }
        };
        let first = self.spans.len();
        if let (Some(Part { of }), [piece]) = (&part, spans.as_slice()) {
            if let Some(&whole) = self.pieces.get(of).filter(|whole| self.spans[**whole].label == piece.label) {
                let span = &mut self.spans[whole];
                span.ranges.extend_from_slice(&piece.ranges);
                span.quote =
                    span.quote.take().zip(piece.quote.as_ref()).map(|(quote, piece)| format!("{quote} {piece}"));
                if let Some(id) = id {
                    self.regions.entry(id).or_default().push(whole);
                }
                return;
            }
            self.pieces.entry(of.clone()).or_insert(first);
        }
        if let Some(id) = id {
            self.regions.entry(id).or_default().extend(first..first + spans.len());
        }
        self.spans.extend(spans);
    }

    fn relation(&mut self, mut result: Map<String, Value>) {
        let mut meta = match result.shift_remove("meta") {
            Some(Value::Object(meta)) => meta,
            _ => Map::new(),
        };
        let mut ours = take_ours(&mut meta);
        if !meta.is_empty() {
            result.insert("meta".to_owned(), Value::Object(meta));
        }
        let end = |this: &Self, result: &Map<String, Value>, key: &str| {
            let id = result.get(key).and_then(word).unwrap_or_default();
            let span = this.regions.get(&id).and_then(|spans| this.spans.get(*spans.first()?));
            span.and_then(|span| span.id.clone()).unwrap_or(id)
        };
        let (mut from, mut to) = (end(self, &result, "from_id"), end(self, &result, "to_id"));
        if result.get("direction").and_then(Value::as_str) == Some("left") {
            std::mem::swap(&mut from, &mut to);
        }
        if matches!(result.get("direction").and_then(Value::as_str), Some("left" | "right")) {
            result.shift_remove("direction");
        }
        let kinds: Vec<String> = match result.get("labels") {
            Some(Value::Array(labels)) => labels.iter().filter_map(word).collect(),
            _ => Vec::new(),
        };
        for key in ["type", "from_id", "to_id", "labels"] {
            result.shift_remove(key);
        }
        let object = |value: Option<Value>| match value {
            Some(Value::Object(object)) => object,
            _ => Map::new(),
        };
        let mut relation = RawRelation {
            id: ours.get("id").and_then(word),
            kind: kinds.first().cloned().unwrap_or_else(|| "relation".to_owned()),
            from,
            to,
            attributes: object(ours.shift_remove("attributes")).into_iter().collect(),
            extra: object(ours.shift_remove("extra")),
        };
        put_theirs(&mut relation.extra, result);
        for kind in kinds.iter().skip(1) {
            self.relations.push(RawRelation { id: None, kind: kind.clone(), ..relation.clone() });
        }
        self.relations.push(relation);
    }

    fn attribute(
        &mut self,
        result: Map<String, Value>,
        context: &Context<'_>,
        place: &Place,
        problems: &mut Vec<Problem>,
    ) {
        let id = result.get("id").and_then(word);
        let name = result.get("from_name").and_then(word);
        let value = region::attribute(&result, context.config);
        let spans = id.as_ref().and_then(|id| self.regions.get(id));
        let placed = result.get("value").is_some_and(|value| value.get("start").is_some())
            || region::is_elsewhere(&result)
            // A second value of the same name is one of something that is not here.
            || name.as_ref().is_some_and(|name| self.attributes.contains_key(name));
        match (name, value, spans) {
            (Some(name), Some(value), Some(spans)) => {
                for index in spans {
                    self.spans[*index].attributes.insert(name.clone(), value.clone());
                }
            }
            (Some(name), Some(value), None) if !placed => {
                self.attributes.insert(name, value);
            }
            _ => {
                let kind = result.get("type").and_then(Value::as_str).unwrap_or("no type").to_owned();
                let place = place.clone().item(id.unwrap_or_default());
                problems.push(if region::is_other(&result, context) {
                    let sentence = format!(
                        "the task shows several texts, and the region is on another than “{}” or does not say on which: it is kept under “{THEIRS}” as it is",
                        context.field
                    );
                    Problem::warning(place, sentence)
                } else {
                    let sentence =
                        format!("a result of {kind} is no mark in a text: it is kept under “{THEIRS}” as it is");
                    Problem::note(place, sentence)
                });
                self.kept.push(Value::Object(result));
            }
        }
    }
}
