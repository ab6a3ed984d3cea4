//! Reading: everything that is wrong is said once, with its place; everything that is right goes on; unknown keys are kept.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use hashbrown::{HashMap, HashSet};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::super::{
    Annotator, Attributes, Clock, ItemId, Layer, Origin, OriginKind, RawSpan, Relation, Span, Spans, Status,
    decision_id,
};
use crate::schema::RelationId;
use crate::text::convert::{OffsetIndex, Unit};
use crate::text::wording::brief;
use crate::text::{Document, DocumentId, NewlineMap, Place, Problem, Text, TextHash};

/// One line, its layers not yet checked against a text.
#[derive(Clone, Debug, Default)]
pub struct RawDocument {
    pub id: Option<String>,
    /// What the line says its text hashes to.
    pub sha256: Option<TextHash>,
    /// Our text, and how the article's source wrote its newlines; `None` where the line has none.
    pub text: Option<(Text, NewlineMap)>,
    /// Leads the line's offsets to our text: empty unless the line's own text had a byte order mark, CRLF or CR.
    pub counting: NewlineMap,
    pub meta: Map<String, Value>,
    pub layers: Vec<RawLayer>,
    /// Spans at document level; they belong to whoever imports.
    pub spans: Vec<RawSpan>,
    /// Unknown keys.
    pub extra: Map<String, Value>,
}

/// A layer as a line gives it.
#[derive(Clone, Debug, Default)]
pub struct RawLayer {
    pub annotator: Option<String>,
    pub version: Option<u64>,
    pub clock: Clock,
    pub updated: Option<Timestamp>,
    /// Finished where the line says nothing.
    pub status: Option<Status>,
    pub flag: Option<String>,
    pub schema: String,
    pub attributes: Attributes,
    pub seconds: u64,
    pub spans: Vec<RawSpan>,
    pub relations: Vec<RawRelation>,
    pub decisions: Vec<Value>,
    pub extra: Map<String, Value>,
}

/// A relation as a line gives it.
#[derive(Clone, Debug, Default)]
pub struct RawRelation {
    pub id: Option<String>,
    pub kind: String,
    pub from: String,
    pub to: String,
    pub attributes: Attributes,
    pub extra: Map<String, Value>,
}

impl RawDocument {
    /// Takes a parsed line apart. Wrong types are reported at `place` and read as absent; nothing here fails.
    pub fn read(object: Map<String, Value>, place: &Place, problems: &mut Vec<Problem>) -> Self {
        let mut fields = Taker { object, place, path: "", problems };
        let id = fields.id();
        let sha256 = fields.string("sha256").and_then(|hex| {
            let hash = TextHash::parse(&hex);
            if hash.is_none() {
                fields.wrong("sha256", "64 hex digits");
            }
            hash
        });
        let source = fields.string("text");
        let meta = fields.object("meta").unwrap_or_default();
        let (text, counting) = fields.text(source);
        let layers = fields.items("layers", RawLayer::read);
        let spans = fields.items("spans", read_span);
        Self { id, sha256, text, counting, meta, layers, spans, extra: fields.object }
    }

    /// The document's id: given, or made from its text.
    pub fn document_id(&self) -> Option<DocumentId> {
        let given = self.id.as_deref().map(DocumentId::from);
        given.or_else(|| self.text.as_ref().map(|(text, _)| DocumentId::of_text(text)))
    }
}

impl RawLayer {
    fn read(fields: &mut Taker<'_>) -> Option<Self> {
        let updated = fields.string("updated").and_then(|time| {
            let parsed = time.parse().ok();
            if parsed.is_none() {
                fields.wrong("updated", "a time such as 2026-11-22T10:00:00Z");
            }
            parsed
        });
        let status = fields.string("status").and_then(|word| {
            let status = Status::parse(&word);
            if status.is_none() {
                fields.wrong("status", "in-progress, finished or skipped");
            }
            status
        });
        Some(Self {
            annotator: fields.string("annotator").filter(|name| !name.is_empty()),
            version: fields.number("version"),
            clock: fields
                .object("clock")
                .and_then(|clock| serde_json::from_value(Value::Object(clock)).ok())
                .unwrap_or_default(),
            updated,
            status,
            flag: fields.string("flag"),
            schema: fields.string("schema").unwrap_or_default(),
            attributes: fields.attributes(),
            seconds: fields.number("seconds").unwrap_or_default(),
            spans: fields.items("spans", read_span),
            relations: fields.items("relations", RawRelation::read),
            decisions: fields.array("decisions").unwrap_or_default(),
            extra: std::mem::take(&mut fields.object),
        })
    }

