//! Offsets of foreign files, settled by the text they claim to cover: what a file counts in is believed only as far as it fits.
//!
//! Code points, UTF-16 units and bytes are tried, in the file's own text and in that text with its line ends made LF; what fits the
//! whole file wins ([`Votes`]), a span that does not fit is looked for near its place, and every change is said.

use crate::annotation::RawSpan;
use crate::annotation::exchange::RawDocument;
use crate::text::convert::{OffsetIndex, Unit};
use crate::text::wording::brief;
use crate::text::{NewlineMap, Place, Problem, Text, TextRange};

/// What a file's offsets may count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counting {
    pub unit: Unit,
    /// The file's own text, with its byte order mark and CRLF; else the text with LF alone.
    pub source: bool,
}

impl Counting {
    const fn new(unit: Unit, source: bool) -> Self {
        Self { unit, source }
    }

    /// `UTF-16 units`, for reports.
    pub fn words(self) -> String {
        let unit = match self.unit {
            Unit::Byte => "UTF-8 bytes",
            Unit::CodePoint => "code points",
            Unit::Utf16 => "UTF-16 units",
        };
        if self.source { unit.to_owned() } else { format!("{unit} of the text with LF line ends") }
    }
}

const ALL: [Counting; 6] = [
    Counting::new(Unit::CodePoint, true),
    Counting::new(Unit::Utf16, true),
    Counting::new(Unit::Byte, true),
    Counting::new(Unit::CodePoint, false),
    Counting::new(Unit::Utf16, false),
    Counting::new(Unit::Byte, false),
];

/// How many spans of a file each way of counting fits.
#[derive(Clone, Copy, Debug, Default)]
pub struct Votes {
    fits: [u64; 6],
    pub spans: u64,
}

impl Votes {
    /// Counts the spans of one document.
    pub fn add(&mut self, raw: &RawDocument) {
        let Some((text, _)) = &raw.text else { return };
        let source = source(text, &raw.counting);
        let rulers = Rulers::new(text, &raw.counting, source.as_ref());
        for span in spans(raw) {
            self.spans += 1;
            // Most files count as they say, and most texts count the same in every unit.
            for (way, fits) in ALL.into_iter().zip(&mut self.fits) {
                *fits += u64::from(rulers.place(span, way).is_some());
            }
        }
    }

    /// What fits most spans; what the format declares, if nothing fits more.
    pub fn winner(&self, declared: Unit) -> Counting {
        let mut best = Counting::new(declared, true);
        let votes = |way: Counting| ALL.iter().position(|other| *other == way).map_or(0, |index| self.fits[index]);
        for way in ALL {
            if votes(way) > votes(best) {
                best = way;
            }
        }
        best
    }
}

fn spans(raw: &RawDocument) -> impl Iterator<Item = &RawSpan> {
    raw.layers.iter().flat_map(|layer| &layer.spans).chain(&raw.spans)
}

/// Leads every span to code points of our text. What had to be moved is a warning, what fits nowhere an error, and the span is taken
/// out. Afterwards `counting` is empty. A document without text stays as it is.
pub fn settle(raw: &mut RawDocument, way: Counting, place: &Place, problems: &mut Vec<Problem>) {
    let Some((text, _)) = raw.text.clone() else { return };
    let counting = std::mem::take(&mut raw.counting);
    let source = source(&text, &counting);
    let rulers = Rulers::new(&text, &counting, source.as_ref());
    let mut one = |span: &mut RawSpan, annotator: Option<&str>| {
        if span.label.is_empty() || span.ranges.is_empty() {
            return true; // The check of the layer says what is wrong.
        }
        if let Some(ranges) = rulers.place(span, way) {
            rulers.put(span, &ranges);
            return true;
        }
        let name = span.id.clone().unwrap_or_else(|| format!("{:?} {}", span.ranges, span.label));
        let place = match span.line {
            Some(line) => place.clone().at_line(line),
            None => place.clone(),
        };
        let place = match annotator {
            Some(annotator) => place.of_annotator(annotator),
            None => place,
        };
        let place = place.item(name);
        for other in ALL.into_iter().filter(|other| *other != way && span.quote.is_some()) {
            if let Some(ranges) = rulers.place(span, other) {
                rulers.put(span, &ranges);
                problems.push(Problem::warning(place, format!("its offsets count {}: taken so", other.words())));
                return true;
            }
        }
        if let Some((range, moved)) = rulers.near(span, way) {
            rulers.put(span, &[range]);
            let sentence = match moved {
                0 => "its text begins where its offsets say, but does not end there: its end was moved".to_owned(),
                _ => format!("its text stands {moved} characters away from its offsets: moved there"),
            };
            problems.push(Problem::warning(place, sentence));
            return true;
        }
        let sentence = match (&span.quote, rulers.covered(span, way)) {
            (Some(quote), Some(found)) => format!(
                "the file says it covers “{}”, the text there is “{}”, and it is nowhere near; the span was not imported",
                brief(quote, 40),
                brief(&found, 40)
            ),
            _ => format!(
                "{} is no place in the text, which has {} characters; the span was not imported",
                span.ranges.iter().map(|(start, end)| format!("{start}..{end}")).collect::<Vec<_>>().join(", "),
                text.as_str().chars().count(),
            ),
        };
        problems.push(Problem::error(place, sentence));
        false
    };
    for layer in &mut raw.layers {
        let annotator = layer.annotator.clone();
        layer.spans.retain_mut(|span| one(span, annotator.as_deref()));
    }
    raw.spans.retain_mut(|span| one(span, None));
}

