//! [`Keyboard`]: from a frame's events to what the work screen does with keys, in the order in which they came.
//!
//! Every event goes where the focus is at that moment: what is typed after `/` goes into the field that it opened. A key that changed
//! where keys go ends the frame's work; what came after it waits for the next frame, when the field is there. A held key repeats
//! motions only, and so many a frame at most: after it is released nothing goes on.

use egui::{Context, Event};

use super::input::{self, Pressed};
use super::overlays;
use super::panels::{guidelines, list, search};
use super::view::{Focused, Pane, View, ids};
use super::window::Shared;
use super::work::Work;
use crate::session::keymap::{Chord, Context as KeyContext, Key};

/// What is remembered of the keys from frame to frame.
#[derive(Debug, Default)]
pub struct Keyboard {
    /// What came after a key that changed where keys go.
    later: Vec<Event>,
    /// A held key that did its work: its repeats do nothing, wherever the focus is by now.
    spent: Option<egui::Key>,
    /// The key before was a dead one.
    dead: bool,
    /// An input method is composing a word in a field.
    composing: bool,
}

/// Repeats of held keys that are followed in one frame. Keyboards repeat 30 times a second; this keeps up at 8 frames a second.
const REPEATS: usize = 4;

impl Work {
    /// Takes the keys that mean something here; the rest stays for egui's own fields and buttons. `blocked`: a dialog has the keys.
    pub(super) fn keys(&mut self, context: &Context, shared: &mut Shared, blocked: bool) {
        let mut events = std::mem::take(&mut self.keyboard.later);
        context.input_mut(|input| events.append(&mut input.events));
        let (composing, composed) = input::composing(self.keyboard.composing, &events);
        if composing || composed {
            // While a word is composed every key is the input method's, and the one that ends it too.
            events.retain(|event| !matches!(event, Event::Key { pressed: true, .. }));
        }
        self.keyboard.composing = composing && self.view.context() == KeyContext::TextField;
        if !blocked {
            let typed = |event: &Event| matches!(event, Event::Text(_)) && self.view.context() != KeyContext::TextField;
            if egui::Popup::is_any_open(context) {
                events.retain(|event| !typed(event));
            } else {
                events = self.walk(events, context, shared);
            }
        }
        context.input_mut(|input| input.events = events);
    }

    /// Returns what is not ours.
    fn walk(&mut self, events: Vec<Event>, context: &Context, shared: &mut Shared) -> Vec<Event> {
        let mut kept = Vec::with_capacity(events.len());
        let mut repeats = 0;
        let mut events = events.into_iter().peekable();
        while let Some(event) = events.next() {
            let repeat = match &event {
                Event::Key { pressed: true, repeat, .. } => *repeat,
                Event::Copy | Event::Cut => false,
                // The number pad's * is no key to egui, only what it types.
                Event::Text(typed) if self.reviews() && sign(Some(typed)).is_some() => false,
                Event::Text(_) if self.view.context() != KeyContext::TextField => continue,
                Event::Key { key, .. } => {
                    self.keyboard.spent = self.keyboard.spent.filter(|spent| spent != key);
                    kept.push(event);
                    continue;
                }
                _ => {
                    kept.push(event);
                    continue;
                }
            };
            let typed = match events.peek() {
                Some(Event::Text(typed)) => Some(typed.clone()),
                _ => None,
            };
            // The field sees what was typed when it is drawn; a key that does something with it waits for that.
            let written = kept.iter().any(|event| matches!(event, Event::Text(_) | Event::Paste(_)));
            if written && typed.is_none() && self.view.context() == KeyContext::TextField {
                self.put_off(std::iter::once(event).chain(events), &mut kept);
                break;
            }
            let meant = input::pressed(&event, typed.as_deref(), self.keyboard.dead);
            let alone = if let Event::Text(words) = &event { Some(words.as_str()) } else { typed.as_deref() };
            let meant = sign(alone).filter(|_| self.reviews()).or(meant);
            self.keyboard.dead = input::is_dead(&event, typed.as_deref());
            let key = if let Event::Key { key, .. } = &event { Some(*key) } else { None };
            let before = self.view.context();
            let taken = if repeat && key.is_some() && self.keyboard.spent == key {
                true
            } else if let Some(meant) = meant {
                let here = self.pressed(meant, repeat, &mut repeats, context, shared);
                if !repeat {
                    self.keyboard.spent = key.filter(|_| here == Some(Held::Once));
                }
                here.is_some()
            } else {
                false
            };
            if !taken {
                kept.push(event);
                continue;
            }
            if typed.is_some() {
                events.next();
            }
            if self.view.context() != before || self.asks_for_another_screen() {
                self.put_off(events, &mut kept);
                break;
            }
        }
        if !self.keyboard.later.is_empty() {
            context.request_repaint();
        }
        kept
    }

