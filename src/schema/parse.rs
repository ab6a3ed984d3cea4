//! From tokens to the tree, going on after a mistake so that one look finds them all.

use super::literal::{number, unescape};
use super::source::{Field, Node, Source, Value};
use super::token::{Broken, Token, TokenKind};
use crate::text::Problem;

/// Deeper nesting is no schema but an attempt on the stack.
const DEPTH: usize = 100;

/// The tree of `source.tokens`, and what is wrong, in the order of the text.
pub(super) fn parse(source: &Source, broken: Vec<(usize, Broken)>) -> (Node, Vec<Problem>) {
    let mut parser = Parser {
        source,
        tokens: source.significant(),
        at: 0,
        open: Vec::new(),
        unclosed: Vec::new(),
        too_deep: false,
        found: Vec::new(),
    };
    let last = source.tokens.last().map_or(0, |token| token.range.start);
    let torn = broken.iter().find(|(_, broken)| *broken == Broken::StringNeverCloses).map(|(at, _)| *at);
    let root = parser.root();
    if torn.is_some() {
        // Where a string lacks its end, what seems wrong with the structure is mostly its consequence.
        parser.found.clear();
    }
    if torn.is_none_or(|at| at == last) {
        parser.report_unclosed();
    }
    for (at, broken) in broken {
        parser.broken(at, broken);
    }
    parser.found.sort_by_key(|(at, _)| *at);
    (root, parser.found.into_iter().map(|(_, problem)| problem).collect())
}

struct Parser<'a> {
    source: &'a Source,
    /// Those that carry values.
    tokens: Vec<&'a Token>,
    at: usize,
    /// The brackets that stand open, outermost first: the closing one each waits for.
    open: Vec<char>,
    /// The bytes of brackets the end of the file left open, innermost first.
    unclosed: Vec<usize>,
    /// The rest was not read.
    too_deep: bool,
    /// Problems with the byte they stand at.
    found: Vec<(usize, Problem)>,
}

/// One element between brackets.
enum Item {
    Field(Field),
    Entry(Node, Node),
    Value(Node),
}

