//! The guidelines beside the page: `guidelines.md` as formatted text, and above it what the schema says of the selected span's label. Laid
//! out once for each width; only what is visible is drawn.

mod card;
mod laid;

use egui::{EventFilter, Frame, Margin, Rect, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

pub use self::card::{card, meaning};
use self::laid::{Laid, Look, Piece, lay_out};
use super::super::parts::{self, PAD};
use super::super::request::Ask;
use super::super::view::{Pane, View, ids};
use super::super::work::Draw;
use super::super::{fonts, style};
use crate::schema::{Label, LabelId};
use crate::session::keymap::{Chord, Key};
use crate::session::{Action, Command};

/// Width of the panel, in points.
pub const WIDTH: f32 = 340.0;

/// The guidelines, as they are seen.
#[derive(Default)]
pub struct Guide {
    pub open: bool,
    /// The label whose part was brought into view last.
    pub about: Option<LabelId>,
    words: String,
    /// The piece that the search stands on, among those that have the words.
    hit: usize,
    /// Where it is scrolled to, in points.
    offset: f32,
    /// Where it is to be scrolled to in the next frame.
    goal: Option<Goal>,
    height: f32,
    laid: Option<Laid>,
}

#[derive(Clone, Copy, Debug)]
enum Goal {
    To(f32),
    By(f32),
    /// Scroll as little as shows this stretch.
    Show(f32, f32),
}

impl Guide {
    /// Opens at the part about a label; closes if that is what it shows.
    pub fn ask(&mut self, label: &LabelId) {
        self.open = !(self.open && self.about.as_ref() == Some(label));
        self.about = None;
    }

    fn pieces(&self) -> &[Piece] {
        self.laid.as_ref().map_or(&[], |laid| &laid.pieces)
    }

    fn headings(&self) -> impl Iterator<Item = (u8, &Piece)> {
        self.pieces().iter().filter_map(|piece| match piece.look {
            Look::Heading(level) => Some((level, piece)),
            _ => None,
        })
    }

    /// The pieces that have the words that are looked for.
    fn hits(&self) -> Vec<usize> {
        let words = self.words.trim().to_lowercase();
        let has = |piece: &Piece| piece.cells.iter().any(|cell| cell.job.text.to_lowercase().contains(&words));
        let pieces = self.pieces().iter().enumerate();
        pieces.filter(|(_, piece)| !words.is_empty() && has(piece)).map(|(index, _)| index).collect()
    }

    fn show_hit(&mut self, forward: Option<bool>) {
        let hits = self.hits();
        if hits.is_empty() {
            return;
        }
        self.hit = match forward {
            Some(true) => (self.hit + 1) % hits.len(),
            Some(false) => (self.hit + hits.len() - 1) % hits.len(),
            None => 0,
        };
        let piece = &self.pieces()[hits[self.hit.min(hits.len() - 1)]];
        self.goal = Some(Goal::Show(piece.top, piece.top + piece.height));
    }

    /// Scrolls to the heading that speaks of a label, if one does.
    fn bring(&mut self, label: &Label) {
        let named = |words: &str| {
            let words = words.to_lowercase();
            let begins = |name: &str| !name.is_empty() && words.starts_with(&name.to_lowercase());
            let says = |name: &str| {
                let name = name.to_lowercase();
                words.split(|character: char| !character.is_alphanumeric()).any(|word| word == name)
            };
            (begins(&label.name) || begins(label.id.as_str()), says(&label.name) || says(label.id.as_str()))
        };
        let titles: Vec<(f32, (bool, bool))> = self
            .headings()
            .map(|(_, piece)| (piece.top, named(piece.cells.first().map_or("", |cell| &cell.job.text))))
            .collect();
        let found = titles.iter().find(|(_, (begins, _))| *begins);
        if let Some((top, _)) = found.or_else(|| titles.iter().find(|(_, (_, says))| *says)) {
            self.goal = Some(Goal::To((*top - 4.0).max(0.0)));
        }
    }
}

/// A key while the guidelines have the focus. `None`: it means nothing to them.
pub fn key(guide: &mut Guide, chord: Chord) -> Option<Vec<Ask>> {
    if chord.ctrl || chord.alt {
        return None;
    }
    let page = (guide.height - 40.0).max(40.0);
    let goal = match (chord.key, chord.shift) {
        (Key::Up, false) => Goal::By(-40.0),
        (Key::Down, false) => Goal::By(40.0),
        (Key::PageUp, false) | (Key::Space, true) => Goal::By(-page),
        (Key::PageDown | Key::Space, false) => Goal::By(page),
        (Key::Home, false) => Goal::To(0.0),
        (Key::End, false) => Goal::To(f32::MAX),
        (Key::Enter | Key::F(3), _) => {
            guide.show_hit(Some(!chord.shift));
            return Some(Vec::new());
        }
        (Key::Char('/'), false) => return Some(vec![Ask::Field(ids::guide())]),
        _ => return None,
    };
    guide.goal = Some(goal);
    Some(Vec::new())
}

/// Enter in the search field: the next place that has the words.
pub fn search(guide: &mut Guide, forward: bool) {
    guide.show_hit(Some(forward));
}

pub fn show(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut View) {
    let panel = ui.max_rect();
    ui.painter().vline(panel.left() + 0.5, panel.y_range(), Stroke::new(1.0, draw.theme.hairline));
    let back = ui.interact(panel, ids::guidelines(), Sense::click());
    back.widget_info(|| WidgetInfo::labeled(Role::Region, true, "Guidelines"));
    let keep = EventFilter { tab: false, horizontal_arrows: true, vertical_arrows: true, escape: true };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(ids::guidelines(), keep));
    if back.clicked() {
        draw.asks.push(Ask::Focus(Pane::Guidelines));
    }
    let inner = panel.shrink2(vec2(PAD, 0.0));
    ui.scope_builder(UiBuilder::new().max_rect(inner), |ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        ui.add_space(10.0);
        head(ui, draw, view);
        let label = draw.session.selected_span().and_then(|span| draw.session.schema.resolve(span.label.as_str()));
        if let Some(label) = label {
            parts::hairline(ui, 8.0, draw.theme);
            let most = (panel.height() * 0.42).max(120.0);
            ScrollArea::vertical().id_salt("label").max_height(most).auto_shrink([false, true]).show(ui, |ui| {
                card(ui, label, draw.theme);
                ui.add_space(4.0);
            });
        }
        parts::hairline(ui, 8.0, draw.theme);
        body(ui, draw, view, label);
    });
    if back.has_focus() {
        parts::ring(ui.painter(), panel.shrink(2.0), draw.theme);
    }
}

