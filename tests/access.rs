//! What a screen reader, a large zoom and somebody who sees colours otherwise get: every control named and large enough on every screen,
//! the focus going around sensibly, contrasts and distances recomputed from the theme files.

use accesskit::Role as R;
use egui::{Color32, Modifiers, vec2};
use spanwright::app::theme::{Theme, contrast};
use spanwright::schema::{SLOTS, Sight, distance};

use crate::stage::Stage;

const TEXT: &str = "Maria Lind met Tomas Berg in Oslo.\n“We are ready,” Lind said.\nRead more";

/// Roles of what can be pressed, chosen or written in.
const CONTROLS: [R; 17] = [
    R::Button,
    R::Link,
    R::TextInput,
    R::MultilineTextInput,
    R::CheckBox,
    R::RadioButton,
    R::MenuItem,
    R::MenuItemRadio,
    R::MenuItemCheckBox,
    R::ListItem,
    R::ListBoxOption,
    R::Tab,
    R::Slider,
    R::SpinButton,
    R::ComboBox,
    R::DefaultButton,
    R::Document,
];

/// From a fresh window, by keys: everything that can be on the screen.
const PLACES: [(&str, &str); 28] = [
    ("page", ""),
    ("attributes", "Tab Enter"),
    ("note", "Tab Ctrl+M"),
    ("find", "Ctrl+F"),
    ("filter", "Ctrl+Shift+L"),
    ("find in project", "F4"),
    ("palette", "Ctrl+K"),
    ("picker of a span", "Tab Enter Esc"),
    ("status menu", "Ctrl+."),
    ("flag", "Ctrl+. 1"),
    ("key sheet", "?"),
    ("help", "F1"),
    ("guideline", "Tab F1"),
    ("guidelines", "Shift+F1"),
    ("mark in project", "Tab Ctrl+Shift+D"),
    ("messages", "Ctrl+K m e s s a g e s Enter"),
    ("open", "Ctrl+O"),
    ("import", "Ctrl+I"),
    ("export", "Ctrl+E"),
    ("settings", "Ctrl+,"),
    ("file menu", "F10"),
    ("edit menu", "F10 Right"),
    ("view menu", "F10 Right Right"),
    ("document menu", "F10 Right Right Right"),
    ("mark menu", "F10 Right Right Right Right"),
    ("help menu", "F10 Left"),
    ("list", "Shift+F6"),
    ("inspector", "F6"),
];

fn furnished() -> Stage {
    let mut stage = Stage::of(&[("a", TEXT), ("b", "Another one"), ("c", "A third")]);
    stage.drag("Maria", "Lind", Modifiers::NONE).keys("1");
    stage.drag("“We", "ready,”", Modifiers::NONE).keys("2 s Enter Esc Ctrl+Home");
    // Toasts go.
    stage.screen.wait(20.0);
    stage.rest();
    stage
}

/// What is wrong with what a screen reader is told here.
pub fn wrongs(named: &[(R, String, Option<egui::Rect>)]) -> Vec<String> {
    let controls: Vec<_> = named.iter().filter(|(role, _, _)| CONTROLS.contains(role)).collect();
    assert!(controls.len() > 3, "{named:#?}");
    let mut wrong = Vec::new();
    for (role, name, rect) in controls {
        if name.trim().is_empty() {
            wrong.push(format!("{role:?} at {rect:?} has no name"));
        }
        let Some(rect) = rect else { continue };
        if *role != R::Document && (rect.height() < 20.0 || rect.width() < 20.0) && rect.height() > 0.5 {
            wrong.push(format!("{role:?} “{name}” is {} × {}", rect.width(), rect.height()));
        }
    }
    wrong
}

#[test]
fn every_control_of_every_screen_has_a_name_and_can_be_hit() {
    for (place, keys) in PLACES {
        let mut stage = furnished();
        stage.keys(keys);
        assert_eq!(wrongs(&stage.named()), Vec::<String>::new(), "{place}");
    }
    for section in ["Reading", "Keys"] {
        let mut stage = furnished();
        stage.keys("Ctrl+,").press(section);
        assert_eq!(wrongs(&stage.named()), Vec::<String>::new(), "settings, {section}");
    }
}

