//! Keys: what a chord is, how it is written, and which [`Action`] it means in which context.
//!
//! Letters and digits belong to the schema; commands use other keys and chords. A key means one thing per context.
//! Where two want the same, the schema goes first, then the order of the catalogue; the other is a [`Clash`].

use std::collections::BTreeMap;
use std::fmt;

use super::Action;
use super::system::System;
use crate::schema::{KeyTarget, Schema};

/// A key with its modifiers. `ctrl` is ⌘ on macOS. Digits and brackets are those of the physical key, so every layout has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chord {
    pub ctrl: bool,
    pub alt: bool,
    pub shift: bool,
    pub key: Key,
}

/// A key of the keyboard; characters are lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    Char(char),
    Enter,
    Escape,
    Tab,
    Backspace,
    Delete,
    Space,
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    PageUp,
    PageDown,
    F(u8),
}

/// Where a key is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    /// The page has the focus.
    Page,
    /// The list of documents has it.
    List,
    /// A text field has it: characters and editing chords stay there.
    TextField,
    /// A dialog or menu is open.
    Dialog,
    /// The other end of a relation is being chosen.
    Linking,
    /// The attributes of a span are being set: digits choose values.
    Attributes,
    /// Differences are being settled: digits take annotators.
    Review,
    /// Of what is settled the label is being chosen.
    Label,
}

const NAMED: [(&str, Key); 15] = [
    ("Enter", Key::Enter),
    ("Esc", Key::Escape),
    ("Tab", Key::Tab),
    ("Backspace", Key::Backspace),
    ("Delete", Key::Delete),
    ("Space", Key::Space),
    ("Left", Key::Left),
    ("Right", Key::Right),
    ("Up", Key::Up),
    ("Down", Key::Down),
    ("Home", Key::Home),
    ("End", Key::End),
    ("PageUp", Key::PageUp),
    ("PageDown", Key::PageDown),
    ("Comma", Key::Char(',')),
];

impl Chord {
    /// The key alone.
    pub const fn plain(key: Key) -> Self {
        Self { ctrl: false, alt: false, shift: false, key }
    }

    /// From its spelling: `Ctrl+Shift+Z`, `[`, `F3`, `Ctrl+Comma`. Letters in any case; `None` where it is no chord.
    pub fn parse(spelling: &str) -> Option<Self> {
        let mut chord = Self::plain(Key::Space);
        let mut rest = spelling;
        loop {
            let (before, after) = match rest.split_once('+') {
                Some((before, after)) if !before.is_empty() && !after.is_empty() => (before, after),
                _ => break,
            };
            match before {
                "Ctrl" => chord.ctrl = true,
                "Alt" => chord.alt = true,
                "Shift" => chord.shift = true,
                _ => return None,
            }
            rest = after;
        }
        chord.key = Key::parse(rest)?;
        Some(chord)
    }

    /// What it would type into a text field: nothing for a chord with Ctrl or Alt.
    pub fn types(self) -> Option<char> {
        match self.key {
            Key::Char(character) if !self.ctrl && !self.alt => Some(character),
            Key::Space if !self.ctrl && !self.alt => Some(' '),
            _ => None,
        }
    }
}

impl Key {
    fn parse(name: &str) -> Option<Self> {
        if let Some((_, key)) = NAMED.iter().find(|(known, _)| *known == name) {
            return Some(*key);
        }
        let mut characters = name.chars();
        match (characters.next()?, characters.as_str()) {
            (character, "") => character.to_lowercase().next().map(Self::Char),
            ('F', number) => number.parse().ok().filter(|number| (1..=24).contains(number)).map(Self::F),
            _ => None,
        }
    }
}

impl fmt::Display for Chord {
    /// As menus show it: `Ctrl+Shift+Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, name) in [(self.ctrl, "Ctrl+"), (self.alt, "Alt+"), (self.shift, "Shift+")] {
            if held {
                f.write_str(name)?;
            }
        }
        match self.key {
            Key::F(number) => write!(f, "F{number}"),
            Key::Char(',') => f.write_str("Comma"),
            Key::Char(character) => write!(f, "{}", character.to_uppercase()),
            key => f.write_str(NAMED.iter().find(|(_, known)| *known == key).map_or("", |(name, _)| name)),
        }
    }
}

/// Two actions that want the same chord in the same context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    pub context: Context,
    pub chord: Chord,
    pub first: Action,
    pub second: Action,
}

/// A person's own keys, by action id; they take the place of the defaults.
pub type Own = BTreeMap<String, Vec<String>>;

/// Which action each chord means. Made of the actions' default keys, the user's own, and the schema's letters and digits.
#[derive(Clone, Debug, Default)]
pub struct Keymap {
    bindings: BTreeMap<(Context, Chord), Action>,
    /// What is bound somewhere, in the order in which it was asked for.
    order: Vec<(Action, Chord)>,
    clashes: Vec<Clash>,
    own: Own,
}

