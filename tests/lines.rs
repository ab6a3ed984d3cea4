//! Short texts in panels and lists: [`Line`], in every script.

use egui::{Color32, pos2, vec2};
use spanwright::app::headless::Headless;
use spanwright::app::reading::{Line, Reading};

const INK: Color32 = Color32::BLACK;
const STRONG: Color32 = Color32::from_rgb(200, 0, 0);
const GROUND: Color32 = Color32::from_rgb(0, 0, 200);

/// The line drawn on white at (10, 20), and how wide it is.
fn drawn(line: &Line<'_>) -> (egui::ColorImage, f32) {
    let (mut screen, mut reading) = (Headless::new(vec2(400.0, 60.0), 1.0, false), Reading::new(false));
    let mut width = 0.0;
    screen.frame(vec![], |_| ());
    let picture = screen.picture(vec![], Color32::WHITE, |ui| {
        width = line.show(ui, &mut reading, pos2(10.0, 30.0)).width();
    });
    (picture, width)
}

fn columns(picture: &egui::ColorImage, is: impl Fn(Color32) -> bool) -> Option<(usize, usize)> {
    let (width, _) = (picture.width(), picture.height());
    let mut found = (0..width).filter(|x| (0..picture.height()).any(|y| is(picture.pixels[y * width + x])));
    let first = found.next()?;
    Some((first, found.last().unwrap_or(first)))
}

const TEXTS: [&str; 7] = [
    "Maria Lind of Nordbank said so.",
    "قال الوزير في موسكو إن الهدنة دخلت حيز التنفيذ.",
    "השר אמר במוסקבה כי הפסקת האש תחל.",
    "Kern told قال الوزير في موسكو that.",
    "मंत्री ने कहा कि क्षेत्रीय युद्धविराम",
    "รัฐมนตรีกล่าวที่กรุงเทพฯ",
    "line one\nline two",
];

#[test]
fn a_line_begins_where_it_is_put_and_is_as_wide_as_it_says() {
    for text in TEXTS {
        let (picture, width) = drawn(&Line::new(text, 14.0, INK, 390.0));
        let (left, right) = columns(&picture, |pixel| pixel != Color32::WHITE).unwrap();
        assert!((8..=13).contains(&left), "{text:?} begins at {left}");
        assert!((right as f32 - 10.0 - width).abs() <= 3.0, "{text:?} ends at {right}, and says it is {width} wide");
    }
}

#[test]
fn a_line_that_does_not_fit_is_cut_at_its_end() {
    for text in TEXTS {
        let (picture, width) = drawn(&Line::new(text, 14.0, INK, 60.0));
        let (left, right) = columns(&picture, |pixel| pixel != Color32::WHITE).unwrap();
        assert!(width <= 60.0 && right <= 72 && left >= 8, "{text:?} is {width} wide: {left} to {right}");
        assert!(width >= 28.0, "{text:?} is only {width} wide");
    }
}

#[test]
fn what_stands_out_is_seen_wherever_it_is() {
    let far = "a word and another ".repeat(400);
    let leftwards = "كلمة وكلمة أخرى ".repeat(200);
    for (text, words) in [
        ("Maria Lind of Nordbank said so.", "Nordbank"),
        ("قال الوزير في موسكو إن الهدنة دخلت حيز التنفيذ.", "موسكو"),
        (&format!("{far}Nordbank {far}"), "Nordbank"),
        (&format!("{leftwards}موسكو {leftwards}"), "موسكو"),
        (&format!("{far}Nordbank"), "Nordbank"),
        (&format!("{}Nordbank{}", "x".repeat(5000), "y".repeat(5000)), "Nordbank"),
    ] {
        let at = text.find(words).unwrap();
        let range = at..at + words.len();
        let line = Line {
            emphasis: std::slice::from_ref(&range),
            strong: Some((STRONG, GROUND)),
            ..Line::new(text, 14.0, INK, 240.0)
        };
        let (picture, width) = drawn(&line);
        let (left, right) = columns(&picture, |pixel| pixel == GROUND).unwrap_or_else(|| panic!("{words} is not seen"));
        assert!(left >= 8 && right <= 252, "{words} stands at {left} to {right}");
        assert!((25..=90).contains(&(right - left)), "{words} is {} wide", right - left);
        assert!(width <= 240.0 && (text.len() < 100 || width > 200.0), "{words}: {width}");
    }
}

#[test]
fn a_line_reads_as_its_text_does() {
    // The first word of an Arabic line is at its right.
    let text = "قال الوزير في موسكو";
    let first = 0.."قال".len();
    let line = Line {
        emphasis: std::slice::from_ref(&first),
        strong: Some((STRONG, GROUND)),
        ..Line::new(text, 14.0, INK, 390.0)
    };
    let (picture, width) = drawn(&line);
    let (left, right) = columns(&picture, |pixel| pixel == GROUND).unwrap();
    assert!(left as f32 > 10.0 + width / 2.0 && right as f32 > width, "{left} to {right} of {width}");
}

#[test]
fn an_excerpt_has_as_many_rows_as_it_may() {
    let text = "Maria Lind of Nordbank said that the harbour will be rebuilt, and soon, and well, and for good.";
    let height = |rows: u8| {
        let (mut screen, mut reading) = (Headless::new(vec2(400.0, 60.0), 1.0, false), Reading::new(false));
        let mut size = egui::Vec2::ZERO;
        let line = Line { rows, serif: true, ..Line::new(text, 14.0, INK, 150.0) };
        screen.frame(vec![], |ui| size = line.size(ui, &mut reading));
        assert!(size.x <= 150.0);
        size.y
    };
    assert_eq!([height(1), height(2), height(3)], [20.0, 40.0, 60.0]);
    assert_eq!(height(20), 100.0, "no more than it needs");
}