    /// Checks everything against the document, once. `source` is the map of the line's own text where it had one
    /// (its offsets count that text), else empty. Refused spans and relations are errors, repairs are notes.
    pub fn check(
        self,
        annotator: Annotator,
        document: &Document,
        source: &NewlineMap,
        place: &Place,
        problems: &mut Vec<Problem>,
    ) -> Layer {
        let index = OffsetIndex::new(&document.text);
        let here = place.clone().in_document(document.id.as_str()).of_annotator(annotator.as_str());
        let mut gate = Gate {
            document,
            annotator: &annotator,
            here,
            problems,
            spans: Vec::with_capacity(self.spans.len()),
            relations: BTreeMap::new(),
            related: !self.relations.is_empty(),
            ids: HashMap::new(),
            decisions: HashSet::new(),
            taken: HashSet::new(),
        };
        for raw in self.spans {
            gate.span(raw, &index, source);
        }
        for raw in self.relations {
            gate.relation(raw);
        }
        let Gate { spans, relations, .. } = gate;
        let spans = Spans::try_from(spans).unwrap_or_default();
        let status = match self.status {
            Some(Status::Untouched) | None => Status::Finished,
            Some(status) => status,
        };
        Layer {
            annotator,
            version: self.version.unwrap_or(1).max(1),
            clock: self.clock,
            updated: self.updated,
            status,
            flag: self.flag,
            schema: self.schema,
            attributes: self.attributes,
            seconds: self.seconds,
            spans,
            relations,
            decisions: sorted(self.decisions),
            extra: self.extra,
        }
    }
}

fn sorted(mut decisions: Vec<Value>) -> Vec<Value> {
    decisions.sort_by(|a, b| decision_id(a).cmp(decision_id(b)));
    decisions
}

impl RawRelation {
    fn read(fields: &mut Taker<'_>) -> Option<Self> {
        Some(Self {
            id: fields.id(),
            kind: fields.string("kind").unwrap_or_default(),
            from: fields.string("from").unwrap_or_default(),
            to: fields.string("to").unwrap_or_default(),
            attributes: fields.attributes(),
            extra: std::mem::take(&mut fields.object),
        })
    }
}

/// A span in either spelling: `ranges`, or `start` and `end`.
fn read_span(fields: &mut Taker<'_>) -> Option<RawSpan> {
    let mut ranges = Vec::new();
    if let Some(list) = fields.array("ranges") {
        // Beside ranges a start is a key like any other; one that is null says nothing.
        fields.object.retain(|key, value| !(value.is_null() && matches!(key.as_str(), "start" | "end")));
        for pair in list {
            match serde_json::from_value::<(usize, usize)>(pair) {
                Ok(range) => ranges.push(range),
                Err(_) => {
                    fields.wrong("ranges", "pairs of whole numbers, as in [[10,52]]");
                    return None;
                }
            }
        }
    } else if let (Some(start), Some(end)) = (fields.number("start"), fields.number("end")) {
        let number = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
        ranges.push((number(start), number(end)));
    }
    let origin = fields.object("origin").map(|mut origin| {
        let by = origin.shift_remove("by").and_then(|by| serde_json::from_value::<OriginKind>(by).ok());
        Origin { by: by.unwrap_or(OriginKind::Import), details: origin }
    });
    Some(RawSpan {
        line: None,
        id: fields.id(),
        label: fields.string("label").unwrap_or_default(),
        ranges,
        quote: fields.string("quote"),
        attributes: fields.attributes(),
        note: fields.string("note").unwrap_or_default(),
        origin,
        extra: std::mem::take(&mut fields.object),
    })
}

/// What has passed the check of one layer so far.
struct Gate<'a, 'p> {
    document: &'a Document,
    annotator: &'a Annotator,
    here: Place,
    problems: &'p mut Vec<Problem>,
    spans: Vec<Arc<Span>>,
    relations: BTreeMap<ItemId, Arc<Relation>>,
    /// There are relations, which ask for ids.
    related: bool,
    /// Ids as the line gives them → ids they have now.
    ids: HashMap<String, ItemId>,
    decisions: HashSet<Decision>,
    taken: HashSet<ItemId>,
}

