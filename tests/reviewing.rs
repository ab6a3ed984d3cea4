//! Reviewing in the window, from the keyboard: before, keys, after.

use std::sync::Arc;

use spanwright::annotation::{Annotator, ItemId, Layer, Ranges, Span, Status};
use spanwright::app::{Screen, Window};

use spanwright::review::Decision;
use spanwright::schema::LabelId;
use spanwright::session::reviewing::{Bulk, Filter, Line, Order, Progress, Review, Reviewing};
use spanwright::session::{Action, Command, Session, sample};
use spanwright::store::{ImportOptions, Job, Memory, Store};
use spanwright::text::DocumentId;

use crate::session::{author, project, session_in, session_of};
use crate::stage::Stage;
use crate::support::document;

const NEWS: &str = "Maria Lind of Nordbank met the mayor on Monday.\n“We will rebuild,” said Lind. Share this";

/// Marks words of a document, and finishes it.
fn marked(store: &Memory, annotator: &str, id: &str, spans: &[(&str, &str)]) {
    let mut session = session_of(store, annotator);
    session.run(Command::Open(id.into()));
    for (label, words) in spans {
        let text = session.open.as_ref().unwrap().text().clone();
        let at = text.as_str().find(words).unwrap_or_else(|| panic!("“{words}” is not in the text"));
        let range = text.range(at, at + words.len()).unwrap();
        session.run(Command::MarkRange { label: LabelId::from(*label), range, exact: true });
    }
    session.run(Command::SetStatus(Status::Finished));
    session.flush();
}

/// Ana and Ben, who differ in three things: a name's extent, a quote, an event of one.
fn two() -> Memory {
    let store = project(&[("a", NEWS), ("b", "Nordbank bought the harbour."), ("c", "Nothing of note.")]);
    marked(&store, "ana", "a", &[("entity", "Maria Lind"), ("quote", "“We will rebuild,”"), ("event", "met")]);
    marked(&store, "ben", "a", &[("entity", "Maria Lind of"), ("quote", "“We will rebuild,”")]);
    marked(&store, "ana", "b", &[("entity", "Nordbank")]);
    marked(&store, "ben", "b", &[("event", "Nordbank")]);
    marked(&store, "ana", "c", &[]);
    store
}

fn reviewing(stage: &Stage) -> &Reviewing {
    stage.session().reviewing().expect("a review is under way")
}

/// A window of someone who reviews, with everything compared.
fn review(store: &dyn Store) -> Stage {
    review_of(session_of(store, "rea"))
}

fn review_of(session: Session) -> Stage {
    let mut stage = Stage::with(session);
    stage.keys("F9");
    stage.until("everything is compared", |stage| reviewing(stage).summary.is_some());
    stage
}

/// The rows of the queue, as a person reads them: `> Maria Lind (boundary) settled`.
fn queue(stage: &Stage) -> Vec<String> {
    let reviewing = reviewing(stage);
    let lines = reviewing.queue.lines().iter();
    let rows = lines.filter_map(|line| match line {
        Line::Group(_) => None,
        Line::Case(number) => {
            let case = reviewing.queue.case(*number)?;
            let here = if reviewing.current == Some(*number) { "> " } else { "" };
            let progress = format!("{:?}", case.progress).to_lowercase();
            Some(format!("{here}{} ({}) {progress}", case.words, case.kind))
        }
    });
    rows.collect()
}

/// Gold as a person reads it: `entity Maria Lind`.
fn gold(stage: &mut Stage, id: &str) -> Vec<String> {
    let Screen::Work(work) = &mut stage.window.screen else { panic!("no project is open") };
    work.session.flush();
    let store = work.session.store();
    let text = store.document(&DocumentId::from(id), None).unwrap().unwrap().text.clone();
    let layer = store.layer(&DocumentId::from(id), &Annotator::gold()).unwrap();
    let spans = layer.iter().flat_map(|(layer, _)| layer.spans.iter());
    spans.map(|span| format!("{} {}", span.label, span.ranges.quote(&text))).collect()
}

