//! What lies over the page for a moment and takes the keys: palette, label picker, status menu, key sheet, help.

pub mod equal;
mod fuzzy;
mod help;
mod keys;
mod kinds;
mod missing;
mod palette;
mod picker;
mod relations;
mod rules;
mod status;

use egui::{Area, Frame, Id, Margin, Order, Pos2, Stroke, Ui, pos2, vec2};

pub use equal::Equal;
pub use kinds::Kinds;
pub use missing::Missing;
pub use palette::{DOCUMENTS, Palette};
pub use relations::Relations;
pub use rules::Rules;
pub use status::StatusMenu;

use super::request::Ask;
use super::style;
use super::theme::Theme;
use super::view::{Overlay, View};
use super::work::Draw;
use crate::session::Session;
use crate::session::keymap::Chord;

impl Overlay {
    /// A text field in it takes the keys.
    pub fn has_field(&self) -> bool {
        matches!(self, Self::Palette(_) | Self::Relations(_) | Self::Status(StatusMenu::Reason { .. }))
    }
}

/// A key pressed while an overlay is open. `None`: it means nothing to it.
pub fn key(view: &mut View, session: &Session, chord: Chord) -> Option<Vec<Ask>> {
    match view.overlay.as_mut()? {
        Overlay::Palette(palette) => palette.key(session, chord),
        Overlay::Picker(_) => picker::key(session, chord),
        Overlay::Status(menu) => menu.key(session, chord),
        Overlay::Equal(equal) => equal.key(session, chord),
        Overlay::Missing(missing) => missing.key(session, chord),
        Overlay::Kinds(kinds) => kinds.key(session, chord),
        Overlay::Relations(relations) => relations.key(session, chord),
        Overlay::Rules(rules) => rules.key(session, chord),
        Overlay::Team(_) | Overlay::Agreement(_) | Overlay::Keys | Overlay::Help => None,
    }
}

pub fn show(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut View) {
    let Some(mut overlay) = view.overlay.take() else { return };
    let stays = match &mut overlay {
        Overlay::Palette(palette) => palette.show(ui, draw),
        Overlay::Picker(place) => picker::show(ui, draw, *place),
        Overlay::Status(menu) => menu.show(ui, draw),
        Overlay::Equal(equal) => equal.show(ui, draw),
        Overlay::Missing(missing) => missing.show(ui, draw),
        Overlay::Kinds(kinds) => kinds.show(ui, draw),
        Overlay::Relations(relations) => relations.show(ui, draw),
        Overlay::Rules(rules) => rules.show(ui, draw),
        Overlay::Keys => keys::show(ui, draw),
        Overlay::Help => help::show(ui, draw),
        // Drawn where the page is.
        Overlay::Team(_) | Overlay::Agreement(_) => true,
    };
    view.overlay = Some(overlay);
    if !stays {
        draw.asks.push(Ask::CloseOverlay);
    }
}

/// Where an overlay stands.
enum At {
    /// A point of the screen: a menu.
    Point(Pos2),
    /// Under the upper edge, in the middle.
    Top,
}

/// Frame and place of an overlay. Returns what was drawn, and `false` if there was a click beside it.
fn float<R>(ui: &Ui, name: &str, at: &At, width: f32, theme: &Theme, contents: impl FnOnce(&mut Ui) -> R) -> (R, bool) {
    let screen = ui.ctx().content_rect();
    let room = screen.width() - 32.0;
    let area = Area::new(Id::unique(("overlay", name))).order(Order::Foreground).constrain(true);
    let area = area.default_size(vec2(width.min(room), screen.height()));
    let (area, shadow) = match at {
        At::Point(point) => (area.fixed_pos(*point + vec2(4.0, 10.0)), false),
        At::Top => (area.fixed_pos(pos2(screen.center().x - width.min(room) / 2.0, screen.top() + 72.0)), true),
    };
    let margin = if shadow { Margin::same(12) } else { Margin::same(6) };
    let frame = Frame::NONE
        .fill(style::raised(theme))
        .stroke(Stroke::new(1.0, theme.hairline))
        .corner_radius(8)
        .inner_margin(margin);
    let frame = if shadow { frame.shadow(style::shadow(theme)) } else { frame };
    let shown = area.show(ui.ctx(), |ui| {
        frame
            .show(ui, |ui| {
                ui.set_width((width - margin.sum().x).min(room - margin.sum().x));
                ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
                contents(ui)
            })
            .inner
    });
    let beside = ui.input(|input| input.pointer.any_pressed())
        && ui.input(|input| input.pointer.interact_pos()).is_some_and(|pos| !shown.response.rect.contains(pos));
    (shown.inner, !beside)
}
