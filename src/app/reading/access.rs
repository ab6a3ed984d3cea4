//! The words on the screen, as screen readers want them: a document of paragraphs of runs of text, each in one direction
//! and in one row, with the place of every grapheme. Costs nothing unless a reader is listening.

use std::ops::Range;

use accesskit::{Action, NodeId, Role, TextDirection, TextPosition, TextSelection};
use egui::{Id, Rect, Ui, UiBuilder, pos2};
use unicode_segmentation::UnicodeSegmentation;

use super::column::Column;
use super::point::{Cluster, Row};
use super::scroll::Visible;
use super::spans::{Place, rects};
use super::told::Told;
use super::{Mark, Reading};

/// Characters of a run are counted in a byte.
const LONGEST: usize = 255;

/// Paragraphs above and below the screen that are told as well, so that a reader can go on.
const BESIDE: usize = 6;

/// What the page shows, for [`describe`].
pub(super) struct Shown<'a> {
    pub visible: &'a [Visible],
    pub place: &'a Place,
    pub marks: &'a [Mark],
    pub caret: Option<usize>,
    pub selection: Option<&'a Range<usize>>,
}

/// Describes what is visible, and some paragraphs beside it, under the node of the page. Returns what was told.
pub(super) fn describe(ui: &mut Ui, page: Id, column: &mut Column, reading: &mut Reading, shown: &Shown<'_>) -> Told {
    let listening = ui.ctx().accesskit_node_builder(page, |node| {
        node.set_role(Role::Document);
        node.set_read_only();
        node.add_action(Action::SetTextSelection);
    });
    let mut told = Told::default();
    if listening.is_none() {
        return told;
    }
    let place = shown.place;
    let mut runs = Vec::new();
    for visible in beside(column, reading, shown.visible) {
        let block = column.block(visible.block);
        let paragraph = page.with(("paragraph", visible.block));
        drop(ui.new_child(
            UiBuilder::new().scope_id(paragraph).accessibility_parent(page).accessibility_role(Role::Paragraph),
        ));
        ui.ctx().accesskit_node_builder(paragraph, |node| node.add_action(Action::ScrollIntoView));
        told.paragraphs.push((paragraph.accesskit_id(), block.range().start));
        let first = runs.len();
        for row in &column.laid(visible.block).paragraph.rows {
            row_runs(column, visible, row, place, page, &mut runs);
        }
        if block.ends_line
            && let Some(last) = runs[first..].last_mut()
        {
            last.push("\n", block.range().end, last.length(), 0.0);
        }
        for run in &runs[first..] {
            drop(ui.new_child(
                UiBuilder::new().scope_id(run.id).accessibility_parent(paragraph).accessibility_role(Role::TextRun),
            ));
            ui.ctx().accesskit_node_builder(run.id, |node| run.describe(node, place));
        }
    }
    told.marks = shown.marks.iter().map(|mark| span(ui, page, column, shown, mark)).collect();
    let ends = |at: usize| (at + 1..runs.len()).find_map(|next| runs[next].starts.first().copied());
    let end = |at: usize, run: &Run| {
        let last = run.starts.last().map_or(0, |start| start + usize::from(run.lengths.last().copied().unwrap_or(0)));
        ends(at).map_or(last, |next| next.max(last))
    };
    told.runs =
        runs.iter().enumerate().map(|(at, run)| (run.id.accesskit_id(), run.starts.clone(), end(at, run))).collect();
    let (anchor, focus) = match (shown.selection, shown.caret) {
        (Some(range), Some(caret)) if caret == range.start => (range.end, range.start),
        (Some(range), _) => (range.start, range.end),
        (None, Some(caret)) => (caret, caret),
        (None, None) => return told,
    };
    if let (Some(anchor), Some(focus)) = (position(&runs, anchor), position(&runs, focus)) {
        ui.ctx().accesskit_node_builder(page, |node| node.set_text_selection(TextSelection { anchor, focus }));
    }
    told
}

/// The visible blocks with their neighbours, from top to bottom.
fn beside(column: &mut Column, reading: &mut Reading, visible: &[Visible]) -> Vec<Visible> {
    let mut all = std::collections::VecDeque::from(visible.to_vec());
    for _ in 0..BESIDE {
        let Some(before) = all.front().and_then(|first| Some((column.before(first.block)?, first.top))) else { break };
        let top = before.1 - column.ensure(before.0, reading, None);
        all.push_front(Visible { block: before.0, top });
    }
    for _ in 0..BESIDE {
        let Some(last) = all.back().copied() else { break };
        let next = column.after(last.block);
        if next >= column.len() {
            break;
        }
        let top = last.top + column.ensure(last.block, reading, None);
        column.ensure(next, reading, None);
        all.push_back(Visible { block: next, top });
    }
    all.into()
}

/// A span: its label and its words, where it is, whether it is selected. A click selects it.
fn span(ui: &mut Ui, page: Id, column: &Column, shown: &Shown<'_>, mark: &Mark) -> (NodeId, u64, usize) {
    /// Of its words, so many bytes.
    const TOLD: usize = 200;
    let id = page.with(("mark", mark.id));
    drop(ui.new_child(UiBuilder::new().scope_id(id).accessibility_parent(page).accessibility_role(Role::Mark)));
    let words = |range: &Range<usize>| {
        let words = &column.text()[range.clone()];
        words[..words.floor_char_boundary(TOLD)].to_owned()
    };
    let words: Vec<String> = mark.ranges.iter().take(8).map(words).collect();
    let rects = mark.ranges.iter().flat_map(|range| rects(column, shown.visible, shown.place, range));
    let bounds = rects.reduce(Rect::union).map(|rect| rect / shown.place.scale);
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_label(format!("{}: {}", mark.tag, words.join(" … ")));
        node.add_action(Action::Click);
        node.add_action(Action::ScrollIntoView);
        if mark.selected {
            node.set_selected(true);
        }
        if let Some(rect) = bounds {
            node.set_bounds(bounds_of(rect));
        }
    });
    (id.accesskit_id(), mark.id, mark.extent().start)
}

