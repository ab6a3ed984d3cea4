//! Relations on the page: arrows that never cover words, and making, finding and taking them back. `⟨label …⟩` are spans.

use egui::{Modifiers, Pos2, Rect};
use spanwright::annotation::ItemId;
use spanwright::app::Screen;
use spanwright::session::Command;

use crate::stage::Stage;

const KERRY: &str = "Maria Lind met Tomas Berg in Oslo.\n“We are ready,” Lind said.\nRead more";

impl Stage {
    /// Marks words with a label, the first time they stand in the text.
    fn mark(&mut self, label: &str, words: &str) -> &mut Self {
        let text = self.session().open.as_ref().unwrap().text().clone();
        let at = text.as_str().find(words).unwrap_or_else(|| panic!("“{words}” is not in the text"));
        let range = text.range(at, at + words.len()).unwrap();
        self.command(Command::MarkRange { label: label.into(), range, exact: true })
    }

    fn mark_at(&mut self, label: &str, range: std::ops::Range<usize>) -> ItemId {
        let range = self.session().open.as_ref().unwrap().text().range(range.start, range.end).unwrap();
        self.command(Command::MarkRange { label: label.into(), range, exact: true });
        self.session().selected().unwrap().clone()
    }

    /// Scrolls until a span is seen.
    fn reveal(&mut self, id: &ItemId) -> &mut Self {
        let range = self.session().open.as_ref().unwrap().shown().unwrap().span(id).unwrap().hull();
        let Screen::Work(work) = &mut self.window.screen else { panic!("no project is open") };
        work.view.reveal(range.start()..range.end());
        self.rest();
        self
    }

    /// The colour behind the first letter of words, as it is drawn.
    fn ground(&mut self, words: &str) -> egui::Color32 {
        let at = self.place(words).left_top() + egui::vec2(1.0, 1.0);
        let window = &mut self.window;
        let image = self.screen.picture(Vec::new(), egui::Color32::WHITE, |ui| window.frame(ui));
        image[(at.x as usize, at.y as usize)]
    }

    /// `kind: from → to`, in the order they were made.
    fn links(&self) -> Vec<String> {
        let open = self.session().open.as_ref().unwrap();
        let layer = open.shown().unwrap();
        let quote = |id: &ItemId| layer.span(id).unwrap().ranges.quote(open.text());
        let mut links: Vec<_> = layer.relations.values().collect();
        links.sort_by_key(|relation| relation.id.clone());
        let words = |relation: &spanwright::annotation::Relation| {
            format!("{}: {} → {}", relation.kind, quote(&relation.from), quote(&relation.to))
        };
        links.iter().map(|relation| words(relation)).collect()
    }

    fn arrows(&self) -> Vec<Vec<Pos2>> {
        self.window.page().unwrap().arrows()
    }

    /// Every piece of every arrow lies clear of every letter.
    fn assert_clear(&self, what: &str) -> usize {
        let letters = self.window.page().unwrap().letters();
        assert!(!letters.is_empty(), "{what}");
        let mut pieces = 0;
        for arrow in self.arrows() {
            for pair in arrow.windows(2) {
                let struck = letters.iter().find(|letter| crosses(pair[0], pair[1], **letter));
                assert_eq!(struck, None, "{what}: {:?} → {:?} of {arrow:?}", pair[0], pair[1]);
                pieces += 1;
            }
        }
        pieces
    }
}

/// A piece of a line, half a point thick, touches a box.
fn crosses(a: Pos2, b: Pos2, letter: Rect) -> bool {
    let (letter, around) = (letter.expand(0.25), Rect::from_two_pos(a, b));
    let steps = (a.distance(b) / 0.25).ceil().max(1.0) as usize;
    letter.intersects(around) && (0..=steps).any(|step| letter.contains(a.lerp(b, step as f32 / steps as f32)))
}

