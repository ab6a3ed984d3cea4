//! What the window must survive: names, schemas, sizes and drops beyond all measure.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{Modifiers, Rect, Vec2, vec2};
use spanwright::schema::Schema;
use spanwright::session::Command;

use crate::session::{project, session_in};
use crate::stage::{A, Stage};
use crate::storing::folder;

const TEXT: &str = "Maria Lind met Tomas Berg in Oslo.\n“We are ready,” Lind said.\nRead more";

/// A label with a name of 200 characters and 40 attributes, and 59 others.
fn vast() -> Schema {
    let name = "A very long name ".repeat(12)[..200].to_owned();
    let attributes: Vec<String> =
        (1..=40).map(|at| format!("(name: \"attribute {at}\", kind: OneOf([\"one\", \"two\", \"three\"]))")).collect();
    let mut labels =
        vec![format!("(id: \"vast\", name: \"{name}\", key: \"1\", attributes: [{}])", attributes.join(", "))];
    for at in 2..=60_u8 {
        // Digits, then letters, then none.
        let key = match at {
            2..=9 => format!(", key: \"{at}\""),
            10..=35 => format!(", key: \"{}\"", char::from(b'a' + at - 10)),
            _ => String::new(),
        };
        labels.push(format!("(id: \"label-{at}\", name: \"Label {at}\"{key})"));
    }
    let source = format!("Schema(name: \"vast\", labels: [{}])", labels.join(", "));
    let parsed = Schema::parse(&source, "vast.ron");
    parsed.schema.unwrap_or_else(|| panic!("{:#?}", parsed.problems))
}

fn stage(size: Vec2, scale: f32) -> Stage {
    let mut session = session_in(&project(&[("d", TEXT)]), "ana", Arc::new(vast()));
    session.run(Command::Open("d".into()));
    let mut stage = Stage::with(session);
    stage.screen.resize(size, scale);
    stage.rest();
    stage
}

/// Everything that has a place is inside the window from left to right.
#[track_caller]
fn fits(stage: &mut Stage, width: f32, what: &str) {
    use accesskit::Role as R;
    for (role, name, rect) in stage.named() {
        let Some(rect) = rect.filter(|_| matches!(role, R::Button | R::TextInput | R::MenuItem | R::ListBoxOption))
        else {
            continue;
        };
        assert!(rect.left() >= -0.5 && rect.right() <= width + 0.5, "{what}: “{name}” is at {rect:?}");
    }
}

fn place(stage: &mut Stage, name: &str) -> Option<Rect> {
    let called = |known: &str| known.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(','));
    stage.named().into_iter().find(|(_, known, rect)| called(known) && rect.is_some())?.2
}

/// Pictures to look at, where a folder for them is named.
fn keep(stage: &mut Stage, name: &str) {
    let Some(folder) = std::env::var_os("SPANWRIGHT_PICTURES").map(PathBuf::from) else { return };
    let Stage { screen, window, .. } = stage;
    let ground = window.shared.theme(&screen.ctx).page;
    let image = screen.picture(Vec::new(), ground, |ui| window.frame(ui));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("sturdy-{name}.png")), spanwright::app::raster::png(&image).unwrap()).unwrap();
}

#[test]
fn sixty_labels_one_of_them_with_a_name_of_two_hundred_characters() {
    for (width, scale) in [(1280.0, 1.0), (480.0, 1.0), (640.0, 2.0)] {
        let mut stage = stage(vec2(width, 700.0), scale);
        stage.click("Maria", 2).keys("1");
        assert!(stage.see().starts_with("⟨vast Maria⟩"), "{}", stage.see());
        for keys in
            ["", "Tab Enter", "Esc Esc Ctrl+.", "Esc Ctrl+K v e r y", "Esc Esc ?", "Esc F10 Left Left", "Esc Esc"]
        {
            stage.keys(keys);
            fits(&mut stage, width, keys);
            keep(&mut stage, &format!("{width}-{}", keys.replace(' ', "-")));
        }
        // A letter beyond the digits, and a label without any key by its name.
        stage.keys("Esc Esc").click("Tomas", 2).keys("k");
        assert!(stage.see().contains("⟨label-20 Tomas⟩"), "{}", stage.see());
        stage.click("Oslo", 2).keys("Ctrl+K").types("mark label 60").keys("Enter");
        assert!(stage.see().contains("⟨label-60 Oslo⟩"), "{}", stage.see());
    }
}

#[test]
fn the_picker_and_the_labels_scroll() {
    let mut stage = stage(vec2(1280.0, 500.0), 1.0);
    let at = stage.place("Oslo").center();
    stage.click_at(at, egui::PointerButton::Secondary);
    let inside = |stage: &mut Stage, name: &str| place(stage, name).is_some_and(|rect| rect.bottom() <= 500.5);
    assert!(inside(&mut stage, "Mark Label 2"));
    let over = place(&mut stage, "Mark Label 5").unwrap().center();
    let wheel = |stage: &mut Stage, over| {
        stage.send(vec![egui::Event::PointerMoved(over)]);
        for _ in 0..60 {
            stage.send(vec![egui::Event::MouseWheel {
                unit: egui::MouseWheelUnit::Point,
                delta: vec2(0.0, -200.0),
                phase: egui::TouchPhase::Move,
                modifiers: Modifiers::NONE,
                source: egui::MouseWheelSource::Wheel,
            }]);
        }
        stage.rest();
    };
    keep(&mut stage, "picker");
    wheel(&mut stage, over);
    assert!(inside(&mut stage, "Mark Label 60"), "{:?}", place(&mut stage, "Mark Label 60"));
    stage.press("Mark Label 60");
    assert!(stage.see().contains("⟨label-60 Oslo⟩"), "{}", stage.see());
    stage.keys("Esc");
    let over = place(&mut stage, "Label 5").unwrap().center();
    wheel(&mut stage, over);
    assert!(inside(&mut stage, "Label 60"), "{:?}", place(&mut stage, "Label 60"));
}