fn decisions(stage: &Stage, id: &str) -> Vec<Decision> {
    let layer = stage.session().store().layer(&DocumentId::from(id), &Annotator::gold()).unwrap();
    layer.iter().flat_map(|(layer, _)| &layer.decisions).filter_map(Decision::read).collect()
}

fn known(window: &Window) -> &Session {
    window.session().unwrap()
}

#[test]
fn a_digit_settles_and_shows_the_next_across_documents() {
    let mut stage = review(&two());
    assert_eq!(queue(&stage), ["> met (missing) open", "Nordbank (label) open", "Maria Lind of (boundary) open"]);
    stage.keys("1");
    assert_eq!(reviewing(&stage).desk.as_ref().unwrap().document.id.as_str(), "b", "the next one is in another text");
    stage.keys("2 1");
    assert_eq!(
        queue(&stage),
        ["met (missing) settled", "Nordbank (label) settled", "> Maria Lind of (boundary) settled"]
    );
    assert_eq!(stage.told(), ["Every difference is settled"]);
    assert_eq!(gold(&mut stage, "a"), ["entity Maria Lind", "event met", "quote “We will rebuild,”"]);
    assert_eq!(gold(&mut stage, "b"), ["event Nordbank"]);
    let made = decisions(&stage, "b");
    let one = &made[0];
    assert_eq!(
        (one.ruling.as_str(), one.by.as_str(), one.annotator.as_ref().unwrap().as_str()),
        ("take", "rea", "ben")
    );
    assert_eq!(one.sources.len(), 2);
}

#[test]
fn signs_settle_as_wide_and_as_narrow_as_it_was_marked_and_zero_says_nothing_is_here() {
    let mut stage = review(&two());
    stage.keys("0 Enter +");
    assert_eq!(gold(&mut stage, "a"), ["entity Maria Lind of", "quote “We will rebuild,”"]);
    assert_eq!(decisions(&stage, "a").iter().filter(|made| made.ruling == "nothing").count(), 1);
    stage.keys("Shift+Enter");
    assert!(queue(&stage)[0].starts_with("> met"), "{:?}", queue(&stage));
    // The number pad's sign is no key to the window, only what it types.
    stage.keys("Shift+Enter");
    assert!(queue(&stage)[2].starts_with("> Maria"), "{:?}", queue(&stage));
    stage.send(vec![egui::Event::Text("*".to_owned())]);
    stage.rest();
    assert_eq!(gold(&mut stage, "a")[0], "entity Maria Lind");
}

#[test]
fn edges_are_drawn_with_brackets_and_enter_settles_them() {
    let mut stage = review(&two());
    stage.keys("Enter Enter");
    assert!(queue(&stage)[2].starts_with("> Maria"));
    stage.keys("] ] Enter");
    assert_eq!(gold(&mut stage, "a"), ["entity Maria Lind of Nordbank"]);
    assert_eq!(decisions(&stage, "a")[0].ruling, "edges");
    stage.keys("Shift+Enter ]");
    assert!(reviewing(&stage).draft.edges.is_some());
    stage.keys("Esc");
    assert!(reviewing(&stage).draft.edges.is_none(), "Esc gives up what was drawn, and not the review");
}

#[test]
fn another_label_is_l_and_its_key() {
    let mut stage = review(&two());
    stage.keys("Enter L 2");
    assert_eq!(gold(&mut stage, "b"), ["quote Nordbank"]);
    stage.keys("Ctrl+Z");
    assert_eq!(gold(&mut stage, "b"), [""; 0]);
    stage.keys("L Esc 1");
    assert_eq!(gold(&mut stage, "b"), ["entity Nordbank"], "a digit takes an annotator again");
}

