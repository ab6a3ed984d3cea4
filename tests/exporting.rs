//! The export in the window: what goes out, then what it will be, then it is written. Before, keys and mouse, after.

use std::fs;
use std::path::Path;

use egui::{Event, Id, Modifiers, Rect, pos2, vec2};
use spanwright::annotation::Status;
use spanwright::app::dialogs::Dialog;
use spanwright::formats::table::{FORMATS, Shape};
use spanwright::session::Command;
use spanwright::store::{ImportOptions, Store};
use tempfile::TempDir;

use crate::session::{author, project, session_of};
use crate::stage::{A, Stage};
use crate::storing::folder;
use crate::support::{document, layer, span};

const TEXT: &str = "Maria Lind met Tomas Berg in Oslo.\n“We are ready,” Lind said.\nRead more";

/// A name and a quote with its speaker in the first document; the second is open.
fn furnished() -> Stage {
    let mut stage = Stage::of(&[("a", TEXT), ("b", "Another one"), ("c", "A third")]);
    stage.drag("Maria", "Lind", Modifiers::NONE).keys("1");
    stage.drag("“We", "ready,”", Modifiers::NONE).keys("2 s Enter Esc Ctrl+Home");
    stage.command(Command::Open("b".into()));
    // Toasts go.
    stage.screen.wait(20.0);
    stage.rest();
    stage
}

fn says(stage: &mut Stage, words: &str) -> bool {
    stage.named().iter().any(|(_, name, _)| name.contains(words))
}

#[track_caller]
fn must_say(stage: &mut Stage, words: &str) {
    let names: Vec<String> = stage.named().into_iter().map(|(_, name, _)| name).collect();
    assert!(names.iter().any(|name| name.contains(words)), "“{words}” is not said:\n{}", names.join("\n"));
}

/// The export dialog, with the place typed.
fn begin(stage: &mut Stage, place: &Path) {
    stage.keys("Ctrl+E").press("Place of the export").keys("Ctrl+A");
    stage.send(vec![Event::Text(place.display().to_string())]);
    stage.rest();
}

fn preview(stage: &mut Stage) {
    stage.keys("Enter").until("the preview", |stage| says(stage, "before it is written"));
}

fn visible(folder: &TempDir) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| !name.starts_with('.'));
    names
}

#[test]
fn enter_shows_what_will_be_written_and_enter_writes_it() {
    let (mut stage, folder) = (furnished(), folder());
    let file = folder.path().join("out.jsonl");
    begin(&mut stage, &file);
    stage.press("Span JSONL.").press("Place of the export");
    preview(&mut stage);
    assert_eq!(visible(&folder), Vec::<String>::new(), "nothing is there before it is written");
    must_say(&mut stage, "1 document with 1 layer and 2 spans");
    must_say(&mut stage, "Left out or changed: 1 span’s attributes, 1 relation, 1 status");
    must_say(&mut stage, "{\"id\":\"a\",\"text\":\"Maria Lind met");
    stage.picture("export-sample");
    stage.press("Labels 2");
    must_say(&mut stage, "Quote, 1 span");
    stage.picture("export-labels");

    stage.keys("Enter").until("the report", |stage| matches!(stage.window.dialog, Some(Dialog::Report(_))));
    must_say(&mut stage, "1 document exported with 1 layer (2 spans)");
    let written = fs::read_to_string(&file).unwrap();
    let spans =
        "\"spans\":[{\"start\":0,\"end\":10,\"label\":\"entity\"},{\"start\":35,\"end\":50,\"label\":\"quote\"}]}\n";
    assert!(written.ends_with(spans), "{written}");
}

#[test]
fn nothing_stays_of_a_preview_that_is_left() {
    let (mut stage, folder) = (furnished(), folder());
    begin(&mut stage, &folder.path().join("out.jsonl"));
    preview(&mut stage);
    stage.press("Back");
    must_say(&mut stage, "Place of the export");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "what was prepared is gone");
    preview(&mut stage);
    stage.keys("Esc");
    assert!(stage.window.dialog.is_none());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    assert!(stage.told().is_empty());
}

#[test]
fn that_nothing_is_lost_is_said_plainly() {
    let (mut stage, folder) = (furnished(), folder());
    begin(&mut stage, &folder.path().join("out.jsonl"));
    preview(&mut stage);
    must_say(&mut stage, "Nothing is left out. It was read back and compared: the same");
    assert!(!says(&mut stage, "Left out"), "there is no empty table");
}

