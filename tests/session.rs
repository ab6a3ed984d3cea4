//! The session: a text before, keys, the text after. `[…]` is the selection, `|` the caret; `⟨label …⟩` are spans.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use spanwright::annotation::{Annotator, Status};
use spanwright::schema::{LabelId, Schema};
use spanwright::session::keymap::{Chord, Context, Keymap};
use spanwright::session::{Action, Clock, Command, Session, Start};
use spanwright::store::{Author, ImportOptions, Job, Memory, Project, Query, Store, backups, open_store};
use spanwright::text::DocumentId;

use crate::support::{document, news, picture};

pub fn author(name: &str, at: &str) -> Author {
    Author {
        annotator: Annotator::from(name),
        device: "here".to_owned(),
        at: at.parse().unwrap(),
        schema: news().stamp(),
    }
}

pub fn project(articles: &[(&str, &str)]) -> Memory {
    let mut store = Memory::new(include_str!("../schemas/news.ron"));
    let options =
        ImportOptions { by: author("ana", "2026-01-01T00:00:00Z"), title: "Import".to_owned(), new_versions: false };
    let mut import = store.import(options).unwrap();
    for (id, text) in articles {
        import.document(&document(id, text)).unwrap();
    }
    import.finish().unwrap();
    store
}

/// A session with a clock of its own: no two of them give the same ids.
pub fn session_of(store: &dyn Store, annotator: &str) -> Session {
    session_in(store, annotator, news())
}

/// The same with another schema.
pub fn session_in(store: &dyn Store, annotator: &str, schema: Arc<Schema>) -> Session {
    static HOURS: AtomicI64 = AtomicI64::new(490_000);
    let at = Timestamp::from_second(HOURS.fetch_add(1, Ordering::Relaxed) * 3600).unwrap();
    let start = Start {
        store: store.another().unwrap(),
        project: "test".to_owned(),
        schema,
        annotator: Annotator::from(annotator),
        device: "here".to_owned(),
        clock: Clock::fixed(at),
        keys: BTreeMap::new(),
        careful: false,
    };
    let mut session = Session::start(start, Box::new(|| ())).unwrap();
    session.run(Command::Filter(session.list.query.clone()));
    session
}

/// Opens a one-document project with the selection or caret where the brackets are.
pub fn begin(before: &str) -> Session {
    let plain = before.replace(['[', ']', '|'], "");
    let store = project(&[("d", &plain)]);
    let mut session = session_of(&store, "ana");
    session.run(Command::Open("d".into()));
    let at = |mark: char| before.find(mark);
    if let (Some(start), Some(end)) = (at('['), at(']')) {
        let range = session.open.as_ref().unwrap().text().range(start, end - 1).unwrap();
        session.run(Command::Select { range, exact: false });
    } else if let Some(caret) = at('|') {
        session.run(Command::Caret { to: caret, extend: false });
    }
    session
}

fn press(session: &mut Session, keys: &str) -> Vec<String> {
    let mut told = Vec::new();
    for key in keys.split_whitespace() {
        let chord = Chord::parse(key).unwrap_or_else(|| panic!("{key} is no chord"));
        let outcome = session.press(Context::Page, chord);
        told.extend(outcome.notices.into_iter().map(|notice| notice.sentence));
    }
    told
}

fn see(session: &Session) -> String {
    let open = session.open.as_ref().unwrap();
    picture(open.text(), open.shown())
}

#[track_caller]
fn check(before: &str, keys: &str, after: &str) {
    let mut session = begin(before);
    let told = press(&mut session, keys);
    assert_eq!(see(&session), after, "told: {told:?}");
    session.flush();
    assert!(session.is_saved());
}

/// The same, and what the program says.
#[track_caller]
fn check_told(before: &str, keys: &str, after: &str, sentences: &[&str]) {
    let mut session = begin(before);
    let told = press(&mut session, keys);
    assert_eq!(
        (see(&session).as_str(), told.iter().map(String::as_str).collect::<Vec<_>>()),
        (after, sentences.to_vec())
    );
}