impl Keymap {
    /// `own` replaces the default keys of the actions it names (by id).
    pub fn new(schema: &Schema, own: &Own) -> Self {
        Self::on(System::HERE, schema, own)
    }

    /// The same as it would be on this system.
    pub fn on(system: System, schema: &Schema, own: &Own) -> Self {
        let mut keymap = Self { own: own.clone(), ..Self::default() };
        for digit in 0..=9u8 {
            let chord = Chord::plain(Key::Char(char::from(b'0' + digit)));
            keymap.bind(&[Context::Attributes], chord, &Action::Answer(digit));
            if digit > 0 {
                keymap.bind(&[Context::Review], chord, &Action::Take(digit));
            }
        }
        for label in schema.labels.iter().filter(|label| !label.retired) {
            if let Some(key) = label.key {
                keymap.bind(&[Context::Page], Chord::plain(Key::Char(key)), &Action::Mark(label.id.clone()));
                keymap.bind(&[Context::Label], Chord::plain(Key::Char(key)), &Action::Relabel(label.id.clone()));
                if key.is_ascii_digit() {
                    keymap.bind(&[Context::Page], system.arms(key), &Action::Arm(label.id.clone()));
                }
            }
        }
        for relation in schema.relations.iter().filter(|relation| !relation.retired) {
            if let Some(key) = relation.key {
                let action = Action::Relate(relation.id.clone());
                keymap.bind(&[Context::Page, Context::Linking], Chord::plain(Key::Char(key)), &action);
            }
        }
        for action in Action::catalogue() {
            for chord in keys(system, own, action) {
                keymap.bind(action.info().contexts, chord, action);
            }
        }
        keymap
    }

    fn bind(&mut self, contexts: &[Context], chord: Chord, action: &Action) {
        for context in contexts.iter().filter(|context| !context.keeps(chord)) {
            match self.bindings.get(&(*context, chord)) {
                Some(first) if first != action => {
                    let clash = Clash { context: *context, chord, first: first.clone(), second: action.clone() };
                    self.clashes.push(clash);
                }
                Some(_) => {}
                None => {
                    self.bindings.insert((*context, chord), action.clone());
                    let bound = (action.clone(), chord);
                    if !self.order.contains(&bound) {
                        self.order.push(bound);
                    }
                }
            }
        }
    }

    /// What the chord means there. A text field keeps what it types or edits with.
    pub fn action(&self, context: Context, chord: Chord) -> Option<&Action> {
        self.bindings.get(&(context, chord))
    }

    /// The first key of an action, for menus and chips.
    pub fn key_of(&self, action: &Action) -> Option<Chord> {
        self.keys_of(action).next()
    }

    /// Every key of an action that means it somewhere.
    pub fn keys_of<'a>(&'a self, action: &'a Action) -> impl Iterator<Item = Chord> + 'a {
        self.order.iter().filter(move |(known, _)| known == action).map(|(_, chord)| *chord)
    }

    /// What was asked for twice; the first stays bound.
    pub fn clashes(&self) -> &[Clash] {
        &self.clashes
    }

    /// The person's own keys it was made with.
    pub fn own(&self) -> &Own {
        &self.own
    }
}

impl Context {
    /// Fields and buttons keep what they are used with; no action gets it there.
    fn keeps(self, chord: Chord) -> bool {
        let moves = matches!(chord.key, Key::Left | Key::Right | Key::Up | Key::Down | Key::Home | Key::End | Key::Tab);
        let control = matches!(chord.key, Key::Enter | Key::Space) && !chord.ctrl && !chord.alt;
        match self {
            Self::TextField => {
                let edits =
                    matches!(chord.key, Key::Char('a' | 'c' | 'x' | 'v' | 'y' | 'z')) && chord.ctrl && !chord.alt;
                let erases = matches!(chord.key, Key::Backspace | Key::Delete);
                chord.types().is_some() || moves || control || edits || erases
            }
            Self::Dialog => moves || control,
            _ => false,
        }
    }
}

/// The keys that are asked for by an action: the person's own, else the defaults of the system.
pub fn keys(system: System, own: &Own, action: &Action) -> Vec<Chord> {
    match own.get(action.info().id) {
        Some(keys) => keys.iter().filter_map(|key| Chord::parse(key)).collect(),
        None => system.defaults(action),
    }
}

/// What a schema's key means, for a test that nothing else is bound to letters and digits.
pub fn schema_key(schema: &Schema, chord: Chord) -> Option<KeyTarget> {
    match chord.key {
        Key::Char(key) if !chord.ctrl && !chord.alt && !chord.shift => schema.with_key(key),
        _ => None,
    }
}
