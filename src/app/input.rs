//! From egui's events to the keymap's [`Chord`]s.
//!
//! - **Digits and brackets** are those of the physical key, so that every layout has them; a layout that types a digit with Shift
//!   (AZERTY), a bracket with Alt Gr, or either on the number pad, has them there too.
//! - **Letters** are those that are typed. Where the layout types no Latin letter (Cyrillic, Greek, Arabic), the letter that is typed
//!   goes first, a schema may use it, and then the one that stands there on a Latin keyboard.
//! - **Signs** are those that are typed, with whatever it takes to type them: `/` is Shift+7 on a German keyboard.
//! - What Alt Gr types is what is typed, never Ctrl+Alt, and never the digit or letter below it.
//! - After a dead key a letter with its accent is the letter.

use egui::{Event, ImeEvent, Modifiers};

use crate::session::keymap::{Chord, Key};

/// What a key that went down may mean: the first that is bound counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pressed {
    pub chord: Chord,
    pub otherwise: Option<Chord>,
}

/// The chord of a key that went down, if keys can be bound to it.
pub fn chord(event: &Event) -> Option<Chord> {
    pressed(event, None, false).map(|pressed| pressed.chord)
}

/// The same with what the key types: the text that comes right after it, if any comes. `dead`: the key before was a dead one.
pub fn pressed(event: &Event, typed: Option<&str>, dead: bool) -> Option<Pressed> {
    let system = |letter| Some(Pressed { chord: Chord { ctrl: true, ..plain(letter) }, otherwise: None });
    match event {
        Event::Key { key, physical_key, pressed: true, modifiers, .. } => {
            of_key(*key, *physical_key, *modifiers, typed.and_then(only), dead)
        }
        // The system's own gestures come as events of their own.
        Event::Copy => system('c'),
        Event::Cut => system('x'),
        _ => None,
    }
}

/// A key that types nothing by itself and waits for the next: it is pressed without anything typed.
pub fn is_dead(event: &Event, typed: Option<&str>) -> bool {
    let Event::Key { key, pressed: true, modifiers, .. } = event else { return false };
    typed.is_none() && !modifiers.command && !modifiers.alt && character(*key).is_some()
}

fn of_key(
    logical: egui::Key,
    physical: Option<egui::Key>,
    held: Modifiers,
    typed: Option<char>,
    dead: bool,
) -> Option<Pressed> {
    // ⌃ on macOS belongs to the system and to text fields.
    if held.ctrl && !held.command {
        return None;
    }
    let chord = |key, shift| Chord { ctrl: held.command, alt: held.alt, shift, key };
    let sure = |key, shift| Some(Pressed { chord: chord(key, shift), otherwise: None });
    // Also the keys of the number pad while NumLock is off.
    if let Some(key) = named(logical).or_else(|| function(logical)) {
        return sure(key, held.shift);
    }
    let typed = typed.filter(|_| !held.command && !held.alt);
    let sign = character(logical)?;
    // The layout, not the hand, wants Shift for it.
    let layouts_shift = physical.and_then(character) != Some(sign);
    let bare = held.shift && !layouts_shift;
    match sign {
        '{' => return sure(Key::Char('['), true),
        '}' => return sure(Key::Char(']'), true),
        '[' | ']' => return sure(Key::Char(sign), held.shift),
        '0'..='9' if typed.is_none_or(|typed| typed == sign) => {
            return sure(Key::Char(sign), held.shift && (held.command || typed.is_none()));
        }
        '/' | '?' if held.shift && !held.command => return sure(Key::Char(sign), bare),
        // Zooms, wherever it is.
        '+' if held.command => return sure(Key::Char('+'), false),
        _ => {}
    }
    if let Some(place) = physical.and_then(of_place) {
        let by_alt_gr = typed.filter(|typed| !held.shift && "#@~^`|\\{}[]€£¬¤½".contains(*typed));
        return sure(Key::Char(by_alt_gr.unwrap_or(place)), held.shift);
    }
    if !sign.is_ascii_alphabetic() {
        return match typed {
            // Their key types a letter here: ö where ; stands, ж too.
            Some(typed) if typed.is_alphabetic() => sure(Key::Char(lower(typed)), held.shift),
            _ => sure(Key::Char(sign), bare),
        };
    }
    match typed.map(lower) {
        None => sure(Key::Char(sign), held.shift),
        Some(typed) if typed == sign => sure(Key::Char(sign), held.shift),
        Some(typed) if dead && base(typed).is_some() => sure(Key::Char(base(typed)?), held.shift),
        Some(typed) if typed.is_alphabetic() && !is_latin(typed) => {
            let otherwise = Some(chord(Key::Char(sign), held.shift));
            Some(Pressed { chord: chord(Key::Char(typed), held.shift), otherwise })
        }
        Some(typed) => sure(Key::Char(typed), held.shift),
    }
}

