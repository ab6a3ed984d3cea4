//! [`Rehearsal`]: the page without a display, for measuring its frames. Draws up to the triangles that a graphics card gets.

use std::ops::Range;

use egui::{Color32, vec2};

use super::headless::Headless;
use super::reading::{Header, Mark, Marks, Page, PageInput, Pattern, Reading, ReadingSettings};
use super::theme::Theme;
use crate::annotation::{Layer, lanes};
use crate::schema::Schema;
use crate::text::Text;

/// One page on a screen of 1200 by 800 points.
#[allow(missing_debug_implementations, reason = "caches say nothing to a reader")]
pub struct Rehearsal {
    screen: Headless,
    reading: Reading,
    page: Page,
    spans: Spans,
}

impl Rehearsal {
    /// With the fonts of the system, as the window has them.
    pub fn new() -> Self {
        Self {
            screen: Headless::new(vec2(1200.0, 800.0), 1.0, false),
            reading: Reading::new(true),
            page: Page::new(&Text::new("")),
            spans: Spans { text: Text::new(""), layer: None, version: 0 },
        }
    }

    /// Shows another text, from its beginning.
    pub fn open(&mut self, text: &Text, layer: &Layer, _: &Schema) {
        self.page = Page::new(text);
        self.spans = Spans { text: text.clone(), layer: Some(layer.clone()), version: self.spans.version + 1 };
    }

    pub fn scroll(&mut self, points: f32) {
        self.page.scroll_by(points);
    }

    /// Shows the place at a byte.
    pub fn jump(&mut self, place: usize) {
        self.page.reveal(place..place);
    }

    /// Forgets every picture of a glyph, as if none had been seen.
    pub fn forget_glyphs(&mut self) {
        self.reading.forget_glyphs();
    }

    /// Draws a frame; says whether another one is wanted at once.
    pub fn frame(&mut self) -> bool {
        let Self { screen, reading, page, spans } = self;
        let input = PageInput {
            theme: Theme::light(),
            settings: ReadingSettings::default(),
            header: Header::default(),
            marks: spans,
            caret: Some(0),
            selection: None,
            preview: None,
        };
        screen.prepare(|ui| drop(page.ui(ui, reading, &input)))
    }
}

impl Default for Rehearsal {
    fn default() -> Self {
        Self::new()
    }
}

/// A layer as marks, each in its lane of what is asked for.
struct Spans {
    text: Text,
    layer: Option<Layer>,
    version: u64,
}

impl Marks for Spans {
    fn touching(&self, range: Range<usize>, out: &mut Vec<Mark>) {
        let (Some(layer), Ok(range)) = (&self.layer, self.text.range(range.start, range.end)) else { return };
        let spans: Vec<_> = layer.spans.touching(range).cloned().collect();
        let lanes = lanes::lanes(&spans, range);
        out.extend(spans.iter().zip(lanes).map(|(span, lane)| Mark {
            id: span.hull().start() as u64,
            ranges: span.ranges.as_slice().iter().map(|range| range.start()..range.end()).collect(),
            lane,
            colour: Color32::from_rgb(43, 80, 184),
            line: Pattern::Solid,
            tint: true,
            selected: false,
            hovered: false,
            grey_text: false,
            tag: String::new(),
        }));
    }

    fn lanes(&self, range: Range<usize>) -> u8 {
        let (Some(layer), Ok(range)) = (&self.layer, self.text.range(range.start, range.end)) else { return 0 };
        let spans: Vec<_> = layer.spans.touching(range).cloned().collect();
        lanes::lanes(&spans, range).into_iter().map(|lane| lane + 1).max().unwrap_or(0)
    }

    fn version(&self) -> u64 {
        self.version
    }
}
