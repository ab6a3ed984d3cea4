//! What the pointer does on the page, as [`PageEvent`]s, and what lies under it, as [`Hit`].

use std::ops::Range;

use egui::{Event, Modifiers, PointerButton, Pos2, Response, Ui};

use super::column::Column;
use super::point::grapheme_at;
use super::ranks::Lanes;
use super::scroll::Visible;
use super::spans::{LINE_ABOVE, LINE_BELOW, Place};
use super::{Affinity, Grip, Hit, MarginPhase, Mark, PageEvent, Side};

/// What is on the screen in this frame.
pub(super) struct Scene<'a> {
    pub column: &'a Column,
    pub visible: &'a [Visible],
    pub place: Place,
    pub marks: &'a [Mark],
    /// The mark that shows a handle.
    pub handle: Option<u64>,
}

/// Points around an edge of a span where a press takes hold of it.
const EDGE: f32 = 4.0;
/// Points around the middle of a handle where a press takes hold of it.
const HANDLE: f32 = 7.0;
/// Left of the text by more than this: the margin.
const MARGIN: f32 = 10.0;
/// Presses closer than this in seconds, and in points, count as one gesture.
const QUICK: f64 = 0.4;
const NEAR: f32 = 5.0;

#[derive(Debug, Default)]
pub(super) struct Pointer {
    held: Option<Held>,
    /// As of the last event: Alt or Ctrl may come and go while the pointer stands still.
    modifiers: Modifiers,
    last: Option<(f64, Pos2, u8)>,
}

#[derive(Clone, Debug)]
enum Held {
    Text { button: PointerButton, pos: Pos2 },
    Margin { from: Range<usize>, pos: Pos2 },
}

impl Pointer {
    /// The primary button went down on the page and is still held: where the pointer is now.
    pub fn dragging(&self) -> Option<Pos2> {
        match &self.held {
            Some(Held::Text { button: PointerButton::Primary, pos } | Held::Margin { pos, .. }) => Some(*pos),
            _ => None,
        }
    }

    /// The events of this frame. `moved`: the text moved under the pointer.
    pub fn events(&mut self, ui: &Ui, response: &Response, scene: &Scene<'_>, moved: bool) -> Vec<PageEvent> {
        let mut out = Vec::new();
        let mut dragged = false;
        // Nothing lies over the page here: no menu, no scroll bar.
        let ours = response.hovered() || response.is_pointer_button_down_on();
        let (events, time, modifiers) = ui.input(|input| {
            let pointer = |event: &&Event| matches!(event, Event::PointerMoved(_) | Event::PointerButton { .. });
            (input.events.iter().filter(pointer).cloned().collect::<Vec<_>>(), input.time, input.modifiers)
        });
        for event in events {
            match event {
                Event::PointerMoved(pos) => dragged |= self.moved(pos),
                Event::PointerButton { pos, button, pressed: true, modifiers }
                    if self.held.is_none() && ours && response.rect.contains(pos) =>
                {
                    out.push(self.pressed(pos, button, modifiers, time, scene));
                }
                Event::PointerButton { pos, button, pressed: false, modifiers } => {
                    dragged |= self.moved(pos);
                    if dragged {
                        out.extend(self.dragged(modifiers, scene));
                        dragged = false;
                    }
                    out.extend(self.released(pos, button, modifiers, scene));
                }
                _ => {}
            }
        }
        // The release was lost: to another window, to a menu.
        if self.held.is_some() && !ui.input(|input| input.pointer.any_down()) {
            self.held = None;
        }
        let other = std::mem::replace(&mut self.modifiers, modifiers) != modifiers;
        if dragged || ((moved || other) && self.held.is_some()) {
            out.extend(self.dragged(modifiers, scene));
        }
        out
    }

    fn moved(&mut self, to: Pos2) -> bool {
        match &mut self.held {
            Some(Held::Text { pos, .. } | Held::Margin { pos, .. }) => std::mem::replace(pos, to) != to,
            None => false,
        }
    }

