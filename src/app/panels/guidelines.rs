//! The guidelines beside the page: `guidelines.md` as formatted text, and above it what the schema says of the selected span's label. Laid
//! out once for each width; only what is visible is drawn.

use egui::text::{LayoutJob, TextFormat};
use egui::{
    Color32, CornerRadius, EventFilter, Frame, Margin, Rect, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
};

use super::super::fonts;
use super::super::markdown::{self, Block, Run};
use super::super::parts::{self, PAD};
use super::super::request::{Ask, Request};
use super::super::theme::Theme;
use super::super::view::{Pane, View, ids};
use super::super::work::Draw;
use crate::schema::{Label, LabelId};
use crate::session::keymap::{Chord, Key};
use crate::session::{Action, Command, Notice, NoticeKind};

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

/// The text, laid out for one width and theme.
struct Laid {
    source: std::sync::Arc<str>,
    width: f32,
    dark: bool,
    pieces: Vec<Piece>,
    height: f32,
}

/// One block, or one row of a table.
struct Piece {
    top: f32,
    height: f32,
    look: Look,
    cells: Vec<Cell>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Heading(u8),
    Plain,
    Quote,
    Code,
    Row,
    Rule,
}

struct Cell {
    left: f32,
    job: LayoutJob,
    /// Stretches in characters, and where they lead.
    links: Vec<(std::ops::Range<usize>, String)>,
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

/// What the schema says of a label: its definition, examples of what it is and of what not.
pub fn card(ui: &mut Ui, label: &Label, theme: &Theme) {
    let rect = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover()).0;
    let colour = parts::colour_of(label, theme);
    parts::chip(ui, rect.left_center(), &label.name, colour, rect.width(), theme);
    ui.add_space(6.0);
    meaning(ui, label, theme);
}

/// Definition and examples.
pub fn meaning(ui: &mut Ui, label: &Label, theme: &Theme) {
    let definition =
        if label.definition.is_empty() { "The schema says nothing more about this label" } else { &label.definition };
    let words = egui::RichText::new(definition).font(fonts::regular(13.0)).line_height(Some(18.0)).color(theme.text);
    ui.add(egui::Label::new(words).wrap());
    for (title, examples, colour) in [("Mark", &label.yes, theme.good), ("Do not mark", &label.no, theme.error)] {
        if examples.is_empty() {
            continue;
        }
        ui.add_space(10.0);
        ui.add(egui::Label::new(egui::RichText::new(title).font(fonts::medium(12.0)).color(colour)));
        for example in examples {
            ui.add_space(2.0);
            let job = bracketed(example, parts::colour_of(label, theme).gamma_multiply(theme.fill), theme);
            ui.add(egui::Label::new(job).wrap());
        }
    }
}

/// An example with what stands in square brackets as a span would look.
fn bracketed(example: &str, fill: Color32, theme: &Theme) -> LayoutJob {
    let mut job = LayoutJob::default();
    let mut depth = 0_usize;
    for part in example.split_inclusive(['[', ']']) {
        let (words, sign) = match part.strip_suffix(['[', ']']) {
            Some(words) => (words, &part[words.len()..]),
            None => (part, ""),
        };
        let format = |background| TextFormat {
            background,
            expand_bg: 1.0,
            ..TextFormat::simple(fonts::serif(14.5), theme.text)
        };
        job.append(words, 0.0, format(if depth > 0 { fill } else { Color32::TRANSPARENT }));
        depth = if sign == "[" { depth + 1 } else { depth.saturating_sub(usize::from(sign == "]")) };
        let inside = depth > 0 || sign == "]";
        let format = TextFormat { color: theme.secondary, ..format(if inside { fill } else { Color32::TRANSPARENT }) };
        job.append(sign, 0.0, format);
    }
    job
}

