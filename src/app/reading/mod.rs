//! The page on which a document is read and marked: text, spans, caret, scrolling, and what the pointer points at.
//!
//! It knows texts, colours and pixels; nothing of labels, layers or the session. Whoever shows it hands in [`Marks`] and
//! a [`PageInput`] each frame and gets a [`PageOutput`] back. Offsets are bytes of the document's text, on grapheme
//! boundaries when they come from here.

mod access;
mod arrows;
mod aside;
mod bar;
pub mod blocks;
mod captions;
mod column;
mod glyphs;
mod ground;
mod header;
pub mod heights;
mod ink;
mod layout;
mod letters;
mod line;
mod motion;
mod owners;
mod page;
mod paint;
mod piece;
mod point;
mod pointer;
mod ranks;
mod route;
mod scroll;
mod shorts;
pub mod signs;
mod spans;
mod step;
mod told;

use std::ops::Range;
use std::sync::Arc;

use egui::{Color32, Modifiers, PointerButton, Pos2, Rect};

use self::column::Column;
pub use self::line::Line;
pub use self::page::{Page, Reading};
pub use self::point::Affinity;
pub use self::ranks::Ranks;
use super::theme::Theme;

/// One span (or candidate) as the page draws it.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// What the caller calls it; comes back in [`Hit`].
    pub id: u64,
    /// The fragments, sorted and disjoint, in bytes.
    pub ranges: Vec<Range<usize>>,
    /// Which of the lines under the text, or above it, is its own: 0 is nearest to the words.
    pub lane: u8,
    /// Its line runs above the words instead of under them.
    pub above: bool,
    pub colour: Color32,
    pub line: Pattern,
    /// Fill behind the text: for the outermost spans.
    pub tint: bool,
    pub selected: bool,
    /// Under the pointer here or in a list elsewhere.
    pub hovered: bool,
    /// Something that it should have is not set yet: its line ends in a ring.
    pub incomplete: bool,
    /// The words themselves turn grey: boilerplate.
    pub grey_text: bool,
    /// The label's name, shown in the left margin while selected or hovered.
    pub tag: String,
    /// A few letters of it, always shown below the mark's beginning; empty: none.
    pub short: String,
    /// Whose it is, said beside each row of its line, where several people's marks are on one page.
    pub owner: Option<Owner>,
}

/// A letter or two, and their colour.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Owner {
    pub initial: Arc<str>,
    pub colour: Color32,
}

impl Mark {
    /// From the first byte to the last, gaps included.
    pub fn extent(&self) -> Range<usize> {
        let start = self.ranges.first().map_or(0, |range| range.start);
        start..self.ranges.last().map_or(start, |range| range.end)
    }

    /// Bytes covered, gaps not counted.
    pub fn covered(&self) -> usize {
        self.ranges.iter().map(Range::len).sum()
    }
}

/// An arrow from one span to another. The page leads it around the words: in the gaps between rows and along the margins.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrow {
    /// The fragments of its two ends, sorted, in bytes.
    pub from: Vec<Range<usize>>,
    pub to: Vec<Range<usize>>,
    /// Stands in the margin beside it.
    pub name: String,
    pub colour: Color32,
    /// Not yet a relation.
    pub dashed: bool,
}

/// The line under a span. Dashed is thin and kept for what is not yet a span.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Pattern {
    #[default]
    Solid,
    Double,
    Dotted,
    Wavy,
    Dashed,
}

/// Where the page finds what to draw. Asked each frame for the visible stretch only; should answer in O(log n + hits).
pub trait Marks {
    /// Adds every mark of which a fragment overlaps `range`, or which lies around it.
    fn touching(&self, range: Range<usize>, out: &mut Vec<Mark>);

    /// How many lanes the marks in `range` use under the words. A row draws those alone, closed up.
    fn lanes(&self, range: Range<usize>) -> u8;

    /// The same above the words.
    fn lanes_above(&self, _: Range<usize>) -> u8 {
        0
    }

    /// Whether marks have short names, so that rows make room for them.
    fn shorts(&self) -> bool {
        false
    }

    /// Another number whenever `lanes` may answer otherwise than before.
    fn version(&self) -> u64;
}

/// A page without marks.
impl Marks for () {
    fn touching(&self, _: Range<usize>, _: &mut Vec<Mark>) {}

    fn lanes(&self, _: Range<usize>) -> u8 {
        0
    }

    fn version(&self) -> u64 {
        0
    }
}

/// How the text is set. Lengths in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReadingSettings {
    pub size: f32,
    pub line_height: f32,
    /// Widest line of text; narrower where the window is.
    pub column: f32,
    /// Between paragraphs.
    pub gap: f32,
    pub serif: bool,
    /// From the line of one lane to the next.
    pub lane: f32,
    pub invisibles: Invisibles,
    /// Numbers of the text's own lines beside them.
    pub numbers: bool,
}

