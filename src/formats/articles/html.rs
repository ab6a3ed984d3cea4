//! A web page: one article of all its visible text, with what its head says about it.

use std::collections::BTreeMap;
use std::io::Read;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use regex::bytes::Regex;
use scraper::{Html, Node};
use serde_json::{Map, Value};

use super::decode::decode;
use super::intake::{Draft, Flow, Intake, Source};
use super::visible::visible_text;
use super::{page, plain, record};
use crate::text::Problem;

/// Reads the file as one page.
pub(super) fn read(intake: &mut Intake<'_>, source: &Source, reader: impl Read) -> Flow {
    let place = source.place();
    let bytes = match plain::whole(intake, source, reader) {
        Ok(bytes) => bytes,
        Err(flow) => return flow,
    };
    let declared = declared(&bytes);
    let decoded = match decode(bytes, intake.options.encoding, declared, &place) {
        Ok(decoded) => decoded,
        Err(problem) => return intake.refuse(*problem),
    };
    let Some(html) = page::parse(&decoded.text) else {
        let problem = Problem::error(
            place,
            "the page has more elements than any real page; its tags multiply when they are read",
        );
        return intake.refuse(problem.fix("Save it as text and import that"));
    };
    let mut meta = Head::of(&html).meta();
    if decoded.encoding != UTF_8 {
        meta.insert("encoding".to_owned(), Value::from(decoded.encoding.name()));
    }
    let notes = source.notes.iter().cloned().chain(decoded.notes).collect();
    let text = visible_text(&html);
    intake.article(source.format, Draft { id: Some(source.id.clone()), text, meta, place, notes, ..Draft::default() })
}

/// The charset that the page's first 1,024 bytes declare. UTF-16 cannot be declared in ASCII: then it is UTF-8.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let pattern =
        r#"(?i-u)<meta[^>]*?\bcharset\s*=\s*["']?\s*([\w:.-]+)|^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([\w:.-]+)"#;
    let found = Regex::new(pattern).ok()?.captures(&bytes[..bytes.len().min(1024)])?;
    let name = found.get(1).or_else(|| found.get(2))?;
    let encoding = Encoding::for_label(name.as_bytes())?;
    Some(if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
}

/// The namespace of a page's own elements; drawings have another.
const HTML: &str = "http://www.w3.org/1999/xhtml";

/// What a page says about itself, in several languages of metadata.
#[derive(Default)]
struct Head {
    /// `<meta>` by name or property, in lower case; the first of each.
    named: BTreeMap<String, String>,
    title: Option<String>,
    heading: Option<String>,
    time: Option<String>,
    canonical: Option<String>,
    language: Option<String>,
    /// JSON-LD.
    linked: Vec<Value>,
}

impl Head {
    fn of(html: &Html) -> Self {
        let mut head = Self::default();
        for node in html.tree.root().descendants() {
            let Node::Element(element) = node.value() else { continue };
            let attribute = |name| element.attr(name).map(one_line).filter(|value| !value.is_empty());
            let words = || {
                let texts = node.descendants().filter_map(|node| node.value().as_text().map(|text| &**text));
                Some(one_line(&texts.collect::<String>())).filter(|words| !words.is_empty())
            };
            match element.name() {
                "html" => head.language = attribute("lang").or_else(|| attribute("xml:lang")),
                // The page's own, not that of a drawing in it.
                "title" if head.title.is_none() && *element.name.ns == *HTML => {
                    head.title = words();
                }
                "h1" if head.heading.is_none() => head.heading = words(),
                "time" if head.time.is_none() => head.time = attribute("datetime"),
                "link"
                    if head.canonical.is_none()
                        && element.attr("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) =>
                {
                    head.canonical = attribute("href");
                }
                "meta" => {
                    let name =
                        element.attr("property").or_else(|| element.attr("name")).or_else(|| element.attr("itemprop"));
                    if let (Some(name), Some(content)) = (name, attribute("content")) {
                        head.named.entry(name.to_ascii_lowercase()).or_insert(content);
                    }
                }
                "script"
                    if element.attr("type").is_some_and(|kind| kind.eq_ignore_ascii_case("application/ld+json")) =>
                {
                    let text: String =
                        node.children().filter_map(|node| node.value().as_text().map(|text| &**text)).collect();
                    head.linked.extend(serde_json::from_str::<Value>(&text).ok());
                }
                _ => (),
            }
        }
        head
    }

    /// Title, source, date, author, address and language, as far as they are given.
    fn meta(self) -> Map<String, Value> {
        let url = self.canonical.clone().or_else(|| self.named(&["og:url"]));
        let host = url.as_deref().and_then(record::host).map(str::to_owned);
        let title = self.named(&["og:title"]).or_else(|| self.linked(&["headline"]));
        let date = self.named(&["article:published_time", "og:article:published_time"]);
        let named_dates = [
            "datepublished",
            "date",
            "pubdate",
            "publishdate",
            "dc.date",
            "dc.date.issued",
            "dcterms.created",
            "sailthru.date",
        ];
        let found = [
            ("title", title.or_else(|| self.title.clone()).or_else(|| self.heading.clone())),
            ("source", self.named(&["og:site_name"]).or(host).or_else(|| self.linked(&["publisher", "name"]))),
            (
                "date",
                date.or_else(|| self.linked(&["datePublished"]))
                    .or_else(|| self.named(&named_dates))
                    .or_else(|| self.time.clone()),
            ),
            ("author", self.named(&["author"]).or_else(|| self.linked(&["author", "name"]))),
            ("url", url),
            ("lang", self.language.clone()),
        ];
        found.into_iter().filter_map(|(key, value)| Some((key.to_owned(), Value::from(value?)))).collect()
    }

    fn named(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.named.get(*name).cloned())
    }

    /// The first value at this path that any JSON-LD object has.
    fn linked(&self, path: &[&str]) -> Option<String> {
        let mut open: Vec<&Value> = self.linked.iter().rev().collect();
        while let Some(value) = open.pop() {
            match value {
                Value::Object(object) => {
                    let mut at = value;
                    for key in path {
                        let inner =
                            if let Value::Array(several) = at { several.first().unwrap_or(&Value::Null) } else { at };
                        at = inner.get(key).unwrap_or(&Value::Null);
                    }
                    if let Some(text) = at.as_str().map(one_line).filter(|text| !text.is_empty()) {
                        return Some(text);
                    }
                    open.extend(object.values().rev());
                }
                Value::Array(several) => open.extend(several.iter().rev()),
                _ => (),
            }
        }
        None
    }
}

/// White space collapsed, none at the ends.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
