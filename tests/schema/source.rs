//! The tree of RON text: random values, printed with random white space and comments, are read as what they are.

use proptest::prelude::*;
use spanwright::schema::source::{Node, Value};
use spanwright::schema::{Source, Step, quoted};

/// A value as it was made, for comparison with what is read.
#[derive(Clone, Debug)]
enum Tree {
    String(String),
    RawString(String),
    Char(char),
    Number(i64),
    Word(String),
    List(Vec<Tree>),
    Tuple(Option<String>, Vec<Tree>),
    Struct(Option<String>, Vec<(String, Tree)>),
    Map(Vec<(String, Tree)>),
}

fn word() -> impl Strategy<Value = String> {
    "[a-z][a-z_0-9]{0,6}|Slot|naïve|имя".prop_filter("r\"…\" would be a raw string", |word| word != "r")
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~]{0,12}",
        Just("“curly” ’".into()),
        Just("Жена\r\n".into()),
        Just("👩‍👩‍👧".into()),
        Just("\\\" // /*".into()),
    ]
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        text().prop_map(Tree::String),
        "[^\"#]{0,8}".prop_map(Tree::RawString),
        any::<char>()
            .prop_filter("written as it is", |c| !c.is_control() && !matches!(c, '\\' | '\''))
            .prop_map(Tree::Char),
        any::<i64>().prop_map(Tree::Number),
        word().prop_map(Tree::Word),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let name = || proptest::option::of(word().prop_filter("is looked through", |word| word != "Some"));
        let named = || proptest::collection::vec((word(), inner.clone()), 1..5);
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Tree::List),
            (name(), proptest::collection::vec(inner.clone(), 0..4)).prop_map(|(name, items)| Tree::Tuple(name, items)),
            (name(), named()).prop_map(|(name, fields)| Tree::Struct(name, fields)),
            proptest::collection::vec((text(), inner.clone()), 0..4).prop_map(Tree::Map),
        ]
    })
}

/// Prints with white space and comments taken from `gaps`, round and round.
struct Printer<'a> {
    gaps: &'a [String],
    next: usize,
    out: String,
}

impl Printer<'_> {
    fn gap(&mut self) {
        self.out.push_str(&self.gaps[self.next % self.gaps.len()]);
        self.next += 1;
    }

    fn sign(&mut self, sign: &str) {
        self.out.push_str(sign);
        self.gap();
    }

    fn all<T>(&mut self, items: &[T], mut print: impl FnMut(&mut Self, &T)) {
        for (at, item) in items.iter().enumerate() {
            print(self, item);
            if at + 1 < items.len() || self.next.is_multiple_of(2) {
                self.sign(",");
            }
        }
    }

    fn tree(&mut self, tree: &Tree) {
        match tree {
            Tree::String(text) => self.out.push_str(&quoted(text)),
            Tree::RawString(text) => self.out.extend(["r#\"", text, "\"#"]),
            Tree::Char(c) => self.out.extend(['\'', *c, '\'']),
            Tree::Number(number) => self.out.push_str(&number.to_string()),
            Tree::Word(word) => self.out.push_str(word),
            Tree::List(items) => {
                self.sign("[");
                self.all(items, Self::tree);
                self.out.push(']');
            }
            Tree::Tuple(name, items) => {
                self.out.push_str(name.as_deref().unwrap_or_default());
                self.sign("(");
                self.all(items, Self::tree);
                self.out.push(')');
            }
            Tree::Struct(name, fields) => {
                self.out.push_str(name.as_deref().unwrap_or_default());
                self.sign("(");
                self.all(fields, |printer, (name, value)| {
                    printer.sign(name);
                    printer.sign(":");
                    printer.tree(value);
                });
                self.out.push(')');
            }
            Tree::Map(entries) => {
                self.sign("{");
                self.all(entries, |printer, (key, value)| {
                    printer.sign(&quoted(key));
                    printer.sign(":");
                    printer.tree(value);
                });
                self.out.push('}');
            }
        }
        self.gap();
    }
}

fn print(tree: &Tree, gaps: &[String]) -> String {
    let mut printer = Printer { gaps, next: 0, out: String::new() };
    printer.gap();
    printer.tree(tree);
    printer.out
}

fn gaps() -> impl Strategy<Value = Vec<String>> {
    let gap = prop_oneof![
        Just(String::new()),
        Just(" ".into()),
        Just("\r\n\t".into()),
        Just(" // “note” ) ] \"\n".into()),
        Just(" /* a /* b */ ( \" */ ".into()),
    ];
    proptest::collection::vec(gap, 1..8)
}

fn same(tree: &Tree, node: &Node) -> bool {
    match (tree, &node.value) {
        (Tree::String(a) | Tree::RawString(a), Value::String(b)) | (Tree::Word(a), Value::Word(b)) => a == b,
        (Tree::Char(a), Value::Char(b)) => a == b,
        (Tree::Number(a), Value::Number(b)) => b.as_i64() == Some(*a),
        (Tree::List(a), Value::List(b)) => all(a, b),
        (Tree::Tuple(name, a), Value::Tuple(other, b)) => name == other && all(a, b),
        (Tree::Struct(name, a), Value::Struct(other, b)) => {
            name == other
                && a.len() == b.len()
                && a.iter().zip(b).all(|((name, a), b)| *name == b.name && same(a, &b.value))
        }
        (Tree::Map(a), Value::Map(b)) => {
            a.len() == b.len()
                && a.iter().zip(b).all(|((key, a), (other, b))| other.string() == Some(key) && same(a, b))
        }
        _ => false,
    }
}

