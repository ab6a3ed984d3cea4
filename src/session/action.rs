//! [`Action`]: the catalogue of everything that can be asked for. Menus, palette, keys, the key sheet and the README's key table are
//! all made from it, so nothing can be in one and not in another.

use super::Session;
use super::keymap::Context;
use crate::schema::{LabelId, RelationId};

/// Something a user can ask for. The last three come from the schema, the rest are always there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    OpenProject,
    Import,
    Save,
    Export,
    Assign,
    Team,
    Settings,
    ChangeKeys,
    LightOrDark,
    LargerText,
    SmallerText,
    Careful,
    Quit,
    Undo,
    Redo,
    Copy,
    SelectAll,
    Find,
    FindNext,
    FindPrevious,
    FindInProject,
    FilterList,
    Palette,
    Help,
    Guidelines,
    Messages,
    KeySheet,
    Escape,
    FullScreen,
    Menu,
    NextPane,
    PreviousPane,
    NextDocument,
    PreviousDocument,
    FinishAndNext,
    Skip,
    Flag,
    StatusMenu,
    HideDocument,
    Back,
    Forward,
    NextStop,
    PreviousStop,
    NextSame,
    PreviousSame,
    NextMissing,
    PreviousMissing,
    Confirm,
    Remove,
    Review,
    Feedback,
    Agreement,
    TakeUnion,
    TakeIntersection,
    NothingHere,
    ChooseLabel,
    Reason,
    NextDifference,
    PreviousDifference,
    SkipDifference,
    SettleMany,
    GuidelineCase,
    Blind,
    ReviewOrder,
    LeaveReview,
    RepeatLabel,
    MarkAllEqual,
    Relations,
    SpansHere,
    MarkAllInProject,
    AddFragment,
    EditNote,
    LeftEdgeOut,
    RightEdgeOut,
    LeftEdgeIn,
    RightEdgeIn,
    LeftEdgeOutFine,
    RightEdgeOutFine,
    LeftEdgeInFine,
    RightEdgeInFine,
    Move(Motion),
    Extend(Motion),
    ScrollDown,
    ScrollUp,
    SansSerif,
    LinesApart,
    LinesTogether,
    ColumnWider,
    ColumnNarrower,
    LineNumbers,
    FoldBoilerplate,
    ShowInvisible,
    /// Mark with a label, or relabel: the label's own key.
    Mark(LabelId),
    /// Mark with this label at every drag, until Esc.
    Arm(LabelId),
    /// Choose the other end of a relation; again: the next candidate.
    Relate(RelationId),
    /// Give the attribute that is asked for the value of this number; 0 takes it away.
    Answer(u8),
    /// In review: what the annotator with this digit has.
    Take(u8),
    /// In review: this label, after it was asked for.
    Relabel(LabelId),
}

/// How far the caret goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Motion {
    Left,
    Right,
    WordLeft,
    WordRight,
    LineUp,
    LineDown,
    LineStart,
    LineEnd,
    SentenceUp,
    SentenceDown,
    ParagraphUp,
    ParagraphDown,
    TextStart,
    TextEnd,
}

/// Where an action stands in menus and in the key sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    File,
    Edit,
    Find,
    Document,
    Mark,
    Review,
    Move,
    View,
    Help,
}

impl Group {
    pub const ALL: [Self; 9] = [
        Self::File,
        Self::Edit,
        Self::Find,
        Self::Document,
        Self::Mark,
        Self::Review,
        Self::Move,
        Self::View,
        Self::Help,
    ];

    pub const fn title(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Edit => "Edit",
            Self::Find => "Find",
            Self::Document => "Document",
            Self::Mark => "Mark",
            Self::Review => "Review",
            Self::Move => "Move",
            Self::View => "View",
            Self::Help => "Help",
        }
    }
}

/// What an action is called, what it does, where it stands and how it is reached.
#[derive(Clone, Copy, Debug)]
pub struct Info {
    /// Stable, for the user's own keys.
    pub id: &'static str,
    pub title: &'static str,
    pub help: &'static str,
    pub group: Group,
    /// Default keys, the first one shown.
    pub keys: &'static [&'static str],
    pub contexts: &'static [Context],
}

