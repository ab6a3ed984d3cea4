//! From egui's events to the keymap's [`Chord`]s.
//!
//! Digits and brackets are those of the physical key, so that every keyboard layout has them. egui already falls back to the
//! physical key where the layout has no Latin letter on it.

use egui::{Event, ImeEvent, Modifiers};

use crate::session::keymap::{Chord, Key};

/// The chord of a key that went down, if keys can be bound to it.
pub fn chord(event: &Event) -> Option<Chord> {
    match event {
        Event::Key { key, physical_key, pressed: true, modifiers, .. } => {
            Some(of_key(self::key(*key, *physical_key, *modifiers)?, *modifiers))
        }
        // The system's copy gesture comes as an event of its own.
        Event::Copy => Some(Chord { ctrl: true, ..Chord::plain(Key::Char('c')) }),
        _ => None,
    }
}

fn of_key(key: Key, modifiers: Modifiers) -> Chord {
    Chord { ctrl: modifiers.command, alt: modifiers.alt, shift: modifiers.shift, key }
}

fn key(logical: egui::Key, physical: Option<egui::Key>, modifiers: Modifiers) -> Option<Key> {
    use egui::Key as E;
    // `/` and `?` are above digits on some layouts; the digits stay reachable without Shift.
    let sign = matches!(logical, E::Slash | E::Questionmark) && modifiers.shift && !modifiers.command;
    if let Some(key) = physical.and_then(of_place).filter(|_| !sign) {
        return Some(Key::Char(key));
    }
    Some(match logical {
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
        E::OpenCurlyBracket => Key::Char('['),
        E::CloseCurlyBracket => Key::Char(']'),
        E::Minus => Key::Char('-'),
        key => return character(key).or_else(|| function(key)),
    })
}

/// Digits and brackets by where they are.
fn of_place(physical: egui::Key) -> Option<char> {
    use egui::Key as E;
    match physical {
        E::OpenBracket => Some('['),
        E::CloseBracket => Some(']'),
        E::Num0 | E::Num1 | E::Num2 | E::Num3 | E::Num4 | E::Num5 | E::Num6 | E::Num7 | E::Num8 | E::Num9 => {
            physical.symbol_or_name().chars().next()
        }
        _ => None,
    }
}

fn character(key: egui::Key) -> Option<Key> {
    let mut characters = key.symbol_or_name().chars();
    match (characters.next(), characters.next()) {
        (Some(only), None) => only.to_lowercase().next().map(Key::Char),
        _ => None,
    }
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

/// egui's modifiers for a chord: for tests and the headless stage.
pub fn modifiers(chord: Chord) -> Modifiers {
    Modifiers { alt: chord.alt, ctrl: chord.ctrl, shift: chord.shift, mac_cmd: false, command: chord.ctrl }
}
