//! What the page must survive: endless words and lines, spans without number, documents that change faster than they can be read,
//! windows and zooms of every size.

use egui::{Event, pos2, vec2};
use spanwright::session::settings::ThemeChoice;
use spanwright::session::{Action, Command};
use spanwright::store::{ImportOptions, Store as _};
use spanwright::text::Text;

use crate::stage::{A, Stage};

fn caret(stage: &Stage) -> usize {
    stage.session().open.as_ref().unwrap().caret
}

#[test]
fn a_word_of_ten_thousand_letters() {
    for letters in ["x", "ع", "停", "👩‍👩‍👧", "e\u{301}"] {
        let text = format!("before {} after", letters.repeat(10_000));
        let mut stage = Stage::new(&text);
        stage.keys("Ctrl+Right Ctrl+Right End Down Shift+Left");
        assert_eq!(
            stage.session().selection().map(|range| range.end() - range.start()),
            Some(letters.len()),
            "{letters}"
        );
        stage.keys("Ctrl+End");
        assert_eq!(caret(&stage), text.len());
        let last = stage.window.place_of(text.len() - 5..text.len()).unwrap();
        assert!(last.top() > 100.0 && last.bottom() < 780.0, "the end is seen: {last:?}");
    }
}

#[test]
fn a_line_of_a_megabyte() {
    let text = "one word after the other ".repeat(40_000);
    let mut stage = Stage::new(&text);
    stage.keys("Ctrl+End Up Up Home Shift+End");
    assert!(
        stage.session().selection().is_some_and(|range| range.end() - range.start() < 200),
        "one row, not the line"
    );
    stage.keys("1");
    assert_eq!(stage.session().open.as_ref().unwrap().shown().unwrap().spans.len(), 1);
    // The margin takes the whole line.
    let row = stage.window.place_of(caret(&stage)..caret(&stage)).unwrap();
    stage.click_at(pos2(240.0, row.center().y), A);
    assert_eq!(stage.selected().len(), text.trim_end().len());
}

#[test]
fn a_hundred_thousand_spans() {
    let text = "word "
        .repeat(110_000)
        .replace("word word word word word word word word ", "word word word word word word word word\n");
    let text = Text::new(text);
    let spans = (0..100_000).map(|index| {
        let at = index * 5;
        crate::support::span(&format!("s{index:06}"), "entity", &[text.range(at, at + 4).unwrap()])
    });
    let layer = crate::support::layer("ana", spans.collect());
    let mut store = crate::session::project(&[("other", "Nothing.")]);
    let by = crate::session::author("ana", "2026-01-01T00:00:00Z");
    let mut import = store.import(ImportOptions { by, title: "Import".to_owned(), new_versions: false }).unwrap();
    let document = crate::support::document("d", text.as_str());
    import.document(&document).unwrap();
    import.layer(&document.id, document.text.sha256(), layer).unwrap();
    import.finish().unwrap();
    let mut session = crate::session::session_of(&store, "ana");
    session.run(Command::Open("d".into()));
    let mut stage = Stage::with(session);
    stage.keys("Ctrl+End Tab");
    assert!(stage.session().selected_span().is_some());
    stage.act(&Action::FoldBoilerplate).act(&Action::LineNumbers);
    for _ in 0..20 {
        stage.keys("PageUp");
    }
    stage.keys("Ctrl+Home Shift+Ctrl+Right 3 Ctrl+Z");
    assert_eq!(stage.session().open.as_ref().unwrap().shown().unwrap().spans.len(), 100_000);
}

#[test]
fn a_document_switched_a_hundred_times() {
    let articles: Vec<(String, String)> = (0..5)
        .map(|index| {
            (format!("d{index}"), format!("Document {index}.\nقال الوزير {index}\n{}", "停火协议 ".repeat(300)))
        })
        .collect();
    let articles: Vec<(&str, &str)> = articles.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
    let mut stage = Stage::of(&articles);
    for round in 0..100 {
        let key = if round % 7 == 3 { "Ctrl+PageUp" } else { "Ctrl+PageDown" };
        // Only one frame each, as a held key would have it.
        let chord = spanwright::session::keymap::Chord::parse(key).unwrap();
        let modifiers = spanwright::app::input::modifiers(chord);
        let page = if round % 7 == 3 { egui::Key::PageUp } else { egui::Key::PageDown };
        let key = |pressed| Event::Key { key: page, physical_key: None, pressed, repeat: false, modifiers };
        stage.send(vec![key(true), key(false)]);
    }
    stage.rest();
    let open = stage.session().open.as_ref().unwrap().id().as_str().to_owned();
    let first = format!("Document {}", &open[1..]);
    stage.place(&first);
}

#[test]
fn windows_and_zooms_of_every_size() {
    let text =
        "Maria Lind of Nordbank said so.\nقال الوزير في موسكو إن الهدنة دخلت حيز التنفيذ.\n停火协议谈判在日内瓦举行。";
    let mut stage = Stage::new(text);
    stage.drag("Maria", "Lind", egui::Modifiers::NONE).keys("1");
    stage.act(&Action::LineNumbers).act(&Action::ShowInvisible).act(&Action::ColumnWider).act(&Action::ColumnWider);
    // Physical pixels of the window, and pixels to the point before zooming.
    for (width, height, scale) in
        [(480.0, 480.0, 1.0), (7680.0, 4320.0, 1.0), (480.0, 900.0, 2.0), (1280.0, 800.0, 1.5)]
    {
        for zoom in [0.5, 1.0, 1.7, 3.0] {
            let points = vec2(width, height) / (scale * zoom);
            stage.screen.resize(points, scale);
            stage.screen.ctx.set_zoom_factor(zoom);
            stage.rest();
            stage.command(Command::Caret { to: 0, extend: false });
            // So small that there is no room for a word.
            if points.x < 240.0 || points.y < 240.0 {
                continue;
            }
            let row = stage.window.place_of(0..5);
            let row = row.unwrap_or_else(|| panic!("nothing is seen at {width} × {height}, {zoom}"));
            assert!(row.left() >= 0.0 && row.right() <= points.x, "{row:?} of {points:?}");
            stage.screen.wait(2.0);
            let at = stage.window.place_of(6..10).unwrap().center();
            stage.click_at(at, A);
            assert!((6..=10).contains(&caret(&stage)), "{width} × {height}, {zoom}: {}", caret(&stage));
        }
        stage.screen.ctx.set_zoom_factor(1.0);
    }
}

#[test]
fn themes_change_while_a_page_is_open() {
    let mut stage = Stage::new("Maria Lind.\nقال الوزير");
    for choice in [ThemeChoice::Dark, ThemeChoice::Light, ThemeChoice::Dark] {
        stage.screen.ctx.set_theme(if choice == ThemeChoice::Dark { egui::Theme::Dark } else { egui::Theme::Light });
        stage.rest();
        let Stage { screen, window, .. } = &mut stage;
        let image = screen.picture(Vec::new(), egui::Color32::WHITE, |ui| window.frame(ui));
        let page = image.pixels[400 * image.width() + 500];
        let dark = choice == ThemeChoice::Dark;
        assert_eq!(u32::from(page.r()) + u32::from(page.g()) + u32::from(page.b()) < 200, dark);
    }
}