/// Where the caret or selection is after keys.
#[track_caller]
fn check_caret(before: &str, keys: &str, after: &str) {
    let mut session = begin(before);
    press(&mut session, keys);
    let open = session.open.as_ref().unwrap();
    let text = open.text().as_str();
    let seen = match open.selection() {
        Some(range) => format!("{}[{}]{}", &text[..range.start()], open.text().slice(range), &text[range.end()..]),
        None => format!("{}|{}", &text[..open.caret], &text[open.caret..]),
    };
    assert_eq!(seen, after);
}

#[test]
fn a_label_key_marks_the_selection_grown_to_words() {
    check("[Kerry] said", "1", "⟨entity Kerry⟩ said");
    check("K[err]y said", "1", "⟨entity Kerry⟩ said");
    check("[Kerry ]said", "1", "⟨entity Kerry⟩ said");
    check("on K[err]y’s plan", "1", "on ⟨entity Kerry⟩’s plan");
    check("on [Kerry’]s plan", "1", "on ⟨entity Kerry’s⟩ plan");
    check("the [👩‍👩‍👧]!", "1", "the ⟨entity 👩‍👩‍👧⟩!");
    check("сказал [Ке]рри.", "1", "сказал ⟨entity Керри⟩.");
    check("to the very [end]", "1", "to the very ⟨entity end⟩");
}

#[test]
fn a_label_key_alone_marks_its_unit_at_the_caret() {
    check("Ker|ry said", "1", "⟨entity Kerry⟩ said");
    check("He said “we g|o” twice.", "2", "He said ⟨quote “we go”⟩ twice.");
    check("Kerry\nSub|scribe\nmore", "4", "Kerry\n⟨boilerplate Subscribe⟩\nmore");
    check_told("no quo|te here", "2", "no quote here", &["There is no quotation at the caret. Select some text first"]);
}

#[test]
fn a_label_key_relabels_the_selected_span() {
    check("[Kerry] said", "1 3", "⟨event Kerry⟩ said");
    check("[Kerry] said", "1 3 Ctrl+Z", "⟨entity Kerry⟩ said");
    check("[Kerry] said", "1 3 Ctrl+Z Ctrl+Z", "Kerry said");
    check("[Kerry] said", "1 3 Ctrl+Z Ctrl+Z Ctrl+Shift+Z Ctrl+Y", "⟨event Kerry⟩ said");
}

#[test]
fn enter_asks_for_attributes_and_digits_answer() {
    let type_of = |keys: &str| {
        let mut session = begin("[Lind] said");
        press(&mut session, keys);
        session.selected_span().and_then(|span| span.attributes.get("type").cloned())
    };
    assert_eq!(type_of("1"), None);
    assert_eq!(type_of("1 Enter 1"), Some("person".into()));
    assert_eq!(type_of("1 Enter 3"), Some("place".into()));
    assert_eq!(type_of("1 Enter 3 Enter 0"), None);
    assert_eq!(type_of("1 Enter 9"), None);
    assert_eq!(type_of("1 Enter 1 Ctrl+Z"), None);
    check("[Lind] said", "1 Enter Esc 3", "⟨event Lind⟩ said");
    check("[Lind] said “no”", "1 Enter Ctrl+End Left 2", "⟨entity Lind⟩ said ⟨quote “no”⟩");
}

#[test]
fn careful_work_asks_at_once() {
    let mut session = begin("[Lind] said");
    session.careful = true;
    press(&mut session, "1 2");
    assert_eq!(see(&session), "⟨entity Lind⟩ said", "the digit answers and does not relabel");
    assert_eq!(session.selected_span().unwrap().attributes["type"], "organisation");
    press(&mut session, "3");
    assert_eq!(see(&session), "⟨event Lind⟩ said");
}

#[test]
fn the_same_decision_is_made_once() {
    check_told("[Kerry] said", "1 Esc Left 1", "⟨entity Kerry⟩ said", &["This is already marked"]);
}

#[test]
fn spans_nest_cross_and_share_an_extent() {
    check("“[Kerry] goes”", "1 Home 2", "⟨quote “⟨entity Kerry⟩ goes”⟩");
    check("[Kerry] goes", "1 Esc Left Left 3", "⟨entity ⟨event Kerry⟩⟩ goes");
}

