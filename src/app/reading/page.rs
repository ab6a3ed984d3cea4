//! [`Page`]: one open document as it is seen. Holds what is for the eye only: layouts, scroll place, the press that is
//! under way.

use std::ops::Range;
use std::sync::Arc;

use egui::{Context, CursorIcon, EventFilter, PointerButton, Pos2, Rect, Response, Sense, Ui, pos2};

use super::arrows::{self, Drawn};
use super::aside::{self, Aside};
use super::bar::{self, Bar, Span};
use super::captions::Captions;
use super::column::{Column, Setting};
use super::glyphs::Atlas;
use super::header::LaidHeader;
use super::layout::{Shaper, Style};
use super::line::Lines;
use super::paint::Sheet;
use super::pointer::{Pointer, Scene};
use super::scroll::{Means, Pin, Scroller};
use super::spans::Place;
use super::told::{Told, Wish};
use super::{
    Affinity, Hit, Mark, Marks, PageEvent, PageInput, PageOutput, Scroll, access, ground, letters, owners, shorts,
    spans,
};
use crate::text::Text;

/// Fonts and glyph pictures, shared by all pages of a window. Make one for the program.
#[allow(missing_debug_implementations, reason = "caches say nothing to a reader")]
pub struct Reading {
    pub(super) shaper: Shaper,
    pub(super) atlas: Atlas,
    pub(super) lines: Lines,
    epoch: u64,
}

impl Reading {
    /// `system_fonts`: for scripts whose fonts are not inside the binary. Without them, pages look the same everywhere.
    pub fn new(system_fonts: bool) -> Self {
        Self { shaper: Shaper::new(system_fonts), atlas: Atlas::new(), lines: Lines::default(), epoch: 0 }
    }

    /// Looks up the fonts that a text needs, so that its page need not wait for them. Returns at once.
    pub fn prewarm(&self, text: &Text) {
        self.shaper.prewarm(text);
    }

    /// Forgets every picture of a glyph; they are made anew as they are seen.
    pub fn forget_glyphs(&mut self) {
        self.atlas.clear();
    }

    /// Call before anything is drawn.
    pub(super) fn begin(&mut self, ctx: &Context, dark: bool) {
        self.atlas.begin(ctx, dark);
        // Every size of every font is a face; zooming for long makes many.
        if self.shaper.faces() > 512 {
            self.shaper.clear_faces();
            self.atlas.clear_faces();
            self.lines.clear();
            self.epoch += 1;
        }
    }
}

/// The view of one document. Costs a few milliseconds for 10 MB to make, and nothing that grows with the text to draw.
#[allow(missing_debug_implementations, reason = "caches say nothing to a reader")]
pub struct Page {
    pub(super) column: Column,
    scroller: Scroller,
    header: LaidHeader,
    pointer: Pointer,
    bar: Bar,
    place: Place,
    marks_version: Option<u64>,
    captions: Captions,
    told: Told,
    /// The arrows and the handle of the last frame.
    arrows: Drawn,
    handle: Option<u64>,
    handle_at: Option<Pos2>,
    /// Scrolled by the program since the last frame, in points.
    scrolled: f32,
    /// What was found: marked in the text and beside the bar.
    found: Arc<[Range<usize>]>,
}

/// Points: room beside the text at least; left of it where there is room for tags; below its end, and below a text that is
/// seen whole.
const SIDE: f32 = 28.0;
const TAGS: f32 = 76.0;
const FOOT: f32 = 96.0;
const FOOT_WHOLE: f32 = 24.0;
/// Narrower than this, text is not worth wrapping.
const NARROWEST: f32 = 120.0;

impl Page {
    pub fn new(text: &Text) -> Self {
        Self {
            column: Column::new(text),
            scroller: Scroller::new(),
            header: LaidHeader::default(),
            pointer: Pointer::default(),
            bar: Bar::default(),
            place: Place::default(),
            marks_version: None,
            captions: Captions::default(),
            told: Told::default(),
            arrows: Drawn::default(),
            handle: None,
            handle_at: None,
            scrolled: 0.0,
            found: Arc::default(),
        }
    }