#[test]
fn undo_goes_back_to_the_difference_in_whichever_document() {
    let mut stage = review(&two());
    stage.keys("1 2");
    assert_eq!(reviewing(&stage).desk.as_ref().unwrap().document.id.as_str(), "a");
    stage.keys("Ctrl+Z");
    assert_eq!(reviewing(&stage).desk.as_ref().unwrap().document.id.as_str(), "b");
    assert_eq!(queue(&stage)[..2], ["met (missing) settled", "> Nordbank (label) open"]);
    stage.keys("Ctrl+Z");
    assert!(queue(&stage)[0].starts_with("> met (missing) open"), "{:?}", queue(&stage));
    assert_eq!(gold(&mut stage, "a"), [""; 0]);
    stage.keys("Ctrl+Y");
    assert_eq!(gold(&mut stage, "a"), ["event met"]);
}

#[test]
fn what_is_left_for_later_comes_when_the_rest_is_settled() {
    let mut stage = review(&two());
    stage.keys("S 1 1");
    assert!(queue(&stage)[0].starts_with("> met (missing) skipped"), "{:?}", queue(&stage));
    stage.keys("1");
    assert_eq!(stage.told(), ["Every difference is settled"]);
}

#[test]
fn a_reason_is_kept_with_the_decision_and_goes_into_the_guidelines() {
    let folder = tempfile::TempDir::new().unwrap();
    let mut session = session_of(&two(), "rea");
    session.around.folder = Some(folder.path().to_owned());
    let mut stage = review_of(session);
    stage.keys("N").types("only names").keys("Enter 0 Shift+Enter");
    assert!(queue(&stage)[0].starts_with("> met (missing) settled"), "{:?}", queue(&stage));
    assert_eq!(decisions(&stage, "a")[0].why, "only names");
    stage.keys("G");
    let written = std::fs::read_to_string(folder.path().join("guidelines.md")).unwrap();
    assert!(written.contains("Nothing is marked here: only names."), "{written}");
    stage.keys("G");
    assert!(stage.told().contains(&"This case is in the guidelines already"));
    // Of what is settled, a reason is written into its record.
    stage.keys("N").types("!").keys("Enter");
    stage.command(Command::Save);
    assert_eq!(decisions(&stage, "a")[0].why, "only names!");
}

#[test]
fn blind_nobody_is_named_and_sides_are_shuffled_the_same_way_for_digits_and_page() {
    let mut stage = review(&two());
    stage.keys("B");
    let named = stage.named();
    let names = |name: &str| {
        named.iter().any(|(_, known, _)| known.split(|c: char| !c.is_alphanumeric()).any(|word| word == name))
    };
    assert!(!names("ana") && !names("ben"), "{named:#?}");
    assert!(names("Annotator"));
    let seats = reviewing(&stage).seats();
    let taken = reviewing(&stage).annotators[seats[0]].clone();
    stage.keys("1");
    stage.command(Command::Save);
    assert_eq!(decisions(&stage, "a")[0].annotator, Some(taken), "the record knows who it was");
    let mut orders = std::collections::BTreeSet::new();
    for _ in 0..40 {
        stage.keys("B B");
        orders.insert(reviewing(&stage).seats());
    }
    assert!(orders.len() > 1, "each time another order");
}

#[test]
fn what_an_annotator_changes_afterwards_comes_back() {
    let store = two();
    let mut stage = review(&store);
    stage.keys("1 1 1");
    assert_eq!(stage.told(), ["Every difference is settled"]);
    stage.command(Command::Save);
    let mut ben = session_of(&store, "ben");
    ben.run(Command::Open("b".into()));
    let span = ben.open.as_ref().unwrap().shown().unwrap().spans.iter().next().unwrap().id.clone();
    ben.run(Command::Relabel { span, label: LabelId::from("quote") });
    ben.run(Command::SetStatus(Status::Finished));
    ben.flush();
    let Screen::Work(work) = &stage.window.screen else { unreachable!() };
    work.session.look();
    stage.until("it came back", |stage| reviewing(stage).summary.is_some() && reviewing(stage).queue.open() == 1);
    let stale: Vec<String> = queue(&stage).into_iter().filter(|row| row.contains("stale")).collect();
    assert_eq!(stale.len(), 1, "{:?}", queue(&stage));
    assert!(stale[0].contains("Nordbank (label) stale"));
    assert_eq!(gold(&mut stage, "b"), ["entity Nordbank"], "gold stays until it is settled again");
    stage.keys("Enter 2");
    assert_eq!(gold(&mut stage, "b"), ["quote Nordbank"]);
}