#[test]
fn roles_say_what_things_are() {
    let mut stage = furnished();
    let named = stage.named();
    let role = |name: &str| named.iter().find(|(_, known, _)| known == name).map(|(role, _, _)| *role);
    assert_eq!(role("Filter documents"), Some(R::TextInput));
    assert_eq!(role("Entity, key 1"), Some(R::Button));
    assert_eq!(role("File"), Some(R::Button));
    stage.keys("Ctrl+K");
    assert!(stage.named().iter().any(|(role, name, _)| *role == R::ListBoxOption && name == "Save now"));
    stage.keys("Esc Ctrl+,");
    let named = stage.named();
    assert!(named.iter().any(|(role, name, _)| *role == R::CheckBox && name == "Careful"), "{named:#?}");
    assert!(named.iter().any(|(role, name, _)| *role == R::RadioButton && name == "Dark"));
    assert!(named.iter().any(|(role, name, _)| *role == R::Tab && name == "Keys"));
}

/// Tab goes through a dialog and comes back to where it began, having been on everything that can be pressed.
#[test]
fn tab_goes_around_a_dialog() {
    for (keys, least) in [("Ctrl+,", 6), ("Ctrl+E", 8), ("Ctrl+I", 3)] {
        let mut stage = furnished();
        stage.keys(keys).keys("Tab");
        let focus = |stage: &Stage| stage.screen.ctx.memory(egui::Memory::focused).unwrap();
        let first = focus(&stage);
        let mut seen = vec![first];
        loop {
            stage.keys("Tab");
            let now = focus(&stage);
            if now == first || seen.len() > 60 {
                break;
            }
            assert!(!seen.contains(&now), "{keys}: Tab comes back to the middle");
            seen.push(now);
        }
        assert!(seen.len() >= least && seen.len() <= 60, "{keys}: {} stops", seen.len());
        stage.keys("Shift+Tab");
        assert_eq!(focus(&stage), *seen.last().unwrap(), "{keys}: backwards the same way");
    }
}

#[test]
fn what_gets_the_focus_comes_into_view() {
    for (keys, section) in [("Ctrl+,", Some("Keys")), ("Ctrl+,", Some("Reading")), ("Ctrl+E", None), ("Ctrl+I", None)] {
        let mut stage = furnished();
        let size = vec2(640.0, 400.0);
        stage.screen.resize(size, 1.0);
        stage.rest();
        stage.keys(keys);
        if let Some(section) = section {
            stage.press(section);
        }
        for _ in 0..30 {
            stage.keys("Tab");
            let context = &stage.screen.ctx;
            let id = context.memory(egui::Memory::focused).unwrap();
            let place = context.read_response(id).map(|response| response.interact_rect);
            let screen = egui::Rect::from_min_size(egui::Pos2::ZERO, size);
            assert!(
                place.is_some_and(|place| place.height() >= 16.0 && screen.expand(0.5).contains_rect(place)),
                "{keys} {section:?}: the focus is at {place:?}"
            );
        }
    }
    // Also in a menu that is longer than the window.
    let mut stage = furnished();
    stage.screen.resize(vec2(640.0, 400.0), 1.0);
    stage.rest();
    stage.keys("F10 Left Left");
    for _ in 0..30 {
        stage.keys("Down");
        let context = &stage.screen.ctx;
        let id = context.memory(egui::Memory::focused).unwrap();
        let place = context.read_response(id).map(|response| response.interact_rect);
        assert!(place.is_some_and(|place| place.height() >= 16.0 && place.bottom() <= 400.0), "{place:?}");
    }
}

#[test]
fn f6_goes_around_the_panes_both_ways() {
    let mut stage = furnished();
    let focus = |stage: &Stage| stage.screen.ctx.memory(egui::Memory::focused).unwrap();
    let page = focus(&stage);
    let forward: Vec<_> = (0..3).map(|_| focus(stage.keys("F6"))).collect();
    assert_eq!(forward[2], page);
    let backward: Vec<_> = (0..3).map(|_| focus(stage.keys("Shift+F6"))).collect();
    assert_eq!(backward[2], page);
    assert_eq!(backward[0], forward[1], "the same panes the other way round");
}

#[test]
fn nothing_moves_by_itself() {
    let stage = furnished();
    let style = stage.screen.ctx.global_style();
    assert_eq!(style.animation_time, 0.0);
    assert_eq!(style.scroll_animation.duration.max, 0.0);
}

// ── colours, from the theme files

fn rgb(colour: Color32) -> [u8; 3] {
    [colour.r(), colour.g(), colour.b()]
}