/// Lines with tall letters, marks above and below, and both directions.
const LINES: [&str; 9] = [
    "ÅÉÎÕÜ met Ŝǧjçţ ỗ Ǭ(jgpqy) while Ângström waited for the boats to come in from the north with the others.",
    "Россия и Украина договорились о прекращении огня, сообщил Щербаков вчера вечером на встрече в Женеве.",
    "قال الوزير في موسكو إن الهدنة دخلت حيز التنفيذ وأضاف المتحدث أن اللجنة ستجتمع غدا في جنيف مع الوفود.",
    "قَالَ الوَزِيرُ لَا إِلَى الهُدْنَةِ بِالمُؤْتَمَرِ",
    "בְּרֵאשִׁית בָּרָא אֱלֹהִים אֵת הַשָּׁמַיִם וְאֵת הָאָרֶץ",
    "मंत्री ने कहा कि क्षेत्रीय युद्धविराम पर बातचीत शुरू हुई और दूसरे दिन भी चलती रहेगी।",
    "รัฐมนตรีกล่าวที่กรุงเทพฯ ว่าการเจรจาจะเริ่มขึ้นในวันพรุ่งนี้ ผู้สื่อข่าวรายงานว่าผู้ใหญ่บ้านปู่ฎู",
    "Z\u{300}\u{301}\u{302}\u{303}\u{304}algo t\u{30a}\u{30b}ext g\u{323}\u{331} ends 👩‍👩‍👧‍👦 here 👍🏽",
    "\"Plain\" words; jumping [brackets] (gypsy) and so on until the row is full and another one begins below it.",
];

/// Every line has an event at its first word and an entity at its last; relations go from each event to entities above and below.
fn tied() -> Stage {
    let text = LINES.join("\n");
    let mut stage = Stage::new(&text);
    let mut start = 0;
    let mut ends = Vec::new();
    for line in LINES {
        let first = start..start + line.split(' ').next().unwrap().len();
        let last = start + line.len() - line.rsplit(' ').next().unwrap().len()..start + line.len();
        ends.push((stage.mark_at("event", first), stage.mark_at("entity", last)));
        start += line.len() + 1;
    }
    for (index, (event, _)) in ends.iter().enumerate() {
        for (kind, step) in [("participant", 0), ("place", 1), ("participant", 4), ("place", LINES.len() - 1)] {
            let (_, entity) = &ends[(index + step) % ends.len()];
            let (kind, from, to) = (kind.into(), event.clone(), entity.clone());
            stage.command(Command::Link { kind, from, to });
        }
    }
    stage
}

#[test]
fn arrows_never_cross_a_letter() {
    let mut stage = tied();
    let (mut pieces, mut drawn) = (0, 0);
    let spans: Vec<_> = stage.session().open.as_ref().unwrap().shown().unwrap().spans.iter().cloned().collect();
    for (size, scale) in [((1280.0, 800.0), 1.0), ((480.0, 700.0), 1.5), ((1280.0, 300.0), 2.0)] {
        stage.screen.resize(size.into(), scale);
        for span in &spans {
            stage.command(Command::SelectSpan(Some(span.id.clone())));
            stage.reveal(&span.id);
            pieces += stage.assert_clear(&format!("{} at {size:?} × {scale}", span.label));
            drawn += stage.arrows().len();
        }
    }
    assert!(drawn > 150 && pieces > 1500, "{drawn} arrows, {pieces} pieces");
    stage.screen.resize(egui::vec2(1280.0, 800.0), 1.0);
    for (index, name) in [(4, "arrows-arabic"), (16, "arrows-last")] {
        stage.command(Command::SelectSpan(Some(spans[index].id.clone())));
        stage.reveal(&spans[index].id);
        stage.picture(name);
    }
}

#[test]
fn an_end_that_is_not_on_the_screen_is_pointed_to() {
    let lines: Vec<String> =
        (0..80).map(|line| format!("Line {line} says nothing much about anybody at all.")).collect();
    let mut stage = Stage::new(&format!("Maria met\n{}\nTomas came", lines.join("\n")));
    let entity = stage.mark_at("entity", 0..5);
    let event = stage.mark_at("event", 6..9);
    let end = stage.session().open.as_ref().unwrap().text().len();
    let other = stage.mark_at("entity", end - 10..end - 5);
    for to in [&entity, &other] {
        stage.command(Command::Link { kind: "participant".into(), from: event.clone(), to: to.clone() });
    }
    stage.command(Command::SelectSpan(Some(event.clone()))).reveal(&event);
    let bottom = stage.window.page().unwrap().letters().iter().map(|letter| letter.bottom()).fold(0.0, f32::max);
    let arrows = stage.arrows();
    assert_eq!(arrows.len(), 2);
    assert!(
        arrows.iter().any(|arrow| arrow.last().unwrap().y > bottom - 40.0),
        "one leaves at the lower edge: {arrows:?}"
    );
    stage.assert_clear("above");
    stage.picture("arrows-away");
    // From the other end, the start is what is not seen.
    stage.command(Command::SelectSpan(Some(other.clone()))).reveal(&other);
    let arrows = stage.arrows();
    assert_eq!(arrows.len(), 1);
    assert!(arrows[0][0].y < 60.0 && arrows[0].last().unwrap().y > 400.0, "it comes in at the upper edge: {arrows:?}");
    stage.assert_clear("below");
}