#[test]
fn edges_move_by_word_and_by_character() {
    check("the [old] man said", "1 ]", "the ⟨entity old man⟩ said");
    check("the [old] man said", "1 [", "⟨entity the old⟩ man said");
    check("the [old man] said", "1 Shift+[", "the old ⟨entity man⟩ said");
    check("the [old man] said", "1 Shift+]", "the ⟨entity old⟩ man said");
    check("the [old] man", "1 Ctrl+]", "the ⟨entity old ⟩man");
    check("the [old] man", "1 Ctrl+Shift+]", "the ⟨entity ol⟩d man");
    check("the [old] man", "1 Ctrl+Shift+[", "the o⟨entity ld⟩ man");
    check_told("[a] man", "1 Ctrl+Shift+[", "⟨entity a⟩ man", &["The edge cannot go further"]);
}

#[test]
fn every_equal_string_is_marked_at_once_and_taken_back_at_once() {
    check_told(
        "[Kerry] met Kerry’s aide; Kerryman did not.",
        "1 Ctrl+D",
        "⟨entity Kerry⟩ met ⟨entity Kerry⟩’s aide; Kerryman did not.",
        &["1 more marked"],
    );
    check("[Lind] and Lind and Lind", "1 Ctrl+D Ctrl+Z", "⟨entity Lind⟩ and Lind and Lind");
    check_told("[Lind] only", "1 Ctrl+D", "⟨entity Lind⟩ only", &["“Lind” occurs nowhere else in this document"]);
}

#[test]
fn a_quote_of_two_fragments_is_one_span() {
    check(
        "[“We,”] she said, “go.”",
        "2 Ctrl+Right Ctrl+Right Right Right Ctrl+Shift+Right Shift+Right Shift+Right Ctrl+J",
        "⟨quote “We,”⟩ she said, ⟨+quote “go.”⟩",
    );
    check_told(
        "[Kerry] said so",
        "1 Ctrl+Right Ctrl+Shift+Right Ctrl+J",
        "⟨entity Kerry⟩ said so",
        &["Entity is marked in one piece: its label has no `fragments: true`"],
    );
}

#[test]
fn tab_walks_the_spans_and_delete_removes() {
    check("[a] b c", "1 Esc Ctrl+Right Ctrl+Right 3 Esc Tab Delete", "a b ⟨event c⟩");
    check("[a] b c", "1 Esc Ctrl+Right Ctrl+Right 3 Shift+Tab Delete", "a b ⟨event c⟩");
    check("[a] b", "1 Delete Ctrl+Z", "⟨entity a⟩ b");
}

#[test]
fn a_relation_is_chosen_by_its_key_and_fixed_by_enter() {
    let mut session = begin("[Lind] of Nordbank said “no”.");
    press(&mut session, "1 Esc Ctrl+Right Ctrl+Right 1 Ctrl+End Left Left Left 2 s s s Enter");
    let layer = session.open.as_ref().unwrap().shown().unwrap();
    let relation = layer.relations.values().next().unwrap();
    let quote = |id| layer.span(id).unwrap().ranges.quote(session.open.as_ref().unwrap().text());
    assert_eq!(
        (quote(&relation.from), quote(&relation.to)),
        ("“no”".to_owned(), "Nordbank".to_owned()),
        "around to the nearest"
    );
    press(&mut session, "s Enter");
    let layer = session.open.as_ref().unwrap().shown().unwrap();
    let ends: Vec<_> = layer.relations.values().map(|relation| layer.span(&relation.to).unwrap()).collect();
    assert_eq!(ends.len(), 1, "at most one speaker: the new one takes the place of the old");
    assert_eq!(ends[0].ranges.quote(session.open.as_ref().unwrap().text()), "Lind");
    press(&mut session, "Delete Ctrl+Z");
    assert_eq!(session.open.as_ref().unwrap().shown().unwrap().relations.len(), 1, "it comes back with its relation");
}