#[test]
fn a_loss_leads_to_its_place_and_back_leads_back() {
    let (mut stage, folder) = (furnished(), folder());
    begin(&mut stage, &folder.path().join("out.jsonl"));
    stage.press("Span JSONL.").press("Place of the export");
    preview(&mut stage);
    stage.press("Left out 3");
    must_say(&mut stage, "All 3");
    stage.picture("export-losses");
    stage.press("1 relation");
    assert!(!says(&mut stage, "its status in-progress is left out"), "only relations are shown");
    stage.press("a, ana: the relation speaker");
    assert!(stage.window.dialog.is_none());
    let session = stage.session();
    assert_eq!(session.open.as_ref().unwrap().id().as_str(), "a");
    assert_eq!(session.selected_relation().unwrap().kind.as_str(), "speaker");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was written");
    stage.keys("Alt+Left");
    assert_eq!(stage.session().open.as_ref().unwrap().id().as_str(), "b");
}

#[test]
fn the_table_of_losses_is_gone_through_by_keys() {
    let (mut stage, folder) = (furnished(), folder());
    begin(&mut stage, &folder.path().join("out.jsonl"));
    stage.press("Span JSONL.").press("Place of the export");
    preview(&mut stage);
    focus(&mut stage, "Left out 3", "Space");
    tab_to(&mut stage, Id::unique("export losses"));
    stage.keys("Down Down Enter");
    assert!(stage.window.dialog.is_none());
    assert_eq!(stage.session().open.as_ref().unwrap().id().as_str(), "a");
    assert_eq!(stage.session().selected_relation(), None, "the last row is of the layer");
}

/// Tab until the focus is there.
fn tab_to(stage: &mut Stage, id: Id) {
    for _ in 0..40 {
        if stage.screen.ctx.memory(|memory| memory.has_focus(id)) {
            return;
        }
        stage.keys("Tab");
    }
    panic!("Tab never came to it");
}

/// Presses a key on a control, which is reached by Tab.
fn focus(stage: &mut Stage, name: &str, key: &str) {
    for _ in 0..40 {
        stage.keys("Tab");
        let window = &mut stage.window;
        let update = stage.screen.described(|ui| window.frame(ui)).unwrap();
        let node = update.nodes.iter().find(|(id, _)| *id == update.focus).map(|(_, node)| node);
        if node.is_some_and(|node| node.label() == Some(name)) {
            stage.keys(key);
            return;
        }
    }
    panic!("Tab never came to {name}");
}

#[test]
fn formats_are_chosen_by_arrow_keys() {
    let mut stage = furnished();
    stage.keys("Ctrl+E");
    let names: Vec<String> = stage.named().into_iter().map(|(_, name, _)| name).collect();
    for format in FORMATS {
        let offered = names.iter().any(|name| name.ends_with(format.about));
        assert_eq!(offered, format.writer.is_some(), "{format:?}");
    }
    tab_to(&mut stage, Id::unique("export formats"));
    let text = FORMATS.iter().filter(|format| format.writer.is_some()).position(|format| format.id == "text").unwrap();
    for _ in 0..text {
        stage.keys("Down");
    }
    must_say(&mut stage, "test-text");
    must_say(&mut stage, "The texts go out without what was marked in them");
    stage.keys("End");
    let last = FORMATS.iter().rfind(|format| format.writer.is_some()).unwrap();
    let rows = stage.named();
    let screen = Rect::from_min_size(pos2(0.0, 0.0), vec2(1280.0, 800.0));
    let row = rows.iter().find(|(_, name, _)| name.ends_with(last.about)).and_then(|(.., place)| *place);
    assert!(row.is_some_and(|row| screen.contains_rect(row)), "what is chosen is seen: {row:?}");
    let ending = if last.shape == Shape::Folder {
        format!("test-{}", last.id)
    } else {
        format!("test.{}", last.extensions.first().unwrap())
    };
    must_say(&mut stage, &ending);
    stage.picture("export-formats");
}

#[test]
fn tags_are_written_as_they_were_chosen() {
    let (mut stage, folder) = (furnished(), folder());
    begin(&mut stage, &folder.path().join("out.conll"));
    tab_to(&mut stage, Id::unique("export formats"));
    for _ in 0..FORMATS.iter().filter(|format| format.writer.is_some()).position(|format| format.id == "conll").unwrap()
    {
        stage.keys("Down");
    }
    must_say(&mut stage, "Words are cut where spans begin and end");
    stage.press("BIOES").press("Place of the export");
    stage.picture("export-tags");
    preview(&mut stage);
    must_say(&mut stage, "E-entity");
    stage.picture("export-tags-sample");
}

#[test]
fn a_label_that_is_not_wanted_stays_at_home() {
    let (mut stage, folder) = (furnished(), folder());
    begin(&mut stage, &folder.path().join("out.jsonl"));
    stage.press("Only some");
    let named = stage.named();
    let quote = named.iter().find(|(role, name, _)| *role == accesskit::Role::CheckBox && name == "Quote").unwrap();
    stage.click_at(quote.2.unwrap().center(), A).press("Place of the export");
    preview(&mut stage);
    must_say(&mut stage, "1 document with 1 layer and 1 span");
}