fn named(key: egui::Key) -> Option<Key> {
    use egui::Key as E;
    Some(match key {
        E::Enter => Key::Enter,
        E::Escape => Key::Escape,
        E::Tab => Key::Tab,
        E::Backspace => Key::Backspace,
        E::Delete => Key::Delete,
        E::Space => Key::Space,
        E::ArrowLeft => Key::Left,
        E::ArrowRight => Key::Right,
        E::ArrowUp => Key::Up,
        E::ArrowDown => Key::Down,
        E::Home => Key::Home,
        E::End => Key::End,
        E::PageUp => Key::PageUp,
        E::PageDown => Key::PageDown,
        _ => return None,
    })
}

fn function(key: egui::Key) -> Option<Key> {
    let number = key.name().strip_prefix('F')?.parse().ok()?;
    Some(Key::F(number))
}

/// Whether an input method composes a word after these events, and whether it did anything in them.
pub fn composing(before: bool, events: &[Event]) -> (bool, bool) {
    let mut ime = events.iter().filter_map(|event| match event {
        Event::Ime(ImeEvent::Preedit { text, .. }) => Some(!text.is_empty()),
        Event::Ime(ImeEvent::Commit(_)) => Some(false),
        _ => None,
    });
    let last = ime.next_back();
    (last.unwrap_or(before), last.is_some())
}

/// Digits and brackets by where they are.
fn of_place(physical: egui::Key) -> Option<char> {
    character(physical).filter(|character| character.is_ascii_digit() || "[]".contains(*character))
}

fn character(key: egui::Key) -> Option<char> {
    match key {
        // egui writes a minus sign where the key types a hyphen, and has no sign for the quote.
        egui::Key::Minus => Some('-'),
        egui::Key::Quote => Some('\''),
        key => only(key.symbol_or_name()).map(lower),
    }
}

fn only(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

fn lower(character: char) -> char {
    character.to_lowercase().next().unwrap_or(character)
}

fn plain(character: char) -> Chord {
    Chord::plain(Key::Char(character))
}

/// Letters of the Latin blocks, with whatever they carry.
fn is_latin(character: char) -> bool {
    matches!(u32::from(character), 0x41..=0x24F | 0x1E00..=0x1EFF)
}

/// The letter that a dead key put an accent on.
fn base(accented: char) -> Option<char> {
    const WITH: [(char, &str); 16] = [
        ('a', "áàâäãåāăą"),
        ('c', "çćĉčċ"),
        ('d', "ďđ"),
        ('e', "éèêëēĕėęě"),
        ('g', "ĝğġģ"),
        ('h', "ĥħ"),
        ('i', "íìîïĩīĭį"),
        ('j', "ĵ"),
        ('l', "ĺļľł"),
        ('n', "ñńņň"),
        ('o', "óòôöõøōŏő"),
        ('r', "ŕŗř"),
        ('s', "śŝşš"),
        ('u', "úùûüũūŭůűų"),
        ('y', "ýÿŷ"),
        ('z', "źżž"),
    ];
    WITH.iter().find(|(_, accents)| accents.contains(accented)).map(|(letter, _)| *letter)
}

/// egui's modifiers for a chord: for tests and the headless stage.
pub fn modifiers(chord: Chord) -> Modifiers {
    Modifiers { alt: chord.alt, ctrl: chord.ctrl, shift: chord.shift, mac_cmd: false, command: chord.ctrl }
}

/// The events of a key that is pressed and let go, with what it types: for the headless stage. Nothing, where egui has no such key.
pub fn events(chord: Chord) -> Vec<Event> {
    let name = match chord.key {
        Key::Char(character) => character.to_uppercase().to_string(),
        Key::Escape => "Escape".to_owned(),
        key => Chord::plain(key).to_string(),
    };
    let Some(key) = egui::Key::from_name(&name) else { return Vec::new() };
    let modifiers = modifiers(chord);
    let event = |pressed| Event::Key { key, physical_key: Some(key), pressed, repeat: false, modifiers };
    let typed = chord.types().map(|character| Event::Text(character.to_string()));
    [event(true)].into_iter().chain(typed).chain([event(false)]).collect()
}