/// The same as another where label and extent are.
struct Decision(Arc<Span>);

impl Hash for Decision {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.label.hash(state);
        self.0.ranges.hash(state);
    }
}

impl PartialEq for Decision {
    fn eq(&self, other: &Self) -> bool {
        self.0.same_decision(&other.0)
    }
}

impl Eq for Decision {}

impl Gate<'_, '_> {
    fn span(&mut self, mut raw: RawSpan, index: &OffsetIndex<'_>, source: &NewlineMap) {
        let fallback = |what: &str| self.free(what);
        let text = &self.document.text;
        let checked = raw.check(text, index, Unit::CodePoint, |offset| source.from_source(offset), fallback);
        let name = || raw.id.clone().unwrap_or_else(|| format!("{:?} {}", raw.ranges, raw.label));
        let span = match checked {
            Ok(span) => span,
            Err(error) => {
                let here = raw.line.map_or_else(|| self.here.clone(), |line| self.here.clone().at_line(line));
                let problem = Problem::error(here.item(name()), format!("{error}; the span was not imported"));
                self.problems.push(problem.fix("Offsets count code points of the text in the same line, half open"));
                return;
            }
        };
        let mut span = Arc::new(span);
        if let Some(Decision(first)) = self.decisions.get(&Decision(Arc::clone(&span))) {
            let differs = |(key, value): &(&String, &Value)| first.attributes.get(*key) != Some(*value);
            let mut lost: Vec<String> =
                span.attributes.iter().filter(differs).map(|(key, value)| format!("{key}: {value}")).collect();
            if !span.note.is_empty() && span.note != first.note {
                lost.push(format!("the note “{}”", brief(&span.note, 40)));
            }
            let first = first.id.clone();
            let sentence = format!("the same label on the same extent as {first}: kept once");
            if lost.is_empty() {
                self.note(&name(), sentence);
            } else {
                let sentence = format!("{sentence}, without {}", lost.join(", "));
                self.problems.push(Problem::warning(self.here.clone().item(name()), sentence));
            }
            self.call(raw.id, &first);
            return;
        }
        if self.taken.contains(&span.id) {
            let id = self.free(&format!("{}{:?}", span.label, span.ranges.as_slice()));
            self.note(&name(), format!("the id {} is taken in this layer: the span is now {id}", span.id));
            Arc::make_mut(&mut span).id = id;
        }
        if span.hull().is_empty() {
            self.note(&name(), "the span covers nothing; it was kept".to_owned());
        }
        self.taken.insert(span.id.clone());
        self.call(raw.id, &span.id);
        self.decisions.insert(Decision(Arc::clone(&span)));
        self.spans.push(span);
    }

    /// Relations may name the span so. The first with a name has it.
    fn call(&mut self, given: Option<String>, id: &ItemId) {
        if let Some(given) = given.filter(|_| self.related) {
            self.ids.entry(given).or_insert_with(|| id.clone());
        }
    }

    fn relation(&mut self, raw: RawRelation) {
        let name = raw.id.clone().unwrap_or_else(|| format!("{} → {}", raw.from, raw.to));
        if raw.kind.is_empty() {
            self.problems
                .push(Problem::error(self.here.clone().item(name), "the relation has no kind; it was not imported"));
            return;
        }
        let (Some(from), Some(to)) = (self.ids.get(&raw.from).cloned(), self.ids.get(&raw.to).cloned()) else {
            let missing = if self.ids.contains_key(&raw.from) { &raw.to } else { &raw.from };
            let sentence =
                format!("the relation joins the span “{missing}”, which is not in the layer; it was not imported");
            self.problems.push(Problem::error(self.here.clone().item(name), sentence));
            return;
        };
        let what = format!("{}:{from}→{to}", raw.kind);
        let id = match raw.id.filter(|id| !id.is_empty()).map(|id| ItemId::from(id.as_str())) {
            Some(id) if !self.relations.contains_key(&id) => id,
            Some(id) => {
                let new = self.free(&what);
                self.note(&name, format!("the id {id} is taken in this layer: the relation is now {new}"));
                new
            }
            None => self.free(&what),
        };
        let kind = RelationId::from(raw.kind.as_str());
        let relation = Relation { id: id.clone(), kind, from, to, attributes: raw.attributes, extra: raw.extra };
        self.relations.insert(id, Arc::new(relation));
    }

