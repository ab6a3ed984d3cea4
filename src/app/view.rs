//! [`View`]: what is only for the eye: the page's layout and scroll place, what has the focus, what lies over the page.

use std::fmt;

use egui::text::{CCursor, CCursorRange};
use egui::{Context, Id, Pos2, TextEdit};

use super::folds::Folds;
use super::gesture::Gesture;
use super::marks::Found;
use super::overlays::{Equal, Kinds, Missing, Palette, Relations, Rules, StatusMenu};
use super::panels::agreement::AgreementView;
use super::panels::find::FindBar;
use super::panels::guidelines::Guide;
use super::panels::list::ListView;
use super::panels::menus::Menus;
use super::panels::missing;
use super::panels::review::ReviewView;
use super::panels::search::SearchView;
use super::panels::team::TeamView;
use super::reading::{Affinity, Page};
use super::stack::Stack;
use crate::annotation::ItemId;
use crate::schema::LabelId;
use crate::session::keymap::Context as KeyContext;
use crate::session::{Action, Session};
use crate::text::{DocumentId, TextHash};

/// What is only for the eye.
#[derive(Default)]
pub struct View {
    pub(super) page: Option<OpenPage>,
    pub(super) gesture: Gesture,
    pub(super) stack: Stack,
    pub(super) found: Found,
    pub(super) folds: Folds,
    pub(super) pane: Pane,
    /// The attribute that digits set, by its place among those shown.
    pub(super) attribute: Option<usize>,
    /// The one of them that was brought into view.
    pub(super) revealed: Option<usize>,
    pub(super) overlay: Option<Overlay>,
    pub(super) find: FindBar,
    pub(super) menus: Menus,
    /// What was chosen in the palette, the last one first.
    pub(super) used: Vec<Action>,
    pub(super) list: ListView,
    pub(super) search: SearchView,
    pub(super) guide: Guide,
    pub(super) review: ReviewView,
    /// A note or a value that is being written; saved when the field is left.
    pub(super) draft: Option<Draft>,
    /// Where line up and line down are heading, in points.
    pub(super) goal: Option<f32>,
    /// To which letter the caret belongs, where it was last put by the page: void when it stands elsewhere now.
    pub(super) lean: Option<(usize, Affinity)>,
    /// The span under the pointer on the page, as of the last frame.
    pub(super) hovered: Option<ItemId>,
    /// The span that a row under the pointer speaks of.
    pub(super) pointed: Option<ItemId>,
    pub(super) page_id: Option<Id>,
    pub(super) first_label: Option<Id>,
    /// What had egui's focus when the last frame ended.
    pub(super) focused: Focused,
    /// What is missing in the open document.
    pub(super) missing: Option<missing::Known>,
    /// Offsets of the selection in code points, for the status bar.
    pub(super) offsets: Option<Offsets>,
    /// Line and column of the caret, for the status bar.
    pub(super) spot: Option<Spot>,
}

impl fmt::Debug for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("View").field("pane", &self.pane).field("overlay", &self.overlay).finish_non_exhaustive()
    }
}

/// Actions that the palette remembers.
const USED: usize = 5;

/// The page of the open document.
pub struct OpenPage {
    pub document: DocumentId,
    pub text: TextHash,
    pub page: Page,
    /// Its fonts were looked up.
    pub warmed: bool,
}

/// The parts that F6 goes through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    List,
    #[default]
    Page,
    Inspector,
    /// Only while it is open.
    Guidelines,
}

/// What lies over the page and takes the keys.
#[derive(Debug)]
pub enum Overlay {
    Palette(Palette),
    /// Labels to choose from, at a point of the screen.
    Picker(Pos2),
    Status(StatusMenu),
    /// What marking every equal string would mark.
    Equal(Box<Equal>),
    /// What is missing before the document is finished.
    Missing(Missing),
    /// Which relation is meant, where two spans may have several.
    Kinds(Kinds),
    /// The relations of the document.
    Relations(Relations),
    /// What settling by a rule would settle.
    Rules(Rules),
    /// In the place of the page: how far annotators agree.
    Agreement(Box<AgreementView>),
    /// In the place of the page: how far everybody is.
    Team(Box<TeamView>),
    Keys,
    Help,
}

/// What has egui's focus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focused {
    #[default]
    Pane,
    Field(Id),
    Control,
}

