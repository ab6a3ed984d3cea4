//! Reading `assignments.ron` as it is written by us, in one pass and without places. Anything else is nothing: [`super::read`] takes that.

use super::{Assignments, FORMAT, Hands};
use crate::annotation::Annotator;

/// What the file says besides the documents, if it is as we write it, but for white space and whole lines of comment. `each` is called with
/// every document, by the bytes of the id, before that is known.
pub(super) fn read(text: &str, each: &mut dyn FnMut(&str, Hands)) -> Option<Assignments> {
    let mut cursor = Cursor { rest: text };
    cursor.word("Assignments")?;
    cursor.word("(")?;
    cursor.field("format")?;
    (cursor.number()? == FORMAT.to_string()).then_some(())?;
    cursor.word(",")?;
    cursor.field("annotators")?;
    let mut read = Assignments {
        annotators: cursor.names()?.into_iter().map(Annotator::from).collect(),
        ..Assignments::default()
    };
    cursor.word(",")?;
    cursor.field("overlap")?;
    read.overlap = cursor.number()?.parse().ok().filter(|share| (0.0..=1.0).contains(share))?;
    cursor.word(",")?;
    cursor.field("seed")?;
    read.seed = cursor.number()?.parse().ok()?;
    cursor.word(",")?;
    cursor.field("documents")?;
    cursor.word("{")?;
    let mut before = None;
    while cursor.word("}").is_none() {
        let id = cursor.string()?;
        cursor.word(":")?;
        let mut hands = Hands::NOBODY;
        for name in cursor.names()? {
            let one = Hands::one(read.annotators.iter().position(|known| known.as_str() == name)?);
            hands.among(one).is_empty().then_some(())?;
            hands = hands.and(one);
        }
        cursor.word(",")?;
        before.is_none_or(|before| before < id).then_some(())?;
        before = Some(id);
        each(id, hands);
    }
    cursor.word(",")?;
    cursor.word(")")?;
    cursor.blank();
    (cursor.rest.is_empty() && are_names(&read.annotators)).then_some(read)
}

/// Names that a list of annotators may have.
fn are_names(names: &[Annotator]) -> bool {
    let once = |(at, name): (usize, &Annotator)| !names[..at].contains(name);
    let sound = |name: &Annotator| !name.as_str().trim().is_empty() && !name.is_gold();
    names.len() <= Hands::MOST && names.iter().enumerate().all(once) && names.iter().all(sound)
}

struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    fn blank(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\n', '\r', '\t']);
        while self.rest.starts_with("//") {
            let end = memchr::memchr(b'\n', self.rest.as_bytes()).unwrap_or(self.rest.len());
            self.rest = self.rest[end..].trim_start_matches([' ', '\n', '\r', '\t']);
        }
    }

    fn word(&mut self, word: &str) -> Option<()> {
        self.blank();
        self.rest = self.rest.strip_prefix(word)?;
        Some(())
    }

    fn field(&mut self, name: &str) -> Option<()> {
        self.word(name)?;
        self.word(":")
    }

    fn number(&mut self) -> Option<&'a str> {
        self.blank();
        let end = self.rest.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let (number, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(number)
    }

    /// Without escapes, on one line.
    fn string(&mut self) -> Option<&'a str> {
        self.word("\"")?;
        let end = memchr::memchr3(b'"', b'\\', b'\n', self.rest.as_bytes())?;
        let string = &self.rest[..end];
        self.rest = self.rest[end..].strip_prefix('"')?;
        Some(string)
    }

    fn names(&mut self) -> Option<Vec<&'a str>> {
        self.word("[")?;
        let mut names = Vec::new();
        while self.word("]").is_none() {
            if !names.is_empty() {
                self.word(",")?;
                if self.word("]").is_some() {
                    break;
                }
            }
            names.push(self.string()?);
        }
        Some(names)
    }
}
