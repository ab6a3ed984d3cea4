//! A whole article labelled by key events alone, counted. The keys are those that someone who knows the program would press: for each
//! span the fewest that lead there, found by searching the motions of the catalogue.

use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use spanwright::annotation::{Annotator, Layer, Relation, Span};
use spanwright::schema::{AttributeKind, Label, RelationId, Schema};
use spanwright::session::asking::value_of;
use spanwright::session::keymap::{Chord, Context, Key};
use spanwright::session::motion::target;
use spanwright::session::{Action, Command, Motion, Session};
use spanwright::text::segment::{Snap, snap, unit_at};
use spanwright::text::{Text, TextRange};

use crate::session::{project, session_of};
use crate::support::{layer as layer_of, news, picture, span as span_of};

/// Caret and anchor.
type Place = (usize, usize);

/// A page of 73 columns, which resolves the motions that need geometry as the window's page does: lines as they are seen.
struct Grid(Vec<TextRange>);

impl Grid {
    const COLUMNS: usize = 73;

    fn new(text: &Text) -> Self {
        let mut rows = Vec::new();
        let mut at = 0;
        for line in text.as_str().split('\n') {
            let mut start = at;
            let mut width = 0;
            for word in line.split_inclusive(' ') {
                let begins = word.as_ptr() as usize - text.as_str().as_ptr() as usize;
                if width + word.trim_end().chars().count() > Self::COLUMNS && begins > start {
                    rows.push(text.range(start, begins).unwrap());
                    (start, width) = (begins, 0);
                }
                width += word.chars().count();
            }
            rows.push(text.range(start, at + line.len()).unwrap());
            at += line.len() + 1;
        }
        Self(rows)
    }

    /// Where the caret goes; `None` for a motion that the text alone decides.
    fn resolve(&self, text: &Text, caret: usize, motion: Motion) -> Option<usize> {
        let row = self.0.partition_point(|row| row.start() <= caret) - 1;
        let column = text.as_str()[self.0[row].start()..caret].chars().count();
        let on = |row: TextRange| {
            let line = text.slice(row).trim_end_matches(' ');
            row.start() + line.char_indices().nth(column).map_or(line.len(), |(at, _)| at)
        };
        match motion {
            Motion::LineUp => Some(row.checked_sub(1).map_or(0, |above| on(self.0[above]))),
            Motion::LineDown => Some(self.0.get(row + 1).map_or(text.len(), |below| on(*below))),
            Motion::LineStart => Some(self.0[row].start()),
            Motion::LineEnd => Some(self.0[row].start() + text.slice(self.0[row]).trim_end_matches(' ').len()),
            _ => None,
        }
    }
}

/// Every motion of the catalogue, with the chord that makes it.
fn motions() -> Vec<(Chord, Motion, bool)> {
    Action::catalogue()
        .iter()
        .filter_map(|action| {
            let chord = Chord::parse(action.info().keys.first()?)?;
            match action {
                Action::Move(motion) => Some((chord, *motion, false)),
                Action::Extend(motion) => Some((chord, *motion, true)),
                _ => None,
            }
        })
        .collect()
}

fn step(text: &Text, grid: &Grid, (caret, anchor): Place, motion: Motion, extend: bool) -> Place {
    let (start, end) = (caret.min(anchor), caret.max(anchor));
    let to = match motion {
        Motion::Left if !extend && start < end => start,
        Motion::Right if !extend && start < end => end,
        _ => grid.resolve(text, caret, motion).unwrap_or_else(|| target(text, caret, motion)),
    };
    (to, if extend { anchor } else { to })
}

/// The label's key, pressed here, would mark exactly `wanted`.
fn marks(text: &Text, (caret, anchor): Place, how: Snap, wanted: TextRange) -> bool {
    let (start, end) = (caret.min(anchor), caret.max(anchor));
    if start == end {
        return unit_at(text, caret, how) == Some(wanted);
    }
    text.range(start, end).is_ok_and(|range| snap(text, range, how) == wanted)
}

