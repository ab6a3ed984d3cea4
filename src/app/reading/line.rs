//! [`Line`]: a short text of any script in a panel or a list, laid out as the page is, so that Arabic and Hebrew stand in their order.
//! Cut with an ellipsis where it does not fit, around what shall stand out.

use std::ops::Range;
use std::sync::Arc;

use egui::{Color32, Pos2, Rect, Ui, Vec2, pos2, vec2};

use super::Reading;
use super::blocks::Direction;
use super::glyphs::Sprite;
use super::layout::Style;
use super::paint::Sheet;
use super::piece::Piece;
use super::point::Paragraph;

/// A short text to draw. Lengths in points. Newlines count as spaces.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    pub text: &'a str,
    pub size: f32,
    pub serif: bool,
    pub colour: Color32,
    pub width: f32,
    /// At most so many rows; at least 1.
    pub rows: u8,
    /// Bytes of `text` that stand out. The first of them is seen, whatever else is cut away.
    pub emphasis: &'a [Range<usize>],
    /// Their letters, and the ground behind them.
    pub strong: Option<(Color32, Color32)>,
}

impl<'a> Line<'a> {
    /// In one row, in the font of the interface.
    pub fn new(text: &'a str, size: f32, colour: Color32, width: f32) -> Self {
        Self { text, size, serif: false, colour, width, rows: 1, emphasis: &[], strong: None }
    }

    /// How much room it takes, at most its `width`.
    pub fn size(&self, ui: &Ui, reading: &mut Reading) -> Vec2 {
        let scale = ui.pixels_per_point();
        let laid = self.laid(ui, reading);
        vec2(laid.piece.width().min(self.width * scale), laid.piece.height()) / scale
    }

    /// Draws it with the left middle of its rows at a point. Returns where it is. One row that reads leftwards stands at the
    /// left as well: in a list all rows begin at one edge.
    pub fn show(&self, ui: &Ui, reading: &mut Reading, at: Pos2) -> Rect {
        let scale = ui.pixels_per_point();
        let laid = self.laid(ui, reading);
        let atlas = &mut reading.atlas;
        if laid.atlas != Some(atlas.generation()) {
            let mut piece = laid.piece.clone();
            piece.ink(atlas, &reading.shaper);
            let laid = Laid { atlas: Some(atlas.generation()), piece, ..(*laid).clone() };
            reading.lines.put(self.key(scale), laid);
        }
        let laid = self.laid(ui, reading);
        let mut sheet = Sheet::new(scale, reading.atlas.send(ui.ctx()), Sprite::default(), Sprite::default());
        let size = vec2(laid.piece.width(), laid.piece.height());
        let (x, y) = ((at.x * scale).round(), (at.y * scale - size.y / 2.0).round());
        // Several rows keep their column: those that read leftwards stand right in it.
        let x = if self.rows > 1 { x } else { x - laid.piece.left().floor() };
        let shown: Vec<Range<usize>> = self.emphasis.iter().filter_map(|range| laid.cut.place(range)).collect();
        if let Some((_, ground)) = self.strong {
            for range in &shown {
                laid.piece.fill(&mut sheet, x, y, range, ground);
            }
        }
        let strong = self.strong.map(|(letters, _)| letters);
        laid.piece.paint_with(&mut sheet, x, y, |at| match strong {
            Some(strong) if shown.iter().any(|range| range.contains(&at)) => strong,
            _ => self.colour,
        });
        sheet.show(ui.painter());
        Rect::from_min_size(pos2(at.x, at.y - size.y / scale / 2.0), size / scale)
    }

    fn key(&self, scale: f32) -> Key {
        let first = self.emphasis.first().cloned().unwrap_or_default();
        let Self { text, size, serif, width, rows, .. } = *self;
        Key {
            text: text.into(),
            first: (first.start, first.end),
            lengths: [size * scale, width * scale].map(f32::to_bits),
            serif,
            rows,
        }
    }

    fn laid(&self, ui: &Ui, reading: &mut Reading) -> Arc<Laid> {
        let scale = ui.pixels_per_point();
        reading.begin(ui.ctx(), ui.visuals().dark_mode);
        let frame = ui.ctx().cumulative_pass_nr();
        let key = self.key(scale);
        if let Some(laid) = reading.lines.get(&key, frame) {
            return laid;
        }
        let size = self.size * scale;
        let style =
            Style { size, line_height: (size * 1.4).round(), width: (self.width * scale).floor(), serif: self.serif };
        let first = self.emphasis.first().cloned();
        let (piece, cut) = lay_out(self.text, first, style, usize::from(self.rows.max(1)), reading);
        reading.lines.put(key, Laid { piece, cut, atlas: None })
    }
}

/// What is shown of a text: a stretch of it, with an ellipsis where it was cut.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cut {
    kept: Range<usize>,
    /// Bytes in front of the stretch that the text does not have.
    before: usize,
}

impl Cut {
    /// Where a stretch of the text is in what is shown, if it is.
    fn place(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let (start, end) = (range.start.max(self.kept.start), range.end.min(self.kept.end));
        let place = |at: usize| at - self.kept.start + self.before;
        (start < end).then(|| place(start)..place(end))
    }

    fn words(&self, text: &str) -> String {
        let before = if self.before > 0 { ELLIPSIS } else { "" };
        let after = if self.kept.end < text.len() { ELLIPSIS } else { "" };
        format!("{before}{}{after}", &text[self.kept.clone()])
    }
}

