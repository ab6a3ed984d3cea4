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
    must_say(stage, &place.display().to_string());
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

/// Goes to a format by arrow keys.
fn choose(stage: &mut Stage, id: &str) {
    tab_to(stage, Id::unique("export formats"));
    stage.keys("Home");
    for _ in 0..FORMATS.iter().filter(|format| format.writer.is_some()).position(|format| format.id == id).unwrap() {
        stage.keys("Down");
    }
}

#[test]
fn tags_are_written_as_they_were_chosen() {
    let (mut stage, folder) = (furnished(), folder());
    begin(&mut stage, &folder.path().join("out.conll"));
    choose(&mut stage, "conll");
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
        begin(&mut stage, &folder.path().join("out.jsonl"));
        stage.screen.resize(vec2(480.0, 640.0), 1.0);
        stage.rest();
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

/// The export page of a window that shows all of it, with a place in the folder.
fn tall(mut stage: Stage, place: &Path) -> Stage {
    stage.screen.resize(vec2(1280.0, 1300.0), 1.0);
    stage.rest();
    begin(&mut stage, place);
    stage
}

/// Chooses what is already there of a field, and writes something else.
fn write(stage: &mut Stage, field: &str, words: &str) {
    stage.press(field).keys("Ctrl+A");
    stage.send(vec![Event::Text(words.to_owned())]);
    stage.rest();
}

fn press_until_preview(stage: &mut Stage) {
    stage.press("Preview").until("the preview", |stage| says(stage, "before it is written"));
}

fn can_preview(stage: &mut Stage) -> bool {
    stage.press("Preview");
    stage.rest();
    !says(stage, "Place of the export")
}

#[test]
fn a_split_is_as_one_types_it() {
    let folder = folder();
    let mut stage = tall(furnished(), &folder.path().join("corpus"));
    stage.press("Span JSONL.").press("70/15/15").press("Other");
    must_say(&mut stage, "70/15/15");
    write(&mut stage, "Shares of the parts", "60/60");
    stage.picture("export-split-wrong");
    assert!(!can_preview(&mut stage), "more than all cannot be dealt out");
    write(&mut stage, "Shares of the parts", "50/25/25");
    write(&mut stage, "Seed of the split", "seven");
    must_say(&mut stage, "“seven” is no seed: a whole number from 0 upwards, such as 1");
    write(&mut stage, "Seed of the split", "7");
    write(&mut stage, "Field that is kept together", "author");
    stage.picture("export-split-typed");
    press_until_preview(&mut stage);
    stage.press("Write").until("the report", |stage| matches!(stage.window.dialog, Some(Dialog::Report(_))));
    let manifest = fs::read_to_string(folder.path().join("corpus/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let split = &manifest["split"];
    assert_eq!(
        (&split["shares"], &split["seed"], &split["group_by"]),
        (&"50/25/25".into(), &7.into(), &"author".into())
    );
}

#[test]
fn what_was_dealt_out_is_seen_before_it_is_written() {
    let folder = folder();
    let story = "The strike at the harbour went into its third week on Monday, and neither side spoke of an end.";
    let mut stage =
        Stage::of(&[("a", TEXT), ("b", story), ("c", story), ("d", &format!("{story} So far.")), ("e", "x")]);
    stage.drag("Maria", "Lind", Modifiers::NONE).keys("1");
    for id in ["b", "c", "d", "e"] {
        stage.command(Command::Open(id.into())).keys("Ctrl+A 1");
    }
    let mut stage = tall(stage, &folder.path().join("corpus"));
    stage.press("Span JSONL.").press("80/10/10");
    press_until_preview(&mut stage);
    stage.press("Parts 3");
    must_say(&mut stage, "2 pairs of documents are the same or nearly so. Both of a pair are in one part");
    must_say(&mut stage, "b and c: the same");
    stage.picture("export-parts");
    let documents = stage.named().into_iter().find(|(_, name, _)| name.starts_with("Documents ")).unwrap().1;
    let counts = documents.trim_start_matches("Documents ").split(", ").map(|count| count.parse::<u32>().unwrap());
    assert_eq!(counts.sum::<u32>(), 5, "{documents}");
}

#[test]
fn of_spans_over_each_other_the_label_may_decide() {
    let folder = folder();
    let quoting = || {
        let mut stage = Stage::of(&[("a", TEXT)]);
        stage.drag("“We", "ready,”", Modifiers::NONE).keys("2 Esc");
        stage.drag("are", "are", Modifiers::NONE).keys("1 Esc");
        tall(stage, &folder.path().join("out.conll"))
    };
    let mut stage = quoting();
    choose(&mut stage, "conll");
    must_say(&mut stage, "Where spans lie over each other, the longest stays");
    press_until_preview(&mut stage);
    must_say(&mut stage, "I-quote");
    assert!(!says(&mut stage, "-entity"));

    let mut stage = quoting();
    choose(&mut stage, "conll");
    stage.press("By label");
    // The labels above choose what goes out; these stand below.
    let named = stage.named();
    let entity = named.iter().rfind(|(role, name, _)| *role == accesskit::Role::CheckBox && name == "Entity").unwrap();
    stage.click_at(entity.2.unwrap().center(), A);
    stage.picture("export-by-label");
    press_until_preview(&mut stage);
    must_say(&mut stage, "B-entity");
    must_say(&mut stage, "Left out or changed: 1 overlap");
}

#[test]
fn names_are_replaced_by_a_word_that_only_one_knows() {
    let folder = folder();
    let file = folder.path().join("out.jsonl");
    let mut stage = tall(furnished(), &file);
    stage.press("Pseudonyms");
    assert!(!can_preview(&mut stage), "the word is missing");
    write(&mut stage, "Word behind the pseudonyms", "kestrel");
    stage.picture("export-pseudonyms");
    press_until_preview(&mut stage);
    stage.press("Write").until("the report", |stage| matches!(stage.window.dialog, Some(Dialog::Report(_))));
    let written = fs::read_to_string(&file).unwrap();
    assert!(written.contains("\"annotator\":\"annotator-1\""), "{written}");
    assert!(!written.contains("ana\"") && !written.contains("kestrel"), "{written}");
}

#[test]
fn a_card_lies_beside_a_file_where_it_is_wished_for() {
    let folder = folder();
    let mut stage = tall(furnished(), &folder.path().join("out.jsonl"));
    stage.press("A manifest and a dataset card");
    write(&mut stage, "Licence of the data", "CC-BY-4.0");
    stage.picture("export-card");
    press_until_preview(&mut stage);
    stage.press("Write").until("the report", |stage| matches!(stage.window.dialog, Some(Dialog::Report(_))));
    let mut names = visible(&folder);
    names.sort();
    assert_eq!(names, ["out.jsonl", "out.jsonl.card.md", "out.jsonl.manifest.json"]);
    assert!(fs::read_to_string(folder.path().join("out.jsonl.card.md")).unwrap().contains("CC-BY-4.0"));
}

/// What is drawn cannot be read here: that all of it is there is known by its place on the page, and looked at in the picture.
#[test]
fn right_to_left_lines_are_part_of_the_beginning() {
    let folder = folder();
    let mut stage = Stage::of(&[("a", &"قالت ماريا ليند إن المدينة مستعدة. Oslo 2026. ".repeat(60)), ("b", TEXT)]);
    stage.drag("Oslo", "Oslo", Modifiers::NONE).keys("1");
    let mut stage = tall(stage, &folder.path().join("out.jsonl"));
    stage.press("All layers, every document").press("Span JSONL.");
    press_until_preview(&mut stage);
    stage.picture("export-leftward");
    let named = stage.named();
    let (.., place) = named.iter().find(|(_, name, _)| name.starts_with("{\"id\"")).unwrap();
    assert!(place.unwrap().height() > 10.0 * 13.0, "{place:?}");
}

#[test]
fn of_a_binary_format_the_counts_are_shown_first() {
    let (mut stage, folder) = (furnished(), folder());
    begin(&mut stage, &folder.path().join("out.spacy"));
    choose(&mut stage, "spacy");
    preview(&mut stage);
    must_say(&mut stage, "Quote, 1 span");
    stage.press("As it is written");
    must_say(&mut stage, "spaCy DocBin is a binary format");
}

/// A sheet that is higher than half the window does not grow to its place over frames that nobody asks for.
#[test]
fn a_dialog_stands_still_from_the_first_frame_that_is_seen() {
    let mut stage = furnished();
    stage.screen.resize(vec2(1280.0, 1300.0), 1.0);
    stage.rest();
    stage.keys("Ctrl+E");
    let mut place = || stage.named().into_iter().find(|(_, name, _)| name == "Place of the export").unwrap().2;
    let first = place();
    assert_eq!(first, place());
}