/// The fewest keys from a place to one where the label's key marks `wanted`; `moved` where a key must be pressed in any case.
fn path(text: &Text, grid: &Grid, from: Place, how: Snap, wanted: TextRange, moved: bool) -> Option<Vec<Chord>> {
    let motions = motions();
    let mut seen: HashMap<Place, (Place, Chord)> = HashMap::new();
    let mut queue = VecDeque::from([(from, 0)]);
    while let Some((here, depth)) = queue.pop_front() {
        if (depth > 0 || !moved) && marks(text, here, how, wanted) {
            let mut keys = Vec::new();
            let mut at = here;
            for _ in 0..depth {
                let (before, chord) = seen[&at];
                keys.push(chord);
                at = before;
            }
            keys.reverse();
            return Some(keys);
        }
        if depth == 14 {
            continue;
        }
        for (chord, motion, extend) in &motions {
            let next = step(text, grid, here, *motion, *extend);
            // Selections that run away from what is wanted lead nowhere.
            let near = !*extend || (next.0.max(next.1) <= wanted.end() + 8 && next.0.min(next.1) + 8 >= wanted.start());
            if near && next != from && !seen.contains_key(&next) {
                seen.insert(next, (here, *chord));
                queue.push_back((next, depth + 1));
            }
        }
    }
    None
}

/// Presses keys and counts them.
struct Typist {
    session: Session,
    grid: Grid,
    keys: usize,
    /// Keys for marking, attributes, relations.
    spent: [usize; 3],
}

impl Typist {
    fn type_keys(&mut self, keys: Vec<Chord>) {
        for chord in keys {
            self.press(chord);
        }
    }

    fn press(&mut self, chord: Chord) {
        self.keys += 1;
        let (motion, extend) = match self.session.action_for(Context::Page, chord) {
            Some(Action::Move(motion)) => (Some(motion), false),
            Some(Action::Extend(motion)) => (Some(motion), true),
            _ => (None, false),
        };
        let open = self.session.open.as_ref().unwrap();
        if let Some(to) = motion.and_then(|motion| self.grid.resolve(open.text(), open.caret, motion)) {
            self.session.run(Command::Caret { to, extend });
            return;
        }
        let told = self.session.press(Context::Page, chord).notices;
        let refused = told.iter().find(|notice| notice.sentence.starts_with("There is no"));
        assert!(refused.is_none(), "{chord}: {told:?}");
    }

    /// The span that was made for `wanted`.
    fn find(&self, wanted: &Span) -> Option<Arc<Span>> {
        let layer = self.session.open.as_ref().unwrap().shown()?;
        layer.spans.touching(wanted.hull()).find(|known| known.same_decision(wanted)).cloned()
    }

    /// Goes to the span with Tab and Shift+Tab, or by motions and Tab, whichever is less; presses the relation's key until the right end
    /// shows; Enter.
    fn link(&mut self, schema: &Schema, from: &Span, to: &Span, kind: &RelationId) {
        let layer = self.session.open.as_ref().unwrap().shown().unwrap().clone();
        let text = self.session.open.as_ref().unwrap().text().clone();
        let order: Vec<Arc<Span>> = layer.spans.iter().cloned().collect();
        let place_of = |wanted: &Span| order.iter().position(|span| span.same_decision(wanted)).unwrap();
        let there = place_of(from);
        let mut ways: Vec<Vec<Chord>> = Vec::new();
        let (tab, back) = (Chord::plain(Key::Tab), Chord::parse("Shift+Tab").unwrap());
        if let Some(here) = self.session.selected_span().map(|span| place_of(span.as_ref())) {
            ways.push(vec![if there >= here { tab } else { back }; there.abs_diff(here)]);
        }
        let start = from.hull().start();
        let mut by_motion = path_to(&text, &self.grid, self.place(), &motions(), |(caret, _)| {
            let here = text.range(caret, caret).unwrap();
            caret <= start && layer.spans.after(here, None).is_some_and(|span| span.same_decision(from))
        });
        if !by_motion.is_empty() || self.session.selected().is_none() {
            by_motion.push(tab);
            ways.push(by_motion);
        }
        let way = ways.into_iter().min_by_key(Vec::len).unwrap();
        self.type_keys(way);
        assert!(self.session.selected_span().unwrap().same_decision(from));
        let key = schema.relation(kind).unwrap().key.unwrap();
        loop {
            self.press(Chord::plain(Key::Char(key)));
            let layer = self.session.open.as_ref().unwrap().shown().unwrap();
            if layer.span(self.session.linking().unwrap().end()).unwrap().same_decision(to) {
                break;
            }
        }
        self.press(Chord::plain(Key::Enter));
    }