    /// Scrolls, in the next frame, as far as shows `range` comfortably; not at all if it is seen already.
    pub fn reveal(&mut self, range: Range<usize>) {
        self.scroller.reveal(range);
    }

    /// Marks what was found, from the next frame on. Sorted, in bytes.
    pub fn mark_found(&mut self, found: Arc<[Range<usize>]>) {
        self.found = found;
    }

    /// Scrolls down by so many points (up if negative) in the next frame.
    pub fn scroll_by(&mut self, points: f32) {
        self.scrolled += points;
    }

    /// Scrolls down by so many pages (up if negative) in the next frame, two rows short of a whole page.
    pub fn scroll_pages(&mut self, pages: f32) {
        self.scrolled += self.rows_per_page() * pages * self.row_height();
    }

    /// Scrolls to the very top, header included, in the next frame.
    pub fn scroll_to_top(&mut self) {
        self.scroller.restore(Pin::Header(0.0));
    }

    /// Where the reader is. Only the first frame after [`Self::new`] decides where that may be.
    pub fn scroll(&self) -> Scroll {
        let scale = self.column.setting().map_or(1.0, |setting| setting.scale);
        self.scroller.scroll(&self.column, scale)
    }

    pub fn restore(&mut self, scroll: Scroll) {
        let pin = if scroll.offset == 0 && scroll.below <= 0.0 {
            Pin::Header(0.0)
        } else {
            Pin::Row { offset: scroll.offset, top: -scroll.below }
        };
        self.scroller.restore(pin);
    }

    /// Where the first row of a stretch of text is on the screen, as of the last frame, in points: for menus beside it.
    pub fn rect_of(&self, range: Range<usize>) -> Option<Rect> {
        let Self { column, scroller, place, .. } = self;
        let rect = if range.is_empty() {
            letters::caret_rects(column, &scroller.visible, place, range.start, Affinity::Downstream).first().copied()
        } else {
            let rects = spans::rects(column, &scroller.visible, place, &range);
            let top = rects.first().map(Rect::top);
            rects.into_iter().filter(|rect| Some(rect.top()) == top).reduce(Rect::union)
        };
        rect.map(|rect| rect / place.scale)
    }

    /// Every rectangle that a stretch of text covers on the screen, as of the last frame, in points: one for each row, more
    /// where directions mix.
    pub fn rects_of(&self, range: Range<usize>) -> Vec<Rect> {
        let Self { column, scroller, place, .. } = self;
        let rects = spans::rects(column, &scroller.visible, place, &range);
        rects.into_iter().map(|rect| rect / place.scale).collect()
    }

    /// The lines of all arrows, as of the last frame, in points: each from its start to its tip.
    pub fn arrows(&self) -> Vec<Vec<Pos2>> {
        self.arrows.ways()
    }

    /// The boxes of all letters on the screen, as of the last frame, in points.
    pub fn letters(&self) -> Vec<Rect> {
        let mut boxes = Vec::new();
        spans::each_line(&self.column, &self.scroller.visible, &self.place, |line| {
            boxes.extend(ground::inked(&self.column, &self.place, line).map(|rect| rect / self.place.scale));
        });
        boxes
    }

    /// Where the handle is, as of the last frame, in points.
    pub fn handle(&self) -> Option<Pos2> {
        self.handle_at.map(|handle| handle / self.place.scale)
    }

    /// What lies at a point of the screen, as of the last frame, in points.
    pub fn hit(&self, pos: Pos2, marks: &dyn Marks) -> Hit {
        let mut found = Vec::new();
        marks.touching(self.visible_bytes(), &mut found);
        self.scene(&found).hit(pos)
    }

    fn scene<'a>(&'a self, marks: &'a [Mark]) -> Scene<'a> {
        let Self { column, scroller, place, handle, .. } = self;
        Scene { column, visible: &scroller.visible, place: *place, marks, handle: *handle }
    }

