//! Reading settings: line numbers, folded boilerplate, invisible characters, sizes and widths; by menu, palette and dialog.

use std::path::PathBuf;

use egui::{Pos2, pos2};
use spanwright::app::raster;
use spanwright::session::settings::{ColumnWidth, LineSpacing, Settings, SettingsFile};
use spanwright::session::{Action, Command};

use crate::stage::{A, Stage};

const ARTICLE: &str = "Harbour to be rebuilt\nSubscribe to our newsletter\nShare this\n\nMaria Lind of Nordbank said so.\nالوزير قال\n\
                       All rights reserved";

/// Marks a stretch from `from` to `to` as boilerplate.
fn boilerplate(stage: &mut Stage, from: &str, to: &str) {
    stage.drag(from, to, egui::Modifiers::NONE).keys("4");
}

fn folded() -> Stage {
    let mut stage = Stage::new(ARTICLE);
    boilerplate(&mut stage, "Subscribe", "this");
    boilerplate(&mut stage, "rights", "reserved");
    stage.keys("Esc Esc");
    stage.act(&Action::FoldBoilerplate);
    stage
}

/// Keeps a picture to look at, where that is wished.
fn keep(stage: &mut Stage, name: &str) {
    let Some(folder) = std::env::var_os("SPANWRIGHT_PICTURES").map(PathBuf::from) else { return };
    let Stage { screen, window, .. } = stage;
    let ground = window.shared.theme(&screen.ctx).page;
    let image = screen.picture(Vec::new(), ground, |ui| window.frame(ui));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{name}.png")), raster::png(&image).unwrap()).unwrap();
}

fn caret(stage: &Stage) -> usize {
    stage.session().open.as_ref().unwrap().caret
}

fn at(words: &str) -> usize {
    ARTICLE.find(words).unwrap()
}

/// Told to a screen reader as part of the page.
fn is_told(stage: &mut Stage, words: &str) -> bool {
    stage.named().iter().any(|(role, told, _)| *role == accesskit::Role::TextRun && told.contains(words))
}

#[test]
fn boilerplate_shows_as_one_quiet_line() {
    let mut stage = folded();
    keep(&mut stage, "folded");
    assert!(is_told(&mut stage, "2 lines of boilerplate") && is_told(&mut stage, "1 line of boilerplate"));
    assert!(!is_told(&mut stage, "Subscribe to our"), "what is folded is not read out");
    let (above, below) = (stage.place("Harbour"), stage.place("Maria"));
    assert!(below.top() - above.top() < 100.0, "{above:?} {below:?}");
    // A click opens it; offsets are what they were.
    stage.click_at(pos2(below.left() + 40.0, f32::midpoint(above.bottom(), below.top()) - 6.0), A);
    assert!(is_told(&mut stage, "Subscribe to our"));
    assert!(is_told(&mut stage, "1 line of boilerplate"), "the other stays");
    assert_eq!(
        stage.see(),
        ARTICLE
            .replace("Subscribe to our newsletter\nShare this", "⟨boilerplate Subscribe to our newsletter\nShare this⟩")
            .replace("All rights reserved", "⟨boilerplate All rights reserved⟩")
    );
}

#[test]
fn the_caret_passes_over_a_fold_and_opens_it_when_it_goes_in() {
    let mut stage = folded();
    stage.keys("Ctrl+Home Down");
    assert_eq!(caret(&stage), at("\n\nMaria") + 1, "the line after the fold");
    stage.keys("Up");
    assert_eq!(caret(&stage), 0);
    assert!(!is_told(&mut stage, "Subscribe to our"));
    stage.keys("End Right");
    assert_eq!(caret(&stage), at("Subscribe"), "before its first letter it is still folded");
    assert!(!is_told(&mut stage, "Subscribe to our"));
    stage.keys("Right");
    assert!(is_told(&mut stage, "Subscribe to our"));
}

#[test]
fn find_opens_what_it_finds() {
    let mut stage = folded();
    stage.keys("Ctrl+F").types("rights").keys("Enter");
    assert_eq!(stage.selected(), "rights");
    assert!(is_told(&mut stage, "All rights reserved"));
    assert!(is_told(&mut stage, "2 lines of boilerplate"));
}

#[test]
fn a_selection_over_a_fold_holds_what_is_in_it() {
    let mut stage = folded();
    stage.drag("Harbour", "Maria", egui::Modifiers::ALT);
    assert_eq!(stage.selected(), &ARTICLE[..at("Maria") + 5]);
    assert!(!is_told(&mut stage, "Subscribe to our"), "it stays folded");
}