    fn place(&self) -> Place {
        let open = self.session.open.as_ref().unwrap();
        (open.caret, open.anchor)
    }

    fn mark(&mut self, label: &Label, wanted: TextRange) {
        let text = self.session.open.as_ref().unwrap().text().clone();
        let moved = self.session.selected().is_some();
        let place = self.place();
        // What is not whole units is marked as the units around it, and its edges are moved.
        let units = if path(&text, &self.grid, place, label.snap, wanted, moved).is_some() {
            wanted
        } else {
            snap(&text, wanted, label.snap)
        };
        let keys = path(&text, &self.grid, place, label.snap, units, moved);
        let keys = keys.unwrap_or_else(|| panic!("no keys lead to {:?}", text.slice(wanted)));
        if std::env::var_os("KEYS").is_some() {
            println!(
                "{:3} {} {:?}: {}",
                keys.len(),
                label.id,
                text.slice(wanted),
                keys.iter().map(|k| k.to_string()).collect::<Vec<_>>().join(" ")
            );
        }
        self.type_keys(keys);
        self.press(Chord::plain(Key::Char(label.key.unwrap())));
        for (chord, edge) in
            [("Ctrl+Shift+]", TextRange::end as fn(TextRange) -> usize), ("Ctrl+Shift+[", TextRange::start)]
        {
            while self.session.selected_span().is_some_and(|span| edge(span.hull()) != edge(wanted)) {
                self.press(Chord::parse(chord).unwrap());
            }
        }
    }

    /// Selects `wanted` and joins it to the span that was marked last.
    fn join(&mut self, wanted: TextRange) {
        let text = self.session.open.as_ref().unwrap().text().clone();
        let place = self.place();
        let motions = motions();
        let start = path_to(&text, &self.grid, place, &motions, |(caret, anchor)| {
            caret == anchor && snap_start(&text, caret, wanted)
        });
        self.type_keys(start);
        let keys = path(&text, &self.grid, self.place(), Snap::Words, wanted, true).unwrap();
        self.type_keys(keys);
        self.press(Chord::parse("Ctrl+J").unwrap());
    }

    fn set(&mut self, label: &Label, wanted: &Span) {
        let different = |session: &Session| {
            let now = session.selected_span().unwrap().attributes.clone();
            label.attributes.iter().any(|attribute| now.get(&attribute.name) != wanted.attributes.get(&attribute.name))
        };
        if !different(&self.session) {
            return;
        }
        if self.session.asking().is_none() {
            self.press(Chord::plain(Key::Enter));
        }
        for attribute in &label.attributes {
            let digit = (0..=9).find(|digit| {
                value_of(attribute, None, *digit) == Some(wanted.attributes.get(&attribute.name).cloned())
            });
            let digit = digit.unwrap_or_else(|| panic!("{attribute:?}"));
            assert!(!matches!(attribute.kind, AttributeKind::AnyOf(_)));
            self.press(Chord::plain(Key::Char(char::from(b'0' + digit))));
        }
        assert!(!different(&self.session));
    }
}

fn snap_start(text: &Text, caret: usize, wanted: TextRange) -> bool {
    caret == wanted.start()
        || (caret > wanted.start()
            && text.range(caret, wanted.end()).is_ok_and(|rest| snap(text, rest, Snap::Words) == wanted))
}

fn path_to(
    text: &Text,
    grid: &Grid,
    from: Place,
    motions: &[(Chord, Motion, bool)],
    found: impl Fn(Place) -> bool,
) -> Vec<Chord> {
    let mut seen: HashMap<Place, Vec<Chord>> = HashMap::from([(from, Vec::new())]);
    let mut queue = VecDeque::from([from]);
    while let Some(here) = queue.pop_front() {
        if found(here) {
            return seen[&here].clone();
        }
        for (chord, motion, extend) in motions.iter().filter(|(.., extend)| !extend) {
            let next = step(text, grid, here, *motion, *extend);
            if !seen.contains_key(&next) {
                let mut keys = seen[&here].clone();
                keys.push(*chord);
                seen.insert(next, keys);
                queue.push_back(next);
            }
        }
    }
    panic!("no motion leads there");
}

