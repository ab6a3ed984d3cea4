//! [`Source`]: RON text as a tree in which every value knows its place, so that a mistake is shown where it stands and one
//! value can be changed (see [`super::splice`]) while every other byte stays.
//!
//! Reads all that people write in schemas and settings; byte strings, ranges and raw identifiers are not among that.

use std::ops::Range;

use serde_json::Number;

use super::parse;
use super::token::{Token, TokenKind};
use crate::text::{Place, Problem};

/// RON text and its tree. The text is kept as it is, whatever is wrong with it.
#[derive(Clone, Debug)]
pub struct Source {
    pub(super) file: String,
    pub(super) text: String,
    pub(super) tokens: Vec<Token>,
    pub(super) root: Node,
    pub(super) problems: Vec<Problem>,
    /// The byte at which each line starts.
    lines: Vec<usize>,
}

/// A value and the bytes it takes.
#[derive(Clone, Debug)]
pub struct Node {
    pub value: Value,
    pub range: Range<usize>,
    /// Its bracket closes; true where there is none. What was not read to its end may lack things it has.
    pub closed: bool,
}

/// What RON can say.
#[derive(Clone, Debug)]
pub enum Value {
    String(String),
    Char(char),
    Number(Number),
    /// `true`, `None`, `Solid`
    Word(String),
    /// `[a, b]`
    List(Vec<Node>),
    /// `(a, b)`, `Slot(1)`; also `()` and `Schema()`
    Tuple(Option<String>, Vec<Node>),
    /// `(id: "a")`, `Schema(name: "a")`
    Struct(Option<String>, Vec<Field>),
    /// `{"a": 1}`
    Map(Vec<(Node, Node)>),
    /// Already reported.
    Broken,
}

/// A named value of a struct.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    /// The bytes of the name.
    pub at: Range<usize>,
    pub value: Node,
}

/// One step down the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// A field of a struct, or an entry of a map that has this string for its key.
    Field(&'a str),
    /// An element of a list or a tuple, from 0.
    Index(usize),
}

impl<'a> From<&'a str> for Step<'a> {
    fn from(name: &'a str) -> Self {
        Self::Field(name)
    }
}

impl From<usize> for Step<'_> {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

impl Source {
    /// Reads `text`; `file` is the name problems give. Never fails: see [`Source::problems`]. Linear in the length of the text.
    pub fn parse(text: &str, file: &str) -> Self {
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let lines =
            std::iter::once(start).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect();
        let (tokens, broken) = super::token::tokens(text);
        let mut source = Self {
            file: file.into(),
            text: text.into(),
            tokens,
            root: Node::broken(0..0),
            problems: Vec::new(),
            lines,
        };
        let (root, problems) = parse::parse(&source, broken);
        source.root = root;
        source.problems = problems;
        source
    }

    /// The text, byte for byte.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What keeps the text from being RON, in the order of the text.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The outermost value.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// Every token; together they are [`Source::text`].
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The value at `path`, from the root. `Some(…)` is looked through, as `implicit_some` has it.
    pub fn find(&self, path: &[Step]) -> Option<&Node> {
        path.iter().try_fold(&self.root, |node, step| node.step(*step))
    }

    /// Line and column of a byte, both from 1, the column in code points.
    pub fn position(&self, byte: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|start| *start <= byte).max(1);
        let start = self.lines[line - 1].min(byte);
        (line, self.text[start..byte].chars().count() + 1)
    }

    /// [`Source::position`] as a problem's place.
    pub fn place(&self, byte: usize) -> Place {
        let (line, column) = self.position(byte);
        Place::file(self.file.as_str()).at_line(line).at_column(column)
    }

    /// `line:column`, for sentences that name a second place.
    pub(super) fn point(&self, byte: usize) -> String {
        let (line, column) = self.position(byte);
        format!("{line}:{column}")
    }

    /// Every bracket closes.
    pub fn is_whole(&self) -> bool {
        self.root.closed
    }

    /// A string never closes, so that what follows may be read wrongly.
    pub(super) fn is_torn(&self) -> bool {
        self.tokens
            .iter()
            .any(|token| token.kind == TokenKind::Stray && self.slice(token).starts_with(['"', '\'', 'r']))
    }

    pub(super) fn slice(&self, token: &Token) -> &str {
        &self.text[token.range.clone()]
    }

    /// The tokens that carry values, in order.
    pub(super) fn significant(&self) -> Vec<&Token> {
        self.tokens.iter().filter(|token| !token.kind.is_trivia()).collect()
    }

    /// The bytes between the brackets of a list, tuple, struct or map.
    pub(super) fn inside(&self, node: &Node) -> Option<Range<usize>> {
        let from = self.tokens.partition_point(|token| token.range.start < node.range.start);
        let open = self.tokens[from..].iter().find(|token| matches!(token.kind, TokenKind::Open(_)))?;
        (node.closed && open.range.end < node.range.end).then(|| open.range.end..node.range.end - 1)
    }
}

impl Node {
    pub(super) fn broken(range: Range<usize>) -> Self {
        Self { value: Value::Broken, range, closed: true }
    }

    /// One step down; `Some(…)` is looked through.
    pub fn step(&self, step: Step) -> Option<&Node> {
        match (&self.bare().value, step) {
            (Value::Struct(_, fields), Step::Field(name)) => {
                fields.iter().find(|field| field.name == name).map(|field| &field.value)
            }
            (Value::Map(entries), Step::Field(name)) => {
                entries.iter().find(|(key, _)| key.string() == Some(name)).map(|(_, value)| value)
            }
            (Value::List(items) | Value::Tuple(_, items), Step::Index(index)) => items.get(index),
            _ => None,
        }
    }

    /// The value in `Some(value)`, else the value itself.
    pub fn bare(&self) -> &Node {
        match &self.value {
            Value::Tuple(Some(name), items) if name == "Some" && items.len() == 1 => items[0].bare(),
            _ => self,
        }
    }

    /// The text of a string.
    pub fn string(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// What it is, for sentences: `a string`, `the word Solid`.
    pub fn describe(&self) -> String {
        match &self.value {
            Value::String(_) => "a string".into(),
            Value::Char(_) => "a character".into(),
            Value::Number(_) => "a number".into(),
            Value::Word(word) if word == "true" || word == "false" => word.clone(),
            Value::Word(word) => format!("the word {word}"),
            Value::List(_) => "a list […]".into(),
            Value::Tuple(None, _) => "a tuple (…)".into(),
            Value::Struct(None, _) => "a struct (name: …)".into(),
            Value::Tuple(Some(name), _) | Value::Struct(Some(name), _) => format!("{name}(…)"),
            Value::Map(_) => "a map {…}".into(),
            Value::Broken => "something unreadable".into(),
        }
    }
}