/// Text that is being written in the inspector.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub of: DraftOf,
    pub words: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftOf {
    Note(ItemId),
    /// The value of an attribute, by name, of what is selected.
    Value(String),
    /// Why a difference is settled as it is.
    Reason,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offsets {
    pub of: (DocumentId, usize, usize),
    pub shown: (usize, usize),
}

/// Line and column of a byte, both counted from 1; the column in code points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    pub of: (DocumentId, TextHash, usize),
    pub line: usize,
    pub column: usize,
}

/// Ids of the fields, so that they can be focused from anywhere.
pub mod ids {
    use egui::Id;

    pub fn list() -> Id {
        Id::unique("document list")
    }

    pub fn filter() -> Id {
        Id::unique("filter field")
    }

    pub fn search() -> Id {
        Id::unique("search field")
    }

    pub fn find() -> Id {
        Id::unique("find field")
    }

    pub fn note() -> Id {
        Id::unique("note field")
    }

    /// Why a difference is settled as it is.
    pub fn reason() -> Id {
        Id::unique("reason field")
    }

    pub fn value() -> Id {
        Id::unique("attribute field")
    }

    pub fn guidelines() -> Id {
        Id::unique("guidelines")
    }

    /// The field that searches them.
    pub fn guide() -> Id {
        Id::unique("guidelines field")
    }

    /// Also before it was first drawn, when egui does not know it yet.
    pub fn is_field(id: Id) -> bool {
        [filter(), search(), find(), note(), reason(), value(), guide(), overlay()].contains(&id)
    }

    pub fn overlay() -> Id {
        Id::unique("overlay field")
    }
}

impl View {
    /// Where the first row of a stretch of the text is on the screen, as of the last frame, in points.
    pub fn place_of(&self, range: std::ops::Range<usize>) -> Option<egui::Rect> {
        self.page.as_ref()?.page.rect_of(range)
    }

    /// To which letter a caret at this byte belongs.
    pub(super) fn affinity(&self, caret: usize) -> Affinity {
        self.lean.filter(|(at, _)| *at == caret).map_or(Affinity::default(), |(_, affinity)| affinity)
    }

    /// The page, as of the last frame.
    pub fn page(&self) -> Option<&Page> {
        self.page.as_ref().map(|open| &open.page)
    }

    /// What a release would mark or select, while the pointer is held.
    pub fn preview(&self) -> Option<std::ops::Range<usize>> {
        self.gesture.preview.as_ref().map(|preview| preview.range.start()..preview.range.end())
    }

    /// The names of the spans in the list under the pointer, innermost first.
    pub fn stacked(&self) -> Vec<ItemId> {
        self.stack.spans().to_vec()
    }

    /// The letters that are always shown with spans of a label, where labels are more than colours.
    pub fn short_name(&self, label: &LabelId) -> &str {
        self.found.shorts.of(label)
    }

    /// Scrolls, in the next frame, as far as shows a stretch of the text comfortably.
    pub fn reveal(&mut self, range: std::ops::Range<usize>) {
        if let Some(open) = &mut self.page {
            open.page.reveal(range);
        }
    }

    /// What an overlay shows is still being found.
    pub(super) fn is_looking(&self) -> bool {
        match &self.overlay {
            Some(Overlay::Equal(equal)) => equal.is_looking(),
            Some(Overlay::Rules(rules)) => rules.is_looking(),
            Some(Overlay::Agreement(agreement)) => agreement.is_computing(),
            _ => false,
        }
    }

    /// Takes in that another document is open, or its layer changed.
    pub(super) fn sync(&mut self, session: &Session) {
        let Some(open) = &session.open else {
            self.page = None;
            return;
        };
        let text = open.text().sha256();
        if !self.page.as_ref().is_some_and(|page| page.document == *open.id() && page.text == text) {
            let mut page = Page::new(open.text());
            if open.caret > 0 {
                page.reveal(open.caret..open.caret);
            }
            self.page = Some(OpenPage { document: open.id().clone(), text, page, warmed: false });
            // Names of labels belong to the schema.
            let shorts = std::mem::take(&mut self.found.shorts);
            (self.found, self.gesture, self.hovered, self.goal) = Default::default();
            self.found.shorts = shorts;
            self.review.kept = super::sides::Kept::default();
            self.stack = Stack::default();
            (self.attribute, self.lean) = (None, None);
            self.leave_team();
            self.list.follow = true;
        }
        self.found.shorts.at(&session.schema);
        self.found.at(open.revision * 2 + u64::from(open.showing != *session.annotator()));
        if self.attribute.is_some_and(|at| at >= super::panels::attributes::shown(session).attributes.len()) {
            self.attribute = None;
        }
    }

