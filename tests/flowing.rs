//! Work in flow, in the window: guidelines beside the page, reasons by digit, messages, progress, what the status bar says.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use egui::{Event, Modifiers, Vec2, vec2};
use spanwright::annotation::{Annotator, Status};
use spanwright::app::headless::Headless;
use spanwright::app::markdown::{Block, parse, plain};
use spanwright::app::theme::Theme;
use spanwright::app::{StartUp, Window, raster};
use spanwright::session::settings::{Settings, ThemeChoice};
use spanwright::session::{Action, Clock, Command, Notice, NoticeKind, Session, Start, sample};
use spanwright::store::{Job, Memory, Project, open_store};

use crate::stage::{A, Stage};
use crate::storing::folder;
use crate::support::ODD;

// ── Markdown

/// Blocks in short: what they are, and their words with what they look like.
fn short(source: &str) -> String {
    let runs = |runs: &[spanwright::app::markdown::Run]| -> String {
        let mut out = String::new();
        for run in runs {
            let mut words = run.text.replace('\n', "⏎");
            if run.code {
                words = format!("`{words}`");
            }
            if run.italic {
                words = format!("/{words}/");
            }
            if run.bold {
                words = format!("!{words}!");
            }
            if let Some(link) = &run.link {
                words = format!("<{words} {link}>");
            }
            out.push_str(&words);
        }
        out
    };
    let row = |row: &Vec<Vec<_>>| row.iter().map(|cell| runs(cell)).collect::<Vec<_>>().join(" | ");
    let block = |block: &Block| match block {
        Block::Heading(level, words) => format!("h{level} {}", runs(words)),
        Block::Paragraph(words) => format!("p {}", runs(words)),
        Block::Item { depth, sign, runs: words } => format!("{depth}{sign} {}", runs(words)),
        Block::Quote(words) => format!("> {}", runs(words)),
        Block::Code(text) => format!("code {}", text.replace('\n', "⏎")),
        Block::Table(rows) => format!("table {}", rows.iter().map(row).collect::<Vec<_>>().join(" / ")),
        Block::Rule => "rule".to_owned(),
    };
    parse(source).iter().map(block).collect::<Vec<_>>().join("\n")
}