    fn pressed(
        &mut self,
        pos: Pos2,
        button: PointerButton,
        modifiers: Modifiers,
        time: f64,
        scene: &Scene<'_>,
    ) -> PageEvent {
        if button == PointerButton::Primary && scene.in_margin(pos) {
            let lines = scene.line(pos);
            self.held = Some(Held::Margin { from: lines.clone(), pos });
            return PageEvent::Margin { lines, phase: MarginPhase::Pressed, modifiers };
        }
        if button == PointerButton::Primary
            && let Some(range) = scene.fold(pos)
        {
            return PageEvent::Unfold(range);
        }
        let clicks = match self.last {
            Some((then, there, clicks)) if time - then < QUICK && there.distance(pos) < NEAR => clicks % 4 + 1,
            _ => 1,
        };
        self.last = Some((time, pos, clicks));
        self.held = Some(Held::Text { button, pos });
        PageEvent::Pressed { hit: scene.hit(pos), button, clicks, modifiers }
    }

    fn dragged(&self, modifiers: Modifiers, scene: &Scene<'_>) -> Option<PageEvent> {
        match self.held.as_ref()? {
            Held::Text { button: PointerButton::Primary, pos } => {
                Some(PageEvent::Dragged { hit: Hit { edge: None, handle: false, ..scene.hit(*pos) }, modifiers })
            }
            Held::Text { .. } => None,
            Held::Margin { from, pos } => {
                Some(PageEvent::Margin { lines: hull(from, &scene.line(*pos)), phase: MarginPhase::Dragged, modifiers })
            }
        }
    }

    fn released(
        &mut self,
        pos: Pos2,
        button: PointerButton,
        modifiers: Modifiers,
        scene: &Scene<'_>,
    ) -> Option<PageEvent> {
        match self.held.take()? {
            Held::Text { button: held, .. } if held == button => {
                Some(PageEvent::Released { hit: scene.hit(pos), button, modifiers })
            }
            Held::Margin { from, .. } if button == PointerButton::Primary => {
                let lines = hull(&from, &scene.line(pos));
                Some(PageEvent::Margin { lines, phase: MarginPhase::Released, modifiers })
            }
            other => {
                self.held = Some(other);
                None
            }
        }
    }
}

fn hull(a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    a.start.min(b.start)..a.end.max(b.end)
}