#[test]
fn a_folded_span_can_be_selected_and_removed() {
    let mut stage = folded();
    stage.keys("Ctrl+Home Tab");
    assert!(stage.session().selected_span().is_some());
    keep(&mut stage, "folded-selected");
    assert!(!is_told(&mut stage, "Subscribe to our"));
    stage.keys("Backspace");
    assert!(is_told(&mut stage, "Subscribe to our"), "nothing is left to fold");
    stage.keys("Ctrl+Z");
    assert!(!stage.see().is_empty() && stage.see().contains("⟨boilerplate Subscribe"));
}

#[test]
fn what_is_marked_while_folding_is_on_stays_open() {
    let mut stage = Stage::new(ARTICLE);
    stage.act(&Action::FoldBoilerplate);
    boilerplate(&mut stage, "Subscribe", "this");
    assert!(is_told(&mut stage, "Subscribe to our"));
    stage.act(&Action::FoldBoilerplate);
    stage.act(&Action::FoldBoilerplate);
    assert!(!is_told(&mut stage, "Subscribe to our"), "folding anew folds everything");
}

#[test]
fn lines_that_hold_other_spans_are_not_folded() {
    let mut stage = Stage::new(ARTICLE);
    boilerplate(&mut stage, "Subscribe", "this");
    let range = stage.session().open.as_ref().unwrap().text().range(at("Share"), at("Share") + 5).unwrap();
    stage.command(Command::MarkRange { label: "entity".into(), range, exact: true });
    stage.keys("Esc");
    stage.act(&Action::FoldBoilerplate);
    let both = stage.see().contains("⟨entity Share⟩");
    assert_eq!(is_told(&mut stage, "Subscribe to our"), both, "{}", stage.see());
}

#[test]
fn every_offset_of_a_folded_text_can_hold_the_caret() {
    let mut stage = folded();
    for offset in (0..=ARTICLE.len()).filter(|at| ARTICLE.is_char_boundary(*at)) {
        stage.command(Command::Caret { to: offset, extend: false });
        stage.send(Vec::new());
    }
    assert!(is_told(&mut stage, "Subscribe to our") && is_told(&mut stage, "All rights reserved"));
}

/// Pixels that differ between two pictures, in a part of the screen.
fn changed(before: &egui::ColorImage, after: &egui::ColorImage, x: std::ops::Range<usize>) -> usize {
    let width = before.width();
    (0..before.pixels.len()).filter(|i| x.contains(&(i % width)) && before.pixels[*i] != after.pixels[*i]).count()
}

fn picture(stage: &mut Stage) -> egui::ColorImage {
    let Stage { screen, window, .. } = stage;
    screen.picture(Vec::new(), egui::Color32::WHITE, |ui| window.frame(ui))
}

#[test]
fn numbers_stand_beside_the_lines_of_the_text() {
    let mut stage = Stage::new(ARTICLE);
    let (before, text) = (picture(&mut stage), stage.place("Harbour"));
    stage.act(&Action::LineNumbers);
    assert_eq!(stage.place("Harbour"), text, "the text stays where it is");
    let after = picture(&mut stage);
    keep(&mut stage, "numbers");
    let column = text.left() as usize;
    assert!(changed(&before, &after, column - 40..column - 8) > 60, "there is something in the margin");
    assert_eq!(changed(&before, &after, column..column + 500), 0, "nothing over the text");
    let right = column + 610;
    assert!(changed(&before, &after, right + 8..right + 40) > 5, "at the right of a line that reads leftwards");
    // The margin still marks.
    let margin = pos2(text.left() - 20.0, text.center().y);
    stage.click_at(margin, A);
    assert_eq!(stage.selected(), "Harbour to be rebuilt");
}

#[test]
fn numbers_have_room_in_a_narrow_window() {
    let text = "word and another word\n".repeat(12_000);
    let mut stage = Stage::new(&text);
    stage.act(&Action::LineNumbers);
    stage.keys("Ctrl+End");
    stage.screen.resize(egui::vec2(480.0, 700.0), 1.0);
    stage.rest();
    keep(&mut stage, "numbers-narrow");
    let row = stage.window.place_of(text.len() - 22..text.len() - 1).unwrap();
    assert!(row.left() > 5.0 * 7.0 + 14.0 && row.right() <= 480.0, "{row:?}");
}

#[test]
fn invisible_characters_change_nothing_but_what_is_seen() {
    let text = "two  spaces, a\u{a0}hard one,\ta tab\na\u{200b}b \u{feff}c \u{202e}turned\u{202c} می\u{200c}خواهم\nescape\u{1b} so\u{ad}ft 👩\u{200d}👧";
    let mut stage = Stage::new(text);
    let places = |stage: &Stage| -> Vec<Option<egui::Rect>> {
        text.char_indices().map(|(at, c)| stage.window.place_of(at..at + c.len_utf8())).collect()
    };
    let (before, plain) = (places(&stage), picture(&mut stage));
    stage.act(&Action::ShowInvisible);
    let shown = picture(&mut stage);
    keep(&mut stage, "invisible");
    assert_eq!(places(&stage), before, "no letter moved");
    assert!(changed(&plain, &shown, 0..1280) > 300);
}