    pub(super) fn rows_per_page(&self) -> f32 {
        let rows = self.place.height / (self.row_height() * self.place.scale).max(1.0);
        (rows - 2.0).floor().max(1.0)
    }

    fn row_height(&self) -> f32 {
        self.column.setting().map_or(30.0, |setting| setting.style.line_height / setting.scale)
    }

    /// Draws the page into all the room that is left in `ui`.
    pub fn ui(&mut self, ui: &mut Ui, reading: &mut Reading, input: &PageInput<'_>) -> PageOutput {
        let scale = ui.pixels_per_point();
        let rect = ui.available_rect_before_wrap();
        let response = ui.allocate_rect(rect, Sense::click_and_drag());
        ui.painter().rect_filled(rect, 0.0, input.theme.page);

        reading.begin(ui.ctx(), input.theme.dark);
        let mut wished = Vec::new();
        for wish in self.told.wishes(ui, response.id) {
            match wish {
                Wish::Show(at) => self.reveal(at..at),
                Wish::Event(event) => wished.push(event),
            }
        }
        let moved = self.lay_out(ui, &response, reading, input, scale);
        let visible = self.visible_bytes();
        let mut marks = Vec::new();
        input.marks.touching(visible.clone(), &mut marks);

        self.handle = input.handle;
        let mut pointer = std::mem::take(&mut self.pointer);
        let scene = self.scene(&marks);
        let mut events = pointer.events(ui, &response, &scene, moved);
        events.append(&mut wished);
        if events.iter().any(|event| matches!(event, PageEvent::Pressed { .. })) {
            response.request_focus();
        }
        let hovered = response.hover_pos().filter(|_| ui.input(|input| !input.pointer.any_down()));
        let hovered = hovered.filter(|&pos| !scene.in_margin(pos)).map(|pos| scene.hit(pos));
        let pointed = hovered.as_ref().and_then(|hit| scene.fold(hit.pos));
        set_cursor(ui, &response, hovered.as_ref(), pointed.is_some());
        let pointed = pointed.map(|fold| fold.start);
        self.handle_at = scene.handle();
        self.pointer = pointer;
        let caret = self.paint(ui, rect, reading, input, &marks, pointed);
        self.bar.paint(ui, rect, self.span(), input.theme);
        bar::ticks(ui, rect, self.span(), f64::from(self.scroller.header), &self.column, &self.found, input.theme);
        let shown = access::Shown {
            visible: &self.scroller.visible,
            place: &self.place,
            marks: &marks,
            caret: input.caret,
            selection: input.selection.as_ref(),
        };
        self.told = access::describe(ui, response.id, &mut self.column, reading, &shown);
        keep_keys(ui, &response);
        if self.pointer.dragging().is_some_and(|pos| !rect.y_range().contains(pos.y)) {
            ui.ctx().request_repaint();
        }
        PageOutput { events, hovered, response, caret, visible }
    }

    /// Finds what is seen in this frame. True if the text moved under the pointer.
    fn lay_out(
        &mut self,
        ui: &Ui,
        response: &Response,
        reading: &mut Reading,
        input: &PageInput<'_>,
        scale: f32,
    ) -> bool {
        let setting = self.measure(response.rect, input, scale, reading.epoch);
        let resized = self.column.setting().is_some_and(|before| *before != setting);
        let changed = self.marks_version.is_some_and(|version| version != input.marks.version())
            || !self.column.has_folds(input.folds);
        if (resized || changed) && !self.scroller.has_pending() {
            let before = self.column.setting().map_or(scale, |setting| setting.scale);
            let pointer = ui.input(|input| input.pointer.latest_pos()).filter(|pos| response.rect.contains(*pos));
            let keep = pointer.filter(|_| !resized).map_or(0.0, |pos| pos.y - response.rect.top());
            self.scroller.restore(self.scroller.pin(&self.column, keep, before));
        }
        self.marks_version = Some(input.marks.version());
        self.column.begin(setting, input.folds);
        self.header.lay_out(input.header, &setting, reading);
        self.scroller.header = self.header.height;
        self.scroller.view = self.place.height;
        let below = self.place.height - self.header.height - self.column.heights().total() as f32;
        let whole = (self.place.px(FOOT_WHOLE)..self.place.px(FOOT)).contains(&below);
        self.scroller.foot = self.place.px(if whole { FOOT_WHOLE } else { FOOT });

        let before = self.scroller.visible.first().copied();
        let mut means = Means { reading, marks: input.marks };
        let points = self.scroll_wanted(ui, response);
        if points != 0.0 && !self.scroller.has_pending() {
            self.scroller.by(f64::from(points * scale), &mut self.column, &mut means);
        }
        self.follow_bar(ui, response);
        self.scroller.lay_out(&mut self.column, &mut means, scale);
        before != self.scroller.visible.first().copied()
    }

