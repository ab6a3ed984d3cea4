//! Markdown laid out for one width: blocks become pieces with a place, of which those that are visible are drawn.

use std::ops::Range;
use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, CornerRadius, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::super::super::markdown::{self, Block, Run};
use super::super::super::request::{Ask, Request};
use super::super::super::theme::Theme;
use super::super::super::work::Draw;
use super::super::super::{fonts, parts};
use crate::session::{Notice, NoticeKind};

/// The text, laid out for one width and theme.
pub(super) struct Laid {
    pub(super) source: Arc<str>,
    pub(super) width: f32,
    pub(super) dark: bool,
    pub(super) pieces: Vec<Piece>,
    pub(super) height: f32,
}

/// One block, or one row of a table.
pub(super) struct Piece {
    pub(super) top: f32,
    pub(super) height: f32,
    pub(super) look: Look,
    pub(super) cells: Vec<Cell>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Heading(u8),
    Plain,
    Quote,
    Code,
    Row,
    Rule,
}

pub(super) struct Cell {
    pub(super) left: f32,
    pub(super) job: LayoutJob,
    /// Stretches in characters, and where they lead.
    pub(super) links: Vec<(Range<usize>, String)>,
}

pub(super) fn lay_out(ui: &Ui, source: Arc<str>, width: f32, theme: &Theme) -> Laid {
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
    pub(super) fn draw(&self, ui: &mut Ui, draw: &mut Draw<'_>, origin: egui::Pos2, width: f32, found: Option<bool>) {
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