#[test]
fn forty_attributes_are_set_by_keys_and_each_comes_into_view() {
    let mut stage = stage(vec2(1280.0, 500.0), 1.0);
    stage.click("Maria", 2).keys("1 Enter");
    for at in 1..=40 {
        let found = place(&mut stage, &format!("attribute {at} one"));
        assert!(
            found.is_some_and(|rect| rect.top() >= 0.0 && rect.bottom() <= 500.5),
            "attribute {at} is at {found:?}"
        );
        if at == 20 {
            keep(&mut stage, "attribute-20");
        }
        stage.keys("2");
    }
    let span = stage.session().open.as_ref().unwrap().shown().unwrap().spans.iter().next().unwrap().clone();
    assert_eq!(span.attributes.len(), 40);
    assert!(span.attributes.iter().all(|(_, value)| *value == "two"));
}

#[test]
fn windows_from_480_to_7680_points_and_zoom_from_half_to_three() {
    for (width, height) in [(480.0, 400.0), (480.0, 1200.0), (7680.0, 4320.0), (7680.0, 480.0)] {
        for zoom in [0.5, 1.0, 2.0, 3.0] {
            let mut stage = Stage::new(TEXT);
            stage.screen.resize(vec2(width, height) / zoom, zoom);
            stage.rest();
            for keys in
                ["", "Ctrl+K", "Esc Ctrl+F", "Esc Esc Ctrl+,", "Esc ?", "Esc F10", "Esc F6", "Shift+F6 Shift+F6", "F6"]
            {
                stage.keys(keys);
            }
            stage.keys("Esc Esc Esc Ctrl+Home 1");
            assert!(stage.see().starts_with("⟨entity Maria⟩"), "{width} × {height} at {zoom}: {}", stage.see());
        }
    }
}

#[test]
fn the_keys_page_in_a_narrow_window() {
    let mut stage = stage(vec2(480.0, 700.0), 1.0);
    stage.keys("Ctrl+,").press("Keys").press("Open…: Ctrl+O").keys("Ctrl+S");
    fits(&mut stage, 480.0, "the keys page");
    assert!(says(&mut stage, "belongs to “Save now”"));
    keep(&mut stage, "keys-page");
    stage.press("Take it over");
    assert_eq!(stage.window.shared.settings.keys["open"], ["Ctrl+S"]);
}

#[test]
fn zooming_has_ends() {
    let mut stage = Stage::new(TEXT);
    for _ in 0..60 {
        stage.keys("Ctrl++");
    }
    assert_eq!(stage.screen.ctx.zoom_factor(), 3.0);
    for _ in 0..60 {
        stage.keys("Ctrl+-");
    }
    assert_eq!(stage.screen.ctx.zoom_factor(), 0.5);
    stage.keys("Ctrl+0");
    assert_eq!(stage.screen.ctx.zoom_factor(), 1.0);
}

// ── drops

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        fs::read(&self.0).map_err(|error| error.to_string())
    }
}

fn says(stage: &mut Stage, words: &str) -> bool {
    stage.named().iter().any(|(_, name, _)| name.contains(words))
}

fn until(stage: &mut Stage, words: &str) {
    for _ in 0..200_000 {
        if says(stage, words) {
            return;
        }
        std::thread::yield_now();
    }
    panic!("“{words}” is never said: {:#?}", stage.named());
}

#[test]
fn ten_thousand_files_are_dropped() {
    let home = folder();
    let paths: Vec<PathBuf> = (0..10_000)
        .map(|at| home.path().join(if at % 4000 == 7 { format!("{at}.png") } else { format!("{at}.txt") }))
        .collect();
    for path in &paths {
        fs::write(path, "One article.\n").unwrap();
    }
    let mut stage = Stage::new(TEXT);
    stage.screen.hovered = vec![egui::HoveredFile::default(); 10_000];
    stage.rest();
    stage.screen.hovered.clear();
    stage.screen.dropped =
        paths.iter().map(|path| Arc::new(Dropped(path.clone())) as egui::DroppedFileHandle).collect();
    stage.rest();
    assert!(says(&mut stage, "and 9,995 more"), "a few stand for all");
    until(&mut stage, "9,997 text files, 3 not text");
    assert!(stage.named().len() < 400, "not a row for each of them");
    stage.rest();
    keep(&mut stage, "drop");
    // All of them can be left out again, or the whole thing left.
    stage.press("Leave all out");
    assert!(!says(&mut stage, "and 9,995 more"));
    stage.keys("Esc");
    assert!(stage.window.dialog.is_none());
    assert_eq!(stage.session().counts.documents, 1, "nothing was imported");
}

#[test]
fn a_drag_that_never_ends_and_a_pointer_that_goes() {
    let mut stage = Stage::new(TEXT);
    let at = stage.place("Tomas").center();
    stage.button(at, A, true);
    stage.send(vec![egui::Event::PointerGone]);
    stage.send(vec![egui::Event::WindowFocused(false)]);
    stage.rest();
    stage.keys("Esc Ctrl+Home 1");
    assert!(stage.see().contains("⟨entity Maria⟩"), "{}", stage.see());
}