    fn measure(&mut self, rect: Rect, input: &PageInput<'_>, scale: f32, epoch: u64) -> Setting {
        let px = |points: f32| (points * scale).round();
        let settings = input.settings;
        let side = if settings.numbers { aside::room(self.column.lines()).max(SIDE) } else { SIDE };
        let column = settings.column.min(rect.width() - 2.0 * side).max(NARROWEST);
        let width = px(column);
        let left = px(rect.left());
        let free = rect.width() - column;
        let x = left + px((free / 2.0).max((free - side).min(TAGS)).max(0.0));
        let lane = settings.lane;
        self.place = Place { x, y: px(rect.top()), width, height: px(rect.height()), left, scale, lane };
        let style =
            Style { size: settings.size * scale, line_height: px(settings.line_height), width, serif: settings.serif };
        Setting { style, gap: px(settings.gap), lane: lane * scale, scale, invisibles: settings.invisibles, epoch }
    }

    /// Points to scroll by in this frame: wheel, program, and a drag past the edge of the page.
    fn scroll_wanted(&mut self, ui: &Ui, response: &Response) -> f32 {
        let mut points = std::mem::take(&mut self.scrolled);
        if response.contains_pointer() {
            let wheel = ui.input(|input| input.smooth_scroll_delta().y);
            points -= if wheel.is_finite() { wheel } else { 0.0 };
        }
        if let Some(pos) = self.pointer.dragging() {
            let rect = response.rect;
            let past = (pos.y - rect.bottom()).max(0.0) - (rect.top() - pos.y).max(0.0);
            points += past.clamp(-120.0, 120.0) * ui.input(|input| input.stable_dt).min(0.05) * 10.0;
        }
        points
    }

    fn follow_bar(&mut self, ui: &Ui, response: &Response) {
        if let Some(top) = self.bar.interact(ui, response.id.with("bar"), response.rect, self.span()) {
            self.scroller.to(top, &self.column);
        }
    }

    fn span(&self) -> Span {
        let (top, total) = self.scroller.place(&self.column);
        Span { top, view: f64::from(self.place.height), total }
    }

    fn visible_bytes(&self) -> Range<usize> {
        let visible = &self.scroller.visible;
        let first = visible.first().map_or(0, |visible| self.column.block(visible.block).range().start);
        first..visible.last().map_or(first, |visible| self.column.block(visible.block).range().end)
    }