/// Labels `text` as `wanted` says, by keys alone, and gives the session and the count.
fn label(id: &str, text: &str, wanted: &Layer, schema: &Schema) -> Typist {
    // Inner spans before outer ones, as the caret stands at the end of what was marked last; or as they begin.
    let by_end = |span: &Arc<Span>| (span.hull().end(), std::cmp::Reverse(span.hull().start()));
    let by_start = |span: &Arc<Span>| (span.hull().start(), std::cmp::Reverse(span.hull().end()));
    let ways = [label_in_order(id, text, wanted, schema, by_end), label_in_order(id, text, wanted, schema, by_start)];
    ways.into_iter().min_by_key(|typist| typist.keys).unwrap()
}

fn label_in_order<K: Ord>(
    id: &str,
    text: &str,
    wanted: &Layer,
    schema: &Schema,
    key: impl Fn(&Arc<Span>) -> K,
) -> Typist {
    let store = project(&[(id, text)]);
    let mut session = session_of(&store, "ana");
    session.careful = true;
    session.run(Command::Open(id.into()));
    let mut typist = Typist { grid: Grid::new(session.open.as_ref().unwrap().text()), session, keys: 0, spent: [0; 3] };
    let mut order: Vec<_> = wanted.spans.iter().cloned().collect();
    order.sort_by_key(key);
    let mut open: Vec<_> = wanted.relations.values().cloned().collect();
    for span in &order {
        let label = schema.label(&span.label).unwrap();
        if typist.find(span).is_none_or(|known| known.attributes != span.attributes) {
            let before = typist.keys;
            typist.mark(label, span.ranges.as_slice()[0]);
            let marked = typist.keys;
            typist.set(label, span);
            typist.spent[1] += typist.keys - marked;
            let set = typist.keys - marked;
            for range in &span.ranges.as_slice()[1..] {
                typist.join(*range);
            }
            if repeats(typist.session.open.as_ref().unwrap().text(), wanted, span) {
                typist.press(Chord::parse("Ctrl+D").unwrap());
            }
            typist.spent[0] += typist.keys - before - set;
        }
        // Relations as soon as both ends are there.
        let (now, later) = open.into_iter().partition(|relation| {
            [&relation.from, &relation.to].into_iter().all(|end| typist.find(wanted.span(end).unwrap()).is_some())
        });
        open = later;
        let now: Vec<Arc<Relation>> = now;
        for relation in now {
            let before = typist.keys;
            typist.link(
                schema,
                wanted.span(&relation.from).unwrap(),
                wanted.span(&relation.to).unwrap(),
                &relation.kind,
            );
            typist.spent[2] += typist.keys - before;
        }
    }
    typist
}

/// Every equal string that Ctrl+D would mark is wanted so, and there is one at least.
fn repeats(text: &Text, wanted: &Layer, span: &Span) -> bool {
    if span.ranges.is_discontinuous() {
        return false;
    }
    let words = text.slice(span.hull());
    let places = text.as_str().match_indices(words).filter_map(|(at, _)| {
        let range = text.range(at, at + words.len()).unwrap();
        (snap(text, range, Snap::Words) == range && range != span.hull()).then_some(range)
    });
    let wanted = |range: TextRange| {
        wanted.spans.touching(range).any(|other| {
            other.label == span.label
                && other.hull() == range
                && !other.ranges.is_discontinuous()
                && other.attributes == span.attributes
        })
    };
    let places: Vec<TextRange> = places.collect();
    !places.is_empty() && places.into_iter().all(wanted)
}

/// The sample's article with this id, and ana's layer of it.
fn sample(id: &str) -> (String, Layer) {
    let file = include_str!("../datasets/newsroom/newsroom.jsonl");
    let line = file.lines().find(|line| line.contains(&format!("\"id\":\"{id}\""))).unwrap();
    let object: Value = serde_json::from_str(line).unwrap();
    let text = object["text"].as_str().unwrap().to_owned();
    let document = crate::support::document(id, &text);
    let mut problems = Vec::new();
    let place = spanwright::text::Place::default();
    let raw =
        spanwright::annotation::exchange::RawDocument::read(object.as_object().unwrap().clone(), &place, &mut problems);
    let ana = raw.layers.into_iter().find(|layer| layer.annotator.as_deref() == Some("ana")).unwrap();
    let layer = ana.check(Annotator::from("ana"), &document, &document.newlines, &place, &mut problems);
    assert_eq!(problems, []);
    (text, layer)
}

