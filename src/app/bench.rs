//! [`Rehearsal`]: the page and the window without a display, for measuring frames. Draws up to the triangles that a graphics card gets.

use std::sync::Arc;

use egui::vec2;

use super::headless::Headless;
use super::marks::{Emphasis, Found, LayerMarks};
use super::pictures;
use super::reading::{Affinity, Header, Page, PageInput, Reading, ReadingSettings};
use super::theme::Theme;
use super::window::{StartUp, Waker, Window};
use crate::annotation::Layer;
use crate::schema::Schema;
use crate::session::sample;
use crate::text::Text;

/// A page on a screen of its own, and a window on another.
#[derive(Default)]
#[allow(missing_debug_implementations, reason = "caches say nothing to a reader")]
pub struct Rehearsal {
    window: Option<(Headless, Window)>,
    page: Option<Stage>,
}

/// A page with its fonts and a layer.
struct Stage {
    screen: Headless,
    reading: Reading,
    page: Page,
    text: Text,
    layer: Layer,
    schema: Arc<Schema>,
    found: Found,
}

impl Rehearsal {
    /// Makes a window anew, with the sample open, and draws its first frame. An error says why there is no sample.
    pub fn start(&mut self) -> Result<(), String> {
        let screen = stage();
        let waker = Waker::default();
        let session = pictures::session(sample::FIRST, &waker).map_err(|error| error.to_string())?;
        let start = StartUp { session: Some(session), waker, system_fonts: true, ..StartUp::default() };
        let window = Window::new(&screen.ctx, start);
        self.window = Some((screen, window));
        self.rest();
        Ok(())
    }

    /// Draws the window again, after a sixtieth of a second; says whether it wants another frame soon.
    pub fn rest(&mut self) -> bool {
        self.window.as_mut().is_some_and(|(screen, window)| screen.prepare(|ui| window.frame(ui)))
    }

    /// Shows a text from its beginning on the page.
    pub fn open(&mut self, text: &Text, layer: &Layer, schema: &Arc<Schema>) {
        let (screen, reading) = match self.page.take() {
            Some(stage) => (stage.screen, stage.reading),
            None => (stage(), Reading::new(true)),
        };
        let (page, text, layer, schema) = (Page::new(text), text.clone(), layer.clone(), schema.clone());
        self.page = Some(Stage { screen, reading, page, text, layer, schema, found: Found::default() });
        self.turn(|_| ());
    }

    /// Scrolls the page down by so many points.
    pub fn scroll(&mut self, points: f32) {
        self.turn(|stage| stage.page.scroll_by(points));
    }

    /// Goes to the place at a byte.
    pub fn jump(&mut self, place: usize) {
        self.turn(|stage| stage.page.reveal(place..place));
    }

    /// The same, when no picture of any glyph is known.
    pub fn jump_cold(&mut self, place: usize) {
        self.turn(|stage| {
            stage.reading.forget_glyphs();
            stage.page.reveal(place..place);
        });
    }

    fn turn(&mut self, prepare: impl FnOnce(&mut Stage)) {
        let Some(stage) = &mut self.page else { return };
        prepare(stage);
        let Stage { screen, reading, page, text, layer, schema, found } = stage;
        let marks = LayerMarks {
            layer: Some(layer),
            text,
            schema,
            theme: Theme::light(),
            found,
            emphasis: Emphasis::default(),
        };
        let input = PageInput {
            theme: Theme::light(),
            settings: ReadingSettings::default(),
            header: Header::default(),
            marks: &marks,
            caret: Some(0),
            affinity: Affinity::default(),
            folds: &Arc::default(),
            selection: None,
            preview: None,
            arrows: &[],
            handle: None,
        };
        screen.prepare(|ui| drop(page.ui(ui, reading, &input)));
    }
}

fn stage() -> Headless {
    Headless::new(vec2(1280.0, 840.0), 1.0, false)
}