/// Title, headings to go to, a field to search in, a cross.
fn head(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut View) {
    let theme = draw.theme;
    let guide = &mut view.guide;
    let rect = parts::heading(ui, "Guidelines", theme);
    let place =
        |from_right: f32| Rect::from_center_size(pos2(rect.right() - from_right, rect.center().y), vec2(24.0, 24.0));
    let cross = ui.interact(place(10.0), ui.scope_id().with("close guidelines"), Sense::click());
    parts::cross_at(ui, place(10.0), &cross, theme);
    cross.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Close the guidelines"));
    let key = draw.session.keymap.key_of(&Action::Guidelines).map(parts::spelled).unwrap_or_default();
    if cross.on_hover_text(format!("Close  {key}")).clicked() {
        draw.act(Action::Guidelines);
    }
    if draw.session.around.guidelines.is_none() {
        return;
    }
    let contents = ui.interact(place(38.0), ui.scope_id().with("contents"), Sense::click());
    parts::back(ui, place(38.0), &contents, false, theme);
    for (index, width) in [10.0_f32, 7.0, 10.0].into_iter().enumerate() {
        let at = place(38.0).center() + vec2(-5.0, index as f32 * 4.0 - 4.0);
        ui.painter().hline(at.x..=at.x + width, at.y, Stroke::new(1.3, theme.secondary));
    }
    contents.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Contents"));
    let contents = contents.on_hover_text("Contents");
    let mut goal = None;
    egui::Popup::menu(&contents).width(260.0).show(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical().max_height(420.0).show(ui, |ui| {
            for (level, piece) in guide.headings() {
                let words = piece.cells.first().map_or("", |cell| cell.job.text.as_str());
                let (rect, response) = parts::row(ui, 26.0, false, 0.0, theme);
                let left = 8.0 + 12.0 * f32::from(level.saturating_sub(1));
                let font = if level <= 2 { fonts::medium(13.0) } else { fonts::regular(13.0) };
                parts::text(
                    ui,
                    rect.left_center() + vec2(left, 0.0),
                    words,
                    font,
                    theme.text,
                    rect.width() - left - 8.0,
                );
                response.widget_info(|| WidgetInfo::labeled(Role::MenuItem, true, words));
                if response.clicked() {
                    goal = Some(Goal::To((piece.top - 4.0).max(0.0)));
                    ui.close();
                }
            }
        });
        if draw.session.around.folder.is_some() {
            parts::hairline(ui, 4.0, theme);
            let (rect, response) = parts::row(ui, 26.0, false, 0.0, theme);
            let words = "Edit guidelines.md…";
            parts::text(ui, rect.left_center() + vec2(8.0, 0.0), words, fonts::regular(13.0), theme.text, rect.width());
            response.widget_info(|| WidgetInfo::labeled(Role::MenuItem, true, words));
            if response.clicked() {
                draw.asks.push(Ask::OpenGuidelines);
                ui.close();
            }
        }
    });
    guide.goal = goal.or(guide.goal);
    ui.add_space(2.0);
    let hits = guide.hits();
    let width = ui.available_width();
    let response = parts::field(
        ui,
        ids::guide(),
        &mut guide.words,
        "Find in the guidelines",
        "Find in the guidelines",
        width,
        theme,
    );
    if response.changed() {
        guide.show_hit(None);
    }
    if !guide.words.trim().is_empty() {
        let words = match hits.len() {
            0 => "nowhere".to_owned(),
            count => format!("{} of {count}", guide.hit.min(count - 1) + 1),
        };
        let galley = parts::line(ui, &words, fonts::regular(12.0), theme.secondary, 80.0);
        let at = pos2(response.rect.right() - galley.size().x - 10.0, response.rect.center().y);
        parts::put(ui.painter(), at, galley);
    }
}

