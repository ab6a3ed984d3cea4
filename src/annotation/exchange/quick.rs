//! Reading a line in one go, without a tree of values between: most lines have known keys alone, each once and of its type. Any other line
//! is read by [`super::read`], which knows what to say of it. Both give the same of a line that both read.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use memchr::memchr;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::super::{Attributes, Clock, Origin, OriginKind, RawSpan, Status};
use super::{RawDocument, RawLayer, RawRelation};
use crate::text::{NewlineMap, Text, TextHash};

impl RawDocument {
    /// Reads one JSON object; `None` where there is anything to say of it, or a key that is not known. Second, whether it has `spans` of
    /// its own. Linear; the text is copied once.
    pub fn quick(line: &[u8]) -> Option<(Self, bool)> {
        let Object::<Line>(line) = serde_json::from_slice(line).ok()?;
        let sha256 = match line.sha256 {
            Some(hex) => Some(TextHash::parse(&hex)?),
            None => None,
        };
        let counting = line.text.as_ref().map(|Words(_, newlines)| newlines.clone()).unwrap_or_default();
        let document = Self {
            id: line.id.filter(|id| !id.is_empty()),
            sha256,
            text: line.text.map(|Words(text, newlines)| (text, newlines)),
            counting,
            meta: object(line.meta)?,
            layers: list(line.layers, Layer::raw)?,
            spans: Vec::new(),
            extra: Map::new(),
        };
        let has_spans = line.spans.is_some();
        Some((Self { spans: list(line.spans, Span::raw)?, ..document }, has_spans))
    }
}

impl RawDocument {
    /// What names, labels, attributes and relations one JSON object has, without its text and where in it anything stands: for a first
    /// look at a file. `None` where a key that is looked at has another type. Linear; copies nothing else.
    pub fn glance(line: &[u8]) -> Option<(Self, bool)> {
        let Object::<Outline>(line) = serde_json::from_slice(line).ok()?;
        let has_spans = line.spans.is_some();
        let document = Self {
            id: line.id.filter(|id| !id.is_empty()),
            layers: list(line.layers, Outlined::raw)?,
            spans: list(line.spans, |span| span.raw(false))?,
            ..Self::default()
        };
        Some((document, has_spans))
    }
}

#[derive(Deserialize)]
struct Outline<'a> {
    id: Option<String>,
    #[serde(borrow)]
    layers: Option<Vec<Object<Outlined<'a>>>>,
    #[serde(borrow)]
    spans: Option<Vec<Object<Named<'a>>>>,
}

#[derive(Deserialize)]
struct Outlined<'a> {
    annotator: Option<String>,
    attributes: Option<Value>,
    #[serde(borrow)]
    spans: Option<Vec<Object<Named<'a>>>>,
    relations: Option<Vec<Object<Relation>>>,
}

#[derive(Deserialize)]
struct Named<'a> {
    /// Copied where there are relations, which ask for it.
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    label: Option<String>,
    attributes: Option<Value>,
}

impl Outlined<'_> {
    fn raw(self) -> Option<RawLayer> {
        let related = self.relations.as_ref().is_some_and(|relations| !relations.is_empty());
        Some(RawLayer {
            annotator: self.annotator.filter(|name| !name.is_empty()),
            attributes: attributes(self.attributes)?,
            spans: list(self.spans, |span| span.raw(related))?,
            relations: list(self.relations, Relation::raw)?,
            ..RawLayer::default()
        })
    }
}

impl Named<'_> {
    fn raw(self, related: bool) -> Option<RawSpan> {
        let id = self.id.filter(|id| related && !id.is_empty()).map(Cow::into_owned);
        let label = self.label.unwrap_or_default();
        Some(RawSpan { id, label, attributes: attributes(self.attributes)?, ..RawSpan::default() })
    }
}