/// How far around its place a span is looked for, in bytes.
const NEAR: usize = 1_000;

/// A text, measured in every way.
struct Rulers<'t> {
    text: &'t Text,
    ours: OffsetIndex<'t>,
    counting: &'t NewlineMap,
    /// The file's own text, where it is another one.
    theirs: Option<OffsetIndex<'t>>,
}

/// The file's own text, where it is another one.
fn source(text: &Text, counting: &NewlineMap) -> Option<Text> {
    (!counting.is_empty()).then(|| Text::new(counting.restore(text.as_str())))
}

impl<'t> Rulers<'t> {
    fn new(text: &'t Text, counting: &'t NewlineMap, source: Option<&'t Text>) -> Self {
        Self { text, ours: OffsetIndex::new(text), counting, theirs: source.map(OffsetIndex::new) }
    }

    /// The span's ranges in our text, if it counts so.
    fn ranges(&self, span: &RawSpan, way: Counting) -> Option<Vec<TextRange>> {
        let theirs = self.theirs.as_ref().filter(|_| way.source);
        let byte = |offset: usize| match theirs {
            None => self.ours.from(way.unit, offset).ok(),
            Some(index) => {
                let code_point = index.to(Unit::CodePoint, index.from(way.unit, offset).ok()?);
                self.ours.from(Unit::CodePoint, self.counting.from_source(code_point)).ok()
            }
        };
        let range = |(start, end): &(usize, usize)| self.text.range(byte(*start)?, byte(*end)?).ok();
        span.ranges.iter().map(range).collect()
    }

    /// Likewise, and it covers what the file says, where the file says it.
    fn place(&self, span: &RawSpan, way: Counting) -> Option<Vec<TextRange>> {
        let ranges = self.ranges(span, way)?;
        match &span.quote {
            Some(quote) if !same(quote, &quote_of(self.text, &ranges)) => None,
            _ => Some(ranges),
        }
    }

    fn covered(&self, span: &RawSpan, way: Counting) -> Option<String> {
        Some(quote_of(self.text, &self.ranges(span, way)?))
    }

    /// Writes ranges into the span. What its quote says has been seen.
    fn put(&self, span: &mut RawSpan, ranges: &[TextRange]) {
        span.ranges = ranges.iter().map(|range| self.ours.give(Unit::CodePoint, *range)).collect();
        span.quote = None;
    }

    /// The one nearest place where the span's text stands exactly, and how many characters away. None if two are as near.
    fn near(&self, span: &RawSpan, way: Counting) -> Option<(TextRange, usize)> {
        let quote = span.quote.as_deref().filter(|quote| !quote.is_empty())?;
        let [(start, _)] = span.ranges.as_slice() else { return None };
        let content = self.text.as_str();
        let at = self.ours.from(way.unit, *start).ok().or_else(|| self.ours.from(Unit::CodePoint, *start).ok());
        let at = at.unwrap_or(content.len());
        let low = content.floor_char_boundary(at.saturating_sub(NEAR));
        let high = content.ceil_char_boundary(at.saturating_add(NEAR + quote.len()).min(content.len()));
        let mut found: Vec<(usize, usize)> = content[low..high]
            .match_indices(quote)
            .map(|(index, _)| ((low + index).abs_diff(at), low + index))
            .collect();
        found.sort_unstable();
        if matches!(found.as_slice(), [first, second, ..] if first.0 == second.0) {
            return None;
        }
        let (_, place) = *found.first()?;
        let range = self.text.range(place, place + quote.len()).ok()?;
        let moved = content[place.min(at)..place.max(at)].chars().count();
        Some((range, moved))
    }
}

fn quote_of(text: &Text, ranges: &[TextRange]) -> String {
    ranges.iter().map(|range| text.slice(*range)).collect::<Vec<_>>().join(" ")
}

/// Equal, but for what white space stands there: some files write a line break in a quote as a space. A byte order mark is none of it.
fn same(quote: &str, found: &str) -> bool {
    let quote = quote.strip_prefix('\u{feff}').unwrap_or(quote);
    let plain = |text: &str| text.replace("\r\n", "\n").replace(char::is_whitespace, " ");
    quote == found || plain(quote) == plain(found)
}