impl Scene<'_> {
    pub fn in_margin(&self, pos: Pos2) -> bool {
        let below_header =
            self.visible.first().is_none_or(|first| pos.y * self.place.scale >= self.place.y + first.top);
        pos.x * self.place.scale < self.place.x - self.place.px(MARGIN) && below_header
    }

    /// The block nearest to a point, and the point's height in it. Pixels.
    fn block(&self, y: f32) -> Option<(Visible, f32)> {
        let y = y - self.place.y;
        let at = self.visible.partition_point(|visible| visible.top <= y).saturating_sub(1);
        self.visible.get(at).map(|&visible| (visible, y - visible.top))
    }

    /// The fold at a point.
    pub fn fold(&self, pos: Pos2) -> Option<Range<usize>> {
        let (visible, y) = self.block(pos.y * self.place.scale)?;
        let fold = self.column.fold(visible.block)?;
        (0.0..self.column.laid(visible.block).paragraph.height()).contains(&y).then(|| fold.range.clone())
    }

    /// The line of the text beside a point.
    fn line(&self, pos: Pos2) -> Range<usize> {
        self.block(pos.y * self.place.scale).map_or(0..0, |(visible, _)| self.column.line(visible.block))
    }

    /// What lies at a point of the screen, in points; the nearest text if it lies beside.
    pub fn hit(&self, pos: Pos2) -> Hit {
        let (x, y) = (pos.x * self.place.scale - self.place.x, pos.y * self.place.scale);
        let mut hit = Hit {
            offset: 0,
            affinity: Affinity::default(),
            grapheme: 0..0,
            marks: Vec::new(),
            edge: None,
            handle: self.on_handle(pos),
            pos,
        };
        let Some((visible, y)) = self.block(y) else { return hit };
        let start = self.column.block(visible.block).range().start;
        let paragraph = &self.column.laid(visible.block).paragraph;
        let row_index = paragraph.row_at(y);
        let row = &paragraph.rows[row_index];
        let at = paragraph.hit(self.column.words(visible.block), x, row_index);
        hit.offset = start + at.offset;
        hit.affinity = at.affinity;
        hit.grapheme = start + at.grapheme.start..start + at.grapheme.end;
        if at.inside && (row.top..row.bottom).contains(&y) {
            let (below, one) = ((y - row.top - row.base) / self.place.scale, self.place.lane);
            let under = (below - LINE_BELOW) / one;
            let over = (2.0 - LINE_ABOVE - below) / one;
            let on = |lane: f32| (lane >= -0.25).then(|| lane.max(0.0) as u8);
            let lanes = Lanes::of(self.marks, &(start + row.start as usize..start + row.end as usize));
            hit.marks = self.marks_at(&hit.grapheme, (on(under), on(over)), &lanes);
        }
        hit.edge = self.edge_at(pos, &hit.marks);
        hit
    }

    /// Innermost first; before them the one whose line is drawn at this rank under, or above, its row.
    fn marks_at(&self, grapheme: &Range<usize>, (under, over): (Option<u8>, Option<u8>), lanes: &Lanes) -> Vec<u64> {
        let covers = |range: &Range<usize>| range.start < grapheme.end && grapheme.start < range.end;
        let mut here: Vec<&Mark> = self.marks.iter().filter(|mark| mark.ranges.iter().any(covers)).collect();
        let on_line = |mark: &Mark| Some(lanes.rank(mark)) == if mark.above { over } else { under };
        here.sort_by_key(|mark| (!on_line(mark), mark.covered(), mark.lane, mark.id));
        here.iter().map(|mark| mark.id).collect()
    }

    /// An edge near a point: of a selected mark anywhere on its height, of another only on its line.
    fn edge_at(&self, pos: Pos2, marks: &[u64]) -> Option<Grip> {
        let at = pos * self.place.scale;
        let near = |mark: &Mark, fragment: usize, side: Side| {
            let Edge { x, top, base, row } = self.edge(mark, fragment, side)?;
            let lane = Lanes::of(self.marks, &row).line(&self.place, base, mark);
            let top = if mark.selected { top } else { lane - self.place.px(1.5) };
            let inside = (top..lane + self.place.px(4.0)).contains(&at.y);
            let distance = (at.x - x).abs();
            (inside && distance <= EDGE * self.place.scale).then_some(distance)
        };
        let candidates = self.marks.iter().filter(|mark| mark.selected || marks.contains(&mark.id));
        let edges = candidates.flat_map(|mark| {
            let fragments = 0..mark.ranges.len();
            fragments.flat_map(move |fragment| [(mark, fragment, Side::Start), (mark, fragment, Side::End)])
        });
        let found = edges.filter_map(|(mark, fragment, side)| {
            let grip = Grip { mark: mark.id, fragment, side };
            Some((!mark.selected, near(mark, fragment, side)?, grip))
        });
        found.min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))).map(|(_, _, grip)| grip)
    }

    /// Where an edge of a fragment is on the screen.
    fn edge(&self, mark: &Mark, fragment: usize, side: Side) -> Option<Edge> {
        let range = mark.ranges.get(fragment)?;
        // The last byte decides the row in which it ends.
        let byte = if side == Side::Start { range.start } else { range.end.checked_sub(1)? };
        let block = self.column.block_at(byte);
        let visible = self.visible.iter().find(|visible| visible.block == block)?;
        let start = self.column.block(block).range().start;
        let paragraph = &self.column.laid(block).paragraph;
        let row = &paragraph.rows[paragraph.row_of(byte - start)];
        let words = self.column.words(block);
        if words.is_empty() {
            return None;
        }
        let grapheme = grapheme_at(words, byte - start);
        let x = paragraph.edge_of(row, &grapheme, side == Side::End)?;
        let top = self.place.y + visible.top + row.top;
        let (base, row) = (top + row.base, start + row.start as usize..start + row.end as usize);
        Some(Edge { x: self.place.x + x, top, base, row })
    }

    /// The middle of the handle: above the end of the mark, clear of its letters. Pixels.
    pub fn handle(&self) -> Option<Pos2> {
        let mark = self.marks.iter().find(|mark| Some(mark.id) == self.handle)?;
        let Edge { x, top, .. } = self.edge(mark, mark.ranges.len().checked_sub(1)?, Side::End)?;
        Some(Pos2::new(x, top + self.place.px(1.0)))
    }

    fn on_handle(&self, pos: Pos2) -> bool {
        let near = self.place.px(HANDLE);
        self.handle().is_some_and(|handle| {
            let at = pos * self.place.scale - handle;
            at.x.abs() <= near && (-near..near * 0.75).contains(&at.y)
        })
    }
}

/// One end of a fragment, in pixels of the screen, and the row it is in, in bytes.
struct Edge {
    x: f32,
    top: f32,
    base: f32,
    row: Range<usize>,
}