#[test]
fn a_letter_and_a_click_on_a_legal_span_link() {
    let mut stage = Stage::new(KERRY);
    stage
        .mark("entity", "Tomas Berg")
        .mark("entity", "Maria Lind")
        .mark("event", "met")
        .mark("quote", "“We are ready,”");
    stage.keys("s");
    assert_eq!(stage.arrows().len(), 1, "what Enter would make is shown");
    stage.assert_clear("while choosing");
    stage.picture("linking");
    stage.click("met", 1);
    assert_eq!(stage.links(), [""; 0], "an event is no speaker");
    assert_eq!(stage.told().last().copied(), Some("“Speaker” ends at entity, not at event"));
    assert!(stage.session().linking().is_some(), "the click missed; choosing goes on");
    stage.click("Maria", 1);
    assert_eq!(stage.links(), ["speaker: “We are ready,” → Maria Lind"]);
    assert!(stage.session().linking().is_none());
    stage.keys("s").click("Oslo", 1);
    assert!(stage.session().linking().is_none(), "a click beside every span leaves");
    assert_eq!(stage.links().len(), 1);
    stage.keys("Ctrl+Z");
    assert_eq!(stage.links(), [""; 0]);
}

#[test]
fn a_letter_again_goes_on_to_the_next_end_and_enter_fixes_it() {
    let mut stage = Stage::new(KERRY);
    stage.mark("entity", "Maria Lind").mark("entity", "Tomas Berg").mark("quote", "“We are ready,”");
    stage.keys("s s Enter");
    assert_eq!(stage.links(), ["speaker: “We are ready,” → Maria Lind"]);
    stage.keys("s Esc Enter");
    assert_eq!(stage.links().len(), 1, "Esc leaves");
    stage.keys("Esc Esc");
}

#[test]
fn from_span_to_span_by_the_handle() {
    let mut stage = Stage::new(KERRY);
    stage.mark("entity", "Tomas Berg").mark("event", "met").mark("quote", "“We are ready,”");
    let from = stage.window.page().unwrap().handle().expect("the selected quote has a handle");
    let to = stage.place("Tomas").center();
    stage.hold(from, Modifiers::NONE).pull(to);
    assert_eq!(stage.arrows().len(), 1);
    stage.assert_clear("while dragging");
    stage.picture("dragging-relation");
    assert_eq!(stage.links(), [""; 0]);
    stage.release(to);
    assert_eq!(stage.links(), ["speaker: “We are ready,” → Tomas Berg"]);

    // The other way around the same relation would be made, but it is there already.
    stage.click("Tomas", 1);
    let from = stage.window.page().unwrap().handle().unwrap();
    let quote = stage.place("ready").center();
    stage.hold(from, Modifiers::NONE).pull(quote).release(quote);
    assert_eq!(stage.links().len(), 1);

    // Esc lets go; a release beside every span makes nothing.
    let oslo = stage.place("Oslo").center();
    let met = stage.place("met").center();
    stage.hold(from, Modifiers::NONE).pull(met).keys("Esc").release(to);
    stage.hold(from, Modifiers::NONE).pull(oslo).release(oslo);
    assert_eq!(stage.links().len(), 1);
    assert_eq!(stage.selected(), "", "and selects nothing");
}

#[test]
fn where_several_relations_are_possible_a_list_asks() {
    let mut stage = Stage::new(KERRY);
    stage.mark("entity", "Oslo").mark("event", "met");
    let from = stage.window.page().unwrap().handle().unwrap();
    let to = stage.place("Oslo").center();
    stage.hold(from, Modifiers::NONE).pull(to).release(to);
    assert_eq!(stage.links(), [""; 0], "it asks first");
    stage.picture("relation-kinds");
    stage.keys("2");
    assert_eq!(stage.links(), ["place: met → Oslo"]);
    // One of them is made; the other one needs no question.
    let from = stage.window.page().unwrap().handle().unwrap();
    stage.hold(from, Modifiers::NONE).pull(to).release(to);
    assert_eq!(stage.links(), ["place: met → Oslo", "participant: met → Oslo"]);
    // What was just made has attributes: digits set them, Enter first.
    stage.keys("Enter 2");
    let open = stage.session().open.as_ref().unwrap();
    let relation = open.shown().unwrap().relations.values().find(|relation| relation.kind.as_str() == "participant");
    assert_eq!(relation.unwrap().attributes["role"], "patient");
    stage.picture("relation-attributes");
    // Backspace takes back the relation that is selected, then the span.
    stage.keys("Backspace");
    assert_eq!(stage.links(), ["place: met → Oslo"]);
    stage.keys("Backspace");
    assert!(!stage.see().contains("⟨event"), "{}", stage.see());
}