impl Default for ReadingSettings {
    fn default() -> Self {
        Self {
            size: 17.5,
            line_height: 30.0,
            column: 610.0,
            gap: 10.0,
            serif: true,
            lane: spans::LANE,
            invisibles: Invisibles::Odd,
            numbers: false,
        }
    }
}

/// Whole lines of the text that show as one quiet line. Offsets in them stay what they are; nothing of them is laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fold {
    /// From the start of the first to the end of the last, in bytes.
    pub range: Range<usize>,
    /// What is said in their place.
    pub words: String,
}

/// Which invisible characters are shown by a small sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Invisibles {
    None,
    /// Those that are seldom meant: zero width, byte order marks, soft hyphens, direction marks, control characters.
    #[default]
    Odd,
    /// All of them, by name, and also spaces, tabs and where lines end.
    All,
}

/// What stands above the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Header<'a> {
    pub title: &'a str,
    /// Source, date and the like: small and grey.
    pub meta: &'a str,
}

/// Everything the page draws besides its own text.
#[allow(missing_debug_implementations, reason = "holds a trait object")]
#[derive(Clone)]
pub struct PageInput<'a> {
    pub theme: &'a Theme,
    pub settings: ReadingSettings,
    pub header: Header<'a>,
    pub marks: &'a dyn Marks,
    pub caret: Option<usize>,
    /// To which letter the caret belongs.
    pub affinity: Affinity,
    /// Sorted; empty ranges draw nothing.
    pub selection: Option<Range<usize>>,
    /// Lines that show as one, in order, apart from each other. Another list where they change.
    pub folds: &'a Arc<[Fold]>,
    /// What a drag would mark, snapped: fragments and the colour they would have.
    pub preview: Option<(Vec<Range<usize>>, Color32)>,
    pub arrows: &'a [Arrow],
    /// The mark that shows a handle, from which an arrow can be drawn.
    pub handle: Option<u64>,
}

/// The start or the end of a fragment, in reading order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    Start,
    End,
}

/// One edge of one fragment of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Grip {
    pub mark: u64,
    pub fragment: usize,
    pub side: Side,
}

/// What lies under the pointer.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The nearest boundary between two graphemes: where a caret goes.
    pub offset: usize,
    /// On which side of that boundary the pointer is.
    pub affinity: Affinity,
    /// The grapheme under the pointer, or nearest to it; empty on an empty line.
    pub grapheme: Range<usize>,
    /// Ids of the marks here, innermost first; first of all the one whose line is pointed at.
    pub marks: Vec<u64>,
    /// An edge that a drag would move.
    pub edge: Option<Grip>,
    /// The pointer is on the handle of [`PageInput::handle`].
    pub handle: bool,
    /// In points, for menus.
    pub pos: Pos2,
}

/// What the pointer did, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum PageEvent {
    /// `clicks` counts quick presses at one place: 1 to 4, then again from 1.
    Pressed {
        hit: Hit,
        button: PointerButton,
        clicks: u8,
        modifiers: Modifiers,
    },
    /// Moved with the primary button held since `Pressed`; `hit.edge` is always `None`.
    Dragged {
        hit: Hit,
        modifiers: Modifiers,
    },
    Released {
        hit: Hit,
        button: PointerButton,
        modifiers: Modifiers,
    },
    /// A screen reader selected text; `focus` is the end that moves.
    Selected {
        anchor: usize,
        focus: usize,
    },
    /// A screen reader chose a mark.
    Chosen(u64),
    /// A fold was pressed: it wants to be opened.
    Unfold(Range<usize>),
    /// Whole lines of the text beside the pointer in the left margin, from the line pressed to the line under the
    /// pointer, without the last newline.
    Margin {
        lines: Range<usize>,
        phase: MarginPhase,
        modifiers: Modifiers,
    },
}

impl PageEvent {
    /// Where on the text it happened.
    pub fn hit(&self) -> Option<&Hit> {
        match self {
            Self::Pressed { hit, .. } | Self::Dragged { hit, .. } | Self::Released { hit, .. } => Some(hit),
            Self::Margin { .. } | Self::Selected { .. } | Self::Chosen(_) | Self::Unfold(_) => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarginPhase {
    Pressed,
    Dragged,
    Released,
}

/// What came of one frame.
#[derive(Debug)]
pub struct PageOutput {
    pub events: Vec<PageEvent>,
    /// Under the pointer while no button is down.
    pub hovered: Option<Hit>,
    /// Of the whole page, for focus and menus.
    pub response: egui::Response,
    /// Where the caret stands, if it is on screen: for menus and input methods.
    pub caret: Option<Rect>,
    /// Bytes that are on screen, at least in part.
    pub visible: Range<usize>,
}

/// Where the reader was: survives another window size, zoom and a restart.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scroll {
    /// A byte of the row at the top.
    pub offset: usize,
    /// From the top of that row to the top of the view, in points.
    pub below: f32,
}
