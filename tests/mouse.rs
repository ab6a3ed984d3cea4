//! A whole article labelled with the mouse and the labels' keys, on the real page without a display, counted: a double click or a drag takes
//! the words, a key gives the label. Nothing is marked beforehand.

use egui::{Modifiers, Rect, vec2};
use spanwright::annotation::{Annotator, Span};
use spanwright::schema::Snap;
use spanwright::session::keymap::{Chord, Key};
use spanwright::session::{Command, sample};
use spanwright::store::{Memory, Store as _};
use spanwright::text::segment::{self, Snap as Unit};
use spanwright::text::{Text, TextRange};

use crate::session::session_of;
use crate::stage::{A, Stage};

/// What was done so far.
#[derive(Debug, Default)]
struct Gestures {
    clicks: usize,
    drags: usize,
    keys: usize,
    /// Not counted as a gesture: bringing the place into view.
    scrolls: usize,
}

#[test]
fn the_seed_article_costs_two_gestures_a_span() {
    let mut store = Memory::new(include_str!("../schemas/news.ron"));
    sample::fill(&mut store).unwrap();
    let (wanted, _) = store.layer(&sample::FIRST.into(), &Annotator::from("ana")).unwrap().unwrap();
    let mut session = session_of(&store, "eve");
    session.run(Command::Open(sample::FIRST.into()));
    let mut stage = Stage::with(session);
    let text = stage.session().open.as_ref().unwrap().text().clone();

    let mut gestures = Gestures::default();
    let mut spans: Vec<&Span> = wanted.spans.iter().map(|span| &**span).collect();
    spans.sort_by_key(|span| (span.ranges.as_slice()[0].start(), std::cmp::Reverse(span.hull().len())));
    for span in &spans {
        mark(&mut stage, &text, span, &mut gestures);
    }

    let made = stage.session().open.as_ref().unwrap().shown().unwrap();
    let extents = |spans: &mut dyn Iterator<Item = &Span>| -> Vec<(String, Vec<(usize, usize)>)> {
        let ranges = |span: &Span| span.ranges.as_slice().iter().map(|range| (range.start(), range.end())).collect();
        let mut all: Vec<_> = spans.map(|span| (span.label.to_string(), ranges(span))).collect();
        all.sort();
        all
    };
    let made = extents(&mut made.spans.iter().map(|span| &**span));
    let wanted = extents(&mut wanted.spans.iter().map(|span| &**span));
    let missing: Vec<_> = wanted.iter().filter(|span| !made.contains(span)).collect();
    let wrong: Vec<_> = made.iter().filter(|span| !wanted.contains(span)).collect();
    assert!(missing.is_empty() && wrong.is_empty(), "missing {missing:?}, wrong {wrong:?}");
    let fragments: usize = spans.iter().map(|span| span.ranges.as_slice().len()).sum();
    let total = gestures.clicks + gestures.drags + gestures.keys;
    println!(
        "mouse: {total} gestures for {} spans ({fragments} fragments), {:.2} a span: {gestures:?}",
        spans.len(),
        total as f64 / spans.len() as f64
    );
    assert!(total <= spans.len() + fragments, "one gesture a fragment and one key a span");
}

/// Marks one span as a person would: takes the first fragment, presses the label's key, adds the other fragments.
fn mark(stage: &mut Stage, text: &Text, span: &Span, gestures: &mut Gestures) {
    let schema = stage.session().schema.clone();
    let label = schema.label(&span.label).unwrap();
    let key = Chord::plain(Key::Char(label.key.unwrap()));
    let (first, others) = span.ranges.as_slice().split_first().unwrap();
    let caret = first.start();
    // What the label takes at a caret by itself needs a click and no drag.
    let unit = segment::unit_at(text, caret + usize::from(label.snap == Snap::Quotation), label.snap);
    let by_itself = unit == Some(*first) && label.snap != Snap::Words;
    show(stage, *first, gestures);
    if by_itself {
        let at = place(stage, letter(text, *first, false));
        stage.screen.wait(2.0);
        stage.click_at(at.center(), A);
        gestures.clicks += 1;
        if stage.session().selected().is_some() {
            // The key would relabel what lies there.
            stage.keys("Esc");
            gestures.keys += 1;
        }
    } else {
        take(stage, text, *first, Modifiers::NONE, gestures);
    }
    stage.key(key);
    gestures.keys += 1;
    for fragment in others {
        show(stage, *fragment, gestures);
        take(stage, text, *fragment, Modifiers::COMMAND, gestures);
    }
}

/// Takes words with a double click where they are one, else with a drag from within the first to within the last; exactly, where the words
/// around are not wanted whole.
fn take(stage: &mut Stage, text: &Text, range: TextRange, held: Modifiers, gestures: &mut Gestures) {
    let one = segment::unit_at(text, range.start(), Unit::Words);
    stage.screen.wait(2.0);
    if one == Some(range) && held == Modifiers::NONE {
        let at = place(stage, letter(text, range, false)).center();
        stage.click_at(at, A).click_at(at, A);
        gestures.clicks += 1;
        return;
    }
    let exact = segment::snap(text, range, Unit::Words) != range;
    let held = if exact { Modifiers { alt: true, ..held } } else { held };
    let (from, to) = (place(stage, letter(text, range, false)), place(stage, letter(text, range, true)));
    let from = from.left_center() + vec2(from.width() * 0.3, 0.0);
    stage.drag_at(from, to.right_center() - vec2(to.width() * 0.3, 0.0), held);
    gestures.drags += 1;
}

/// The first or the last grapheme of a stretch.
fn letter(text: &Text, range: TextRange, last: bool) -> TextRange {
    let at = if last { text.slice(range).char_indices().next_back().map_or(0, |(at, _)| at) } else { 0 };
    segment::unit_at(text, range.start() + at, Unit::Graphemes).unwrap()
}

fn place(stage: &Stage, range: TextRange) -> Rect {
    stage.window.place_of(range.start()..range.end()).unwrap_or_else(|| panic!("{range:?} is not on the screen"))
}

/// Scrolls until a stretch is well within the page.
fn show(stage: &mut Stage, range: TextRange, gestures: &mut Gestures) {
    for _ in 0..200 {
        let (first, last) = (stage.window.place_of(range.start()..range.end()), bottom(stage, range));
        if first.is_some_and(|rect| rect.top() > 60.0) && last.is_some_and(|rect| rect.bottom() < 740.0) {
            return;
        }
        let up = first.is_some_and(|rect| rect.top() <= 60.0);
        let delta = vec2(0.0, if up { 60.0 } else { -60.0 });
        stage.send(vec![
            egui::Event::PointerMoved(egui::pos2(640.0, 400.0)),
            egui::Event::MouseWheel {
                unit: egui::MouseWheelUnit::Point,
                delta,
                source: egui::MouseWheelSource::Wheel,
                phase: egui::TouchPhase::Move,
                modifiers: Modifiers::NONE,
            },
        ]);
        // The wheel moves the page over several frames.
        while stage.send(Vec::new()) {}
        gestures.scrolls += 1;
    }
    panic!("{range:?} does not come into view");
}

fn bottom(stage: &Stage, range: TextRange) -> Option<Rect> {
    stage.window.place_of(range.end().saturating_sub(1).max(range.start())..range.end())
}