#[test]
fn sizes_and_widths_go_step_by_step_and_are_kept() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = SettingsFile::at(folder.path());
    let mut settings = Settings::default();
    for action in [Action::LargerText, Action::ColumnWider, Action::LinesApart, Action::SansSerif, Action::LineNumbers]
    {
        file.change(&mut settings, |settings| settings.read(&action)).unwrap();
    }
    let (kept, problems) = file.read();
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(kept, settings);
    assert_eq!((kept.text_size, kept.serif, kept.line_numbers), (18.0, false, true));
    assert_eq!((kept.column_width, kept.line_spacing), (ColumnWidth::Wide, LineSpacing::Loose));
    for _ in 0..20 {
        settings.read(&Action::ColumnWider);
        settings.read(&Action::LinesTogether);
        settings.read(&Action::SmallerText);
    }
    assert_eq!((settings.column_width, settings.line_spacing), (ColumnWidth::Widest, LineSpacing::Compact));
    assert_eq!(settings.text_size, 15.0);
    assert_eq!(settings.reset().column_width, ColumnWidth::Normal);
}

#[test]
fn the_column_is_as_wide_as_it_may_be() {
    let text = "word and another ".repeat(60);
    let mut stage = Stage::new(&text);
    let width = |stage: &Stage| {
        let first = stage.window.place_of(0..4).unwrap();
        let row = (0..text.len()).step_by(5).filter_map(|at| stage.window.place_of(at..at + 1));
        row.map(|rect| rect.right()).fold(0.0, f32::max) - first.left()
    };
    stage.act(&Action::ColumnNarrower);
    let narrow = width(&stage);
    stage.act(&Action::ColumnWider).act(&Action::ColumnWider);
    let wide = width(&stage);
    assert!(narrow <= 480.0 && wide > 600.0 && wide <= 750.0, "{narrow} {wide}");
    stage.screen.resize(egui::vec2(480.0, 700.0), 1.0);
    stage.rest();
    assert!(width(&stage) <= 424.0, "no wider than the window");
}

#[test]
fn compact_lines_keep_their_lanes_apart() {
    for action in [Action::LinesTogether, Action::LinesApart] {
        let mut stage = Stage::new(&"Maria Lind of Nordbank said so. ".repeat(12));
        stage.act(&action);
        stage.drag("Maria", "Nordbank", egui::Modifiers::NONE).keys("1 Esc");
        stage.drag("Maria", "Lind", egui::Modifiers::NONE).keys("3 Esc");
        keep(&mut stage, "spacing");
        let rows: Vec<Pos2> = [0, 200].iter().filter_map(|at| Some(stage.window.place_of(*at..at + 1)?.min)).collect();
        assert!(rows[1].y - rows[0].y >= 26.0);
    }
}

#[test]
fn the_view_menu_and_the_palette_have_them() {
    let mut stage = Stage::new(ARTICLE);
    stage.press("View");
    let named = stage.named();
    for name in ["Line numbers", "Fold boilerplate", "Show invisible characters", "Sans serif", "Larger text"] {
        assert!(named.iter().any(|(_, words, _)| words.starts_with(name)), "{name} is not in the menu");
    }
    keep(&mut stage, "view-menu");
    stage.press("Line numbers");
    assert!(stage.window.shared.settings.line_numbers);
    stage.keys("Ctrl+K").types("sans").keys("Enter");
    assert!(!stage.window.shared.settings.serif);
}

#[test]
fn the_settings_have_a_row_for_each() {
    let mut stage = Stage::new(ARTICLE);
    stage.keys("Ctrl+,").press("Reading");
    keep(&mut stage, "settings-reading");
    for (name, holds) in [
        ("Loose", (|settings| settings.line_spacing == LineSpacing::Loose) as fn(&Settings) -> bool),
        ("Narrow", |settings| settings.column_width == ColumnWidth::Narrow),
        ("Line numbers", |settings| settings.line_numbers),
        ("Fold boilerplate", |settings| settings.fold_boilerplate),
        ("Show invisible characters", |settings| settings.show_invisible),
        ("Sans", |settings| !settings.serif),
        ("+", |settings| settings.text_size > 17.5),
    ] {
        stage.press(name);
        assert!(holds(&stage.window.shared.settings), "{name}: {:?}", stage.window.shared.settings);
    }
    keep(&mut stage, "settings-reading-after");
}
