//! Changing one place of a [`Source`]: the bytes of that place are exchanged, every other byte stays, comments included.
//!
//! A change that would leave something other than RON is refused and changes nothing.

use std::fmt;
use std::ops::Range;

use super::source::{Node, Source, Step, Value};
use super::token::TokenKind;
use crate::text::Problem;

/// Why a [`Source`] was not changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpliceError {
    /// The text had mistakes before; the first of them.
    Broken(Box<Problem>),
    /// Nothing stands at the path, or nothing that could be changed so.
    NoSuchPlace(String),
    /// The new value is no RON value.
    NoValue(String),
}

impl fmt::Display for SpliceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(problem) => write!(f, "the file has mistakes to repair first: {problem}"),
            Self::NoSuchPlace(path) => write!(f, "the file has no {path}"),
            Self::NoValue(value) => write!(f, "“{value}” is no value a schema can hold"),
        }
    }
}

impl std::error::Error for SpliceError {}

/// Bytes to be exchanged for others.
type Splice = (Range<usize>, String);

/// Where a new element goes.
struct Gap {
    /// Behind the comma (or the opening bracket) before it.
    at: usize,
    /// The element before it lacks its comma; it goes here.
    comma: Option<usize>,
    /// No element before it.
    first: bool,
    /// Elements follow.
    more: bool,
    /// On a line of its own, indented so; `None`: on the line of its neighbours.
    indent: Option<String>,
}

impl Source {
    /// Exchanges the value at `path` for `value`, written in RON. Where only the last step, a field's name, is missing,
    /// the field is inserted as the last one of its struct.
    pub fn set(&mut self, path: &[Step], value: &str) -> Result<(), SpliceError> {
        self.must_be_sound()?;
        if let Some(node) = self.find(path) {
            let range = node.range.clone();
            return self.splice(value, vec![(range, value.into())]);
        }
        match path {
            [parent @ .., Step::Field(name)] => {
                let node = self.find(parent).map(Node::bare).ok_or_else(|| no_place(path))?;
                let (count, written) = match &node.value {
                    Value::Struct(_, fields) => (fields.len(), format!("{name}: {value}")),
                    Value::Tuple(_, items) if items.is_empty() => (0, format!("{name}: {value}")),
                    Value::Map(entries) => (entries.len(), format!("{}: {value}", super::literal::quoted(name))),
                    _ => return Err(no_place(path)),
                };
                let gap = self.gap(node, count).ok_or_else(|| no_place(path))?;
                self.splice(value, gap.splices(&written))
            }
            _ => Err(no_place(path)),
        }
    }

    /// Puts `value`, written in RON, into the list at `path` so that it becomes element `index`. Lists that have a line
    /// for each element get one more line.
    pub fn insert(&mut self, path: &[Step], index: usize, value: &str) -> Result<(), SpliceError> {
        self.must_be_sound()?;
        let node = self.find(path).map(Node::bare).ok_or_else(|| no_place(path))?;
        let Value::List(items) = &node.value else { return Err(no_place(path)) };
        if index > items.len() {
            return Err(no_place(&[path, &[Step::Index(index)]].concat()));
        }
        let gap = self.gap(node, index).ok_or_else(|| no_place(path))?;
        self.splice(value, gap.splices(value))
    }

    /// Takes the field or element at `path` out, with its comma, and its line if nothing else is left on it.
    pub fn remove(&mut self, path: &[Step]) -> Result<(), SpliceError> {
        self.must_be_sound()?;
        let (last, parent) = path.split_last().ok_or_else(|| no_place(path))?;
        let node = self.find(parent).map(Node::bare).ok_or_else(|| no_place(path))?;
        let elements = elements(node);
        let index = match (last, &node.value) {
            (Step::Index(index), Value::List(_) | Value::Tuple(..)) => {
                Some(*index).filter(|index| *index < elements.len())
            }
            (Step::Field(name), Value::Struct(_, fields)) => fields.iter().position(|field| field.name == *name),
            (Step::Field(name), Value::Map(entries)) => entries.iter().position(|(key, _)| key.string() == Some(name)),
            _ => None,
        };
        let index = index.ok_or_else(|| no_place(path))?;
        let gone = self.with_surroundings(node, &elements, index);
        self.splice("()", gone.into_iter().map(|range| (range, String::new())).collect())
    }

    fn must_be_sound(&self) -> Result<(), SpliceError> {
        self.problems.first().map_or(Ok(()), |problem| Err(SpliceError::Broken(Box::new(problem.clone()))))
    }

    /// `splices` from the back of the text to its front.
    fn splice(&mut self, value: &str, splices: Vec<Splice>) -> Result<(), SpliceError> {
        let alone = Source::parse(value, &self.file);
        let refuse = || SpliceError::NoValue(value.into());
        // What ends in a line comment would swallow what follows it.
        if !alone.problems.is_empty() || alone.tokens.last().is_some_and(|token| token.kind == TokenKind::LineComment) {
            return Err(refuse());
        }
        let mut text = self.text.clone();
        for (range, new) in splices {
            text.replace_range(range, &new);
        }
        let changed = Source::parse(&text, &self.file);
        if !changed.problems.is_empty() {
            return Err(refuse());
        }
        *self = changed;
        Ok(())
    }