    /// The page is shown again.
    pub(super) fn leave_team(&mut self) {
        self.overlay.take_if(|overlay| matches!(overlay, Overlay::Team(_) | Overlay::Agreement(_)));
    }

    /// Puts an action at the top of those used in the palette.
    pub(super) fn use_again(&mut self, action: Action) {
        self.used.retain(|known| *known != action);
        self.used.insert(0, action);
        self.used.truncate(USED);
    }

    /// Where a key is pressed now.
    pub(super) fn context(&self) -> KeyContext {
        match (&self.overlay, self.focused, self.pane) {
            (_, Focused::Field(_), _) => KeyContext::TextField,
            (Some(_), ..) | (_, Focused::Control, _) => KeyContext::Dialog,
            (.., Pane::List | Pane::Guidelines) => KeyContext::List,
            _ if self.attribute.is_some() => KeyContext::Attributes,
            _ => KeyContext::Page,
        }
    }

    /// Gives the keys to a pane, away from any field.
    pub(super) fn focus(&mut self, pane: Pane, context: &Context) {
        self.pane = pane;
        self.focused = Focused::Pane;
        if pane != Pane::Inspector {
            self.attribute = None;
        }
        if pane == Pane::List && self.search.open && self.search.finding.results.rows().is_empty() {
            return self.focus_field(ids::search(), context);
        }
        let id = match pane {
            Pane::List => Some(ids::list()),
            Pane::Page => self.page_id,
            Pane::Inspector if self.attribute.is_some() => self.page_id,
            Pane::Inspector => self.first_label,
            Pane::Guidelines => Some(ids::guidelines()),
        };
        context.memory_mut(|memory| match id {
            Some(id) => memory.request_focus(id),
            None => memory.stop_text_input(),
        });
    }

    /// Gives the keys to a field.
    /// What lies over the page goes, unless the field is its own.
    pub(super) fn focus_field(&mut self, id: Id, context: &Context) {
        if id != ids::overlay() {
            self.overlay = None;
        }
        self.focused = Focused::Field(id);
        context.memory_mut(|memory| memory.request_focus(id));
    }

    /// Gives the keys to a field in which everything is selected, so that typing begins anew.
    pub(super) fn focus_field_whole(&mut self, id: Id, words: &str, context: &Context) {
        let mut state = TextEdit::load_state(context, id).unwrap_or_default();
        let (start, end) = (CCursor::new(0), CCursor::new(words.chars().count()));
        state.cursor.set_char_range(Some(CCursorRange::two(start, end)));
        state.store(context, id);
        self.focus_field(id, context);
    }

    /// After a frame: what has the focus now. Where nothing has, the pane takes it again.
    pub(super) fn settle(&mut self, context: &Context) {
        let mut focused = context.memory(egui::Memory::focused);
        if focused.is_none() && self.overlay.as_ref().is_some_and(Overlay::has_field) {
            // The first frame of an overlay only measures it, and loses the focus.
            context.memory_mut(|memory| memory.request_focus(ids::overlay()));
            focused = Some(ids::overlay());
        }
        self.focused = match focused {
            None => Focused::Pane,
            Some(id) if context.text_edit_focused() || ids::is_field(id) => Focused::Field(id),
            Some(id) if Some(id) == self.page_id || id == ids::list() || id == ids::guidelines() => Focused::Pane,
            Some(_) => Focused::Control,
        };
        if focused.is_none() && self.overlay.is_none() && !egui::Popup::is_any_open(context) {
            if self.pane == Pane::Inspector && self.attribute.is_none() {
                self.pane = Pane::Page;
            }
            let id = match self.pane {
                Pane::List => Some(ids::list()),
                Pane::Guidelines if self.guide.open => Some(ids::guidelines()),
                _ => self.page_id,
            };
            if let Some(id) = id {
                context.memory_mut(|memory| memory.request_focus(id));
            }
        }
        match focused {
            Some(id) if id == ids::list() => self.pane = Pane::List,
            Some(id) if id == ids::guidelines() => self.pane = Pane::Guidelines,
            Some(id) if Some(id) == self.page_id && matches!(self.pane, Pane::List | Pane::Guidelines) => {
                self.pane = Pane::Page;
            }
            _ => {}
        }
    }
}