fn bounds_of(rect: Rect) -> accesskit::Rect {
    let (x0, y0) = (rect.left().into(), rect.top().into());
    accesskit::Rect { x0, y0, x1: rect.right().into(), y1: rect.bottom().into() }
}

/// Graphemes of one row that follow each other in reading order and run in one direction.
struct Run {
    id: Id,
    rtl: bool,
    /// Left and right edge in the row, top and bottom of the row, in pixels of the screen.
    rect: Rect,
    text: String,
    /// First byte of each grapheme in the document.
    starts: Vec<usize>,
    lengths: Vec<u8>,
    positions: Vec<f32>,
    widths: Vec<f32>,
    before: Option<Id>,
    after: Option<Id>,
}

impl Run {
    fn length(&self) -> f32 {
        self.positions.last().copied().unwrap_or(0.0) + self.widths.last().copied().unwrap_or(0.0)
    }

    fn push(&mut self, grapheme: &str, start: usize, position: f32, width: f32) {
        // Nothing that people write is longer.
        let grapheme = &grapheme[..grapheme.floor_char_boundary(LONGEST)];
        self.text.push_str(grapheme);
        self.starts.push(start);
        self.lengths.push(grapheme.len() as u8);
        self.positions.push(position);
        self.widths.push(width);
    }

    fn describe(&self, node: &mut accesskit::Node, place: &Place) {
        node.set_bounds(bounds_of(self.rect / place.scale));
        node.add_action(Action::ScrollIntoView);
        let points = |lengths: &[f32]| lengths.iter().map(|length| length / place.scale).collect::<Vec<f32>>();
        node.set_text_direction(if self.rtl { TextDirection::RightToLeft } else { TextDirection::LeftToRight });
        node.set_value(self.text.clone());
        node.set_character_lengths(self.lengths.clone());
        node.set_character_positions(points(&self.positions));
        node.set_character_widths(points(&self.widths));
        node.set_word_starts(word_starts(&self.text));
        if let Some(before) = self.before {
            node.set_previous_on_line(before.accesskit_id());
        }
        if let Some(after) = self.after {
            node.set_next_on_line(after.accesskit_id());
        }
    }
}

fn word_starts(text: &str) -> Vec<u8> {
    let mut inside = false;
    let mut starts = Vec::new();
    for (index, grapheme) in text.graphemes(true).take(LONGEST).enumerate() {
        let is_word = grapheme.chars().any(char::is_alphanumeric);
        if is_word && !inside {
            starts.push(index as u8);
        }
        inside = is_word;
    }
    starts
}

fn row_runs(column: &Column, visible: Visible, row: &Row, place: &Place, page: Id, runs: &mut Vec<Run>) {
    let first = runs.len();
    let laid = column.laid(visible.block);
    let (words, start) = (column.words(visible.block), column.block(visible.block).range().start);
    let top = place.y + visible.top;
    let new = |at: usize, rtl: bool, x: f32| Run {
        id: page.with(("run", at)),
        rtl,
        rect: Rect::from_min_max(pos2(place.x + x, top + row.top), pos2(place.x + x, top + row.bottom)),
        text: String::new(),
        starts: Vec::new(),
        lengths: Vec::new(),
        positions: Vec::new(),
        widths: Vec::new(),
        before: None,
        after: None,
    };
    if let Some(fold) = column.fold(visible.block) {
        let mut run = new(start, false, 0.0);
        run.rect.max.x = run.rect.min.x + laid.paragraph.width;
        for grapheme in fold.words.graphemes(true) {
            run.push(grapheme, start, run.length(), place.px(6.0));
        }
        runs.push(run);
        return;
    }
    let mut clusters: Vec<Cluster> = laid.paragraph.clusters(row).to_vec();
    clusters.sort_by_key(|cluster| cluster.start);
    for cluster in &clusters {
        let at = start + cluster.start as usize;
        let goes_on = runs[first..].last().is_some_and(|run| run.rtl == cluster.rtl && run.lengths.len() < LONGEST - 1);
        if !goes_on {
            runs.push(new(at, cluster.rtl, if cluster.rtl { cluster.x1 } else { cluster.x0 }));
        }
        if let Some(run) = runs.last_mut() {
            run.rect.min.x = run.rect.min.x.min(place.x + cluster.x0);
            run.rect.max.x = run.rect.max.x.max(place.x + cluster.x1);
            let grapheme = &words[cluster.start as usize..cluster.end as usize];
            run.push(grapheme, at, run.length(), cluster.x1 - cluster.x0);
        }
    }
    if clusters.is_empty() {
        let (x, _) = laid.paragraph.extent(row);
        runs.push(new(start + row.start as usize, laid.paragraph.rtl, x));
    }
    for index in first + 1..runs.len() {
        runs[index].before = Some(runs[index - 1].id);
        runs[index - 1].after = Some(runs[index].id);
    }
}

/// The run and the character in it before which byte `offset` stands.
fn position(runs: &[Run], offset: usize) -> Option<TextPosition> {
    let begins = |run: &Run| run.starts.first().is_none_or(|&start| start <= offset);
    let run = runs.iter().rev().find(|run| begins(run))?;
    let character_index = run.starts.partition_point(|&start| start < offset);
    Some(TextPosition { node: run.id.accesskit_id(), character_index })
}
