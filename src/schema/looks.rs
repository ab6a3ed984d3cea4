//! The part of the linter that looks: whether labels can be told apart, and seen on the page, by every reader.

use super::check::{Check, pair};
use super::colour::{Sight, contrast, distance, hex, with_contrast};
use super::source::Step;
use super::{Colour, Label, PAGE, SLOTS};

/// Colours nearer than this in `OKLab` × 100 are mistaken for each other as thin lines.
const APART: f64 = 8.0;

/// The least contrast of a line to the page (WCAG 2.2, 1.4.11).
const VISIBLE: f64 = 3.0;

const THEMES: [&str; 2] = ["light", "dark"];

pub(super) fn looks(check: &mut Check) {
    let schema = check.schema;
    let live: Vec<(usize, &Label)> = schema.labels.iter().enumerate().filter(|(_, label)| !label.retired).collect();
    if let Some((at, _)) = live.get(SLOTS.len()) {
        let path = [Step::Field("labels"), Step::Index(*at)];
        let sentence =
            format!("with {} labels the colours repeat; a short tag beside each span tells them apart", live.len());
        check.note(&path, sentence, "Where attributes can say the same, eight labels are easier to work with");
    }
    for (position, (at, label)) in live.iter().enumerate() {
        let path = [Step::Field("labels"), Step::Index(*at), Step::Field("colour")];
        visible(check, &path, label);
        for (_, other) in &live[..position] {
            let both_slots = matches!((label.colour, other.colour), (Colour::Slot(_), Colour::Slot(_)));
            if !(both_slots && live.len() > SLOTS.len()) {
                apart(check, &path, other, label);
            }
        }
    }
}

fn visible(check: &mut Check, path: &[Step], label: &Label) {
    if matches!(label.colour, Colour::Slot(_)) {
        return;
    }
    for ((theme, colour), page) in THEMES.iter().zip(label.colour.rgb()).zip(PAGE) {
        let ratio = contrast(colour, page);
        if ratio < VISIBLE {
            let colour_written = hex(colour);
            let sentence = format!(
                "{colour_written} of “{}” is hard to see on the {theme} page: contrast {ratio:.1}:1, and lines need {VISIBLE}:1",
                label.id
            );
            check.warning(path, sentence, format!("{} would do", hex(with_contrast(colour, page, VISIBLE))));
        }
    }
}

fn apart(check: &mut Check, path: &[Step], a: &Label, b: &Label) {
    let live = || check.schema.labels.iter().filter(|label| !label.retired);
    let mut slots = (1..=SLOTS.len() as u8).map(Colour::Slot);
    let free = slots.find(|slot| !live().any(|label| label.colour == *slot));
    let fix = match free {
        Some(Colour::Slot(slot)) => format!("Write colour: Slot({slot})"),
        _ => "Give one of them another colour".into(),
    };
    if a.colour == b.colour {
        check.warning(path, format!("{} have the same colour", pair(&a.id, &b.id)), fix);
        return;
    }
    let colours = a.colour.rgb().into_iter().zip(b.colour.rgb()).zip(THEMES);
    let seen = colours.flat_map(|((a, b), theme)| Sight::ALL.map(|sight| (distance(a, b, sight), sight, theme)));
    let nearest = seen.min_by(|(a, ..), (b, ..)| a.total_cmp(b));
    if let Some((distance, sight, theme)) = nearest.filter(|(distance, ..)| *distance < APART) {
        let reader = match sight {
            Sight::Usual => "",
            Sight::Protan => " for readers who do not see red",
            Sight::Deutan => " for readers who do not see green",
        };
        let sentence = format!(
            "the colours of {} are hard to tell apart in the {theme} theme{reader}: OKLab distance {distance:.1}, and {APART} is safe",
            pair(&a.id, &b.id)
        );
        check.warning(path, sentence, fix);
    }
}