    /// An id that nothing in the layer has, derived from what the item is.
    fn free(&self, what: &str) -> ItemId {
        (0..usize::MAX)
            .map(|ordinal| ItemId::derived(&self.document.id, self.annotator, what, ordinal))
            .find(|id| !self.taken.contains(id) && !self.relations.contains_key(id))
            .unwrap_or_else(|| ItemId::from(what))
    }

    fn note(&mut self, item: &str, sentence: String) {
        self.problems.push(Problem::note(self.here.clone().item(item), sentence));
    }
}

/// Takes fields out of an object; what has the wrong type is reported and read as absent. What is left are unknown keys.
struct Taker<'a> {
    object: Map<String, Value>,
    place: &'a Place,
    path: &'a str,
    problems: &'a mut Vec<Problem>,
}

impl Taker<'_> {
    fn wrong(&mut self, key: &str, expected: &str) {
        let field = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        let sentence = format!("\"{key}\" should be {expected}; it was not imported");
        self.problems.push(Problem::error(self.place.clone().field(field), sentence));
    }

    /// `null` is absent.
    fn take(&mut self, key: &str) -> Option<Value> {
        self.object.shift_remove(key).filter(|value| !value.is_null())
    }

    fn string(&mut self, key: &str) -> Option<String> {
        match self.take(key)? {
            Value::String(text) => Some(text),
            _ => {
                self.wrong(key, "a string");
                None
            }
        }
    }

    /// A string or a number.
    fn id(&mut self) -> Option<String> {
        match self.take("id")? {
            Value::String(id) => Some(id).filter(|id| !id.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            _ => {
                self.wrong("id", "a string");
                None
            }
        }
    }

    fn number(&mut self, key: &str) -> Option<u64> {
        let value = self.take(key)?;
        let number = value.as_u64();
        if number.is_none() {
            self.wrong(key, "a whole number, 0 or more");
        }
        number
    }

    fn object(&mut self, key: &str) -> Option<Map<String, Value>> {
        match self.take(key)? {
            Value::Object(object) => Some(object),
            _ => {
                self.wrong(key, "an object");
                None
            }
        }
    }

    fn array(&mut self, key: &str) -> Option<Vec<Value>> {
        match self.take(key)? {
            Value::Array(list) => Some(list),
            _ => {
                self.wrong(key, "a list");
                None
            }
        }
    }

    /// Our text with its newline map, and the map that the line's offsets go through. A line with `newlines` has our text already.
    fn text(&mut self, source: Option<String>) -> (Option<(Text, NewlineMap)>, NewlineMap) {
        let given = self.object("newlines");
        let Some(source) = source else { return (None, NewlineMap::default()) };
        if let Some(given) = given {
            let map = serde_json::from_value::<NewlineMap>(Value::Object(given)).ok();
            let fits = |map: &NewlineMap| {
                NewlineMap::normalise(&map.restore(&source)) == (source.as_str().into(), map.clone())
            };
            if let Some(map) = map.filter(fits) {
                return (Some((Text::new(source), map)), NewlineMap::default());
            }
            self.wrong("newlines", "the places of this text's newlines that were CRLF or CR");
        }
        let (text, map) = Text::from_source(&source);
        (Some((text, map.clone())), map)
    }

    fn attributes(&mut self) -> Attributes {
        self.object("attributes").unwrap_or_default().into_iter().collect()
    }

    /// The objects of a list, each read with its own path.
    fn items<T>(&mut self, key: &str, read: impl Fn(&mut Taker<'_>) -> Option<T>) -> Vec<T> {
        let mut items = Vec::new();
        for (index, value) in self.array(key).unwrap_or_default().into_iter().enumerate() {
            let path = if self.path.is_empty() { String::new() } else { format!("{}.", self.path) };
            let path = format!("{path}{key}[{index}]");
            if let Value::Object(object) = value {
                let mut fields = Taker { object, place: self.place, path: &path, problems: self.problems };
                items.extend(read(&mut fields));
            } else {
                let sentence = "it should be an object; it was not imported";
                self.problems.push(Problem::error(self.place.clone().field(path), sentence));
            }
        }
        items
    }
}