#[test]
fn the_caret_moves_by_grapheme_word_sentence_line_and_paragraph() {
    check_caret("|👩‍👩‍👧 ok", "Right", "👩‍👩‍👧| ok");
    check_caret("one| two three", "Ctrl+Right", "one two| three");
    check_caret("one two| three", "Ctrl+Left", "one |two three");
    check_caret("one two| three", "Ctrl+Shift+Left", "one [two] three");
    check_caret("one [two] three", "Left", "one |two three");
    check_caret("one [two] three", "Right", "one two| three");
    check_caret("Mr. Lind| left. She stayed.", "Alt+Down", "Mr. Lind left. |She stayed.");
    check_caret("a\n\nsecond| here", "Ctrl+Up", "a\n\n|second here");
    check_caret("fi|rst\n\nsecond", "Ctrl+Down", "first\n\n|second");
    check_caret("first\nsec|ond", "Home", "first\n|second");
    check_caret("first\nsec|ond", "Up", "fir|st\nsecond");
    check_caret("fir|st\nsecond", "Down Ctrl+End", "first\nsecond|");
}

#[test]
fn a_finished_layer_is_reopened_with_a_notice() {
    let mut session = begin("[Kerry] said");
    press(&mut session, "1");
    session.run(Command::SetStatus(Status::Finished));
    let told = press(&mut session, "3");
    assert_eq!(told, ["The document was finished; it is open again"]);
    assert_eq!(session.open.as_ref().unwrap().shown().unwrap().status, Status::InProgress);
    press(&mut session, "Ctrl+Z");
    assert_eq!(session.open.as_ref().unwrap().shown().unwrap().status, Status::Finished);
}

#[test]
fn finish_and_next_goes_to_the_next_that_wants_work() {
    let store = project(&[("a", "one"), ("b", "two"), ("c", "three")]);
    let mut session = session_of(&store, "ana");
    session.run(Command::Open("b".into()));
    press(&mut session, "Ctrl+Enter");
    assert_eq!(session.open.as_ref().unwrap().id().as_str(), "c");
    press(&mut session, "Ctrl+Enter");
    assert_eq!(session.open.as_ref().unwrap().id().as_str(), "a", "around to the first that is open");
    assert_eq!(press(&mut session, "Ctrl+Enter"), ["Every document of this list is finished or skipped"]);
    assert_eq!(session.counts.annotators[0].finished, 3, "finished and empty is data");
    press(&mut session, "Ctrl+Z");
    assert_eq!(session.counts.annotators[0].finished, 2);
}

#[test]
fn undo_goes_to_the_document_it_was_in_and_shows_the_place() {
    let store = project(&[("a", "Lind said"), ("b", "two")]);
    let mut session = session_of(&store, "ana");
    session.run(Command::Open("a".into()));
    press(&mut session, "1 Ctrl+PageDown");
    assert_eq!(session.open.as_ref().unwrap().id().as_str(), "b");
    let outcome = session.press(Context::Page, Chord::parse("Ctrl+Z").unwrap());
    assert_eq!(session.open.as_ref().unwrap().id().as_str(), "a");
    assert_eq!(see(&session), "Lind said");
    assert_eq!(outcome.reveal.map(|range| (range.start(), range.end())), Some((0, 4)));
    assert_eq!(outcome.notices[0].sentence, "Undone: Mark Entity");
    press(&mut session, "Alt+Left");
    assert_eq!(session.open.as_ref().unwrap().id().as_str(), "b", "back to where undo came from");
}

#[test]
fn undo_reaches_over_a_restart() {
    let store = project(&[("a", "Lind said")]);
    {
        let mut yesterday = session_of(&store, "ana");
        yesterday.run(Command::Open("a".into()));
        press(&mut yesterday, "1");
    }
    let mut today = session_of(&store, "ana");
    assert_eq!(today.undo_title(), Some("Mark Entity"));
    today.run(Command::Open("a".into()));
    assert_eq!(see(&today), "⟨entity Lind⟩ said");
    press(&mut today, "Ctrl+Z");
    assert_eq!(see(&today), "Lind said");
}

