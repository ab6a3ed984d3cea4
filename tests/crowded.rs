//! Many spans over one another, many labels, long names: still told apart, and nothing moves that need not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use egui::{Rect, vec2};
use spanwright::annotation::{Annotator, ItemId};
use spanwright::app::reading::Ranks;
use spanwright::app::{Screen, raster};
use spanwright::schema::Schema;
use spanwright::session::{Clock, Command, Session, Start};
use spanwright::store::{Memory, Store as _};

use crate::session::author;
use crate::stage::Stage;
use crate::support::document;

const TEXT: &str = "The minister of foreign affairs of the coastal republic, who had arrived in the capital on Friday evening, told the assembled reporters that the talks about fishing rights would go on.\nA line without any span at all stands here.\n“We are ready,” she said when asked, “and we will go,” and again: “Soon.” Nobody else spoke.";

/// A window in which a text is open under a schema of so many labels, all of which may overlap and have fragments.
fn stage(labels: usize, text: &str) -> Stage {
    let long = "a label that somebody named with two hundred characters because the guidelines of their project say exactly what it means and nobody ever told them that names are meant to be short ones as in this case";
    let label = |at: usize| {
        let name = match at {
            1 => long.to_owned(),
            2 => "Organisation".to_owned(),
            3 => "Organiser".to_owned(),
            at => format!("{} {at}", ["Person", "Place", "Event", "Quote", "Cue", "Law", "Time"][at % 7]),
        };
        format!(
            "(id: \"l{at}\", name: \"{name}\", snap: Graphemes, overlap: Any, fragments: true, colour: Slot({}))",
            at % 8 + 1
        )
    };
    let labels: Vec<String> = (0..labels).map(label).collect();
    let source = format!(
        "Schema(name: \"many\", labels: [{}], relations: [(id: \"about\", name: \"About\", key: \"z\")])",
        labels.join(", ")
    );
    let parsed = Schema::parse(&source, "many.ron");
    let schema = Arc::new(parsed.schema.unwrap_or_else(|| panic!("{:#?}", parsed.problems)));
    let mut store = Memory::new(&source);
    let options = spanwright::store::ImportOptions {
        by: author("ana", "2026-01-01T00:00:00Z"),
        title: "Import".to_owned(),
        new_versions: false,
    };
    let mut import = store.import(options).unwrap();
    import.document(&document("d", text)).unwrap();
    import.finish().unwrap();
    let start = Start {
        store: Box::new(store),
        project: "test".to_owned(),
        schema,
        annotator: Annotator::from("ana"),
        device: "here".to_owned(),
        clock: Clock::fixed("2026-10-28T14:03:22Z".parse().unwrap()),
        keys: BTreeMap::new(),
        careful: false,
    };
    let mut session = Session::start(start, Box::new(|| ())).unwrap();
    session.run(Command::Filter(session.list.query.clone()));
    session.run(Command::Open("d".into()));
    Stage::with(session)
}

impl Stage {
    fn put(&mut self, label: &str, words: &str) -> ItemId {
        let text = self.session().open.as_ref().unwrap().text().clone();
        let at = text.as_str().find(words).unwrap_or_else(|| panic!("“{words}” is not in the text"));
        let range = text.range(at, at + words.len()).unwrap();
        self.command(Command::MarkRange { label: label.into(), range, exact: true });
        self.session().selected().unwrap().clone()
    }

    pub fn snap(&mut self, name: &str) {
        let Ok(folder) = std::env::var("SPANWRIGHT_PICTURES") else { return };
        for (dark, theme) in [(false, "light"), (true, "dark")] {
            self.screen.ctx.set_theme(if dark { egui::Theme::Dark } else { egui::Theme::Light });
            self.rest();
            let window = &mut self.window;
            let image = self.screen.picture(Vec::new(), egui::Color32::WHITE, |ui| window.frame(ui));
            let file = std::path::Path::new(&folder).join(format!("{name}-{theme}.png"));
            std::fs::write(file, raster::png(&image).unwrap()).unwrap();
        }
        self.screen.ctx.set_theme(egui::Theme::Light);
        self.rest();
    }
}

/// Ten spans over one another, the last over two rows.
fn ten(stage: &mut Stage) -> Vec<ItemId> {
    let words = [
        "capital",
        "the capital",
        "in the capital",
        "arrived in the capital",
        "had arrived in the capital on",
        "capital on Friday",
        "who had arrived in the capital on Friday",
        "the capital on Friday evening",
        "republic, who had arrived in the capital on Friday evening, told",
        "of the coastal republic, who had arrived in the capital on Friday evening, told the assembled reporters",
    ];
    words.iter().enumerate().map(|(at, words)| stage.put(&format!("l{at}"), words)).collect()
}