fn all(a: &[Tree], b: &[Node]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
}

/// The tokens, put together.
fn together(source: &Source) -> String {
    source.tokens().iter().map(|token| &source.text()[token.range.clone()]).collect()
}

/// The paths of every list in the tree, with the number of its elements.
fn lists<'a>(node: &'a Node, path: &mut Vec<Step<'a>>, found: &mut Vec<(Vec<Step<'a>>, usize)>) {
    match &node.value {
        Value::List(items) | Value::Tuple(_, items) => {
            if matches!(node.value, Value::List(_)) {
                found.push((path.clone(), items.len()));
            }
            for (at, item) in items.iter().enumerate() {
                path.push(Step::Index(at));
                lists(item, path, found);
                path.pop();
            }
        }
        Value::Struct(_, fields) => {
            for (at, field) in fields.iter().enumerate() {
                // A path leads to the first field of its name only.
                if fields[..at].iter().all(|before| before.name != field.name) {
                    path.push(Step::Field(&field.name));
                    lists(&field.value, path, found);
                    path.pop();
                }
            }
        }
        _ => {}
    }
}

proptest! {
    #[test]
    fn what_is_printed_is_read(tree in tree(), gaps in gaps()) {
        let text = print(&tree, &gaps);
        let source = Source::parse(&text, "t.ron");
        prop_assert!(source.problems().is_empty(), "{:?} in {text}", source.problems());
        prop_assert_eq!(source.text(), &text);
        prop_assert_eq!(together(&source), text.clone());
        prop_assert!(same(&tree, source.root()), "{:?} from {text}", source.root());
    }

    /// Any text at all: no panic, and every byte is in a token.
    #[test]
    fn every_text_is_kept(text in prop_oneof![any::<String>(), "[()\\[\\]{}:,\"'#!r/*\\\\a=;1“ \n-]{0,40}"]) {
        let source = Source::parse(&text, "t.ron");
        prop_assert_eq!(together(&source), text.clone());
        spanwright::schema::Schema::parse(&text, "t.ron");
    }

    /// A schema cut anywhere says so, and where.
    #[test]
    fn a_file_cut_short_is_an_error(at in 0..include_str!("../../schemas/news.ron").len()) {
        let news = include_str!("../../schemas/news.ron");
        let at = (0..=at).rev().find(|at| news.is_char_boundary(*at)).unwrap();
        prop_assume!(news[at..].trim() != "");
        let parsed = spanwright::schema::Schema::parse(&news[..at], "news.ron");
        prop_assert!(parsed.schema.is_none());
        let place = &parsed.problems[0].place;
        prop_assert!(place.line.is_some() && place.column.is_some());
    }

    /// Insert and remove are inverse in meaning; setting a value to itself changes no byte.
    #[test]
    fn edits_touch_their_place(tree in tree(), gaps in gaps(), pick in any::<prop::sample::Index>(), at in any::<prop::sample::Index>()) {
        let tree = Tree::List(vec![tree]);
        let text = print(&tree, &gaps);
        let source = Source::parse(&text, "t.ron");
        let mut found = Vec::new();
        lists(source.root(), &mut Vec::new(), &mut found);
        let (path, count) = found[pick.index(found.len())].clone();
        let index = at.index(count + 1);
        let mut edited = source.clone();
        edited.insert(&path, index, "NEW").unwrap();
        prop_assert!(edited.text().contains("NEW"));
        let element = [path.as_slice(), &[Step::Index(index)]].concat();
        prop_assert!(matches!(&edited.find(&element).unwrap().value, Value::Word(word) if word == "NEW"));
        let mut back = edited.clone();
        back.remove(&element).unwrap();
        prop_assert!(same(&tree, back.root()), "{} from {}", back.text(), edited.text());

        let whole = source.find(&path).unwrap().range.clone();
        let mut set = source.clone();
        set.set(&path, &text[whole.clone()]).unwrap();
        prop_assert_eq!(set.text(), &text);
        set.set(&path, "[]").unwrap();
        prop_assert_eq!(set.text(), format!("{}[]{}", &text[..whole.start], &text[whole.end..]));
    }
}

#[test]
fn tokens_are_the_text() {
    for text in
        ["", "\u{feff}(a: 1)", "#![enable(implicit_some)]\n(a: r##\"x\"#\"##)", "( // c", "'''", "\"\\", "@ “", "r#\"x"]
    {
        assert_eq!(together(&Source::parse(text, "t.ron")), text);
    }
}

#[test]
fn literals() {
    let string = |text: &str| Source::parse(text, "t.ron").root().string().map(String::from);
    assert_eq!(string(r#""a\n\t\\\"\u{1F469}\x41""#).as_deref(), Some("a\n\t\\\"👩A"));
    assert_eq!(string("\"one \\\n     two\"").as_deref(), Some("one two"));
    assert_eq!(string("\"two\nlines\"").as_deref(), Some("two\nlines"));
    assert_eq!(string(r##"r#"a "b" \n"#"##).as_deref(), Some(r#"a "b" \n"#));
    assert_eq!(string(r#""\q""#), None);
    let number = |text: &str| match &Source::parse(text, "t.ron").root().value {
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    for (written, read) in [
        ("12", "12"),
        ("-3", "-3"),
        ("+4", "4"),
        ("1_000", "1000"),
        ("0x1f", "31"),
        ("0b101", "5"),
        (".5", "0.5"),
        ("-1.5e3", "-1500.0"),
    ] {
        assert_eq!(number(written).as_deref(), Some(read), "{written}");
    }
    assert_eq!(number("1u8"), None);
}