#[test]
fn words_can_be_read_in_both_themes() {
    for theme in [Theme::light(), Theme::dark()] {
        let under = [("page", theme.page), ("panel", theme.panel), ("hover", theme.hover)];
        for (name, ground) in under {
            for (words, colour) in [
                ("text", theme.text),
                ("secondary", theme.secondary),
                ("accent", theme.accent),
                ("error", theme.error),
                ("warning", theme.warning),
                ("good", theme.good),
            ] {
                let found = contrast(colour, ground);
                assert!(found >= 4.5, "{words} on {name} is {found:.2}:1, dark: {}", theme.dark);
            }
            // The focus ring is more than decoration.
            assert!(contrast(theme.accent, ground) >= 3.0);
        }
        assert!(contrast(theme.text, theme.page) >= 12.0, "the text that is read all day");
        assert!(contrast(theme.on_accent, theme.accent) >= 4.5);
        // Text on a label's fill, as the page draws it.
        for slot in 1..=8 {
            let [r, g, b] = rgb(theme.slot(slot));
            let [pr, pg, pb] = rgb(theme.page);
            let mix = |over: u8, under: u8| {
                (f32::from(over) * theme.fill + f32::from(under) * (1.0 - theme.fill)).round() as u8
            };
            let fill = Color32::from_rgb(mix(r, pr), mix(g, pg), mix(b, pb));
            assert!(contrast(theme.text, fill) >= 4.5, "text on slot {slot}, dark: {}", theme.dark);
        }
    }
}

#[test]
fn label_colours_stay_apart_for_every_eye() {
    for (theme, least) in [(Theme::light(), 9.6), (Theme::dark(), 8.2)] {
        for a in 1..=8 {
            assert!(contrast(theme.slot(a), theme.page) >= 3.3, "slot {a}, dark: {}", theme.dark);
            assert_eq!(rgb(theme.slot(a)), SLOTS[a - 1][usize::from(theme.dark)], "the schema names the same colours");
            for b in a + 1..=8 {
                for sight in [Sight::Protan, Sight::Deutan] {
                    let apart = distance(rgb(theme.slot(a)), rgb(theme.slot(b)), sight);
                    assert!(apart >= least - 0.05, "slots {a} and {b} for {sight:?}: {apart:.2}, dark: {}", theme.dark);
                }
            }
        }
    }
}

// ── large, narrow

/// What can be pressed is on the screen, or in something that scrolls, at 200 % and in a narrow window.
#[test]
fn everything_is_there_at_twice_the_size_and_in_a_narrow_window() {
    for (size, zoom) in [(vec2(1280.0, 800.0), 2.0), (vec2(480.0, 800.0), 1.0)] {
        for (place, keys) in PLACES {
            let mut stage = furnished();
            stage.screen.resize(size / zoom, zoom);
            stage.rest();
            stage.keys(keys);
            let screen = egui::Rect::from_min_size(egui::Pos2::ZERO, size / zoom);
            let out = |rect: egui::Rect| rect.left() < -0.5 || rect.right() > screen.right() + 0.5;
            let named = stage.named();
            let lost: Vec<_> = named
                .iter()
                .filter(|(role, _, rect)| CONTROLS.contains(role) && rect.is_some_and(out))
                .map(|(role, name, rect)| format!("{role:?} “{name}” {rect:?}"))
                .collect();
            assert_eq!(lost, Vec::<String>::new(), "{place} at {size:?} and {zoom}");
        }
    }
}

/// Something has the focus everywhere. Pictures to look at, where a folder for them is named.
#[test]
fn the_focus_is_seen() {
    let folder = std::env::var_os("SPANWRIGHT_PICTURES").map(std::path::PathBuf::from);
    let sizes =
        [(vec2(1280.0, 800.0), 1.0, "wide"), (vec2(1280.0, 800.0), 2.0, "twice"), (vec2(480.0, 800.0), 1.0, "narrow")];
    for dark in [false, true] {
        for (size, zoom, of) in sizes {
            for (place, keys) in
                PLACES.into_iter().chain([("palette found", "Ctrl+K m a r k"), ("all pressed", "F10 Down Down")])
            {
                let mut stage = furnished();
                stage.screen.ctx.set_theme(if dark { egui::Theme::Dark } else { egui::Theme::Light });
                stage.screen.resize(size / zoom, zoom);
                stage.rest();
                stage.keys(keys);
                let focused = stage.screen.ctx.memory(egui::Memory::focused);
                assert!(
                    focused.is_some() || ["settings", "export", "messages"].contains(&place),
                    "{place}: something has the focus"
                );
                let Some(folder) = &folder else { continue };
                let Stage { screen, window, .. } = &mut stage;
                let ground = window.shared.theme(&screen.ctx).page;
                let image = screen.picture(Vec::new(), ground, |ui| window.frame(ui));
                std::fs::create_dir_all(folder).unwrap();
                let name =
                    format!("access-{}-{of}-{}.png", place.replace(' ', "-"), if dark { "dark" } else { "light" });
                std::fs::write(folder.join(name), spanwright::app::raster::png(&image).unwrap()).unwrap();
            }
        }
        if folder.is_none() {
            break;
        }
    }
}