/// Why an action cannot be done now, one sentence for its tooltip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(pub &'static str);

const EVERYWHERE: &[Context] = &[
    Context::Page,
    Context::List,
    Context::TextField,
    Context::Dialog,
    Context::Linking,
    Context::Attributes,
    Context::Review,
];
/// Not where a text field needs the chord for itself.
const OUTSIDE_FIELDS: &[Context] =
    &[Context::Page, Context::List, Context::Linking, Context::Attributes, Context::Review];
const PAGE: &[Context] = &[Context::Page];
/// Where a text is read: marking it or reviewing it.
const READING: &[Context] = &[Context::Page, Context::Review];
const REVIEW: &[Context] = &[Context::Review];
const PAGE_AND_LINKING: &[Context] = &[Context::Page, Context::Linking];
const CONFIRM: &[Context] = &[Context::Page, Context::Linking, Context::Attributes, Context::List];

macro_rules! catalogue {
    ($($action:pat => $example:expr, $id:literal, $title:literal, $help:literal, $group:ident, [$($key:literal),*], $contexts:expr;)*) => {
        /// Every action that does not come from the schema, in the order of menus.
        const CATALOGUE: &[Action] = &[$($example),*];

        impl Action {
            /// What the action is called and how it is reached. Those of the schema share one entry a kind.
            pub const fn info(&self) -> Info {
                match self {
                    $($action => Info {
                        id: $id,
                        title: $title,
                        help: $help,
                        group: Group::$group,
                        keys: &[$($key),*],
                        contexts: $contexts,
                    },)*
                    Self::Mark(_) => Info { id: "mark", title: "Mark", help: "Mark with this label, or relabel the selected span", group: Group::Mark, keys: &[], contexts: PAGE },
                    Self::Arm(_) => Info { id: "arm", title: "Arm label", help: "Mark with this label at every drag, until Esc", group: Group::Mark, keys: &[], contexts: PAGE },
                    Self::Answer(_) => Info { id: "answer", title: "Value", help: "Choose a value by its number; 0 takes it away", group: Group::Mark, keys: &[], contexts: &[Context::Attributes] },
                    Self::Take(_) => Info { id: "take", title: "Take annotator", help: "Settle it as this annotator has it", group: Group::Review, keys: &[], contexts: REVIEW },
                    Self::Relabel(_) => Info { id: "relabel", title: "Relabel", help: "Settle it with this label", group: Group::Review, keys: &[], contexts: &[Context::Label] },
                    Self::Relate(_) => Info { id: "relate", title: "Link", help: "Choose the other end of the relation; again for the next candidate", group: Group::Mark, keys: &[], contexts: PAGE_AND_LINKING },
                }
            }
        }
    };
}

