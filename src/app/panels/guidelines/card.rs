//! What the schema says of a label: under the pointer, and over the guidelines.

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, Label as Words, RichText, Sense, Ui, vec2};

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
    for (title, examples, colour) in [("Mark", &label.yes, theme.good), ("Do not mark", &label.no, theme.error)] {
        if examples.is_empty() {
            continue;
        }
        ui.add_space(10.0);
        ui.add(Words::new(RichText::new(title).font(fonts::medium(12.0)).color(colour)));
        for example in examples {
            ui.add_space(2.0);
            let job = bracketed(example, parts::colour_of(label, theme).gamma_multiply(theme.fill), theme);
            ui.add(Words::new(job).wrap());
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