fn lay_out(ui: &Ui, source: std::sync::Arc<str>, width: f32, theme: &Theme) -> Laid {
    let mut pieces = Vec::new();
    let mut top = 0.0;
    let mut put = |look: Look, gap: f32, cells: Vec<Cell>| {
        let tallest = cells.iter().map(|cell| ui.fonts_mut(|fonts| fonts.layout_job(cell.job.clone())).size().y);
        let height = tallest.fold(0.0, f32::max)
            + match look {
                Look::Code => 16.0,
                Look::Row => 10.0,
                Look::Rule => 1.0,
                _ => 0.0,
            };
        top += if top > 0.0 { gap } else { 0.0 };
        pieces.push(Piece { top, height, look, cells });
        top += height;
    };
    let mut in_list = false;
    for block in markdown::parse(&source) {
        let cell = |left: f32, right: f32, runs: &[Run], look: Look, colour: Color32| {
            cell(left, width - left - right, runs, look, colour, theme)
        };
        let item = matches!(block, Block::Item { .. });
        match block {
            Block::Heading(level, runs) => {
                let look = Look::Heading(level);
                put(look, if level <= 2 { 20.0 } else { 14.0 }, vec![cell(0.0, 0.0, &runs, look, theme.text)]);
            }
            Block::Paragraph(runs) => put(Look::Plain, 8.0, vec![cell(0.0, 0.0, &runs, Look::Plain, theme.text)]),
            Block::Item { depth, sign, runs } => {
                let left = 18.0 + 16.0 * depth as f32;
                let sign = Run { text: sign, ..Run::default() };
                let sign = cell(left - 16.0, 0.0, &[sign], Look::Plain, theme.secondary);
                put(
                    Look::Plain,
                    if in_list { 4.0 } else { 7.0 },
                    vec![sign, cell(left, 0.0, &runs, Look::Plain, theme.text)],
                );
            }
            Block::Quote(runs) => put(Look::Quote, 8.0, vec![cell(12.0, 0.0, &runs, Look::Quote, theme.secondary)]),
            Block::Code(text) => {
                let run = Run { text, code: true, ..Run::default() };
                put(Look::Code, 8.0, vec![cell(8.0, 8.0, &[run], Look::Code, theme.text)]);
            }
            Block::Table(rows) => {
                let places = columns(ui, &rows, width, theme);
                for (index, row) in rows.iter().enumerate() {
                    let cells = row.iter().zip(&places).map(|(runs, (left, wide))| {
                        let bold = runs.iter().map(|run| Run { bold: run.bold || index == 0, ..run.clone() });
                        let bold: Vec<Run> = bold.collect();
                        cell(*left, width - left - wide, &bold, Look::Row, theme.text)
                    });
                    let cells = cells.collect();
                    put(Look::Row, if index == 0 { 8.0 } else { 0.0 }, cells);
                }
            }
            Block::Rule => put(Look::Rule, 12.0, Vec::new()),
        }
        in_list = item;
    }
    Laid { source, width, dark: theme.dark, pieces, height: top + 24.0 }
}

/// Left edge and width of each column: by what they would like, none narrower than its longest word needs if that is possible.
fn columns(ui: &Ui, rows: &[Vec<Vec<Run>>], width: f32, theme: &Theme) -> Vec<(f32, f32)> {
    const GAP: f32 = 12.0;
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let room = (width - GAP * count.saturating_sub(1) as f32).max(40.0);
    let measure = |words: &str| parts::line(ui, words, fonts::medium(12.5), theme.text, f32::INFINITY).size().x;
    let mut wants = vec![0.0_f32; count];
    let mut needs = vec![0.0_f32; count];
    for (column, runs) in rows.iter().flat_map(|row| row.iter().enumerate()) {
        let words = markdown::plain(runs);
        wants[column] = wants[column].max(measure(&words));
        needs[column] = words.split_whitespace().map(measure).fold(needs[column], f32::max);
    }
    let wanted = wants.iter().sum::<f32>();
    // A narrow column is not broken for a few points.
    for (need, want) in needs.iter_mut().zip(&wants) {
        *need = need.max(want.min(room / (count as f32 + 0.5)));
    }
    let needed = needs.iter().sum::<f32>();
    let wide = |column: usize| {
        if wanted <= room {
            wants[column] + 2.0
        } else if needed < room && wanted > needed {
            needs[column] + (room - needed) * (wants[column] - needs[column]) / (wanted - needed)
        } else {
            room / count.max(1) as f32
        }
    };
    let mut left = 0.0;
    (0..count)
        .map(|column| {
            let place = (left, wide(column));
            left += place.1 + GAP;
            place
        })
        .collect()
}

fn cell(left: f32, width: f32, runs: &[Run], look: Look, colour: Color32, theme: &Theme) -> Cell {
    let (size, line) = match look {
        Look::Heading(1) => (17.0, 23.0),
        Look::Heading(2) => (14.5, 20.0),
        Look::Row => (12.5, 17.0),
        Look::Code => (12.0, 17.0),
        _ => (13.0, 19.0),
    };
    let mut job = LayoutJob::default();
    job.wrap.max_width = width.max(24.0);
    let mut links = Vec::new();
    for run in runs {
        let bold = run.bold || matches!(look, Look::Heading(_));
        let font = match (look, run.code, bold) {
            (Look::Code, ..) => egui::FontId::monospace(size),
            (_, _, true) => fonts::semibold(size),
            (_, true, _) => fonts::medium(size),
            _ => fonts::regular(size),
        };
        let mut format = TextFormat::simple(font, if run.link.is_some() { theme.accent } else { colour });
        format.line_height = Some(line);
        format.italics = run.italic;
        if run.code && look != Look::Code {
            format.background = theme.hover;
        }
        if let Some(target) = &run.link {
            format.underline = Stroke::new(1.0, theme.accent.gamma_multiply(0.5));
            let from = job.text.chars().count();
            links.push((from..from + run.text.chars().count(), target.clone()));
        }
        job.append(&run.text, 0.0, format);
    }
    Cell { left, job, links }
}