fn body(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut View, label: Option<&Label>) {
    let Some(source) = draw.session.around.guidelines.clone() else {
        view.guide.about = label.map(|label| label.id.clone());
        return missing(ui, draw);
    };
    let (theme, width) = (draw.theme, ui.available_width() - 6.0);
    let guide = &mut view.guide;
    let fits = |laid: &Laid| {
        std::sync::Arc::ptr_eq(&laid.source, &source) && (laid.width - width).abs() < 0.5 && laid.dark == theme.dark
    };
    if !guide.laid.as_ref().is_some_and(fits) {
        guide.laid = Some(lay_out(ui, source, width, theme));
    }
    let now = label.map(|label| label.id.clone());
    if now.is_some() && now != guide.about {
        if let Some(label) = label {
            guide.bring(label);
        }
        guide.about = now;
    }
    let hits = guide.hits();
    let current = hits.get(guide.hit).copied();
    let Some(laid) = &guide.laid else { return };
    let height = ui.available_height();
    let most = (laid.height - height).max(0.0);
    let goal = guide.goal.take().map(|goal| match goal {
        Goal::To(place) => place,
        Goal::By(points) => guide.offset + points,
        Goal::Show(top, bottom) if top < guide.offset || bottom > guide.offset + height => top - height / 3.0,
        Goal::Show(..) => guide.offset,
    });
    let mut area = ScrollArea::vertical().id_salt("guidelines text").auto_shrink(false);
    if let Some(goal) = goal {
        area = area.vertical_scroll_offset(goal.clamp(0.0, most));
        ui.ctx().request_repaint();
    }
    let shown = area.show_viewport(ui, |ui, seen| {
        ui.set_height(laid.height);
        let origin = ui.max_rect().min;
        let first = laid.pieces.partition_point(|piece| piece.top + piece.height < seen.top());
        for (index, piece) in laid.pieces.iter().enumerate().skip(first) {
            if piece.top > seen.bottom() {
                break;
            }
            let found = hits.binary_search(&index).is_ok();
            piece.draw(ui, draw, origin, width, if found { Some(current == Some(index)) } else { None });
        }
    });
    guide.offset = shown.state.clamped_offset().y;
    guide.height = height;
}

/// How to write guidelines, and a button that begins them.
fn missing(ui: &mut Ui, draw: &mut Draw<'_>) {
    let theme = draw.theme;
    ui.add_space(8.0);
    let words = |ui: &mut Ui, words: &str| {
        ui.add(egui::Label::new(egui::RichText::new(words).font(fonts::regular(13.0)).color(theme.secondary)).wrap());
        ui.add_space(8.0);
    };
    words(ui, "This project has no guidelines yet. They are the file guidelines.md in its folder, in Markdown.");
    words(
        ui,
        "A heading for each label, what to mark and what not, with examples. A decision written down once is the same for everybody.",
    );
    if draw.session.around.folder.is_some() {
        ui.add_space(4.0);
        if ui.add(egui::Button::new("Write guidelines…").min_size(vec2(160.0, 32.0))).clicked() {
            draw.run(Command::WriteGuidelines);
            draw.asks.push(Ask::OpenGuidelines);
        }
    }
}

/// Over the page, where there is no room beside it.
pub fn float(ui: &Ui, draw: &mut Draw<'_>, view: &mut View, over: Rect) {
    let width = WIDTH.min(over.width() - 24.0);
    let place = Rect::from_min_max(pos2(over.right() - width, over.top()), over.max);
    let area = egui::Area::new(egui::Id::unique("guidelines over the page")).order(egui::Order::Middle);
    area.fixed_pos(place.min).constrain(false).show(ui.ctx(), |ui| {
        let frame = Frame::NONE.fill(draw.theme.panel).inner_margin(Margin::ZERO).shadow(style::shadow(draw.theme));
        frame.show(ui, |ui| {
            ui.set_min_size(place.size());
            ui.set_max_size(place.size());
            show(ui, draw, view);
        });
    });
}