    /// Returns where the caret stands, in points.
    fn paint(
        &mut self,
        ui: &Ui,
        rect: Rect,
        reading: &mut Reading,
        input: &PageInput<'_>,
        marks: &[Mark],
        pointed: Option<usize>,
    ) -> Option<Rect> {
        let Self { column, scroller, header, place, captions, found, .. } = self;
        let (theme, visible) = (input.theme, &scroller.visible);
        for visible in visible.iter().filter(|_| !input.arrows.is_empty()) {
            column.ink(visible.block, reading);
        }
        let room = place.left + place.px(6.0)..place.left + place.px(rect.width() - 14.0);
        let mut drawn = arrows::find(column, visible, place, marks, input.arrows, room, reading);
        let mut tags = spans::tags(column, visible, place, marks, &drawn, reading);
        let (mut dots, mut wave);
        // Where the pictures overflow their texture it starts anew, and what was found before is void.
        let mut tries = 0;
        loop {
            let generation = reading.atlas.generation();
            dots = reading.atlas.dots(place.scale);
            wave = reading.atlas.wave(place.scale);
            header.ink(reading);
            drawn.ink(reading);
            for tag in &mut tags {
                tag.ink(reading);
            }
            column.ready(visible, reading);
            for visible in visible {
                column.ink(visible.block, reading);
            }
            if let Some(setting) = column.setting() {
                let wanted = aside::wanted(column, visible, input.settings.numbers);
                let wanted = wanted.into_iter().chain(shorts::wanted(marks)).chain(owners::wanted(marks));
                captions.ensure(wanted, setting, reading);
            }
            tries += 1;
            if generation == reading.atlas.generation() || tries == 3 {
                break;
            }
            // Another page may have been drawn with the pictures of before.
            ui.ctx().request_repaint();
        }

        let texture = reading.atlas.send(ui.ctx());
        let mut sheet = Sheet::new(place.scale, texture, dots, wave);
        spans::marks(&mut sheet, column, visible, place, marks, theme);
        let colour = theme.warning.gamma_multiply(if theme.dark { 0.32 } else { 0.22 });
        spans::found(&mut sheet, column, visible, place, found, input.selection.as_ref(), colour);
        if let Some(selection) = &input.selection {
            let colour = theme.accent.gamma_multiply(if theme.dark { 0.34 } else { 0.22 });
            spans::stretch(&mut sheet, column, visible, place, std::slice::from_ref(selection), true, colour);
        }
        if let Some((ranges, colour)) = &input.preview {
            spans::stretch(&mut sheet, column, visible, place, ranges, false, colour.gamma_multiply(theme.fill * 1.5));
        }
        if let Some(first) = visible.first().filter(|first| first.block == 0) {
            header.paint(&mut sheet, place.x, place.y + first.top - header.height, theme);
        }
        for visible in visible {
            letters::words(&mut sheet, column, *visible, place, marks, captions, theme);
        }
        shorts::paint(&mut sheet, captions, column, visible, place, marks, theme);
        owners::paint(&mut sheet, captions, column, visible, place, marks);
        spans::outlines(&mut sheet, column, visible, place, marks);
        let aside = Aside { captions, column, visible, place, theme };
        aside.folds(&mut sheet, marks, pointed);
        if input.settings.numbers {
            let tags: Vec<Rect> = tags.iter().map(|tag| tag.rect).chain(drawn.beside(place)).collect();
            aside.numbers(&mut sheet, &tags);
        }
        for tag in &tags {
            tag.paint(&mut sheet, place, theme);
        }
        drawn.paint_names(&mut sheet);
        let caret = input.caret.map(|offset| letters::caret_rects(column, visible, place, offset, input.affinity));
        let caret = caret.unwrap_or_default();
        letters::caret(&mut sheet, &caret, theme.text);
        let painter = ui.painter().with_clip_rect(rect);
        sheet.show(&painter);
        drawn.paint(&painter);
        if let Some(at) = self.handle_at {
            arrows::handle(&painter, at / place.scale, theme);
        }
        self.arrows = drawn;
        caret.first().map(|caret| Rect::from_min_max(pos2(caret.left(), caret.top()), caret.max) / place.scale)
    }
}

/// While the page has the focus its keys are the program's: none of them moves the focus elsewhere.
fn keep_keys(ui: &Ui, response: &Response) {
    if response.has_focus() {
        let all = EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: true };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, all));
    }
}

fn set_cursor(ui: &Ui, response: &Response, hovered: Option<&Hit>, fold: bool) {
    if !response.hovered() {
        return;
    }
    let dragging = ui.input(|input| input.pointer.button_down(PointerButton::Primary));
    ui.ctx().set_cursor_icon(match hovered {
        Some(hit) if hit.handle => CursorIcon::Grab,
        Some(hit) if hit.edge.is_some() => CursorIcon::ResizeHorizontal,
        Some(_) if fold => CursorIcon::PointingHand,
        None if !dragging => CursorIcon::Default,
        _ => CursorIcon::Text,
    });
}