#[test]
fn others_layers_are_read_only_until_copied() {
    let store = project(&[("a", "Lind said")]);
    {
        let mut ben = session_of(&store, "ben");
        ben.run(Command::Open("a".into()));
        press(&mut ben, "1");
    }
    let mut ana = session_of(&store, "ana");
    ana.run(Command::Open("a".into()));
    assert_eq!(see(&ana), "Lind said");
    ana.run(Command::Show(Annotator::from("ben")));
    assert_eq!(see(&ana), "⟨entity Lind⟩ said");
    assert_eq!(press(&mut ana, "Tab Delete"), ["This layer is someone else's. Copy it into yours to change it"]);
    ana.run(Command::CopyIntoMine);
    assert_eq!(ana.open.as_ref().unwrap().showing.as_str(), "ana");
    assert_eq!(see(&ana), "⟨entity Lind⟩ said");
    assert_eq!(press(&mut ana, "Ctrl+Z"), ["Undone: Copy ben’s layer into mine"]);
    assert_eq!(see(&ana), "Lind said");
}

#[test]
fn undo_takes_back_my_own_work_only() {
    let store = project(&[("a", "Lind said")]);
    let mut ana = session_of(&store, "ana");
    ana.run(Command::Open("a".into()));
    press(&mut ana, "1");
    let mut ben = session_of(&store, "ben");
    ben.run(Command::Open("a".into()));
    assert_eq!(press(&mut ben, "Ctrl+Z"), ["You have changed nothing yet"]);
}

#[test]
fn two_windows_of_one_person_refuse_what_no_longer_fits() {
    let store = project(&[("a", "Lind said")]);
    let (mut left, mut right) = (session_of(&store, "ana"), session_of(&store, "ana"));
    left.run(Command::Open("a".into()));
    right.run(Command::Open("a".into()));
    press(&mut left, "1");
    left.flush();
    press(&mut right, "3");
    right.flush();
    let told = right.poll();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].sentence.starts_with("“Mark Event” was not saved"), "{told:?}");
    assert_eq!(see(&right), "⟨entity Lind⟩ said", "the window shows what is on disk");
}

#[test]
fn hidden_documents_leave_the_list_and_come_back_with_undo() {
    let store = project(&[("a", "one"), ("b", "two")]);
    let mut session = session_of(&store, "ana");
    session.run(Command::Hide { document: DocumentId::from("a"), hidden: true });
    session.flush();
    session.run(Command::Filter(session.list.query.clone()));
    assert_eq!((session.list.len(), session.counts.hidden), (1, 1));
    session.act(&Action::Undo);
    assert_eq!((session.list.len(), session.counts.hidden), (2, 0));
}

#[test]
fn a_query_filters_by_label_and_status() {
    let store = project(&[("a", "Lind"), ("b", "two"), ("c", "three")]);
    let mut session = session_of(&store, "ana");
    session.run(Command::Open("a".into()));
    press(&mut session, "1");
    session.flush();
    let mut count = |change: &dyn Fn(&mut Query)| {
        let mut query = Query { annotator: Some(Annotator::from("ana")), ..Query::default() };
        change(&mut query);
        session.run(Command::Filter(query));
        session.list.len()
    };
    assert_eq!(count(&|query| query.label = Some(LabelId::from("entity"))), 1);
    assert_eq!(count(&|query| query.label = Some(LabelId::from("quote"))), 0);
    assert_eq!(count(&|query| query.status = Some(Status::Untouched)), 2);
    assert_eq!(count(&|query| "tw".clone_into(&mut query.words)), 1);
}

// ── keys

#[test]
fn no_two_actions_want_the_same_key() {
    for source in ["news", "entities", "events"] {
        let path = format!("{}/schemas/{source}.ron", env!("CARGO_MANIFEST_DIR"));
        let schema = Schema::parse(&std::fs::read_to_string(path).unwrap(), source).schema.unwrap();
        assert_eq!(Keymap::new(&schema, &BTreeMap::new()).clashes(), []);
    }
}