catalogue! {
    Self::OpenProject => Action::OpenProject, "open", "Open…", "Open a project folder", File, ["Ctrl+O"], EVERYWHERE;
    Self::Import => Action::Import, "import", "Import articles…", "Add articles or layers from files and folders", File, ["Ctrl+I"], EVERYWHERE;
    Self::Export => Action::Export, "export", "Export…", "Write labelled data for training", File, ["Ctrl+E"], EVERYWHERE;
    Self::Save => Action::Save, "save", "Save now", "Write everything to disk, the files for colleagues too", File, ["Ctrl+S"], EVERYWHERE;
    Self::Settings => Action::Settings, "settings", "Settings…", "Name, theme, text size, keys", File, ["Ctrl+Comma"], EVERYWHERE;
    Self::ChangeKeys => Action::ChangeKeys, "change-keys", "Change keys…", "Give any command other keys by pressing them", File, [], EVERYWHERE;
    Self::Quit => Action::Quit, "quit", "Quit", "Close the window; everything is saved", File, ["Ctrl+Q"], EVERYWHERE;
    Self::Undo => Action::Undo, "undo", "Undo", "Take back your last change, in whichever document it was", Edit, ["Ctrl+Z"], OUTSIDE_FIELDS;
    Self::Redo => Action::Redo, "redo", "Redo", "Do again what was undone last", Edit, ["Ctrl+Shift+Z", "Ctrl+Y"], OUTSIDE_FIELDS;
    Self::Copy => Action::Copy, "copy", "Copy", "Copy the selected text", Edit, ["Ctrl+C"], READING;
    Self::SelectAll => Action::SelectAll, "select-all", "Select all", "Select the whole text", Edit, ["Ctrl+A"], PAGE;
    Self::Find => Action::Find, "find", "Find in this document", "Find text; Enter selects the hit", Find, ["Ctrl+F", "/"], READING;
    Self::FindNext => Action::FindNext, "find-next", "Find next", "Select the next hit", Find, ["F3"], EVERYWHERE;
    Self::FindPrevious => Action::FindPrevious, "find-previous", "Find previous", "Select the previous hit", Find, ["Shift+F3"], EVERYWHERE;
    Self::FindInProject => Action::FindInProject, "find-in-project", "Find in all documents", "Look through all texts, spans, notes and flags", Find, ["F4", "Ctrl+Shift+F"], EVERYWHERE;
    Self::FilterList => Action::FilterList, "filter", "Filter the list", "Show only some documents in the list", Find, ["Ctrl+Shift+L"], OUTSIDE_FIELDS;
    Self::NextDocument => Action::NextDocument, "next-document", "Next document", "Open the next document of the list", Document, ["Ctrl+PageDown"], EVERYWHERE;
    Self::PreviousDocument => Action::PreviousDocument, "previous-document", "Previous document", "Open the previous document of the list", Document, ["Ctrl+PageUp"], EVERYWHERE;
    Self::FinishAndNext => Action::FinishAndNext, "finish", "Finish and next", "Mark the document as finished and open the next one that is not", Document, ["Ctrl+Enter"], EVERYWHERE;
    Self::StatusMenu => Action::StatusMenu, "status-menu", "Flag, note, skip…", "A small menu with digits", Document, ["Ctrl+."], OUTSIDE_FIELDS;
    Self::Skip => Action::Skip, "skip", "Skip…", "Set the document aside, with a reason or without, and open the next one", Document, [], OUTSIDE_FIELDS;
    Self::Flag => Action::Flag, "flag", "Flag…", "Ask for a second look, with a reason", Document, [], OUTSIDE_FIELDS;
    Self::HideDocument => Action::HideDocument, "hide", "Hide document", "Leave the document out of lists, exports and statistics", Document, [], OUTSIDE_FIELDS;
    Self::Assign => Action::Assign, "assign", "Assign documents…", "Say who marks which documents", Document, [], EVERYWHERE;
    Self::Team => Action::Team, "team", "Progress of the team", "Who has finished what, how fast, and how much can be compared", Document, [], EVERYWHERE;
    Self::Back => Action::Back, "back", "Back", "Go back to where you were", Document, ["Alt+Left"], OUTSIDE_FIELDS;
    Self::Forward => Action::Forward, "forward", "Forward", "Go forward again", Document, ["Alt+Right"], OUTSIDE_FIELDS;
    Self::NextStop => Action::NextStop, "next-stop", "Next span", "Select the next span", Mark, ["Tab"], PAGE;
    Self::PreviousStop => Action::PreviousStop, "previous-stop", "Previous span", "Select the previous span", Mark, ["Shift+Tab"], PAGE;
    Self::NextSame => Action::NextSame, "next-same", "Next span of this label", "Select the next span with the label of the selected one, or with the label used last", Mark, ["F7"], PAGE;
    Self::PreviousSame => Action::PreviousSame, "previous-same", "Previous span of this label", "Select the span with this label before", Mark, ["Shift+F7"], PAGE;
    Self::NextMissing => Action::NextMissing, "next-missing", "Next thing missing", "Select the next span that lacks a required attribute, and ask for it", Mark, ["F8"], PAGE;
    Self::PreviousMissing => Action::PreviousMissing, "previous-missing", "Previous thing missing", "Select the span before that lacks a required attribute", Mark, ["Shift+F8"], PAGE;
    Self::Confirm => Action::Confirm, "confirm", "Attributes of the span", "Set the attributes of the selected span; fix a relation", Mark, ["Enter"], CONFIRM;
    Self::Remove => Action::Remove, "remove", "Remove span", "Remove the selected span and its relations", Mark, ["Backspace", "Delete"], PAGE;
    Self::RepeatLabel => Action::RepeatLabel, "repeat", "Repeat last label", "Mark with the label used last", Mark, ["."], PAGE;
    Self::MarkAllEqual => Action::MarkAllEqual, "mark-all", "Mark every equal string", "Give every equal string of the document the label of the selected span; again: choose among them", Mark, ["Ctrl+D"], PAGE;
    Self::MarkAllInProject => Action::MarkAllInProject, "mark-all-in-project", "Mark every equal string in the project…", "Look at every equal string of all documents, then mark those that are ticked", Mark, ["Ctrl+Shift+D"], PAGE;
    Self::Relations => Action::Relations, "relations", "Relations…", "Every relation of the document, found by kind and words", Mark, ["Ctrl+R"], OUTSIDE_FIELDS;
    Self::SpansHere => Action::SpansHere, "spans-here", "Spans here", "List the spans over the caret, to choose one by its digit", Mark, ["Ctrl+L"], PAGE;
    Self::AddFragment => Action::AddFragment, "add-fragment", "Add as fragment", "Join the selected text to the span marked or selected last", Mark, ["Ctrl+J"], PAGE;
    Self::Careful => Action::Careful, "careful", "Careful marking on or off", "Ask for required attributes after each span", Mark, [], OUTSIDE_FIELDS;
    Self::EditNote => Action::EditNote, "note", "Note…", "Write a note on the selected span", Mark, ["Ctrl+M"], PAGE;
    Self::LeftEdgeOut => Action::LeftEdgeOut, "left-out", "Left edge outward", "By a word", Mark, ["["], READING;
    Self::RightEdgeOut => Action::RightEdgeOut, "right-out", "Right edge outward", "By a word", Mark, ["]"], READING;
    Self::LeftEdgeIn => Action::LeftEdgeIn, "left-in", "Left edge inward", "By a word", Mark, ["Shift+["], READING;
    Self::RightEdgeIn => Action::RightEdgeIn, "right-in", "Right edge inward", "By a word", Mark, ["Shift+]"], READING;
    Self::LeftEdgeOutFine => Action::LeftEdgeOutFine, "left-out-fine", "Left edge outward, finely", "By one character", Mark, ["Ctrl+[", "Alt+["], READING;
    Self::RightEdgeOutFine => Action::RightEdgeOutFine, "right-out-fine", "Right edge outward, finely", "By one character", Mark, ["Ctrl+]", "Alt+]"], READING;
    Self::LeftEdgeInFine => Action::LeftEdgeInFine, "left-in-fine", "Left edge inward, finely", "By one character", Mark, ["Ctrl+Shift+[", "Alt+Shift+["], READING;
    Self::RightEdgeInFine => Action::RightEdgeInFine, "right-in-fine", "Right edge inward, finely", "By one character", Mark, ["Ctrl+Shift+]", "Alt+Shift+]"], READING;
    Self::Review => Action::Review, "review", "Review differences", "Compare what annotators marked, and settle it into gold; again: leave", Review, ["F9", "Ctrl+Shift+R"], EVERYWHERE;
    Self::Feedback => Action::Feedback, "feedback", "Yours against gold", "Look at where your own layers and gold differ; nothing is changed", Review, [], EVERYWHERE;
    Self::Agreement => Action::Agreement, "agreement", "Agreement", "How far annotators agree, by every measure: each with each, label by label, from the worst document to the best", Review, [], EVERYWHERE;
    Self::TakeUnion => Action::TakeUnion, "union", "Everything that anyone marked", "Settle it as wide as anyone marked it", Review, ["+", "U"], REVIEW;
    Self::TakeIntersection => Action::TakeIntersection, "intersection", "What all marked", "Settle it as narrow as all marked it", Review, ["*", "I"], REVIEW;
    Self::NothingHere => Action::NothingHere, "nothing", "Nothing here", "Settle that this is not to be marked; it is on record", Review, ["0", "Delete"], REVIEW;
    Self::ChooseLabel => Action::ChooseLabel, "choose-label", "Another label…", "Settle it with the label whose key comes next", Review, ["L"], REVIEW;
    Self::Reason => Action::Reason, "reason", "Reason…", "Say why it is settled so", Review, ["N"], REVIEW;
    Self::NextDifference => Action::NextDifference, "next-difference", "Next difference", "Settle edges that were drawn, then go to the next that is open, in whichever document", Review, ["Enter", "Tab"], REVIEW;
    Self::PreviousDifference => Action::PreviousDifference, "previous-difference", "Previous difference", "Settled or not", Review, ["Shift+Enter", "Shift+Tab"], REVIEW;
    Self::SkipDifference => Action::SkipDifference, "skip-difference", "Leave for later", "Go on; it comes again when the others are settled", Review, ["S"], REVIEW;
    Self::GuidelineCase => Action::GuidelineCase, "guideline-case", "Into the guidelines", "Write the settled difference into the guidelines as a case", Review, ["G"], REVIEW;
    Self::SettleMany => Action::SettleMany, "settle-many", "Settle by a rule…", "Look at what a rule would settle in all documents, then do it as one change", Review, ["A"], REVIEW;
    Self::ReviewOrder => Action::ReviewOrder, "review-order", "Another order", "By severity, question, label, kind, document", Review, ["O"], REVIEW;
    Self::Blind => Action::Blind, "blind", "Hide names", "Names are hidden and sides shuffled, so that nobody is favoured", Review, ["B"], REVIEW;
    Self::LeaveReview => Action::LeaveReview, "leave-review", "Leave review", "Back to where you were; what is settled stays", Review, [], REVIEW;
    Self::Move(Motion::Left) => Action::Move(Motion::Left), "left", "Left", "One character", Move, ["Left"], PAGE;
    Self::Move(Motion::Right) => Action::Move(Motion::Right), "right", "Right", "One character", Move, ["Right"], PAGE;
    Self::Move(Motion::WordLeft) => Action::Move(Motion::WordLeft), "word-left", "Word left", "To the start of the word", Move, ["Ctrl+Left"], PAGE;
    Self::Move(Motion::WordRight) => Action::Move(Motion::WordRight), "word-right", "Word right", "Past the end of the word", Move, ["Ctrl+Right"], PAGE;
    Self::Move(Motion::LineUp) => Action::Move(Motion::LineUp), "line-up", "Line up", "One line as you see it", Move, ["Up"], PAGE;
    Self::Move(Motion::LineDown) => Action::Move(Motion::LineDown), "line-down", "Line down", "One line as you see it", Move, ["Down"], PAGE;
    Self::Move(Motion::LineStart) => Action::Move(Motion::LineStart), "line-start", "Start of line", "As you see it", Move, ["Home"], PAGE;
    Self::Move(Motion::LineEnd) => Action::Move(Motion::LineEnd), "line-end", "End of line", "As you see it", Move, ["End"], PAGE;
    Self::Move(Motion::SentenceUp) => Action::Move(Motion::SentenceUp), "sentence-up", "Sentence back", "To the start of the sentence", Move, ["Alt+Up"], PAGE;
    Self::Move(Motion::SentenceDown) => Action::Move(Motion::SentenceDown), "sentence-down", "Sentence on", "To the next sentence", Move, ["Alt+Down"], PAGE;
    Self::Move(Motion::ParagraphUp) => Action::Move(Motion::ParagraphUp), "paragraph-up", "Paragraph back", "To the start of the paragraph", Move, ["Ctrl+Up"], PAGE;
    Self::Move(Motion::ParagraphDown) => Action::Move(Motion::ParagraphDown), "paragraph-down", "Paragraph on", "To the next paragraph", Move, ["Ctrl+Down"], PAGE;
    Self::Move(Motion::TextStart) => Action::Move(Motion::TextStart), "text-start", "Start of text", "To the very first character", Move, ["Ctrl+Home"], PAGE;
    Self::Move(Motion::TextEnd) => Action::Move(Motion::TextEnd), "text-end", "End of text", "Past the very last character", Move, ["Ctrl+End"], PAGE;
    Self::Extend(Motion::Left) => Action::Extend(Motion::Left), "extend-left", "Select left", "One character", Move, ["Shift+Left"], PAGE;
    Self::Extend(Motion::Right) => Action::Extend(Motion::Right), "extend-right", "Select right", "One character", Move, ["Shift+Right"], PAGE;
    Self::Extend(Motion::WordLeft) => Action::Extend(Motion::WordLeft), "extend-word-left", "Select word left", "To the start of the word", Move, ["Ctrl+Shift+Left"], PAGE;
    Self::Extend(Motion::WordRight) => Action::Extend(Motion::WordRight), "extend-word-right", "Select word right", "Past the end of the word", Move, ["Ctrl+Shift+Right"], PAGE;
    Self::Extend(Motion::LineUp) => Action::Extend(Motion::LineUp), "extend-line-up", "Select line up", "One line as you see it", Move, ["Shift+Up"], PAGE;
    Self::Extend(Motion::LineDown) => Action::Extend(Motion::LineDown), "extend-line-down", "Select line down", "One line as you see it", Move, ["Shift+Down"], PAGE;
    Self::Extend(Motion::LineStart) => Action::Extend(Motion::LineStart), "extend-line-start", "Select to start of line", "As you see it", Move, ["Shift+Home"], PAGE;
    Self::Extend(Motion::LineEnd) => Action::Extend(Motion::LineEnd), "extend-line-end", "Select to end of line", "As you see it", Move, ["Shift+End"], PAGE;
    Self::Extend(Motion::SentenceUp) => Action::Extend(Motion::SentenceUp), "extend-sentence-up", "Select sentence back", "To the start of the sentence", Move, ["Alt+Shift+Up"], PAGE;
    Self::Extend(Motion::SentenceDown) => Action::Extend(Motion::SentenceDown), "extend-sentence-down", "Select sentence on", "To the end of the sentence", Move, ["Alt+Shift+Down"], PAGE;
    Self::Extend(Motion::ParagraphUp) => Action::Extend(Motion::ParagraphUp), "extend-paragraph-up", "Select paragraph back", "To the start of the paragraph", Move, ["Ctrl+Shift+Up"], PAGE;
    Self::Extend(Motion::ParagraphDown) => Action::Extend(Motion::ParagraphDown), "extend-paragraph-down", "Select paragraph on", "To the end of the paragraph", Move, ["Ctrl+Shift+Down"], PAGE;
    Self::Extend(Motion::TextStart) => Action::Extend(Motion::TextStart), "extend-text-start", "Select to start of text", "To the very first character", Move, ["Ctrl+Shift+Home"], PAGE;
    Self::Extend(Motion::TextEnd) => Action::Extend(Motion::TextEnd), "extend-text-end", "Select to end of text", "Past the very last character", Move, ["Ctrl+Shift+End"], PAGE;
    Self::ScrollDown => Action::ScrollDown, "scroll-down", "Scroll on", "One page", View, ["Space", "PageDown"], READING;
    Self::ScrollUp => Action::ScrollUp, "scroll-up", "Scroll back", "One page", View, ["Shift+Space", "PageUp"], READING;
    Self::LargerText => Action::LargerText, "larger-text", "Larger text", "The text that is read, not the window", View, [], EVERYWHERE;
    Self::SmallerText => Action::SmallerText, "smaller-text", "Smaller text", "The text that is read, not the window", View, [], EVERYWHERE;
    Self::LinesApart => Action::LinesApart, "lines-apart", "Lines further apart", "Compact, normal, loose", View, [], OUTSIDE_FIELDS;
    Self::LinesTogether => Action::LinesTogether, "lines-together", "Lines closer together", "Loose, normal, compact", View, [], OUTSIDE_FIELDS;
    Self::ColumnWider => Action::ColumnWider, "column-wider", "Wider column", "Longer lines, where the window has room", View, [], OUTSIDE_FIELDS;
    Self::ColumnNarrower => Action::ColumnNarrower, "column-narrower", "Narrower column", "Shorter lines", View, [], OUTSIDE_FIELDS;
    Self::SansSerif => Action::SansSerif, "sans-serif", "Sans serif", "Read in Inter instead of Source Serif", View, [], OUTSIDE_FIELDS;
    Self::LineNumbers => Action::LineNumbers, "line-numbers", "Line numbers", "Number the lines of the text in the margin", View, [], OUTSIDE_FIELDS;
    Self::FoldBoilerplate => Action::FoldBoilerplate, "fold-boilerplate", "Fold boilerplate", "Show what is not the article as one quiet line; a click opens it", View, [], OUTSIDE_FIELDS;
    Self::ShowInvisible => Action::ShowInvisible, "show-invisible", "Show invisible characters", "Spaces, tabs, line ends, and characters without width by name", View, [], OUTSIDE_FIELDS;
    Self::Palette => Action::Palette, "palette", "Commands…", "Everything by name", View, ["Ctrl+K", "Ctrl+P", "Ctrl+Shift+P"], EVERYWHERE;
    Self::Menu => Action::Menu, "menu", "Menus", "Open the menus; arrows go through them", View, ["F10"], EVERYWHERE;
    Self::LightOrDark => Action::LightOrDark, "light-or-dark", "Light or dark", "The other of the two", View, [], EVERYWHERE;
    Self::NextPane => Action::NextPane, "next-pane", "Next pane", "Move the focus from pane to pane", View, ["F6"], EVERYWHERE;
    Self::PreviousPane => Action::PreviousPane, "previous-pane", "Previous pane", "Move the focus back", View, ["Shift+F6"], EVERYWHERE;
    Self::Guidelines => Action::Guidelines, "guidelines", "Guidelines", "Show or hide them beside the page; F1 on a span opens its part", View, ["Shift+F1"], EVERYWHERE;
    Self::Messages => Action::Messages, "messages", "Messages", "Everything that was told since the program started", View, [], EVERYWHERE;
    Self::FullScreen => Action::FullScreen, "full-screen", "Full screen", "Only the page and its panels", View, ["F11"], EVERYWHERE;
    Self::Escape => Action::Escape, "escape", "Close, clear, leave", "One step at a time; nothing is lost", View, ["Esc"], EVERYWHERE;
    Self::Help => Action::Help, "help", "Help", "The guidelines on the selected span's label; without one, how to begin", Help, ["F1"], EVERYWHERE;
    Self::KeySheet => Action::KeySheet, "key-sheet", "Keys", "Every key on one sheet", Help, ["?"], OUTSIDE_FIELDS;
}

