//! What the schema says of a label: under the pointer, and over the guidelines.

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, Label as Words, RichText, Sense, Stroke, Ui, vec2};

use super::super::super::theme::Theme;
use super::super::super::{fonts, parts};
use crate::schema::Label;

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
    let words = RichText::new(definition).font(fonts::regular(13.0)).line_height(Some(18.0)).color(theme.text);
    ui.add(Words::new(words).wrap());
    let fill = parts::colour_of(label, theme).gamma_multiply(theme.fill);
    let (right, wrong) = (Shown::Span(fill), Shown::Struck(theme.error));
    for (title, examples, colour, shown) in
        [("Mark", &label.yes, theme.good, right), ("Do not mark", &label.no, theme.error, wrong)]
    {
        if examples.is_empty() {
            continue;
        }
        ui.add_space(10.0);
        ui.add(Words::new(RichText::new(title).font(fonts::medium(12.0)).color(colour)));
        for example in examples {
            ui.add_space(4.0);
            ui.add(Words::new(bracketed(example, shown, theme)).wrap());
        }
    }
}

/// How what stands in brackets looks.
#[derive(Clone, Copy)]
enum Shown {
    /// As a span, with this ground.
    Span(Color32),
    /// Crossed out: it is no span.
    Struck(Color32),
}

/// An example with what stands in square brackets as a span would look, or crossed out.
fn bracketed(example: &str, shown: Shown, theme: &Theme) -> LayoutJob {
    let mut job = LayoutJob::default();
    let mut depth = 0_usize;
    for part in example.split_inclusive(['[', ']']) {
        let (words, sign) = match part.strip_suffix(['[', ']']) {
            Some(words) => (words, &part[words.len()..]),
            None => (part, ""),
        };
        let format = |inside: bool| {
            let plain = TextFormat { expand_bg: 0.0, ..TextFormat::simple(fonts::serif(14.5), theme.text) };
            match shown {
                Shown::Span(background) if inside => TextFormat { background, ..plain },
                Shown::Struck(colour) if inside => TextFormat { strikethrough: Stroke::new(1.0, colour), ..plain },
                _ => plain,
            }
        };
        job.append(words, 0.0, format(depth > 0));
        depth = if sign == "[" { depth + 1 } else { depth.saturating_sub(usize::from(sign == "]")) };
        let inside = depth > 0 || sign == "]";
        let format = TextFormat { color: theme.secondary, ..format(inside) };
        job.append(sign, 0.0, format);
    }
    job
}
