//! Giving actions other keys: what stands in the way of a chord, and the change in a person's [`Own`] keys.

use super::Action;
use super::keymap::{Chord, Context, Keymap, Own, keys};
use super::system::System;
use crate::schema::Schema;

/// What stands in the way of a chord.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The system or the window keeps it for itself, and this is what it does there.
    Kept(&'static str),
    /// It is the key of a label, a relation or a value, and those go first.
    Schema(Action),
    /// Other actions have it where this one would; they can be asked to give it up.
    Taken(Vec<Action>),
}

/// What stands in the way of giving `chord` to `action`. Without a schema, no project is open.
pub fn obstacle(system: System, schema: Option<&Schema>, own: &Own, action: &Action, chord: Chord) -> Option<Obstacle> {
    if let Some(why) = system.keeps(chord, action) {
        return Some(Obstacle::Kept(why));
    }
    let contexts = action.info().contexts;
    let blank = Schema::default();
    let keymap = Keymap::on(system, schema.unwrap_or(&blank), own);
    let first = contexts.iter().filter_map(|context| keymap.action(*context, chord));
    let schemas =
        |found: &&Action| matches!(found, Action::Mark(_) | Action::Arm(_) | Action::Relate(_) | Action::Answer(_));
    if let Some(found) = first.clone().find(schemas) {
        return Some(Obstacle::Schema(found.clone()));
    }
    let meets = |other: &&Action| {
        *other != action
            && keys(system, own, other).contains(&chord)
            && other.info().contexts.iter().any(|context: &Context| contexts.contains(context))
    };
    let taken: Vec<Action> = Action::catalogue().iter().filter(meets).cloned().collect();
    (!taken.is_empty()).then_some(Obstacle::Taken(taken))
}

/// Gives `chord` to `action` in the place of `instead`, or beside its other keys; whoever had it where this action would, gives it up.
pub fn give(system: System, own: &mut Own, action: &Action, chord: Chord, instead: Option<Chord>) {
    if let Some(Obstacle::Taken(others)) = obstacle(system, None, own, action, chord) {
        for other in others {
            take(system, own, &other, chord);
        }
    }
    let mut now = keys(system, own, action);
    now.retain(|known| *known != chord);
    match instead.and_then(|instead| now.iter().position(|known| *known == instead)) {
        Some(place) => now[place] = chord,
        None => now.push(chord),
    }
    set(system, own, action, &now);
}

/// Takes a key from an action.
pub fn take(system: System, own: &mut Own, action: &Action, chord: Chord) {
    let mut now = keys(system, own, action);
    now.retain(|known| *known != chord);
    set(system, own, action, &now);
}

/// What is as at first is not written down.
fn set(system: System, own: &mut Own, action: &Action, now: &[Chord]) {
    let id = action.info().id;
    if now == system.defaults(action) {
        own.remove(id);
    } else {
        own.insert(id.to_owned(), now.iter().map(Chord::to_string).collect());
    }
}