#[test]
fn two_reviewers_at_once_the_second_is_told_and_sees_what_the_first_did() {
    let store = two();
    let mut first = review(&store);
    let mut second = review_of(session_of(&store, "sol"));
    first.keys("1");
    first.command(Command::Save);
    // The second has not looked yet.
    second.keys("0");
    second.until("the refusal is told", |stage| stage.told().iter().any(|told| told.contains("was not saved")));
    second.until("it is shown as it is now", |stage| {
        queue(stage).iter().any(|row| row.contains("met (missing) settled"))
    });
    assert!(gold(&mut second, "a").contains(&"event met".to_owned()));
    assert_eq!(decisions(&second, "a").len(), 1);
}

#[test]
fn a_rule_settles_everywhere_as_one_change_with_one_undo() {
    let store = two();
    marked(&store, "cem", "a", &[("entity", "Maria Lind"), ("quote", "“We will rebuild,”"), ("event", "met")]);
    marked(&store, "cem", "b", &[("entity", "Nordbank")]);
    let mut stage = review(&store);
    stage.act(&Action::SettleMany);
    stage.keys("2");
    stage.until("it is known what the rule comes to", |stage| {
        stage.named().iter().any(|(_, name, _)| name.starts_with("3 differences and 1 that all agree on"))
    });
    stage.keys("Enter");
    stage.until("it is settled", |stage| reviewing(stage).summary.is_some() && reviewing(stage).queue.open() == 0);
    assert_eq!(gold(&mut stage, "a"), ["entity Maria Lind", "event met", "quote “We will rebuild,”"]);
    assert_eq!(gold(&mut stage, "b"), ["entity Nordbank"]);
    stage.keys("Ctrl+Z");
    stage.until("it is open again", |stage| reviewing(stage).summary.is_some() && reviewing(stage).queue.open() == 3);
    assert_eq!(gold(&mut stage, "a"), [""; 0]);
}

#[test]
fn the_queue_is_narrowed_and_put_in_groups() {
    let mut stage = review(&two());
    for (order, groups) in [
        (Order::Document, vec!["Maria Lind of Nordbank met the mayor on Monday.", "Nordbank bought the harbour."]),
        (Order::Kind, vec!["Marked or not", "Different labels", "Different edges"]),
    ] {
        stage.command(Command::Review(Review::Arrange(order)));
        let known = reviewing(&stage);
        let titles = known.queue.lines().iter().filter_map(|line| match line {
            Line::Group(group) => Some(known.queue.group(*group).title.as_str()),
            Line::Case(_) => None,
        });
        assert_eq!(titles.collect::<Vec<_>>(), groups);
    }
    let filter = Filter { document: Some("b".into()), ..Filter::default() };
    stage.command(Command::Review(Review::Narrow(filter)));
    assert_eq!(queue(&stage), ["> Nordbank (label) open"]);
    stage.keys("1");
    assert_eq!(stage.told(), ["Every difference that is shown is settled"]);
    let filter = Filter { pair: Some((0, 1)), ..Filter::default() };
    stage.command(Command::Review(Review::Narrow(filter)));
    assert_eq!(queue(&stage).len(), 3);
}

