//! Assignments in the window: my list, the page of the one who leads, dealing out with a preview.

use std::fs;

use egui::{Vec2, vec2};
use spanwright::app::headless::Headless;
use spanwright::app::{Screen, StartUp, Window, raster};
use spanwright::session::assign::{Assignments, FILE};
use spanwright::session::settings::{Settings, ThemeChoice};
use spanwright::session::{Action, Command, Session, sample};
use spanwright::store::{Disk, Job, Project, open_store};

use crate::session::session_in;
use crate::stage::{A, Stage};
use crate::storing::folder;

const WIDE: Vec2 = vec2(1240.0, 780.0);

/// The sample in a folder, with an `assignments.ron` if one is given, open for ana.
fn newsroom(assignments: Option<&str>) -> (tempfile::TempDir, Session) {
    let home = folder();
    let project = sample::create(&home.path().join("newsroom")).unwrap();
    if let Some(text) = assignments {
        Disk::default().replace(&project.folder().join(FILE), text.as_bytes()).unwrap();
    }
    (home, opened(&project))
}

fn opened(project: &Project) -> Session {
    let (store, _) = open_store(project, &Job::default()).unwrap();
    let mut session = session_in(&*store, "ana", sample::schema());
    session.settle_in(project.folder());
    session.run(Command::Open(sample::FIRST.into()));
    session
}

fn staged(size: Vec2, dark: bool, session: Session) -> Stage {
    let screen = Headless::new(size, 1.5, dark);
    let theme = if dark { ThemeChoice::Dark } else { ThemeChoice::Light };
    let settings = Settings { theme, ..Settings::default() };
    let window = Window::new(&screen.ctx, StartUp { session: Some(session), settings, ..StartUp::default() });
    let mut stage = Stage { screen, window, held: egui::Modifiers::NONE };
    stage.rest();
    stage
}

fn names(stage: &mut Stage) -> String {
    stage.named().into_iter().map(|(_, name, _)| name).collect::<Vec<_>>().join("\n")
}

/// Frames until a worker has answered.
fn until(stage: &mut Stage, words: &str) {
    for _ in 0..2_000 {
        if names(stage).contains(words) {
            // What came in may have moved what stands around it.
            return stage.rest();
        }
        std::thread::yield_now();
    }
    panic!("{words} never came: {}", names(stage));
}

/// Writes a picture where `SPANWRIGHT_PICTURES` says, for looking at.
fn picture(stage: &mut Stage, name: &str) {
    let Some(folder) = std::env::var_os("SPANWRIGHT_PICTURES") else { return };
    for _ in 0..4 {
        stage.screen.wait(0.5);
        stage.rest();
    }
    let ground = stage.window.shared.theme(&stage.screen.ctx).page;
    let window = &mut stage.window;
    let image = stage.screen.picture(Vec::new(), ground, |ui| window.frame(ui));
    fs::write(std::path::Path::new(&folder).join(format!("{name}.png")), raster::png(&image).unwrap()).unwrap();
}

const SHARED: &str = "Assignments(format: 1, annotators: [\"ana\", \"ben\", \"cleo\"], overlap: 0.2, seed: 1, documents: {
    \"bell-returns\": [\"ana\", \"ben\"], \"central-bank-rate\": [\"ana\", \"ben\", \"cleo\"], \"grain-price-note\": [\"ana\"],
    \"saltmarsh-buildup\": [\"ana\", \"cleo\"], \"tram-ruling\": [\"ana\"], \"vineyard-merger\": [\"ben\"], \"orchard-fire\": [\"cleo\"],
})";

fn listed(stage: &Stage) -> Vec<String> {
    let list = &stage.session().list;
    list.rows(stage.session().store(), 0..100).unwrap().into_iter().map(|row| row.id.0).collect()
}

#[test]
fn my_documents_are_listed_until_i_ask_for_all() {
    let (_home, session) = newsroom(Some(SHARED));
    let mut stage = staged(WIDE, false, session);
    let mine = ["bell-returns", "central-bank-rate", "grain-price-note", "saltmarsh-buildup", "tram-ruling"];
    assert_eq!(listed(&stage), mine);
    picture(&mut stage, "team-mine");
    // By its whole name: the status bar begins with the same word.
    let all = stage.named().into_iter().find_map(|(_, name, rect)| rect.filter(|_| name == "All"));
    stage.click_at(all.unwrap().center(), A);
    assert_eq!(listed(&stage).len(), 24);
    stage.press("Assigned to me");
    assert_eq!(listed(&stage), mine);
}

