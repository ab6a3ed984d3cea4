//! What several tests share: documents and layers made of a few words, and texts that break things.

use std::sync::Arc;

use spanwright::annotation::{Annotator, ItemId, Layer, Ranges, Span, Spans, Status};
use spanwright::schema::{LabelId, Schema};
use spanwright::text::{Document, Text, TextRange};

/// Texts in which naive counting goes wrong.
pub const ODD: &[&str] = &[
    "",
    "a",
    "“Curly,” she said, ‘quotes’.",
    "Говорит Москва: «Слушайте».",
    "family 👩‍👩‍👧 flag 🇫🇷 thumb 👍🏽 end",
    "e\u{301}te\u{301} o\u{308}",
    "zero\u{200b}width \u{feff}mark \u{202e}bidi\u{202c}",
    "line one\nline two\n\nline four\n",
    "قال الوزير في موسكو",
    "停火协议谈判。",
    "tab\tnbsp\u{a0}nul\u{0}end",
];

pub fn document(id: &str, text: &str) -> Document {
    let (text, newlines) = Text::from_source(text);
    Document { id: id.into(), text, meta: serde_json::Map::new(), newlines, extra: serde_json::Map::new() }
}

pub fn news() -> Arc<Schema> {
    let source = include_str!("../schemas/news.ron");
    let parsed = Schema::parse(source, "news.ron");
    Arc::new(parsed.schema.unwrap_or_else(|| panic!("{:#?}", parsed.problems)))
}

pub fn span(id: &str, label: &str, ranges: &[TextRange]) -> Span {
    Span::manual(ItemId::from(id), LabelId::from(label), Ranges::new(ranges.to_vec()).unwrap())
}

pub fn layer(annotator: &str, spans: Vec<Span>) -> Layer {
    let mut layer = Layer::untouched(Annotator::from(annotator));
    layer.status = Status::InProgress;
    layer.version = 1;
    layer.spans = Spans::try_from(spans.into_iter().map(Arc::new).collect::<Vec<_>>()).unwrap();
    layer
}

/// The text with its spans in brackets, `⟨entity Kerry⟩ said`; fragments after the first are `⟨+quote …⟩`.
pub fn picture(text: &Text, layer: Option<&Layer>) -> String {
    let mut marks: Vec<(usize, bool, usize, String)> = Vec::new();
    for (order, span) in layer.into_iter().flat_map(|layer| layer.spans.iter()).enumerate() {
        for (index, range) in span.ranges.as_slice().iter().enumerate() {
            let plus = if index > 0 { "+" } else { "" };
            marks.push((range.start(), true, order, format!("⟨{plus}{} ", span.label)));
            marks.push((range.end(), false, usize::MAX - order, "⟩".to_owned()));
        }
    }
    marks.sort();
    let mut picture = String::new();
    let mut place = 0;
    for (at, _, _, mark) in marks {
        picture.push_str(&text.as_str()[place..at]);
        picture.push_str(&mark);
        place = at;
    }
    picture + &text.as_str()[place..]
}