#[test]
fn where_there_is_nothing_to_settle_it_says_what_to_do() {
    let said = |stage: &mut Stage, words: &str| {
        let named = stage.named();
        assert!(named.iter().any(|(_, name, _)| name.contains(words)), "{words}: {named:#?}");
    };
    let nobody = project(&[("a", NEWS)]);
    said(&mut review(&nobody), "Nobody has finished a document yet");
    marked(&nobody, "ana", "a", &[("entity", "Maria Lind")]);
    said(&mut review(&nobody), "Only ana has finished documents");
    marked(&nobody, "ben", "a", &[("entity", "Maria Lind")]);
    said(&mut review(&nobody), "Nothing differs");
    let apart = project(&[("a", NEWS), ("b", NEWS)]);
    marked(&apart, "ana", "a", &[]);
    marked(&apart, "ben", "b", &[]);
    said(&mut review(&apart), "No document was finished by two");
}

#[test]
fn feedback_shows_mine_beside_gold_and_changes_nothing() {
    let store = two();
    let mut stage = review(&store);
    stage.keys("2 2 2");
    stage.command(Command::Save);
    drop(stage);
    let mut stage = Stage::with(session_of(&store, "ana"));
    stage.act(&Action::Feedback);
    stage.until("everything is compared", |stage| reviewing(stage).summary.is_some());
    let rows = queue(&stage);
    assert!(rows.iter().any(|row| row.contains("met")), "{rows:?}");
    let before = gold(&mut stage, "a");
    stage.keys("1 0");
    assert_eq!(gold(&mut stage, "a"), before);
    assert!(stage.told().iter().any(|told| told.contains("feedback")));
    stage.keys("F9");
    assert!(stage.session().reviewing().is_none());
}

#[test]
fn leaving_goes_back_to_where_one_was() {
    let store = two();
    let mut session = session_of(&store, "ana");
    session.run(Command::Open("c".into()));
    let mut stage = review_of(session);
    stage.keys("1 Esc");
    assert!(stage.session().reviewing().is_none());
    let open = stage.session().open.as_ref().unwrap();
    assert_eq!((open.id().as_str(), open.showing.as_str()), ("c", "ana"));
    stage.keys("Ctrl+Z");
    assert_eq!(gold(&mut stage, "a"), [""; 0], "what was settled can be undone from anywhere");
}

/// Each line a document; layers of many, made at once.
fn crowd(text: &str, annotators: usize, spans: impl Fn(usize) -> Vec<(usize, usize)>) -> Memory {
    let mut store = project(&[]);
    let options =
        ImportOptions { by: author("ana", "2026-01-01T00:00:00Z"), title: "Import".to_owned(), new_versions: false };
    let document = document("a", text);
    let mut import = store.import(options).unwrap();
    import.document(&document).unwrap();
    for who in 0..annotators {
        let mut layer = Layer::untouched(Annotator::from(format!("annotator {who:02}")));
        layer.status = Status::Finished;
        layer.version = 1;
        for (number, (start, end)) in spans(who).into_iter().enumerate() {
            let range = document.text.range(start, end).unwrap();
            let id = ItemId::from(format!("{who}-{number}"));
            assert!(layer.spans.insert(Arc::new(Span::manual(id, LabelId::from("entity"), Ranges::from(range)))));
        }
        import.layer(&document.id, document.text.sha256(), layer).unwrap();
    }
    import.finish().unwrap();
    store
}

#[test]
fn twelve_annotators_have_lanes_of_their_own_and_those_who_agree_stand_together() {
    let text = "one two three four five six seven eight nine ten eleven twelve\n".repeat(3);
    let store = crowd(&text, 12, |who| vec![(0, 3 + 4 * (who % 3)), (8, 13)]);
    let mut stage = review(&store);
    assert_eq!(queue(&stage).len(), 1);
    stage.picture("twelve");
    let named = stage.named();
    let answers: Vec<&String> =
        named.iter().map(|(_, name, _)| name).filter(|name| name.starts_with("Take annotator")).collect();
    assert_eq!(answers.len(), 3, "{answers:?}");
    stage.keys("9");
    assert_eq!(gold(&mut stage, "a").len(), 2);
    assert_eq!(decisions(&stage, "a").iter().filter(|made| made.ruling == "take").count(), 1);
}

