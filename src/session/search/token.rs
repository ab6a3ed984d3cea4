//! The words of a query: `-label:quote,event`, `"exact words"`, `/regular expression/`, with their places. Says nothing of what they mean.

use std::ops::Range;

/// One condition as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub negated: bool,
    /// What stands before the colon.
    pub field: Option<Piece>,
    /// At least one, except after a colon with nothing behind it.
    pub values: Vec<Value>,
    /// Bytes of the query.
    pub place: Range<usize>,
}

/// A stretch of the query, without its marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub words: String,
    pub place: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// As it stands.
    Plain(Piece),
    /// In straight double quotes.
    Quoted(Piece),
    /// Between slashes.
    Regex(Piece),
}

impl Value {
    pub(super) fn piece(&self) -> &Piece {
        match self {
            Self::Plain(piece) | Self::Quoted(piece) | Self::Regex(piece) => piece,
        }
    }
}

/// The tokens of a query. `is_field` tells a field from a word with a colon in it, such as a web address. Never fails: a quotation that
/// is not yet closed goes to the end, a slash without another one is a sign like any other.
pub(super) fn tokens(query: &str, mut is_field: impl FnMut(&str) -> bool) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut reader = Reader { query, at: 0 };
    while reader.skip_blank() {
        let start = reader.at;
        let negated = reader.rest().starts_with('-') && reader.rest()[1..].starts_with(|c: char| !c.is_whitespace());
        reader.at += usize::from(negated);
        let field = reader.field(&mut is_field);
        let values = match &field {
            Some(_) => reader.values(),
            None => vec![reader.value(char::is_whitespace, false)],
        };
        tokens.push(Token { negated, field, values, place: start..reader.at });
    }
    tokens
}

struct Reader<'a> {
    query: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.query[self.at..]
    }

    /// `false`: there is nothing more.
    fn skip_blank(&mut self) -> bool {
        self.at = self.query.len() - self.rest().trim_start().len();
        self.at < self.query.len()
    }

    fn field(&mut self, is_field: &mut impl FnMut(&str) -> bool) -> Option<Piece> {
        let (name, _) = self.rest().split_once(':')?;
        if name.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '/')) || !is_field(name) {
            return None;
        }
        let place = self.at..self.at + name.len();
        self.at = place.end + 1;
        Some(Piece { words: name.to_owned(), place })
    }

    /// Separated by commas, up to white space.
    fn values(&mut self) -> Vec<Value> {
        let mut values = Vec::new();
        while self.rest().starts_with(|c: char| !c.is_whitespace()) {
            if self.rest().starts_with(',') {
                self.at += 1;
                continue;
            }
            values.push(self.value(|c| c.is_whitespace() || c == ',', true));
        }
        values
    }

    /// `quotes`: they may also begin in the middle, as in `attr:name="two words"`.
    fn value(&mut self, ends: impl Fn(char) -> bool, quotes: bool) -> Value {
        let start = self.at;
        match self.rest().chars().next() {
            Some('"') => {
                let words = self.quoted();
                return Value::Quoted(Piece { words, place: start..self.at });
            }
            Some('/') => {
                if let Some(words) = self.regex(&ends) {
                    return Value::Regex(Piece { words, place: start..self.at });
                }
            }
            _ => {}
        }
        let mut words = String::new();
        while let Some(next) = self.rest().chars().next()
            && !ends(next)
        {
            if next == '"' && quotes {
                words += &self.quoted();
            } else {
                words.push(next);
                self.at += next.len_utf8();
            }
        }
        Value::Plain(Piece { words, place: start..self.at })
    }

    /// From one mark past the other, or to the end; `\"` is a mark inside.
    fn quoted(&mut self) -> String {
        let mut words = String::new();
        let mut chars = self.rest().char_indices().skip(1);
        while let Some((at, next)) = chars.next() {
            match next {
                '"' => {
                    self.at += at + 1;
                    return words;
                }
                '\\' if self.rest()[at + 1..].starts_with(['"', '\\']) => {
                    words.extend(chars.next().map(|(_, escaped)| escaped));
                }
                other => words.push(other),
            }
        }
        self.at = self.query.len();
        words
    }

    /// Between slashes; `\/` is a slash inside. `None` where no slash ends it.
    fn regex(&mut self, ends: &impl Fn(char) -> bool) -> Option<String> {
        let mut source = String::new();
        let mut chars = self.rest().char_indices().skip(1);
        while let Some((at, next)) = chars.next() {
            match next {
                '/' if self.rest()[at + 1..].chars().next().is_none_or(ends) && at > 1 => {
                    self.at += at + 1;
                    return Some(source);
                }
                '\\' => match chars.next() {
                    Some((_, '/')) => source.push('/'),
                    Some((_, escaped)) => source.extend(['\\', escaped]),
                    None => return None,
                },
                other => source.push(other),
            }
        }
        None
    }
}