impl Piece {
    /// `found`: it has the words that are looked for, and whether the search stands on it.
    fn draw(&self, ui: &mut Ui, draw: &mut Draw<'_>, origin: egui::Pos2, width: f32, found: Option<bool>) {
        let theme = draw.theme;
        let rect = Rect::from_min_size(origin + vec2(0.0, self.top), vec2(width, self.height));
        let painter = ui.painter().clone();
        let bar = |left: f32, colour| {
            let bar =
                Rect::from_min_max(pos2(rect.left() + left, rect.top()), pos2(rect.left() + left + 3.0, rect.bottom()));
            painter.rect_filled(bar, CornerRadius::same(1), colour);
        };
        match self.look {
            Look::Quote => bar(0.0, theme.hairline),
            Look::Code => {
                painter.rect_filled(rect, CornerRadius::same(6), theme.hover);
            }
            Look::Row => {
                painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, theme.hairline));
            }
            Look::Rule => {
                painter.hline(rect.x_range(), rect.top() + 0.5, Stroke::new(1.0, theme.hairline));
            }
            Look::Heading(_) | Look::Plain => {}
        }
        if let Some(current) = found {
            painter.rect_filled(rect.expand2(vec2(6.0, 2.0)), CornerRadius::same(4), theme.accent.gamma_multiply(0.10));
            if current {
                bar(-8.0, theme.accent);
            }
        }
        let inset = match self.look {
            Look::Code => 8.0,
            Look::Row => 5.0,
            _ => 0.0,
        };
        for cell in &self.cells {
            let at = rect.min + vec2(cell.left, inset);
            let galley = ui.fonts_mut(|fonts| fonts.layout_job(cell.job.clone()));
            let place = Rect::from_min_size(at, galley.size());
            if !cell.links.is_empty() {
                follow(ui, draw, place, &galley, cell);
            }
            painter.galley(at, galley, theme.text);
        }
        let words: Vec<&str> = self.cells.iter().map(|cell| cell.job.text.as_str()).collect();
        if !words.is_empty() {
            let role = if matches!(self.look, Look::Heading(_)) { Role::Heading } else { Role::Label };
            let id = ui.scope_id().with(("piece", (self.top * 4.0) as i64));
            ui.interact(rect, id, Sense::hover()).widget_info(|| WidgetInfo::labeled(role, true, words.join(" ")));
        }
    }
}

/// A link shows where it leads; a click copies that. Nothing is opened: this program never goes online.
fn follow(ui: &Ui, draw: &mut Draw<'_>, place: Rect, galley: &egui::Galley, cell: &Cell) {
    let Some(pointer) = ui.input(|input| input.pointer.hover_pos()).filter(|at| place.contains(*at)) else { return };
    let at = galley.cursor_from_pos(pointer - place.min).index.0;
    let Some((range, target)) = cell.links.iter().find(|(range, _)| range.contains(&at)) else { return };
    let id = ui.scope_id().with(("link", target, range.start));
    let response =
        ui.interact(place, id, Sense::click()).on_hover_text(format!("{target}\nA click copies the address"));
    if response.clicked() {
        ui.ctx().copy_text(target.clone());
        let notice = Notice { kind: NoticeKind::Done, sentence: format!("Copied {target}"), undo: false };
        draw.asks.push(Ask::Request(Request::Tell(notice)));
    }
}

/// Over the page, where there is no room beside it.
pub fn float(ui: &Ui, draw: &mut Draw<'_>, view: &mut View, over: Rect) {
    let width = WIDTH.min(over.width() - 24.0);
    let place = Rect::from_min_max(pos2(over.right() - width, over.top()), over.max);
    let area = egui::Area::new(egui::Id::unique("guidelines over the page")).order(egui::Order::Middle);
    area.fixed_pos(place.min).constrain(false).show(ui.ctx(), |ui| {
        let frame = Frame::NONE
            .fill(draw.theme.panel)
            .inner_margin(Margin::ZERO)
            .shadow(super::super::style::shadow(draw.theme));
        frame.show(ui, |ui| {
            ui.set_min_size(place.size());
            ui.set_max_size(place.size());
            show(ui, draw, view);
        });
    });
}