    /// Differences are being settled, and nothing else has the keys.
    fn reviews(&self) -> bool {
        self.session.reviewing().is_some() && self.view.context() == KeyContext::Page
    }

    /// Keys wait for the next frame.
    fn put_off(&mut self, events: impl Iterator<Item = Event>, kept: &mut Vec<Event>) {
        let (later, now): (Vec<Event>, Vec<Event>) = events.partition(is_key);
        self.keyboard.later = later;
        kept.extend(now);
    }

    /// `None`: the key is not meant for us. `repeats` counts those of the frame that were followed.
    fn pressed(
        &mut self,
        meant: Pressed,
        repeat: bool,
        repeats: &mut usize,
        context: &Context,
        shared: &mut Shared,
    ) -> Option<Held> {
        let known = |view: &View, chord| self.session.action_for(view.context(), chord).is_some();
        let other = meant.otherwise.filter(|_| self.view.overlay.is_none() && !known(&self.view, meant.chord));
        let chord = other.unwrap_or(meant.chord);
        if !repeat {
            return self.key(chord, context, shared);
        }
        let held = self.holds(chord)?;
        if held == Held::Again && *repeats < REPEATS {
            *repeats += 1;
            self.key(chord, context, shared);
        }
        Some(held)
    }

    /// What holding this key would do here; `None`: it is not ours.
    fn holds(&self, chord: Chord) -> Option<Held> {
        let here = self.view.context();
        let walks = matches!(chord.key, Key::Up | Key::Down | Key::PageUp | Key::PageDown) && !chord.ctrl && !chord.alt;
        let lists = self.view.overlay.as_ref().is_some_and(super::view::Overlay::has_field) || here == KeyContext::List;
        if walks && lists {
            return Some(Held::Again);
        }
        let action = self.session.action_for(here, chord);
        action.map(|action| if action.repeats() { Held::Again } else { Held::Once })
    }

    /// `None`: the key is not meant for us.
    fn key(&mut self, chord: Chord, context: &Context, shared: &mut Shared) -> Option<Held> {
        let held = self.holds(chord);
        if let Some(asks) = self.view.stack.key(chord) {
            for ask in asks {
                self.answer(ask, context, shared);
            }
            return Some(held.unwrap_or(Held::Once));
        }
        // A field beside it that was clicked has the keys, not what lies over the page.
        let beside = matches!(self.view.focused, Focused::Field(id) if id != ids::overlay());
        if self.view.overlay.is_some() && !beside {
            let asks = overlays::key(&mut self.view, &self.session, chord);
            if let Some(asks) = asks {
                for ask in asks {
                    self.answer(ask, context, shared);
                }
                return Some(held.unwrap_or(Held::Once));
            }
        }
        let here = self.view.context();
        let taken = match here {
            KeyContext::TextField => self.key_in_field(chord, context, shared),
            KeyContext::Attributes => self.key_of_attribute(chord, context, shared),
            KeyContext::List if self.view.pane == Pane::Guidelines => {
                let asked = guidelines::key(&mut self.view.guide, chord);
                asked.map(|ask| ask.into_iter().for_each(|ask| self.answer(ask, context, shared))).is_some()
            }
            KeyContext::List if self.view.search.open => {
                let asks = search::key(&mut self.view.search, chord);
                self.answer_all(asks, context, shared)
            }
            KeyContext::List => {
                let ask = list::key(&mut self.view.list, &self.session, chord);
                ask.map(|ask| self.answer(ask, context, shared)).is_some()
            }
            _ => false,
        };
        if taken {
            return Some(held.unwrap_or(Held::Once));
        }
        let action = self.session.action_for(here, chord)?;
        self.act(&action, context, shared);
        held
    }
}

/// Union and intersection are the signs that are typed, on whichever key a layout has them.
fn sign(typed: Option<&str>) -> Option<Pressed> {
    let key = match typed? {
        "+" => '+',
        "*" => '*',
        _ => return None,
    };
    Some(Pressed { chord: Chord::plain(Key::Char(key)), otherwise: None })
}

/// What holding a key down does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    Again,
    Once,
}

/// What the pointer does has its own place in egui's frame and cannot wait.
fn is_key(event: &Event) -> bool {
    matches!(
        event,
        Event::Key { .. }
            | Event::Text(_)
            | Event::Ime(_)
            | Event::Copy
            | Event::Cut
            | Event::Paste(_)
            | Event::PasteImage(_)
    )
}