#[test]
fn the_inspector_follows_changes_and_removes() {
    let mut stage = Stage::new(KERRY);
    stage.mark("entity", "Tomas Berg").mark("entity", "Maria Lind").mark("event", "met").keys("p Enter Esc");
    assert_eq!(stage.links(), ["participant: met → Maria Lind"]);
    stage.press("role").press("role agent");
    let layer = stage.session().open.as_ref().unwrap().shown().unwrap();
    assert_eq!(layer.relations.values().next().unwrap().attributes["role"], "agent");
    stage.keys("Esc").press("participant Maria");
    assert_eq!(stage.session().selected_span().unwrap().label.as_str(), "entity", "the row leads to the other end");
    stage.press("Unlink participant of met");
    assert_eq!(stage.links(), [""; 0]);
}

#[test]
fn the_list_of_relations_finds_and_goes_there() {
    let mut stage = Stage::new(KERRY);
    stage.keys("Ctrl+R").picture("relations-empty");
    let said = |stage: &mut Stage, words: &str| stage.named().iter().any(|(_, name, _)| name.starts_with(words));
    assert!(said(&mut stage, "No relations yet"));
    stage
        .keys("Esc")
        .mark("entity", "Oslo")
        .mark("entity", "Tomas Berg")
        .mark("quote", "“We are ready,”")
        .keys("s s Enter");
    stage.mark("event", "met").keys("p Enter w w Enter Esc Esc Esc");
    assert_eq!(stage.links().len(), 3);
    stage.keys("Ctrl+R").picture("relations-list");
    assert!(said(&mut stage, "All 3") && said(&mut stage, "Speaker 1"));
    assert!(said(&mut stage, "Participant: met → Tomas Berg"));
    // Tab: of one kind only.
    stage.keys("Tab");
    assert!(said(&mut stage, "Speaker: “We") && !said(&mut stage, "Participant: met"));
    stage.keys("Shift+Tab").types("oslo");
    assert!(said(&mut stage, "Place: met → Oslo") && !said(&mut stage, "Speaker: “We"));
    stage.keys("Enter");
    let open = stage.session().open.as_ref().unwrap();
    assert_eq!(stage.session().selected_span().unwrap().label.as_str(), "event");
    assert_eq!(stage.session().selected_relation().unwrap().kind.as_str(), "place", "{:?}", open.relation);
    stage.keys("Ctrl+R").types("nobody");
    assert!(said(&mut stage, "No relation has these words"));
}

#[test]
fn only_legal_ends_light_up() {
    let mut stage = Stage::new(KERRY);
    stage.mark("entity", "Tomas Berg").mark("event", "Oslo").mark("quote", "“We are ready,”");
    let usual = stage.ground("Oslo");
    stage.keys("s");
    let fades = stage.ground("Oslo");
    assert_ne!(usual, fades, "an event is no speaker: it fades");
    let page = spanwright::app::theme::Theme::light().page;
    assert_eq!(fades, page);
    assert_ne!(stage.ground("Tomas"), page);
    stage.keys("Esc");
    assert_eq!(stage.ground("Oslo"), usual);
}

#[test]
fn the_layer_of_somebody_else_is_not_linked_in() {
    let store = crate::session::project(&[("d", KERRY)]);
    let mut hers = crate::session::session_of(&store, "ana");
    hers.run(Command::Open("d".into()));
    let mut stage = Stage::with(hers);
    stage.mark("entity", "Tomas Berg").mark("quote", "“We are ready,”").keys("s Enter Ctrl+S");
    let mut his = crate::session::session_of(&store, "ben");
    his.run(Command::Open("d".into()));
    his.run(Command::Show("ana".into()));
    let mut stage = Stage::with(his);
    stage.click("ready", 1);
    assert_eq!(stage.arrows().len(), 1, "it can be looked at");
    assert!(stage.window.page().unwrap().handle().is_none());
    stage.keys("s");
    assert!(stage.told().last().is_some_and(|told| told.contains("someone else")), "{:?}", stage.told());
}