const ELLIPSIS: &str = "…";
/// More bytes than this, on either side of what stands out, are not even tried: nobody's screen is that wide.
const TRIED: usize = 1500;

fn lay_out(text: &str, first: Option<Range<usize>>, style: Style, rows: usize, reading: &mut Reading) -> (Piece, Cut) {
    let first = first.filter(|range| text.get(range.clone()).is_some());
    let anchor = first.clone().unwrap_or(0..0);
    let from = if anchor.end > TRIED { text.floor_char_boundary(anchor.start.saturating_sub(TRIED / 4)) } else { 0 };
    let until = text.ceil_char_boundary((anchor.end.min(from + TRIED) + TRIED).min(text.len()));
    let unbroken = Style { width: 1e6, ..style };
    let wide = reading.shaper.lay_out(&text[from..until], direction(text), unbroken);
    let measure = Measure::new(&wide, from, until);
    let room = style.width * rows as f32;
    let whole = Cut { kept: 0..text.len(), before: 0 };
    if from == 0 && until == text.len() && (rows > 1 || measure.total() <= style.width) {
        let piece = Piece::of(text.to_owned(), direction(text), style, reading);
        if piece.rows() <= rows {
            return (piece, whole);
        }
    }

    let ellipsis = style.size * 0.9;
    let start = match first {
        // What stands out begins after a third of the room, at the start of a word.
        Some(first) if from > 0 || measure.width(from..first.end) > room * 0.7 => {
            let target = measure.back(first.start, room / 3.0 - ellipsis);
            // Or sooner, where the rest of the text leaves room.
            let target = if until == text.len() { target.min(measure.back(until, room - ellipsis)) } else { target };
            let space = text[target..first.start].find(' ').map_or(target, |space| target + space + 1);
            space.min(first.start)
        }
        _ => 0,
    };
    let before = if start > 0 { ELLIPSIS.len() } else { 0 };
    let mut room = room - ellipsis - if start > 0 { ellipsis } else { 0.0 };
    loop {
        let end = measure.on(start, room);
        // Several rows end at words, so that less fits than their widths together.
        let kept = start..start + text[start..end].trim_end().len();
        let cut = Cut { kept, before };
        let piece = Piece::of(cut.words(text), direction(text), style, reading);
        if piece.rows() <= rows || room <= 0.0 {
            return (piece, cut);
        }
        room -= style.size;
    }
}

/// A part reads as the whole does, whatever letter it begins with.
fn direction(text: &str) -> Direction {
    Direction::of(text)
}

/// Widths of stretches of a text that is laid out in one row, in reading order.
struct Measure {
    /// Where each grapheme begins, and all widths before it.
    places: Vec<(usize, f32)>,
}

impl Measure {
    fn new(wide: &Paragraph, from: usize, until: usize) -> Self {
        let mut clusters: Vec<_> = wide.clusters.iter().collect();
        clusters.sort_unstable_by_key(|cluster| cluster.start);
        let mut sum = 0.0;
        let mut places = Vec::with_capacity(clusters.len() + 1);
        for cluster in clusters {
            places.push((from + cluster.start as usize, sum));
            sum += cluster.x1 - cluster.x0;
        }
        places.push((until, sum));
        Self { places }
    }

    fn total(&self) -> f32 {
        self.places.last().map_or(0.0, |place| place.1)
    }

    fn at(&self, offset: usize) -> f32 {
        let place = self.places.partition_point(|place| place.0 < offset).min(self.places.len() - 1);
        self.places[place].1
    }

    fn width(&self, range: Range<usize>) -> f32 {
        self.at(range.end) - self.at(range.start)
    }

    /// The first place from which on no more than `room` lies before `end`.
    fn back(&self, end: usize, room: f32) -> usize {
        let least = self.at(end) - room;
        let place = self.places.partition_point(|place| place.1 < least).min(self.places.len() - 1);
        self.places[place].0.min(end)
    }

    /// The last place up to which no more than `room` lies after `start`.
    fn on(&self, start: usize, room: f32) -> usize {
        let most = self.at(start) + room;
        let place = self.places.partition_point(|place| place.1 <= most).saturating_sub(1);
        self.places[place].0.max(start)
    }
}

/// A line that is laid out.
#[derive(Clone)]
struct Laid {
    piece: Piece,
    cut: Cut,
    /// Generation of the atlas its pictures are in.
    atlas: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    text: Box<str>,
    first: (usize, usize),
    lengths: [u32; 2],
    serif: bool,
    rows: u8,
}

/// Lines of the last frames.
#[derive(Default)]
pub(super) struct Lines {
    laid: std::collections::HashMap<Key, (Arc<Laid>, u64)>,
    frame: u64,
}

/// Lines that are kept though they are not seen.
const KEPT: usize = 400;

impl Lines {
    fn get(&mut self, key: &Key, frame: u64) -> Option<Arc<Laid>> {
        self.frame = frame;
        let (laid, seen) = self.laid.get_mut(key)?;
        *seen = frame;
        Some(Arc::clone(laid))
    }

    fn put(&mut self, key: Key, laid: Laid) -> Arc<Laid> {
        if self.laid.len() > KEPT {
            let oldest = self.frame.saturating_sub(1);
            self.laid.retain(|_, (_, seen)| *seen >= oldest);
        }
        let laid = Arc::new(laid);
        self.laid.insert(key, (Arc::clone(&laid), self.frame));
        laid
    }

    /// The faces of fonts mean others from now on.
    pub fn clear(&mut self) {
        self.laid.clear();
    }
}
