//! Relations on the page: arrows that never cover words, and making, finding and taking them back. `⟨label …⟩` are spans.

use egui::{Event, Modifiers, Pos2, Rect, pos2};
use spanwright::app::raster;
use spanwright::session::Command;

use crate::stage::Stage;

const KERRY: &str = "Maria Lind met Tomas Berg in Oslo.\n“We are ready,” Lind said.\nRead more";

impl Stage {
    /// Marks words with a label, the first time they stand in the text.
    fn mark(&mut self, label: &str, words: &str) -> &mut Self {
        let text = self.session().open.as_ref().unwrap().text().clone();
        let at = text.as_str().find(words).unwrap_or_else(|| panic!("“{words}” is not in the text"));
        let range = text.range(at, at + words.len()).unwrap();
        self.run(Command::MarkRange { label: label.into(), range, exact: true })
    }

    fn run(&mut self, command: Command) -> &mut Self {
        let spanwright::app::Screen::Work(work) = &mut self.window.screen else { panic!("no project is open") };
        work.session.run(command);
        self.rest();
        self
    }

    /// `kind: from → to`, in the order they were made.
    fn links(&self) -> Vec<String> {
        let open = self.session().open.as_ref().unwrap();
        let layer = open.shown().unwrap();
        let quote = |id: &spanwright::annotation::ItemId| layer.span(id).unwrap().ranges.quote(open.text());
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

    /// Saves a picture of the window where `SPANWRIGHT_PICTURES` says.
    fn picture(&mut self, name: &str) {
        let Ok(folder) = std::env::var("SPANWRIGHT_PICTURES") else { return };
        let window = &mut self.window;
        let image = self.screen.picture(Vec::new(), egui::Color32::WHITE, |ui| window.frame(ui));
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.png")), raster::png(&image).unwrap())
            .unwrap();
    }
}

/// A piece of a line, half a point thick, touches a box.
fn crosses(a: Pos2, b: Pos2, letter: Rect) -> bool {
    let steps = (a.distance(b) / 0.25).ceil().max(1.0) as usize;
    (0..=steps).any(|step| letter.expand(0.25).contains(a.lerp(b, step as f32 / steps as f32)))
}

#[test]
fn arrows_go_around_the_words() {
    let mut stage = Stage::new(KERRY);
    stage.mark("entity", "Tomas Berg").mark("entity", "Maria Lind").mark("quote", "“We are ready,”").keys("s Enter");
    assert_eq!(stage.links(), ["speaker: “We are ready,” → Tomas Berg"]);
    stage.picture("arrow");
    assert!(stage.assert_clear("two rows") > 0);
}