impl Action {
    /// Every action that does not come from the schema, in the order of menus.
    pub const fn catalogue() -> &'static [Self] {
        CATALOGUE
    }

    /// Holding its key down does it again and again. Decisions are made once a press.
    pub const fn repeats(&self) -> bool {
        use Action as A;
        matches!(
            self,
            A::Move(_)
                | A::Extend(_)
                | A::ScrollDown
                | A::ScrollUp
                | A::Undo
                | A::Redo
                | A::FindNext
                | A::FindPrevious
                | A::NextDocument
                | A::PreviousDocument
                | A::Back
                | A::Forward
                | A::NextStop
                | A::PreviousStop
                | A::NextSame
                | A::PreviousSame
                | A::NextMissing
                | A::PreviousMissing
                | A::PreviousDifference
                | A::LargerText
                | A::SmallerText
                | A::LinesApart
                | A::LinesTogether
                | A::ColumnWider
                | A::ColumnNarrower
                | A::LeftEdgeOut
                | A::RightEdgeOut
                | A::LeftEdgeIn
                | A::RightEdgeIn
                | A::LeftEdgeOutFine
                | A::RightEdgeOutFine
                | A::LeftEdgeInFine
                | A::RightEdgeInFine
                | A::Relate(_)
        )
    }

    /// The catalogue's action with this id.
    pub fn by_id(id: &str) -> Option<&'static Self> {
        CATALOGUE.iter().find(|action| action.info().id == id)
    }

    /// Whether it can be asked for now, and why not.
    pub fn available(&self, session: &Session) -> Result<(), Reason> {
        use Action as A;
        let open = session.open.is_some();
        let need = |holds: bool, reason: &'static str| if holds { Ok(()) } else { Err(Reason(reason)) };
        if self.info().contexts == REVIEW {
            return need(session.reviewing().is_some(), "No review is under way. F9 begins one");
        }
        let settles = session.reviewing().is_some();
        match self {
            A::Undo => need(session.can_undo(), "You have changed nothing yet"),
            A::Redo => need(session.can_redo(), "Nothing was undone"),
            A::Copy => need(session.selection().is_some(), "Select some text first"),
            A::Confirm if session.marks_on_enter() || session.asking().is_some() => session.editable(),
            A::Confirm | A::EditNote if open => need(session.selected().is_some(), "Select a span first"),
            A::LeftEdgeIn
            | A::LeftEdgeInFine
            | A::LeftEdgeOut
            | A::LeftEdgeOutFine
            | A::RightEdgeIn
            | A::RightEdgeInFine
            | A::RightEdgeOut
            | A::RightEdgeOutFine
                if settles =>
            {
                Ok(())
            }
            A::Relabel(_) => need(settles, "No review is under way"),
            A::Remove
            | A::LeftEdgeIn
            | A::LeftEdgeInFine
            | A::LeftEdgeOut
            | A::LeftEdgeOutFine
            | A::RightEdgeIn
            | A::RightEdgeInFine
            | A::RightEdgeOut
            | A::RightEdgeOutFine
                if open =>
            {
                need(session.selected().is_some(), "Select a span first").and_then(|()| session.editable())
            }
            A::Relate(_) => need(session.selected().is_some(), "Select the span it starts at first")
                .and_then(|()| session.editable()),
            A::RepeatLabel => {
                need(session.last_label().is_some(), "No label was used yet").and_then(|()| session.editable())
            }
            A::Mark(_)
            | A::Arm(_)
            | A::FinishAndNext
            | A::Skip
            | A::Flag
            | A::StatusMenu
            | A::NextMissing
            | A::PreviousMissing => session.editable(),
            A::MarkAllEqual | A::MarkAllInProject => need(
                session.selected().is_some() || session.selection().is_some(),
                "Select a span, or text to mark with the last label",
            )
            .and_then(|()| session.editable()),
            A::AddFragment => {
                need(session.selection().is_some(), "Select the text to add first").and_then(|()| session.editable())
            }
            A::NextSame | A::PreviousSame if open => {
                need(super::resolve::same_label(session).is_some(), "Select a span first")
            }
            A::Assign => need(session.around.folder.is_some(), "This project has no folder to keep assignments in")
                .and_then(|()| need(session.store().read_only().is_none(), "The project is read-only")),
            A::Back => need(session.can_go_back(), "This is the first place"),
            A::Forward => need(session.can_go_forward(), "This is the last place"),
            A::Find
            | A::FindNext
            | A::FindPrevious
            | A::NextStop
            | A::PreviousStop
            | A::NextSame
            | A::PreviousSame
            | A::SelectAll
            | A::Relations
            | A::SpansHere
            | A::HideDocument
            | A::NextDocument
            | A::PreviousDocument
            | A::Confirm
            | A::EditNote => need(open, "No document is open"),
            _ => Ok(()),
        }
    }
}