#[test]
fn a_document_with_very_many_differences_is_settled_one_by_one() {
    let count = 20_000;
    let text = "word and more\n".repeat(count);
    let store = crowd(&text, 2, |who| (0..count).map(|line| (14 * line, 14 * line + 4 + 4 * who)).collect());
    let mut stage = review(&store);
    assert_eq!(reviewing(&stage).queue.len(), count);
    stage.keys("1 2 + I");
    assert_eq!(reviewing(&stage).queue.open() as usize, count - 4);
    assert_eq!(gold(&mut stage, "a"), ["entity word", "entity word and", "entity word and", "entity word"]);
    stage.keys("Ctrl+Z");
    assert_eq!(reviewing(&stage).queue.open() as usize, count - 3);
}

#[test]
fn the_two_of_the_sample_are_settled_into_gold_from_the_keyboard() {
    let mut store = Memory::new("");
    sample::fill_for_review(&mut store).unwrap();
    let mut stage = review_of(session_in(&store, "rea", sample::schema()));
    let differences = reviewing(&stage).queue.open() as usize;
    let mut keys = 0;
    let mut press = |stage: &mut Stage, key: &str| {
        keys += 1;
        stage.keys(key);
    };
    let mut turn = 0;
    while reviewing(&stage).queue.open() > 0 {
        let case = reviewing(&stage).case().unwrap().clone();
        assert!(case.progress.is_open(), "{case:?}");
        turn += 1;
        let key = match (case.kind, turn % 4) {
            ("boundary-trivial", _) => "+",
            ("boundary", 0) => "I",
            ("missing", 3) => "0",
            (_, 1) => "2",
            _ => "1",
        };
        press(&mut stage, key);
        let settled = reviewing(&stage).queue.find(&document_of(&stage, &case), case.key);
        let progress = settled.and_then(|number| reviewing(&stage).queue.case(number)).map(|case| case.progress);
        assert_ne!(progress, Some(Progress::Open), "{key} settles {case:?}: {:?}", stage.told());
    }
    assert!(f64::from(keys) <= 1.2 * differences as f64, "{keys} keys for {differences} differences");
    assert!(differences > 100, "{differences}");
    let Screen::Work(work) = &mut stage.window.screen else { panic!("no project is open") };
    work.session.flush();
    let store = known(&stage.window).store();
    let gold = store.counts().unwrap().annotators.into_iter().find(|counts| counts.annotator == "gold").unwrap();
    assert_eq!(gold.finished, reviewing(&stage).queue.documents.len() as u64);
    println!("{keys} keys for {differences} differences in {} documents", gold.finished);
}

fn document_of(stage: &Stage, case: &spanwright::session::reviewing::Case) -> DocumentId {
    reviewing(stage).queue.document(case).id.clone()
}

#[test]
fn a_rule_that_others_forestalled_changes_nothing() {
    let store = two();
    let mut session = session_of(&store, "rea");
    session.run(Command::Review(Review::Begin(Vec::new())));
    let accept = spanwright::review::Accept::Unanimous;
    let bulk: Bulk = session.bulk(accept).unwrap().run(&Job::default()).unwrap();
    assert_eq!((bulk.settled, bulk.differences, bulk.left), (1, 0, 3));
    let mut other = session_of(&store, "sol");
    other.run(Command::Review(Review::Begin(Vec::new())));
    let theirs = other.bulk(accept).unwrap().run(&Job::default()).unwrap();
    other.run(Command::Review(Review::Apply(Box::new(theirs))));
    other.flush();
    session.run(Command::Review(Review::Apply(Box::new(bulk))));
    session.flush();
    let told = session.poll();
    assert!(told.iter().any(|notice| notice.sentence.contains("was not saved")), "{told:?}");
    let log = session.store().log(None, 10).unwrap();
    assert_eq!(log.iter().filter(|row| row.title.starts_with("Settle")).count(), 1);
}