fn report(name: &str, typist: &Typist, wanted: &Layer) -> f64 {
    let spans = wanted.spans.len();
    let a_span = typist.keys as f64 / spans as f64;
    println!("{name}: marking {}, attributes {}, linking {}", typist.spent[0], typist.spent[1], typist.spent[2]);
    println!(
        "{name}: {} keys for {spans} spans and {} relations: {a_span:.2} a span",
        typist.keys,
        wanted.relations.len()
    );
    a_span
}

#[test]
fn the_twin_article_is_labelled_by_keys_alone() {
    let schema = news();
    let (text, wanted) = sample("saltmarsh-buildup");
    let mut typist = label("saltmarsh-buildup", &text, &wanted, &schema);
    let open = typist.session.open.as_ref().unwrap();
    let made = open.shown().unwrap();
    assert_eq!(picture(open.text(), Some(made)), picture(open.text(), Some(&wanted)));
    let quotes = |layer: &Layer| {
        let name = |id| layer.span(id).unwrap().ranges.quote(open.text());
        let mut all: Vec<_> =
            layer.relations.values().map(|it| (it.kind.clone(), name(&it.from), name(&it.to))).collect();
        all.sort();
        all
    };
    assert_eq!(quotes(made), quotes(&wanted));
    for span in made.spans.iter() {
        assert!(
            wanted.spans.touching(span.hull()).any(|it| it.same_decision(span) && it.attributes == span.attributes),
            "{span:?}"
        );
    }
    let a_span = report("twin", &typist, &wanted);
    assert!(a_span <= 6.0, "{a_span:.2} keys a span");
    typist.session.flush();
    assert!(typist.session.is_saved());
}

/// The article this project began with, where it is at hand: names, quotations and furniture of the page, found again in its text.
#[test]
fn the_seed_article_is_labelled_by_keys_alone_where_it_is_present() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/seed-article.txt");
    let Ok(text) = std::fs::read_to_string(path) else { return };
    let schema = news();
    let text = text.trim_end().to_owned();
    let document = crate::support::document("seed", &text);
    let mut spans: Vec<Span> = Vec::new();
    let mut add = |label: &str, range: TextRange, attributes: &[(&str, &str)]| {
        let mut span = span_of(&format!("s{:03}", spans.len()), label, &[range]);
        span.attributes = attributes.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
        spans.push(span);
    };
    for (name, kind) in [
        ("Sergei Lavrov", "person"),
        ("John Kerry", "person"),
        ("Vladimir Putin", "person"),
        ("Dmitry Peskov", "person"),
        ("WASHINGTON", "place"),
        ("Geneva", "place"),
        ("New York", "place"),
        ("Damascus", "place"),
        ("Ynet", "organisation"),
        ("Kremlin", "organisation"),
        ("US Department of State", "organisation"),
        ("UN General Assembly", "organisation"),
        ("Nusra Front", "organisation"),
    ] {
        for (at, _) in text.match_indices(name) {
            let range = document.text.range(at, at + name.len()).unwrap();
            if snap(&document.text, range, Snap::Words) == range {
                add("entity", range, &[("type", kind)]);
            }
        }
    }
    for quotation in spanwright::text::segment::quotations(&document.text, document.text.all()) {
        if quotation.closed && quotation.depth == 0 {
            add("quote", quotation.range, &[("kind", "direct")]);
        }
    }
    for line in
        ["Subscribe", "Newsfeed", "0", "To participate in the discussion", "log in or register", "loader", "Chats"]
    {
        let at = text
            .lines()
            .scan(0, |at, it| {
                let here = *at;
                *at += it.len() + 1;
                Some((here, it))
            })
            .find(|(_, it)| *it == line);
        let (at, _) = at.unwrap_or_else(|| panic!("no line {line}"));
        add("boilerplate", document.text.range(at, at + line.len()).unwrap(), &[]);
    }
    let wanted = layer_of("ana", spans);
    let typist = label("seed", &text, &wanted, &schema);
    let open = typist.session.open.as_ref().unwrap();
    assert_eq!(picture(open.text(), open.shown()), picture(open.text(), Some(&wanted)));
    let a_span = report("seed", &typist, &wanted);
    assert!(a_span <= 6.0, "{a_span:.2} keys a span");
}