/// Every number of the page lists just as many documents as it says.
#[test]
fn every_number_lists_its_documents() {
    let (_home, session) = newsroom(Some(SHARED));
    let mut stage = staged(WIDE, false, session);
    stage.act(&Action::Team);
    picture(&mut stage, "team");
    let seen = names(&mut stage);
    assert!(seen.contains("Progress of the team") && seen.contains("17 documents are given to nobody"), "{seen}");
    let mut numbers: Vec<(String, usize)> = stage
        .named()
        .into_iter()
        .filter(|(role, ..)| *role == accesskit::Role::Button)
        .filter_map(|(_, name, _)| {
            let number = name.rsplit_once(", ")?.1.parse().ok()?;
            Some((name, number))
        })
        .collect();
    numbers.sort();
    let of = |whose: &str| {
        numbers.iter().filter(|(name, _)| name.starts_with(whose)).map(|(name, _)| name.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(of("cleo"), ["cleo, Given, 3", "cleo, Left, 3"]);
    assert_eq!(
        of("All sources"),
        ["All sources, Finished by two, 2", "All sources, Ready, 1", "All sources, Shared, 3"]
    );
    assert!(numbers.len() > 12, "{numbers:?}");
    for (name, number) in numbers {
        stage.press(&name);
        while stage.window.is_looking() {
            stage.send(Vec::new());
        }
        assert_eq!((listed(&stage).len(), stage.session().list.mistake.as_ref()), (number, None), "{name}");
        assert!(names(&mut stage).contains("Annotators"), "the page stays beside the list");
    }
    stage.keys("Esc");
    assert!(!names(&mut stage).contains("Progress of the team"));
}

#[test]
fn without_assignments_the_page_offers_them_and_the_dialog_shows_what_each_gets() {
    let (home, session) = newsroom(None);
    let file = home.path().join("newsroom").join(FILE);
    let mut stage = staged(WIDE, false, session);
    stage.act(&Action::Team);
    assert!(names(&mut stage).contains("No documents are assigned yet"));
    picture(&mut stage, "team-empty");
    stage.press("Assign documents…");
    until(&mut stage, "24 of 24 documents are given to somebody, 19 to two or more");
    picture(&mut stage, "team-dialog");
    assert!(!file.exists(), "a preview writes nothing");
    stage.press("Write assignments.ron");
    let (written, problems) = Assignments::read(&fs::read_to_string(&file).unwrap());
    assert_eq!(problems, []);
    assert_eq!(written.unwrap().documents.len(), 24);
    assert!(stage.session().is_assigned());
    assert!(stage.told().iter().any(|told| told.starts_with("24 of 24")), "{:?}", stage.told());
    stage.act(&Action::Assign);
    until(&mut stage, "assignments.ron says so already");
}

#[test]
fn a_broken_file_is_told_over_the_page() {
    let (_home, session) = newsroom(Some(&SHARED.replace("[\"ben\"]", "[\"bne\"]")));
    let mut stage = staged(WIDE, false, session);
    assert_eq!(listed(&stage).len(), 24);
    let seen = names(&mut stage);
    assert!(seen.contains("The assignments stay as they were") && seen.contains("Did you mean ben"), "{seen}");
    picture(&mut stage, "team-broken");
    stage.press("Show all");
    assert!(names(&mut stage).contains("assignments.ron cannot be read"));
}

#[test]
fn a_document_opened_from_the_list_takes_the_place_of_the_page() {
    let (_home, session) = newsroom(Some(SHARED));
    let mut stage = staged(WIDE, false, session);
    stage.act(&Action::Team).act(&Action::NextDocument);
    assert!(!names(&mut stage).contains("Progress of the team"));
    stage.act(&Action::Team).act(&Action::Team);
    assert!(!names(&mut stage).contains("Progress of the team"), "the second time closes it");
    let Screen::Work(_) = &stage.window.screen else { panic!("the project stays open") };
}

#[test]
fn pictures_in_the_dark_in_a_narrow_window_and_of_one_alone() {
    let (_home, session) = newsroom(Some(SHARED));
    let mut stage = staged(vec2(520.0, 780.0), true, session);
    stage.act(&Action::Team);
    assert!(names(&mut stage).contains("cleo, Given, 3"));
    picture(&mut stage, "team-narrow-dark");
    let alone = "Assignments(format: 1, annotators: [\"ana\"], documents: {\"bell-returns\": [\"ana\"]})";
    let (_home, session) = newsroom(Some(alone));
    let mut stage = staged(vec2(1000.0, 780.0), true, session);
    stage.act(&Action::Team);
    let seen = names(&mut stage);
    assert!(seen.contains("so nothing can be compared") && seen.contains("No document is given to two"), "{seen}");
    picture(&mut stage, "team-alone-dark");
}