/// `newlines` is not among the keys: it is rare, and wants to be tried on the text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: Option<String>,
    sha256: Option<String>,
    text: Option<Words>,
    meta: Option<Value>,
    layers: Option<Vec<Object<Layer>>>,
    spans: Option<Vec<Object<Span>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Layer {
    annotator: Option<String>,
    version: Option<u64>,
    clock: Option<Value>,
    updated: Option<String>,
    status: Option<String>,
    flag: Option<String>,
    schema: Option<String>,
    attributes: Option<Value>,
    seconds: Option<u64>,
    spans: Option<Vec<Object<Span>>>,
    relations: Option<Vec<Object<Relation>>>,
    decisions: Option<Vec<Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Span {
    id: Option<String>,
    label: Option<String>,
    ranges: Option<Vec<(usize, usize)>>,
    start: Option<u64>,
    end: Option<u64>,
    quote: Option<String>,
    attributes: Option<Value>,
    note: Option<String>,
    origin: Option<By>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Relation {
    id: Option<String>,
    kind: Option<String>,
    from: Option<String>,
    to: Option<String>,
    attributes: Option<Value>,
}

impl Layer {
    fn raw(self) -> Option<RawLayer> {
        let updated = match self.updated {
            Some(time) => Some(time.parse().ok()?),
            None => None,
        };
        let status = match self.status {
            Some(word) => Some(Status::parse(&word)?),
            None => None,
        };
        Some(RawLayer {
            annotator: self.annotator.filter(|name| !name.is_empty()),
            version: self.version,
            clock: match self.clock {
                Some(clock) => serde_json::from_value(clock).ok()?,
                None => Clock::default(),
            },
            updated,
            status,
            flag: self.flag,
            schema: self.schema.unwrap_or_default(),
            attributes: attributes(self.attributes)?,
            seconds: self.seconds.unwrap_or_default(),
            spans: list(self.spans, Span::raw)?,
            relations: list(self.relations, Relation::raw)?,
            decisions: self.decisions.unwrap_or_default(),
            extra: Map::new(),
        })
    }
}

impl Span {
    fn raw(self) -> Option<RawSpan> {
        let number = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
        let ranges = match (self.ranges, self.start, self.end) {
            (Some(ranges), None, None) => ranges,
            // Beside ranges, a start is a key like any other.
            (Some(_), ..) => return None,
            (None, Some(start), Some(end)) => vec![(number(start), number(end))],
            (None, ..) => Vec::new(),
        };
        Some(RawSpan {
            line: None,
            id: self.id.filter(|id| !id.is_empty()),
            label: self.label.unwrap_or_default(),
            ranges,
            quote: self.quote,
            attributes: attributes(self.attributes)?,
            note: self.note.unwrap_or_default(),
            origin: self.origin.map(|By(origin)| origin),
            extra: Map::new(),
        })
    }
}

impl Relation {
    fn raw(self) -> Option<RawRelation> {
        Some(RawRelation {
            id: self.id.filter(|id| !id.is_empty()),
            kind: self.kind.unwrap_or_default(),
            from: self.from.unwrap_or_default(),
            to: self.to.unwrap_or_default(),
            attributes: attributes(self.attributes)?,
            extra: Map::new(),
        })
    }
}

fn list<T, R>(items: Option<Vec<Object<T>>>, raw: impl Fn(T) -> Option<R>) -> Option<Vec<R>> {
    items.unwrap_or_default().into_iter().map(|Object(item)| raw(item)).collect()
}

fn object(value: Option<Value>) -> Option<Map<String, Value>> {
    match value {
        None => Some(Map::new()),
        Some(Value::Object(object)) => Some(object),
        Some(_) => None,
    }
}

fn attributes(value: Option<Value>) -> Option<Attributes> {
    object(value).map(|object| object.into_iter().collect())
}

/// What is written as an object; a struct alone could be a list too.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Taking<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Taking<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }

        deserializer.deserialize_map(Taking(PhantomData))
    }
}

/// A text, copied straight out of the line.
struct Words(Text, NewlineMap);

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        let inner = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"'));
        let inner = inner.ok_or_else(|| D::Error::custom("no text"))?;
        let source = match plain(inner) {
            Some(source) => source,
            None => serde_json::from_str::<String>(raw).map_err(D::Error::custom)?.into(),
        };
        let (text, newlines) = Text::from_source(&source);
        Ok(Words(text, newlines))
    }
}

/// What a string between its quotation marks says, where no character in it is given by its number. Linear.
fn plain(string: &str) -> Option<Cow<'_, str>> {
    let Some(mut escape) = memchr(b'\\', string.as_bytes()) else { return Some(string.into()) };
    let (mut text, mut rest) = (String::with_capacity(string.len()), string);
    loop {
        text.push_str(&rest[..escape]);
        text.push(match rest.as_bytes().get(escape + 1)? {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            mark @ (b'"' | b'\\' | b'/') => char::from(*mark),
            _ => return None,
        });
        rest = &rest[escape + 2..];
        match memchr(b'\\', rest.as_bytes()) {
            Some(next) => escape = next,
            None => break,
        }
    }
    text.push_str(rest);
    Some(text.into())
}

/// Read where it stands, if nothing in it is escaped.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// Where a span came from, of a known kind.
struct By(Origin);

impl<'de> Deserialize<'de> for By {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Taking;

        impl<'de> Visitor<'de> for Taking {
            type Value = By;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an origin")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<By, A::Error> {
                let (mut by, mut details) = (None, Map::new());
                while let Some(Key(key)) = map.next_key()? {
                    if key == "by" && by.is_none() {
                        by = Some(map.next_value::<OriginKind>()?);
                    } else if key == "by" || key.starts_with('$') {
                        return Err(A::Error::custom("a key that values may read otherwise"));
                    } else {
                        details.insert(key.into_owned(), map.next_value::<Value>()?);
                    }
                }
                Ok(By(Origin { by: by.unwrap_or(OriginKind::Import), details }))
            }
        }

        deserializer.deserialize_map(Taking)
    }
}