#[test]
fn ten_lanes_are_told_apart_and_rows_without_spans_stay_as_they_are() {
    let mut stage = stage(8, TEXT);
    let before = stage.place("A line without").top() - stage.place("The minister").top();
    let below = stage.place("“We are ready").top() - stage.place("A line without").top();
    for at in 8..10 {
        assert!(stage.session().schema.labels.get(at).is_none());
    }
    let words = [
        "capital",
        "the capital",
        "in the capital",
        "arrived in the capital",
        "capital on Friday",
        "who had arrived in the capital",
    ];
    for (at, words) in words.iter().enumerate() {
        stage.put(&format!("l{at}"), words);
    }
    let after = stage.place("A line without").top() - stage.place("The minister").top();
    assert!(after > before, "six lanes need room");
    assert_eq!(stage.place("“We are ready").top() - stage.place("A line without").top(), below);
    // Each is clicked on its own line, below the others.
    let selected = |stage: &mut Stage| {
        let row = stage.place("capital");
        let mut found = BTreeSet::new();
        for step in 0..80 {
            let at = row.center_bottom() + vec2(0.0, step as f32 * 0.5);
            stage.screen.wait(2.0);
            stage.keys("Esc Esc").click_at(at, crate::stage::A);
            found.extend(stage.session().selected().cloned());
        }
        found.len()
    };
    assert_eq!(selected(&mut stage), 6);
}

#[test]
fn more_labels_than_colours_have_short_names() {
    let mut stage = stage(60, TEXT);
    let gap = |stage: &Stage| stage.place("A line without").top() - stage.place("The minister").top();
    let before = gap(&stage);
    stage.put("l4", "coastal republic");
    let one = gap(&stage);
    assert!(one > before, "a row with a short name grows");
    let Screen::Work(work) = &stage.window.screen else { panic!("no project is open") };
    let shorts: Vec<String> =
        (0..60).map(|at| work.view.short_name(&format!("l{at}").as_str().into()).to_owned()).collect();
    let all: BTreeSet<&String> = shorts.iter().collect();
    assert_eq!(all.len(), 60, "{shorts:?}");
    assert!(shorts.iter().all(|short| (2..=6).contains(&short.chars().count())), "{shorts:?}");
    assert_eq!((shorts[2].as_str(), shorts[3].as_str()), ("Or2", "Or3"));
    let ids = ten(&mut stage);
    stage.put("l1", "reporters that the talks");
    stage.snap("crowded-60-labels");
    stage.command(Command::SelectSpan(Some(ids[8].clone())));
    stage.snap("crowded-60-selected");
}

#[test]
fn eight_labels_need_no_short_names() {
    let mut stage = stage(8, TEXT);
    let before = stage.place("A line without").top();
    stage.put("l4", "coastal republic");
    assert_eq!(stage.place("A line without").top(), before);
    let Screen::Work(work) = &stage.window.screen else { panic!("no project is open") };
    assert_eq!(work.view.short_name(&"l4".into()), "");
}

#[test]
fn a_name_of_two_hundred_characters_is_cut_everywhere() {
    let mut stage = stage(4, TEXT);
    stage.put("l1", "the talks about fishing rights");
    stage.snap("crowded-long-name");
    let screen = Rect::from_min_size(egui::Pos2::ZERO, vec2(1280.0, 800.0));
    for (_, name, rect) in stage.named() {
        if name.contains("two hundred characters") {
            let rect = rect.unwrap();
            assert!(screen.contains_rect(rect), "{rect:?}");
        }
    }
    let letters = stage.window.page().unwrap().letters();
    assert!(letters.iter().all(|letter| letter.left() > 224.0 && letter.right() < 1044.0));
}

#[test]
fn fragments_crossing_spans_and_equal_extents() {
    let mut stage = stage(8, TEXT);
    stage.put("l3", "“We are ready,”");
    for words in ["“and we will go,”", "“Soon.”"] {
        let text = stage.session().open.as_ref().unwrap().text().clone();
        let at = text.as_str().find(words).unwrap();
        let range = text.range(at, at + words.len()).unwrap();
        let span = stage.session().selected().unwrap().clone();
        stage.command(Command::AddFragment { span, range });
    }
    let quote = stage.session().selected().unwrap().clone();
    stage.put("l0", "she said when asked, “and we");
    stage.put("l2", "she");
    stage.put("l4", "she");
    stage.put("l5", "she");
    stage.put("l6", "minister of foreign affairs");
    stage.put("l7", "foreign affairs of the coastal republic");
    stage.command(Command::SelectSpan(Some(quote)));
    stage.snap("crowded-fragments");
    assert_eq!(stage.session().selected_span().unwrap().ranges.as_slice().len(), 3);
    // Three of one extent: a click goes through all of them.
    let mut found = BTreeSet::new();
    for _ in 0..5 {
        stage.click("she", 1);
        found.extend(stage.session().selected_span().map(|span| span.label.to_string()));
    }
    assert_eq!(found, ["l0", "l2", "l4", "l5"].map(str::to_owned).into_iter().collect());
}

#[test]
fn empty_lanes_of_a_row_are_closed_up() {
    let ranks: Ranks = [3, 0, 70, 3, 200].into_iter().collect();
    assert_eq!([0, 3, 70, 200].map(|lane| ranks.rank(lane)), [0, 1, 2, 3]);
    assert_eq!((ranks.count(), Ranks::default().count()), (4, 0));
}