impl Item {
    fn is_closed(&self) -> bool {
        match self {
            Self::Field(Field { value, .. }) | Self::Entry(_, value) | Self::Value(value) => value.closed,
        }
    }
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at).copied()
    }

    fn kind(&self) -> Option<TokenKind> {
        self.peek().map(|token| token.kind)
    }

    fn next_kind(&self) -> Option<TokenKind> {
        self.tokens.get(self.at + 1).map(|token| token.kind)
    }

    fn is_stray(&self, at: usize, written: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.kind == TokenKind::Stray && self.source.slice(token) == written)
    }

    /// The end of the last token taken.
    fn behind(&self) -> usize {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(0, |token| token.range.end)
    }

    fn error(&mut self, at: usize, sentence: impl Into<String>, fix: impl Into<String>) {
        self.found.push((at, Problem::error(self.source.place(at), sentence).fix(fix)));
    }

    fn broken(&mut self, at: usize, broken: Broken) {
        let c = self.source.text[at..].chars().next().unwrap_or_default();
        match broken {
            Broken::StringNeverCloses if c == '\'' => {
                self.error(at, "the character opened here never closes", "Put ' behind it, or write a string in \"…\"");
            }
            Broken::StringNeverCloses => {
                self.error(
                    at,
                    "the string opened here never closes",
                    "Put \" at its end, or at the end of one before it on this line; inside, write \\\"",
                );
            }
            Broken::CommentNeverCloses => self.error(at, "the comment opened here never closes", "Put */ at its end"),
            // The parser says what these stand for.
            Broken::NoSuchCharacter if matches!(c, '=' | ';') => {}
            Broken::CurlyString => {
                self.error(
                    at,
                    format!("the typographic mark {c} opens no string"),
                    "Use straight quotation marks, \"…\"",
                );
            }
            Broken::NoSuchCharacter => {
                self.error(
                    at,
                    format!("“{}” means nothing here", c.escape_debug()),
                    "Remove it, or put the text in \"…\"",
                );
            }
        }
    }

    fn root(&mut self) -> Node {
        if self.tokens.is_empty() {
            self.error(0, "there is nothing in this file", "Write Schema( name: \"…\", labels: […] )");
            return Node::broken(0..0);
        }
        let root = self.value();
        if let Some(token) = self.peek() {
            self.error(
                token.range.start,
                "something follows after the end",
                "Remove it, or move it inside the brackets",
            );
        }
        root
    }

    /// One value; takes at least one token where there is one.
    fn value(&mut self) -> Node {
        let Some(token) = self.peek() else { return Node::broken(self.behind()..self.behind()) };
        let source = self.source;
        let written = source.slice(token);
        let start = token.range.start;
        self.at += 1;
        let value = match token.kind {
            TokenKind::Word => {
                if self.kind() == Some(TokenKind::Open('(')) {
                    return self.group(start, Some(written.into()));
                }
                Value::Word(written.into())
            }
            TokenKind::Open(_) => {
                self.at -= 1;
                return self.group(start, None);
            }
            TokenKind::String => {
                self.text(&written[1..written.len() - 1], start + 1).map_or(Value::Broken, Value::String)
            }
            TokenKind::RawString(hashes) => Value::String(written[hashes + 2..written.len() - hashes - 1].into()),
            TokenKind::Char => self.char(&written[1..written.len() - 1], start),
            TokenKind::Number => number(written).map_or_else(
                || {
                    self.error(start, format!("“{written}” is no number"), "Write it like 12, -3 or 0.5");
                    Value::Broken
                },
                Value::Number,
            ),
            TokenKind::Comma | TokenKind::Colon | TokenKind::Close(_) => {
                self.error(start, format!("a value is missing before “{written}”"), "Write one, or remove the sign");
                Value::Broken
            }
            _ => {
                if matches!(written, "=" | ";") {
                    self.error(
                        start,
                        format!("a value is missing before “{written}”"),
                        "Write one, or remove the sign",
                    );
                }
                Value::Broken
            }
        };
        Node { value, range: token.range.clone(), closed: true }
    }

    fn text(&mut self, inside: &str, start: usize) -> Option<String> {
        unescape(inside)
            .map_err(|at| {
                let escape: String = inside[at..].chars().take(2).collect();
                self.error(
                    start + at,
                    format!("“{escape}” is no escape"),
                    "Write \\\\ for a backslash, or use r#\"…\"#",
                );
            })
            .ok()
    }

    fn char(&mut self, inside: &str, start: usize) -> Value {
        let Some(text) = self.text(inside, start + 1) else { return Value::Broken };
        let mut chars = text.chars();
        if let (Some(c), None) = (chars.next(), chars.next()) {
            return Value::Char(c);
        }
        self.error(start, "'…' holds exactly one character", "Write \"…\" for a string");
        Value::Broken
    }

    /// From the opening bracket, of a value that starts at `start`.
    fn group(&mut self, start: usize, name: Option<String>) -> Node {
        let opened = self.peek().map_or(start, |token| token.range.start);
        let Some(TokenKind::Open(bracket)) = self.kind() else { return Node::broken(start..start) };
        let close = closing(bracket);
        self.at += 1;
        if self.open.len() >= DEPTH {
            self.error(opened, format!("more than {DEPTH} brackets stand open"), "Nest less deeply");
            self.too_deep = true;
            self.at = self.tokens.len();
            return Node::broken(start..self.behind());
        }
        self.open.push(close);
        let mut items = Vec::new();
        let closed = self.items(bracket, opened, &mut items);
        self.open.pop();
        let value = match bracket {
            '(' => self.parenthesised(name, items),
            '[' => Value::List(self.elements(items)),
            _ => Value::Map(items.into_iter().filter_map(|item| self.entry(item)).collect()),
        };
        Node { value, range: start..self.behind(), closed }
    }

    /// Everything up to the closing bracket; whether it was found.
    fn items(&mut self, bracket: char, opened: usize, items: &mut Vec<Item>) -> bool {
        let close = closing(bracket);
        loop {
            match self.kind() {
                None => {
                    self.unclosed.push(opened);
                    return false;
                }
                Some(TokenKind::Close(found)) if found == close => {
                    self.at += 1;
                    return true;
                }
                Some(TokenKind::Close(found)) => {
                    let at = self.peek().map_or(opened, |token| token.range.start);
                    if self.closes_an_outer(found) {
                        let there = self.source.point(at);
                        self.error(
                            opened,
                            format!("the “{bracket}” opened here is not closed before the “{found}” at {there}"),
                            format!("Put “{close}” before it"),
                        );
                        return false;
                    }
                    self.error(
                        at,
                        format!("nothing is open that “{found}” could close"),
                        format!("Remove it, or make it “{close}”"),
                    );
                    self.at += 1;
                    if self.kind() == Some(TokenKind::Comma) {
                        self.at += 1;
                    }
                    continue;
                }
                Some(TokenKind::Comma) => {
                    let at = self.peek().map_or(opened, |token| token.range.start);
                    self.error(at, "a value is missing before “,”", "Write one, or remove the comma");
                    self.at += 1;
                    continue;
                }
                Some(TokenKind::Open(inner)) if self.starts_the_next_element(bracket, inner, items) => {
                    let there = self.source.point(self.peek().map_or(opened, |token| token.range.start));
                    self.error(
                        opened,
                        format!("the “{bracket}” opened here is not closed before the “{inner}” at {there}"),
                        format!("Put “{close}” before it"),
                    );
                    return false;
                }
                Some(_) => items.push(self.item(bracket)),
            }
            self.separator(bracket, items);
        }
    }

    /// A bracket further out waits for this. What would close the outermost one and is not the end is one too many.
    fn closes_an_outer(&self, found: char) -> bool {
        let outer = self.open[..self.open.len() - 1].iter().rposition(|close| *close == found);
        outer.is_some_and(|outer| outer > 0 || self.at + 1 == self.tokens.len())
    }

    /// In a list of structs, `(` where a field's name should stand: the struct before it was not closed.
    fn starts_the_next_element(&self, bracket: char, inner: char, items: &[Item]) -> bool {
        bracket == '('
            && inner == '('
            && matches!(items.last(), Some(Item::Field(_)))
            && self.open.len() > 1
            && self.open[self.open.len() - 2] == ']'
    }

    fn separator(&mut self, bracket: char, items: &[Item]) {
        match self.kind() {
            Some(TokenKind::Comma) => self.at += 1,
            None | Some(TokenKind::Close(_)) => {}
            _ if self.is_stray(self.at, ";") => {
                let at = self.behind();
                self.error(at, "elements are parted by “,”, not “;”", "Write “,”");
                self.at += 1;
            }
            Some(TokenKind::Stray) => {}
            Some(_) => {
                let unclosed = items.last().is_some_and(|item| !item.is_closed());
                if unclosed
                    || matches!(self.kind(), Some(TokenKind::Open(inner)) if self.starts_the_next_element(bracket, inner, items))
                {
                    return;
                }
                let at = self.behind();
                self.error(at, "a comma is missing", "Write “,”");
            }
        }
    }

    fn item(&mut self, bracket: char) -> Item {
        let equals = self.is_stray(self.at + 1, "=");
        let colon = self.next_kind() == Some(TokenKind::Colon) || equals;
        let start = self.peek().map_or(0, |token| token.range.start);
        if !colon || matches!(self.kind(), Some(TokenKind::Comma | TokenKind::Colon)) {
            let value = self.value();
            if self.kind() == Some(TokenKind::Colon) {
                self.at += 1;
                return Item::Entry(value, self.after_colon());
            }
            return Item::Value(value);
        }
        let key = self.value();
        if equals {
            self.error(
                self.peek().map_or(start, |token| token.range.start),
                "“=” stands where “:” belongs",
                "Write “:”",
            );
        }
        self.at += 1;
        match (bracket, &key.value) {
            ('(' | '[', Value::Word(name)) => {
                let (name, at) = (name.clone(), key.range);
                Item::Field(Field { name, at, value: self.after_colon() })
            }
            ('(', Value::String(name)) => {
                let (name, at) = (name.clone(), key.range);
                self.error(
                    start,
                    format!("the field name \"{name}\" stands in quotation marks"),
                    format!("Write {name}"),
                );
                Item::Field(Field { name, at, value: self.after_colon() })
            }
            _ => Item::Entry(key, self.after_colon()),
        }
    }

    fn after_colon(&mut self) -> Node {
        match self.kind() {
            Some(TokenKind::Comma | TokenKind::Close(_)) => {
                let at = self.behind();
                self.error(at, "a value is missing after “:”", "Write one, or remove the field");
                Node::broken(at..at)
            }
            _ => self.value(),
        }
    }

    /// `(…)` is a struct if anything in it has a name, else a tuple.
    fn parenthesised(&mut self, name: Option<String>, items: Vec<Item>) -> Value {
        if !items.iter().any(|item| matches!(item, Item::Field(_))) {
            return Value::Tuple(name, self.elements(items));
        }
        let mut fields = Vec::new();
        for item in items {
            match item {
                Item::Field(field) => fields.push(field),
                Item::Value(node) | Item::Entry(node, _) => {
                    let cut = node.range.end == self.behind() && self.peek().is_none();
                    if !cut && !matches!(node.value, Value::Broken) {
                        self.error(
                            node.range.start,
                            "a value without a field name stands here",
                            "Write name: before it",
                        );
                    }
                }
            }
        }
        Value::Struct(name, fields)
    }

    /// The values without names; a name among them is reported once.
    fn elements(&mut self, items: Vec<Item>) -> Vec<Node> {
        let mut named = None;
        let mut nodes = Vec::new();
        for item in items {
            match item {
                Item::Value(node) => nodes.push(node),
                Item::Field(Field { at, .. }) | Item::Entry(Node { range: at, .. }, _) => {
                    named.get_or_insert(at.start);
                }
            }
        }
        if let Some(at) = named {
            self.error(at, "a named value stands where only values stand", "Put the struct it belongs to in ( )");
        }
        nodes
    }

    fn entry(&mut self, item: Item) -> Option<(Node, Node)> {
        match item {
            Item::Entry(key, value) => Some((key, value)),
            Item::Field(field) => {
                let key = Node { value: Value::Word(field.name), range: field.at, closed: true };
                Some((key, field.value))
            }
            Item::Value(node) => {
                let cut = node.range.end == self.behind() && self.peek().is_none();
                if !cut && !matches!(node.value, Value::Broken) {
                    self.error(node.range.start, "a value without a key stands here", "Write key: value");
                }
                None
            }
        }
    }

    /// One problem for all brackets the end of the file left open, at the innermost.
    fn report_unclosed(&mut self) {
        let Some((&innermost, outer)) = self.unclosed.split_first().filter(|_| !self.too_deep) else { return };
        let sign = |at: usize| self.source.text[at..].chars().next().unwrap_or_default();
        let named: Vec<String> =
            outer.iter().map(|at| format!("“{}” at {}", sign(*at), self.source.point(*at))).collect();
        let also = if named.is_empty() { String::new() } else { format!(", nor does {}", named.join(", nor ")) };
        let missing: String = self.unclosed.iter().map(|at| closing(sign(*at))).collect();
        let sentence = format!("the file ends before the “{}” opened here closes{also}", sign(innermost));
        self.error(
            innermost,
            sentence,
            format!("If the file was cut short, take a whole copy; else put {missing} at the end"),
        );
    }
}

fn closing(bracket: char) -> char {
    match bracket {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}