    fn gap(&self, node: &Node, index: usize) -> Option<Gap> {
        let inside = self.inside(node)?;
        let elements = elements(node);
        let before = index.checked_sub(1).and_then(|before| elements.get(before));
        let comma = before.and_then(|before| self.comma_after(before.end, inside.end));
        let neighbour = elements.get(index).or(before);
        let indent = neighbour.and_then(|neighbour| self.indent_of(neighbour.start));
        let at = match (before, &comma) {
            (None, _) => elements.first().filter(|_| indent.is_none()).map_or(inside.start, |next| next.start),
            (Some(_), Some(comma)) => comma.end,
            (Some(before), None) => before.end,
        };
        let at = if indent.is_some() { self.end_of_line(at, inside.end) } else { at };
        let missing = before.filter(|_| comma.is_none()).map(|before| before.end);
        Some(Gap { at, comma: missing, first: index == 0, more: index < elements.len(), indent })
    }

    fn comma_after(&self, byte: usize, end: usize) -> Option<Range<usize>> {
        let from = self.tokens.partition_point(|token| token.range.start < byte);
        let next = self.tokens[from..].iter().find(|token| !token.kind.is_trivia())?;
        (next.kind == TokenKind::Comma && next.range.end <= end).then(|| next.range.clone())
    }

    /// The white space before `byte`, if nothing else stands before it on its line.
    fn indent_of(&self, byte: usize) -> Option<String> {
        let start = self.text[..byte].rfind('\n')? + 1;
        let indent = &self.text[start..byte];
        indent.chars().all(|c| c == ' ' || c == '\t').then(|| indent.into())
    }

    /// The end of `byte`'s line, if only blanks and one comment stand before it; else `byte`.
    fn end_of_line(&self, byte: usize, limit: usize) -> usize {
        let from = self.tokens.partition_point(|token| token.range.start < byte);
        for token in &self.tokens[from..] {
            let written = self.slice(token);
            match token.kind {
                TokenKind::Blank if written.contains('\n') => {
                    let line = token.range.start + written.find('\n').unwrap_or_default();
                    return if self.text[..line].ends_with('\r') { line - 1 } else { line }.min(limit);
                }
                TokenKind::Blank | TokenKind::LineComment => {}
                TokenKind::BlockComment if !written.contains('\n') => {}
                _ => return byte,
            }
        }
        byte
    }

    /// The bytes that go with element `index`: its comma (or the one before, if it is the last), and its line if that
    /// would be left blank. From the back of the text to its front.
    fn with_surroundings(&self, node: &Node, elements: &[Range<usize>], index: usize) -> Vec<Range<usize>> {
        let mut range = elements[index].clone();
        let limit = self.inside(node).map_or(range.end, |inside| inside.end);
        let blank = |range: Range<usize>| self.text[range].trim().is_empty();
        let comma = self.comma_after(range.end, limit);
        if let Some(comma) = &comma {
            if !blank(range.end..comma.start) {
                // A comment between the value and its comma stays.
                return vec![comma.clone(), range];
            }
            range.end = comma.end;
        }
        let line_start = self.text[..range.start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = range.end + self.text[range.end..].find('\n').map_or(0, |at| at + 1);
        if blank(line_start..range.start) && blank(range.end..line_end) && range.end < line_end && line_end <= limit {
            range = line_start..line_end;
            return vec![range];
        }
        if index + 1 < elements.len() {
            range.end += self.text[range.end..limit].find(|c| c != ' ').unwrap_or(0);
        } else if let Some(before) = index.checked_sub(1).map(|before| elements[before].end) {
            // `a, b` becomes `a`, not `a, `
            if self.text[before..range.start].trim() == "," && !self.text[before..range.start].contains('\n') {
                range = before..elements[index].end;
            }
        }
        vec![range]
    }
}

impl Gap {
    /// From the back of the text to its front.
    fn splices(self, written: &str) -> Vec<Splice> {
        let own_line = self.indent.as_ref().map(|indent| format!("\n{indent}{written},"));
        let new = own_line.unwrap_or_else(|| match (self.more, self.comma) {
            (true, _) if self.first => format!("{written}, "),
            (true, _) => format!(" {written},"),
            (false, _) if self.first => written.into(),
            (false, _) => format!(" {written}"),
        });
        let mut splices = vec![(self.at..self.at, new)];
        splices.extend(self.comma.map(|comma| (comma..comma, ",".into())));
        splices
    }
}

/// The bytes of each element, names and keys included.
fn elements(node: &Node) -> Vec<Range<usize>> {
    match &node.value {
        Value::List(items) | Value::Tuple(_, items) => items.iter().map(|item| item.range.clone()).collect(),
        Value::Struct(_, fields) => fields.iter().map(|field| field.at.start..field.value.range.end).collect(),
        Value::Map(entries) => entries.iter().map(|(key, value)| key.range.start..value.range.end).collect(),
        _ => Vec::new(),
    }
}

fn no_place(path: &[Step]) -> SpliceError {
    SpliceError::NoSuchPlace(written(path))
}

/// `labels[2].key`
pub fn written(path: &[Step]) -> String {
    let mut out = String::new();
    for step in path {
        match step {
            Step::Field(name) if out.is_empty() => out.push_str(name),
            Step::Field(name) => out.extend([".", name]),
            Step::Index(index) => out.extend(["[", &index.to_string(), "]"]),
        }
    }
    out
}