#[test]
fn markdown_is_read_as_people_write_it() {
    for (source, seen) in [
        ("", ""),
        ("# One #\n## Two\n####### Seven", "h1 One\nh2 Two\np ####### Seven"),
        ("#tag", "p #tag"),
        ("one\ntwo\n\nthree", "p one two\np three"),
        ("one\\\ntwo", "p one⏎two"),
        ("one\r\ntwo\r\n\r\nthree", "p one two\np three"),
        ("**bold** and *it* and ***both*** and __b__ _i_", "p !bold! and /it/ and !/both/! and !b! /i/"),
        ("2 * 3 * 4, snake_case_name, a*b*c, *open", "p 2 * 3 * 4, snake_case_name, a/b/c, *open"),
        ("**bold with *both* inside**", "p !bold with !!/both/!! inside!"),
        ("`code *not it*` and ``", "p `code *not it*` and ``"),
        ("[Maria Lind] of [[Oslo] University]", "p [Maria Lind] of [[Oslo] University]"),
        (
            "[the [rules]](https://a.example/x \"t\") <https://b.example>",
            "p <the [rules] https://a.example/x> <https://b.example https://b.example>",
        ),
        ("- a\n- b\n  goes on\n  - c\n1. d\n12) e", "0• a\n0• b goes on\n1• c\n01. d\n012. e"),
        ("> quoted\n> on\nafter", "> quoted on\np after"),
        ("```rust\nfn a() {\n\n}\n```\nafter", "code fn a() {⏎⏎}\np after"),
        ("```\nnever closed", "code never closed"),
        ("| a | b |\n|---|:-:|\n| **1** | 2 \\| 3 |\n\nafter", "table a | b / !1! | 2 | 3\np after"),
        ("a | b\n--|--\nc | d", "table a | b / c | d"),
        ("---\n***\n- - -", "rule\nrule\nrule"),
        ("<!-- hidden\nlines -->\nseen", "p seen"),
        (r"\*no\* \# \\", r"p *no* # \"),
        ("* * text", "0• * text"),
    ] {
        assert_eq!(short(source), seen, "{source}");
    }
}

#[test]
fn markdown_never_loses_a_word_and_never_fails() {
    for odd in ODD {
        for frame in ["X", "# X", "- X", "> X", "**X**", "*X", "[X", "`X", "|X|\n|-|", "_X_ X*", "[X](X)"] {
            let source = frame.replace('X', odd);
            let words: String = parse(&source)
                .iter()
                .map(|block| match block {
                    Block::Heading(_, runs)
                    | Block::Paragraph(runs)
                    | Block::Quote(runs)
                    | Block::Item { runs, .. } => plain(runs),
                    Block::Code(text) => text.clone(),
                    Block::Table(rows) => rows.iter().flatten().map(|cell| plain(cell)).collect(),
                    Block::Rule => String::new(),
                })
                .collect();
            let letters = |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>();
            assert!(letters(&words).contains(&letters(odd)), "{source:?} → {words:?}");
        }
    }
}

#[test]
fn the_guidelines_of_the_sample_are_read_whole() {
    let source = include_str!("../datasets/newsroom/guidelines.md");
    let blocks = parse(source);
    let headings = blocks.iter().filter(|block| matches!(block, Block::Heading(..))).count();
    assert_eq!(headings, source.lines().filter(|line| line.starts_with('#')).count());
    assert!(blocks.iter().any(|block| matches!(block, Block::Table(rows) if rows.len() == 6)));
    for block in &blocks {
        if let Block::Paragraph(runs) | Block::Item { runs, .. } = block {
            assert!(!plain(runs).contains("**"), "{}", plain(runs));
        }
    }
}

// ── the window

/// The sample with its guidelines, over a store that is nowhere on disk; the clock is moved by hand.
fn sample_session(clock: &Arc<AtomicI64>) -> Session {
    let mut store = Memory::new("");
    sample::fill(&mut store).unwrap();
    let start = Start {
        store: Box::new(store),
        project: "newsroom".to_owned(),
        schema: sample::schema(),
        annotator: Annotator::from(sample::ANNOTATOR),
        device: "here".to_owned(),
        clock: Clock::by_hand(Arc::clone(clock)),
        keys: BTreeMap::new(),
        careful: false,
    };
    let mut session = Session::start(start, Box::new(|| ())).unwrap();
    session.run(Command::Filter(session.list.query.clone()));
    session.run(Command::Open(sample::FIRST.into()));
    session.around.guidelines = Some(Arc::from(sample::guidelines()));
    session
}

fn clock() -> Arc<AtomicI64> {
    Arc::new(AtomicI64::new(1_795_000_000_000))
}

fn staged(size: Vec2, dark: bool, session: Session) -> Stage {
    let screen = Headless::new(size, 1.5, dark);
    let theme = if dark { ThemeChoice::Dark } else { ThemeChoice::Light };
    let settings = Settings { theme, ..Settings::default() };
    let now = Some("2026-11-22T10:00:00Z".parse().unwrap());
    let window = Window::new(&screen.ctx, StartUp { session: Some(session), settings, now, ..StartUp::default() });
    let mut stage = Stage { screen, window, held: Modifiers::NONE };
    stage.rest();
    stage
}

/// The names that a screen reader is told, one a line.
fn names(stage: &mut Stage) -> String {
    stage.named().into_iter().map(|(_, name, _)| name).collect::<Vec<_>>().join("\n")
}

fn select(stage: &mut Stage, words: &str) {
    let text = stage.session().open.as_ref().unwrap().text().clone();
    let spans = &stage.session().open.as_ref().unwrap().shown().unwrap().spans;
    let span = spans.iter().find(|span| span.ranges.quote(&text).starts_with(words)).unwrap().id.clone();
    let spanwright::app::Screen::Work(work) = &mut stage.window.screen else { panic!("no project is open") };
    work.session.run(Command::SelectSpan(Some(span)));
    stage.rest();
}

/// Writes a picture where `SPANWRIGHT_PICTURES` says, for looking at.
fn picture(stage: &mut Stage, name: &str) {
    let Some(folder) = std::env::var_os("SPANWRIGHT_PICTURES") else { return };
    for _ in 0..4 {
        stage.screen.wait(0.5);
        stage.rest();
    }
    let dark = stage.screen.ctx.theme() == egui::Theme::Dark;
    let ground = if dark { Theme::dark().page } else { Theme::light().page };
    let window = &mut stage.window;
    let image = stage.screen.picture(Vec::new(), ground, |ui| window.frame(ui));
    fs::write(std::path::Path::new(&folder).join(format!("{name}.png")), raster::png(&image).unwrap()).unwrap();
}

const WIDE: Vec2 = vec2(1280.0, 800.0);

#[test]
fn f1_on_a_span_opens_the_guidelines_at_its_label() {
    let mut stage = staged(WIDE, false, sample_session(&clock()));
    stage.keys("F1");
    assert!(names(&mut stage).contains("How to begin"), "without a span, help");
    stage.keys("Esc");
    select(&mut stage, "The arrival of Ostranan gunboats");
    stage.keys("F1");
    let seen = names(&mut stage);
    assert!(seen.contains("\nGuidelines\n") && seen.contains("Quote: words of someone else"), "{seen}");
    assert!(!seen.contains("Entity: a name"), "what is above is scrolled away");
    picture(&mut stage, "guidelines-light");
    // The page keeps the keys: marking goes on beside it, and the part follows the span.
    stage.keys("Esc");
    select(&mut stage, "Ilse Marant");
    let seen = names(&mut stage);
    assert!(seen.contains("Entity: a name") && !seen.contains("Quote: words of someone else"), "{seen}");
    stage.keys("F1");
    assert!(!names(&mut stage).contains("Entity: a name"), "again: closed");
}

#[test]
fn the_guidelines_are_scrolled_and_searched_by_keys() {
    let mut stage = staged(WIDE, true, sample_session(&clock()));
    let before = stage.see();
    stage.keys("Shift+F1 F6 F6");
    let first = |stage: &mut Stage| names(stage).contains("Marking the newsroom");
    assert!(first(&mut stage));
    stage.keys("PageDown PageDown PageDown");
    assert!(!first(&mut stage));
    stage.keys("Home");
    assert!(first(&mut stage));
    stage.keys("End");
    assert!(names(&mut stage).contains("read to the last line"));
    stage.keys("/").types("gunboats");
    let seen = names(&mut stage);
    assert!(seen.contains("So do articles and possessives"), "{seen}");
    stage.keys("Enter");
    assert!(names(&mut stage).contains("Adjectives of nations"));
    picture(&mut stage, "guidelines-search-dark");
    // Nothing of this was typed into the text's labels.
    assert_eq!(stage.see(), before);
    stage.keys("Esc Ctrl+End 1");
    assert_ne!(stage.see(), before, "back on the page");
}

#[test]
fn f6_goes_around_the_open_guidelines_and_the_inspector() {
    for size in [WIDE, vec2(1500.0, 800.0), vec2(700.0, 700.0)] {
        let mut stage = staged(size, false, sample_session(&clock()));
        stage.keys("Shift+F1");
        let before = stage.see();
        stage.keys("F6 F6 F6 F6 F6 F6 F6 F6 Shift+F6 Shift+F6 Shift+F6 Shift+F6");
        assert_eq!(stage.see(), before, "{size}");
        stage.keys("Esc Esc Esc");
        let open = names(&mut stage).contains("Find in the guidelines");
        assert_eq!(open, size.x > 1000.0, "over the page they are closed by Esc, beside it they stay");
    }
}

#[test]
fn pictures_of_the_guidelines_in_narrow_and_wide_windows() {
    let mut stage = staged(vec2(1500.0, 840.0), false, sample_session(&clock()));
    select(&mut stage, "Ilse Marant");
    stage.keys("F1");
    assert!(names(&mut stage).contains("Selected span"), "both fit");
    picture(&mut stage, "guidelines-wide");
    let mut stage = staged(vec2(480.0, 780.0), false, sample_session(&clock()));
    select(&mut stage, "Ilse Marant");
    stage.keys("F1");
    assert!(names(&mut stage).contains("Entity: a name"));
    picture(&mut stage, "guidelines-narrow");
    let mut stage = staged(WIDE, true, sample_session(&clock()));
    stage.keys("Shift+F1 F6 F6 End");
    picture(&mut stage, "guidelines-table-dark");
}

#[test]
fn without_guidelines_the_next_step_is_offered() {
    let home = folder();
    let project = Project::create(&home.path().join("news"), "news", include_str!("../schemas/news.ron")).unwrap();
    fs::remove_file(project.folder().join("guidelines.md")).unwrap();
    let (store, _) = open_store(&project, &Job::default()).unwrap();
    let mut session = crate::session::session_of(&*store, "ana");
    session.settle_in(project.folder());
    let mut stage = staged(WIDE, false, session);
    stage.keys("Shift+F1");
    picture(&mut stage, "guidelines-missing");
    stage.press("Write guidelines…");
    let written = fs::read_to_string(project.folder().join("guidelines.md")).unwrap();
    assert!(written.starts_with("# Guidelines for test\n"), "{written}");
    assert!(names(&mut stage).contains("Guidelines for test"));
}

#[test]
fn a_link_is_copied_and_nothing_is_opened() {
    let mut session = sample_session(&clock());
    session.around.guidelines = Some(Arc::from("See [the rules](https://a.example/rules) first."));
    let mut stage = staged(WIDE, false, session);
    stage.keys("Shift+F1");
    let named = stage.named();
    let place = named.iter().find_map(|(_, name, rect)| rect.filter(|_| name.starts_with("See the rules"))).unwrap();
    stage.click_at(place.left_center() + vec2(50.0, -1.0), A);
    assert_eq!(stage.told(), ["Copied https://a.example/rules"]);
}

#[test]
fn a_label_tells_what_it_means_under_the_pointer() {
    let mut stage = staged(WIDE, false, sample_session(&clock()));
    let named = stage.named();
    let place = named.iter().find_map(|(_, name, rect)| rect.filter(|_| name == "Event, key 3")).unwrap();
    stage.send(vec![Event::PointerMoved(place.center())]);
    for _ in 0..40 {
        stage.send(Vec::new());
    }
    let seen = names(&mut stage);
    assert!(seen.contains("Something that happens or may happen") && seen.contains("Do not mark"), "{seen}");
    picture(&mut stage, "label-tooltip");
}

#[test]
fn a_reason_is_one_digit_or_words_or_nothing() {
    let status = |stage: &Stage, id: &str| {
        let session = stage.session();
        let layer = session.store().layer(&id.into(), session.annotator()).unwrap();
        layer.map(|(layer, _)| (layer.status, layer.flag))
    };
    let flag = |words: &str| Some(words.to_owned());
    let begin = || Stage::of(&[("a", "Lind came"), ("b", "Lind left")]);
    let mut stage = begin();
    stage.keys("Ctrl+.").press("Skip…");
    picture(&mut stage, "skip");
    stage.keys("2");
    assert_eq!(status(&stage, "a"), Some((Status::Skipped, flag("Another language"))));
    assert_eq!(stage.session().open.as_ref().unwrap().id().as_str(), "b");
    assert_eq!(stage.see(), "Lind left", "the digit marked nothing");
    let mut stage = begin();
    stage.keys("Ctrl+. 3 Enter");
    assert_eq!(status(&stage, "a"), Some((Status::Skipped, None)));
    let mut stage = begin();
    stage.keys("Ctrl+. 3").types("page 2 of 3").keys("Enter");
    assert_eq!(status(&stage, "a"), Some((Status::Skipped, flag("page 2 of 3"))));
    let mut stage = begin();
    stage.keys("Ctrl+. 3 Esc");
    assert_eq!((status(&stage, "a"), stage.see()), (None, "Lind came".to_owned()));
    let mut stage = begin();
    stage.keys("Ctrl+. 1 2");
    stage.session().store();
    assert_eq!(stage.session().open.as_ref().unwrap().shown().unwrap().flag, flag("The guidelines do not say"));
    assert_eq!(stage.session().open.as_ref().unwrap().id().as_str(), "a", "a flag stays here");
}

#[test]
fn messages_are_kept_and_errors_stay() {
    let mut stage = Stage::new("Lind came");
    let tell = |stage: &mut Stage, kind, sentence: &str| {
        stage.window.shared.toasts.tell(Notice { kind, sentence: sentence.to_owned(), undo: false });
    };
    for number in 0..6 {
        tell(&mut stage, NoticeKind::Error, &format!("Error {number}"));
    }
    tell(&mut stage, NoticeKind::Done, "Done");
    assert_eq!(stage.told().len(), 6, "errors wait for their turn, what is done gives way: {:?}", stage.told());
    stage.rest();
    stage.screen.wait(60.0);
    stage.rest();
    assert_eq!(stage.told().len(), 6);
    let spanwright::app::Screen::Work(work) = &mut stage.window.screen else { panic!("no project is open") };
    work.act(&Action::Messages, &stage.screen.ctx, &mut stage.window.shared);
    stage.rest();
    let seen = names(&mut stage);
    assert!(seen.contains("Error 0") && seen.contains("Error 5") && seen.contains("Done"), "{seen}");
    picture(&mut stage, "messages");
    stage.press("Dismiss errors");
    assert_eq!(stage.told(), Vec::<&str>::new());
    assert!(names(&mut stage).contains("Error 3"), "the history keeps them");
    stage.keys("Enter");
    assert!(!names(&mut stage).contains("Error 3"));
}

#[test]
fn under_the_pointer_a_message_stays() {
    let mut stage = Stage::new("Lind came");
    stage.window.shared.toasts.tell(Notice {
        kind: NoticeKind::Done,
        sentence: "Nine spans marked".to_owned(),
        undo: false,
    });
    stage.rest();
    let named = stage.named();
    let place = named.iter().find_map(|(_, name, rect)| rect.filter(|_| name == "Nine spans marked")).unwrap();
    stage.send(vec![Event::PointerMoved(place.center())]);
    for _ in 0..10 {
        stage.screen.wait(1.5);
        stage.rest();
    }
    assert_eq!(stage.told(), ["Nine spans marked"]);
    stage.send(vec![Event::PointerMoved(egui::pos2(600.0, 200.0))]);
    for _ in 0..3 {
        stage.screen.wait(3.0);
        stage.rest();
    }
    assert_eq!(stage.told(), Vec::<&str>::new());
}

#[test]
fn keys_pointer_and_scrolling_are_signs_of_life_and_looking_away_is_not() {
    let seconds = |clock: &Arc<AtomicI64>, steps: &[(i64, Event)]| {
        let mut stage = staged(WIDE, false, sample_session(clock));
        let was = layer_seconds(&stage);
        for (after, event) in steps {
            clock.fetch_add(after * 1000, Ordering::Relaxed);
            stage.send(vec![event.clone()]);
        }
        stage.keys("Ctrl+PageDown");
        let spanwright::app::Screen::Work(work) = &mut stage.window.screen else { panic!("no project is open") };
        work.session.flush();
        layer_seconds(&stage) - was
    };
    let on_page = || Event::PointerMoved(egui::pos2(600.0, 400.0));
    let beside = || Event::PointerMoved(egui::pos2(10.0, 400.0));
    let wheel = || Event::MouseWheel {
        unit: egui::MouseWheelUnit::Line,
        delta: vec2(0.0, -1.0),
        modifiers: Modifiers::NONE,
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
    };
    let focus = |to| Event::WindowFocused(to);
    assert_eq!(seconds(&clock(), &[(0, on_page()), (20, wheel()), (20, on_page())]), 40);
    assert_eq!(seconds(&clock(), &[(0, on_page()), (59, beside()), (59, on_page())]), 0);
    assert_eq!(seconds(&clock(), &[(0, on_page()), (5, focus(false)), (30, focus(true)), (10, on_page())]), 5);
}

#[test]
fn the_setting_stops_the_count_at_once() {
    let clock = clock();
    let mut stage = staged(WIDE, false, sample_session(&clock));
    let was = layer_seconds(&stage);
    let on_page = || vec![Event::PointerMoved(egui::pos2(600.0, 400.0))];
    stage.send(on_page());
    for (counted, seconds) in [(true, 20), (false, 30), (true, 10)] {
        stage.window.shared.settings.time = counted;
        stage.rest();
        stage.send(on_page());
        clock.fetch_add(seconds * 1000, Ordering::Relaxed);
        stage.send(on_page());
    }
    stage.keys("Ctrl+PageDown");
    let spanwright::app::Screen::Work(work) = &mut stage.window.screen else { panic!("no project is open") };
    work.session.flush();
    assert_eq!(layer_seconds(&stage) - was, 30);
}

fn layer_seconds(stage: &Stage) -> u64 {
    let session = stage.session();
    let layer = session.store().layer(&sample::FIRST.into(), session.annotator()).unwrap();
    layer.map_or(0, |(layer, _)| layer.seconds)
}

#[test]
fn progress_and_pace_stand_over_the_list() {
    let clock = clock();
    let store = crate::session::project(&["a", "b", "c", "d", "e"].map(|id| (id, "Lind came to see the harbour")));
    let start = Start {
        store: Box::new(store),
        project: "harbour".to_owned(),
        schema: sample::schema(),
        annotator: Annotator::from("ana"),
        device: "here".to_owned(),
        clock: Clock::by_hand(Arc::clone(&clock)),
        keys: BTreeMap::new(),
        careful: false,
    };
    let mut session = Session::start(start, Box::new(|| ())).unwrap();
    session.run(Command::Filter(session.list.query.clone()));
    session.run(Command::Open("a".into()));
    let mut stage = staged(WIDE, false, session);
    let before = names(&mut stage);
    assert!(before.contains("0 of 5 done") && !before.contains(" left"), "{before}");
    for _ in 0..3 {
        stage.keys("3");
        clock.fetch_add(50_000, Ordering::Relaxed);
        stage.keys("Ctrl+Enter");
    }
    let seen = names(&mut stage);
    assert!(seen.contains("3 of 5 done") && seen.contains("about 2 minutes left"), "{seen}");
    picture(&mut stage, "pace");
}

#[test]
fn the_order_by_chance_is_chosen_where_lists_are_sorted() {
    let mut stage = staged(WIDE, false, sample_session(&clock()));
    let first = |stage: &Stage| stage.session().list.rows(stage.session().store(), 0..3).unwrap();
    let sorted = first(&stage);
    stage.press("Filter and sort");
    picture(&mut stage, "sort");
    stage.press("Random order");
    assert_ne!(first(&stage), sorted);
    stage.press("Filter and sort").press("By id");
    assert_eq!(first(&stage), sorted);
}

#[test]
fn the_status_bar_says_where_one_is() {
    let mut stage = Stage::of(&[("a", "Lind came\nАнна 👩‍👩‍👧 left"), ("b", "x")]);
    stage.click("left", 2);
    let seen = names(&mut stage);
    let line = seen.lines().find(|line| line.starts_with("All changes saved")).unwrap().to_owned();
    assert_eq!(line, "All changes saved, ana, document 1 of 2, 0 spans, 21–25 (4), 2:12");
    stage.keys("1");
    let spanwright::app::Screen::Work(work) = &mut stage.window.screen else { panic!("no project is open") };
    work.session.flush();
    stage.rest();
    let seen = names(&mut stage);
    let line = seen.lines().find(|line| line.starts_with("All changes saved ")).unwrap();
    let time = &line["All changes saved ".len()..][..5];
    assert!(time.as_bytes()[2] == b':' && line.ends_with(", ana, document 1 of 2, 1 span"), "{line}");
}

#[test]
fn a_schema_that_breaks_is_told_over_the_page() {
    let home = folder();
    let source = include_str!("../schemas/news.ron");
    let project = Project::create(&home.path().join("news"), "news", source).unwrap();
    let (store, _) = open_store(&project, &Job::default()).unwrap();
    let mut session = crate::session::session_of(&*store, "ana");
    session.settle_in(project.folder());
    let mut stage = staged(WIDE, false, session);
    let look = |stage: &mut Stage| {
        let spanwright::app::Screen::Work(work) = &mut stage.window.screen else { panic!("no project is open") };
        work.session.look();
        work.session.flush();
        stage.rest();
    };
    fs::write(project.folder().join("schema.ron"), source.replace("key: \"2\"", "key: \"1\"")).unwrap();
    look(&mut stage);
    let seen = names(&mut stage);
    assert!(seen.contains("The schema stays as it was. Could not read line "), "{seen}");
    picture(&mut stage, "schema-broken");
    stage.press("Show all");
    assert!(names(&mut stage).contains("You work with the schema as it was before"));
    stage.keys("Esc");
    fs::write(project.folder().join("schema.ron"), source.replace("name: \"Entity\"", "name: \"Name\"")).unwrap();
    look(&mut stage);
    let seen = names(&mut stage);
    assert!(seen.contains("Name, key 1") && !seen.contains("The schema stays"), "{seen}");
    assert_eq!(stage.told(), ["Schema changed: 1 label changed"]);
}

#[test]
fn a_label_that_vanishes_is_drawn_plainly() {
    let home = folder();
    let source = include_str!("../schemas/news.ron");
    let project = Project::create(&home.path().join("news"), "news", source).unwrap();
    let (mut store, _) = open_store(&project, &Job::default()).unwrap();
    let by = crate::session::author("ana", "2026-01-01T00:00:00Z");
    let options = spanwright::store::ImportOptions { by, title: "Import".to_owned(), new_versions: false };
    let mut import = store.import(options).unwrap();
    import.document(&crate::support::document("a", "Анна came to see “the harbour” 👩‍👩‍👧")).unwrap();
    import.finish().unwrap();
    let mut session = crate::session::session_of(&*store, "ana");
    session.settle_in(project.folder());
    session.run(Command::Open("a".into()));
    let mut stage = staged(WIDE, false, session);
    stage.keys("1 Ctrl+Shift+1 F1");
    let seen = stage.see();
    assert_eq!(seen, "⟨entity Анна⟩ came to see “the harbour” 👩‍👩‍👧");
    // Everything but one label goes, while it is armed, its span selected, and its guidelines open.
    let bare = "Schema(name: \"news\", labels: [(id: \"place\", key: \"1\")])";
    fs::write(project.folder().join("schema.ron"), bare).unwrap();
    let spanwright::app::Screen::Work(work) = &mut stage.window.screen else { panic!("no project is open") };
    work.session.look();
    work.session.flush();
    stage.rest();
    stage.keys("Shift+F1");
    assert!(names(&mut stage).contains("label entity"), "the span's label by its id");
    stage.keys("F1 Enter Esc Esc Tab ] [ Shift+] Ctrl+J Ctrl+D . Ctrl+K Esc ? Esc Ctrl+. Esc Shift+F1 F6 F6 F6 Esc");
    stage.drag("came", "see", Modifiers::NONE);
    stage.keys("1");
    assert_eq!(stage.see(), "⟨entity Анна⟩ ⟨place came to see⟩ “the harbour” 👩‍👩‍👧");
    let spanwright::app::Screen::Work(work) = &mut stage.window.screen else { panic!("no project is open") };
    work.session.flush();
    assert!(work.session.is_saved());
}

#[test]
fn a_folder_that_goes_away_is_told_over_the_page_and_in_the_title() {
    let home = folder();
    let project = Project::create(&home.path().join("news"), "news", include_str!("../schemas/news.ron")).unwrap();
    let (store, _) = open_store(&project, &Job::default()).unwrap();
    let mut session = crate::session::session_of(&*store, "ana");
    session.settle_in(project.folder());
    let mut stage = staged(WIDE, false, session);
    let look = |stage: &mut Stage| {
        let spanwright::app::Screen::Work(work) = &mut stage.window.screen else { panic!("no project is open") };
        work.session.look();
        work.session.flush();
        let title = work.title();
        stage.rest();
        title
    };
    fs::rename(project.folder(), home.path().join("away")).unwrap();
    assert_eq!(look(&mut stage), "● test — Spanwright");
    let seen = names(&mut stage);
    assert!(
        seen.contains("is not there any more. What you do stays in memory") && seen.contains("Not saved"),
        "{seen}"
    );
    picture(&mut stage, "folder-gone");
    stage.press("Try again");
    assert!(names(&mut stage).contains("is not there any more"), "it is still away");
    fs::rename(home.path().join("away"), project.folder()).unwrap();
    assert_eq!(look(&mut stage), "test — Spanwright");
    // What was said when trying again goes by itself.
    stage.screen.wait(6.0);
    stage.rest();
    assert!(!names(&mut stage).contains("is not there any more. What you do"));
}

#[test]
fn the_cursor_of_the_list_stays_on_its_document() {
    let home = folder();
    let project = Project::create(&home.path().join("news"), "news", include_str!("../schemas/news.ron")).unwrap();
    let (mut other, _) = open_store(&project, &Job::default()).unwrap();
    let bring = |store: &mut dyn spanwright::store::Store, ids: &[&str]| {
        let by = crate::session::author("ben", "2026-01-01T00:00:00Z");
        let options = spanwright::store::ImportOptions { by, title: "Import".to_owned(), new_versions: false };
        let mut import = store.import(options).unwrap();
        for id in ids {
            import.document(&crate::support::document(id, id)).unwrap();
        }
        import.finish().unwrap();
    };
    bring(&mut *other, &["m", "n", "o"]);
    let (store, _) = open_store(&project, &Job::default()).unwrap();
    let mut session = crate::session::session_of(&*store, "ana");
    session.run(Command::Open("m".into()));
    let mut stage = staged(WIDE, false, session);
    stage.keys("Shift+F6 Down Down");
    bring(&mut *other, &["a", "b", "c"]);
    let spanwright::app::Screen::Work(work) = &mut stage.window.screen else { panic!("no project is open") };
    work.session.look();
    work.session.flush();
    stage.rest();
    assert!(names(&mut stage).contains("a, untouched"), "the new ones are seen");
    stage.keys("Enter");
    assert_eq!(stage.session().open.as_ref().unwrap().id().as_str(), "o");
}