#[test]
fn a_place_that_cannot_be_written_is_said_where_it_is_typed() {
    let (mut stage, folder) = (furnished(), folder());
    begin(&mut stage, &folder.path().join("no/such/folder/out.jsonl"));
    stage.keys("Enter").until("the answer", |stage| says(stage, "Could not write"));
    must_say(&mut stage, "Place of the export");
    stage.press("Place of the export").keys("Ctrl+A");
    stage.send(vec![Event::Text(folder.path().join("out.jsonl").display().to_string())]);
    stage.rest();
    preview(&mut stage);
    assert!(!says(&mut stage, "Could not write"));
}

/// Only the rows that are seen are drawn; the last one leads to its place as well.
#[test]
fn ten_thousand_losses_are_a_list_like_any_other() {
    const MANY: usize = 10_050;
    let text = "a ".repeat(MANY);
    let mut store = project(&[("a", &text)]);
    let source = document("a", &text);
    let options =
        ImportOptions { by: author("ana", "2026-01-01T00:00:00Z"), title: "Import".to_owned(), new_versions: false };
    let mut import = store.import(options).unwrap();
    let spans = (0..MANY).map(|at| {
        let mut span = span(&format!("s{at:05}"), "entity", &[source.text.range(2 * at, 2 * at + 1).unwrap()]);
        span.note = "look again".to_owned();
        span
    });
    let mut layer = layer("ana", spans.collect());
    layer.status = Status::Finished;
    import.layer(&source.id, source.text.sha256(), layer).unwrap();
    import.finish().unwrap();
    let mut stage = Stage::with(session_of(&store as &dyn Store, "ana"));
    let folder = folder();
    begin(&mut stage, &folder.path().join("out.jsonl"));
    stage.press("Span JSONL.").press("Place of the export");
    preview(&mut stage);
    stage.press("Left out 10,050");
    must_say(&mut stage, "The first 10,000 are listed");
    let rows = stage.named().iter().filter(|(role, ..)| *role == accesskit::Role::ListItem).count();
    assert!((3..60).contains(&rows), "{rows} rows are drawn");
    tab_to(&mut stage, Id::unique("export losses"));
    stage.keys("End");
    stage.picture("export-many");
    stage.keys("Enter");
    assert_eq!(stage.session().selected().unwrap().as_str(), "s09999");
}

/// In a window of half a screen, in both themes, everything that is pressed to go on is on the screen and can be hit.
#[test]
fn a_narrow_window_holds_every_step() {
    let folder = folder();
    for dark in [false, true] {
        let mut stage = furnished();
        stage.screen.ctx.set_theme(if dark { egui::Theme::Dark } else { egui::Theme::Light });
        stage.screen.resize(vec2(480.0, 640.0), 1.0);
        stage.rest();
        begin(&mut stage, &folder.path().join("out.jsonl"));
        let theme = if dark { "dark" } else { "light" };
        let fits = |stage: &mut Stage, button: &str| {
            stage.picture(&format!("export-narrow-{}-{theme}", button.to_lowercase()));
            let all = Rect::from_min_size(pos2(0.0, 0.0), vec2(480.0, 640.0));
            let named = stage.named();
            let place = named.iter().find(|(_, name, _)| name == button).and_then(|(.., place)| *place);
            assert!(place.is_some_and(|place| all.contains_rect(place)), "{button} at {place:?}, {theme}");
            assert_eq!(crate::access::wrongs(&named), Vec::<String>::new(), "{button}, {theme}");
        };
        stage.press("Span JSONL.");
        fits(&mut stage, "Preview");
        stage.press("Preview").until("the preview", |stage| says(stage, "before it is written"));
        fits(&mut stage, "Write");
        stage.press("Left out 3");
        fits(&mut stage, "Back");
    }
}

/// An export that is under way is asked for before the window closes.
#[test]
fn what_is_under_way_is_known() {
    let (mut stage, folder) = (furnished(), folder());
    begin(&mut stage, &folder.path().join("out.jsonl"));
    let under_way = |stage: &Stage| stage.window.dialog.as_ref().and_then(Dialog::under_way);
    assert_eq!(under_way(&stage), None);
    preview(&mut stage);
    assert_eq!(under_way(&stage), None, "nothing is lost when a preview is left");
}

#[test]
fn a_split_is_a_folder_of_parts_with_a_card() {
    let (mut stage, folder) = (furnished(), folder());
    let place = folder.path().join("corpus");
    begin(&mut stage, &place);
    stage.press("Span JSONL.").press("90/10").press("Place of the export");
    must_say(&mut stage, "A new folder, with a manifest and a card that says what is in it");
    stage.picture("export-split");
    preview(&mut stage);
    must_say(&mut stage, "train.jsonl");
    stage.keys("Enter").until("the report", |stage| matches!(stage.window.dialog, Some(Dialog::Report(_))));
    must_say(&mut stage, "Split: train 1, dev 0.");
    let mut names: Vec<String> =
        fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["README.md", "dev.jsonl", "manifest.json", "train.jsonl"]);
}