#[test]
fn commands_leave_letters_and_digits_to_the_schema() {
    // In review nothing is marked, and letters are free.
    let marking = Action::catalogue().iter().filter(|action| action.info().contexts != [Context::Review]);
    for action in marking {
        for key in action.info().keys {
            let chord = Chord::parse(key).unwrap_or_else(|| panic!("{key}"));
            let typed = chord.types().filter(|character| character.is_alphanumeric() && !chord.shift);
            assert_eq!(typed, None, "{action:?} takes {key}");
            assert_eq!(Chord::parse(&chord.to_string()), Some(chord), "{key} is written as it is read");
        }
    }
}

#[test]
fn every_action_has_an_id_of_its_own_a_title_and_help() {
    let mut ids: Vec<_> = Action::catalogue().iter().map(|action| action.info().id).collect();
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count);
    for action in Action::catalogue() {
        let info = action.info();
        assert!(!info.title.is_empty() && !info.help.is_empty() && !info.help.ends_with('.'), "{info:?}");
    }
}

#[test]
fn text_fields_keep_what_they_type_and_edit_with() {
    let keymap = Keymap::new(&news(), &BTreeMap::new());
    for key in
        ["1", "s", "/", ".", "[", "?", "Space", "Left", "Ctrl+Left", "Ctrl+Z", "Ctrl+C", "Ctrl+A", "Backspace", "Enter"]
    {
        assert_eq!(keymap.action(Context::TextField, Chord::parse(key).unwrap()), None, "{key}");
    }
    for key in ["Ctrl+Enter", "Ctrl+K", "F6", "Esc", "Ctrl+S", "Ctrl+Q"] {
        assert!(keymap.action(Context::TextField, Chord::parse(key).unwrap()).is_some(), "{key}");
    }
}

#[test]
fn a_users_own_keys_replace_the_defaults() {
    let own = BTreeMap::from([("undo".to_owned(), vec!["Ctrl+U".to_owned()])]);
    let keymap = Keymap::new(&news(), &own);
    assert_eq!(keymap.action(Context::Page, Chord::parse("Ctrl+U").unwrap()), Some(&Action::Undo));
    assert_eq!(keymap.action(Context::Page, Chord::parse("Ctrl+Z").unwrap()), None);
    assert_eq!(keymap.key_of(&Action::Undo).map(|chord| chord.to_string()), Some("Ctrl+U".to_owned()));
    let taken = BTreeMap::from([("undo".to_owned(), vec!["Ctrl+S".to_owned()])]);
    let clashes = Keymap::new(&news(), &taken);
    assert!(clashes.clashes().iter().any(|clash| clash.second == Action::Undo || clash.first == Action::Undo));
}

#[test]
fn clocks_that_jump_back_still_give_growing_ids() {
    let mut clock = Clock::fixed("2026-01-01T00:00:00Z".parse().unwrap());
    let ids: Vec<String> = (0..100).map(|_| clock.id()).collect();
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn a_change_of_more_than_a_thousand_spans_is_preceded_by_a_backup() {
    let folder = tempfile::tempdir().unwrap();
    let project = Project::create(&folder.path().join("news"), "news", include_str!("../schemas/news.ron")).unwrap();
    let (mut store, _) = open_store(&project, &Job::default()).unwrap();
    let options =
        ImportOptions { by: author("ana", "2026-01-01T00:00:00Z"), title: "Import".to_owned(), new_versions: false };
    let mut import = store.import(options).unwrap();
    import.document(&document("a", &"Lind. ".repeat(1_100))).unwrap();
    import.finish().unwrap();
    let mut session = session_of(&*store, "ana");
    session.run(Command::Open("a".into()));
    press(&mut session, "1");
    session.flush();
    let before = backups(&project).unwrap().len();
    press(&mut session, "Ctrl+D");
    session.flush();
    assert_eq!(backups(&project).unwrap().len(), before + 1);
    assert_eq!(session.counts.annotators[0].spans, [(LabelId::from("entity"), 1_100)]);
    press(&mut session, "Ctrl+Z");
    assert_eq!(session.counts.annotators[0].spans, [(LabelId::from("entity"), 1)]);
}
