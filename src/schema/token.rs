//! The tokens of RON text. Together they are the text: white space, comments and mistakes included.

use std::ops::Range;

/// A piece of the text, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub range: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// White space, or a byte order mark at the start.
    Blank,
    /// `// to the end of the line`
    LineComment,
    /// `/* one that /* nests */ */`
    BlockComment,
    /// `#![enable(implicit_some)]`
    Extension,
    /// `(`, `[` or `{`
    Open(char),
    /// `)`, `]` or `}`
    Close(char),
    Comma,
    Colon,
    /// `true`, `None`, `Solid`, a field's name
    Word,
    Number,
    /// `"in quotes"`
    String,
    /// `r#"raw"#`, with so many hashes
    RawString(usize),
    /// `'c'`
    Char,
    /// What no RON has, or a string that never closes
    Stray,
}

impl TokenKind {
    /// Carries no value: white space, comments, extensions.
    pub fn is_trivia(self) -> bool {
        matches!(self, Self::Blank | Self::LineComment | Self::BlockComment | Self::Extension)
    }
}

/// How a token went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    StringNeverCloses,
    CommentNeverCloses,
    /// The string stands in typographic quotation marks.
    CurlyString,
    NoSuchCharacter,
}

/// Cuts `text` into tokens; the broken ones are listed beside by byte offset. Linear in the length of the text.
///
/// A string may run over lines. Where one then never closes, a quotation mark is missing somewhere before: the text is
/// cut again with strings that end where their line ends, so that the mistake is named where it was made.
pub fn tokens(text: &str) -> (Vec<Token>, Vec<(usize, Broken)>) {
    let (tokens, broken) = Lexer::new(text, true).run();
    if broken.iter().any(|(_, broken)| *broken == Broken::StringNeverCloses) {
        return Lexer::new(text, false).run();
    }
    (tokens, broken)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    strings_run_over_lines: bool,
    broken: Vec<(usize, Broken)>,
}

impl<'a> Lexer<'a> {
    fn new(text: &'a str, strings_run_over_lines: bool) -> Self {
        Self { text, at: 0, strings_run_over_lines, broken: Vec::new() }
    }

    fn run(mut self) -> (Vec<Token>, Vec<(usize, Broken)>) {
        let mut tokens = Vec::new();
        while let Some(first) = self.rest().chars().next() {
            let start = self.at;
            let kind = self.token(first);
            debug_assert!(self.at > start, "a token is at least one character");
            tokens.push(Token { kind, range: start..self.at });
        }
        (tokens, self.broken)
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn token(&mut self, first: char) -> TokenKind {
        let rest = self.rest();
        match first {
            _ if is_blank(first) || (first == '\u{feff}' && self.at == 0) => {
                self.at += first.len_utf8();
                self.skip_while(is_blank);
                TokenKind::Blank
            }
            '/' if rest.starts_with("//") => {
                self.skip_while(|c| c != '\n');
                TokenKind::LineComment
            }
            '/' if rest.starts_with("/*") => self.block_comment(),
            '#' if rest.starts_with("#!") && rest.contains(']') => {
                self.skip_while(|c| c != ']');
                self.at += 1;
                TokenKind::Extension
            }
            '(' | '[' | '{' => self.one(first, TokenKind::Open(first)),
            ')' | ']' | '}' => self.one(first, TokenKind::Close(first)),
            ',' => self.one(first, TokenKind::Comma),
            ':' => self.one(first, TokenKind::Colon),
            '"' => self.string(),
            '\'' => self.char(),
            'r' if rest[1..].trim_start_matches('#').starts_with('"') => self.raw_string(),
            _ if is_number_start(rest) => {
                self.at += first.len_utf8();
                self.skip_number();
                TokenKind::Number
            }
            _ if is_word_start(first) => {
                self.skip_while(is_word);
                TokenKind::Word
            }
            '“' | '”' | '„' | '«' | '»' | '‘' | '’' => self.curly_string(first),
            _ => {
                self.broken.push((self.at, Broken::NoSuchCharacter));
                self.one(first, TokenKind::Stray)
            }
        }
    }

    /// Up to the mark that closes it on the same line, if there is one.
    fn curly_string(&mut self, first: char) -> TokenKind {
        self.broken.push((self.at, Broken::CurlyString));
        let body = self.rest()[first.len_utf8()..].split('\n').next().unwrap_or_default();
        let marks = ['“', '”', '»', '«', '’', '‘', '"'];
        let end = body.char_indices().find(|(_, c)| marks.contains(c)).map_or(0, |(at, c)| at + c.len_utf8());
        self.at += first.len_utf8() + end;
        TokenKind::Stray
    }

    fn one(&mut self, first: char, kind: TokenKind) -> TokenKind {
        self.at += first.len_utf8();
        kind
    }

    fn skip_while(&mut self, keep: impl Fn(char) -> bool) {
        self.at += self.rest().find(|c| !keep(c)).unwrap_or(self.rest().len());
    }

    /// Digits, letters, `_`, `.`, and a sign after an exponent's `e`.
    fn skip_number(&mut self) {
        let mut previous = ' ';
        let end = self.rest().find(|c: char| {
            let part = c.is_ascii_alphanumeric()
                || c == '_'
                || c == '.'
                || (matches!(c, '+' | '-') && matches!(previous, 'e' | 'E'));
            previous = c;
            !part
        });
        self.at += end.unwrap_or(self.rest().len());
    }

    fn block_comment(&mut self) -> TokenKind {
        let start = self.at;
        let mut depth = 0;
        loop {
            let rest = self.rest();
            if rest.starts_with("/*") {
                depth += 1;
                self.at += 2;
            } else if rest.starts_with("*/") {
                depth -= 1;
                self.at += 2;
                if depth == 0 {
                    return TokenKind::BlockComment;
                }
            } else if let Some(c) = rest.chars().next() {
                self.at += c.len_utf8();
            } else {
                self.broken.push((start, Broken::CommentNeverCloses));
                return TokenKind::BlockComment;
            }
        }
    }

    fn string(&mut self) -> TokenKind {
        let start = self.at;
        let mut escaped = false;
        for (at, c) in self.rest().char_indices().skip(1) {
            if c == '"' && !escaped {
                self.at += at + 1;
                return TokenKind::String;
            }
            if c == '\n' && !escaped && !self.strings_run_over_lines {
                break;
            }
            escaped = c == '\\' && !escaped;
        }
        self.broken.push((start, Broken::StringNeverCloses));
        self.skip_broken_line();
        TokenKind::Stray
    }

    /// To the end of the line, but not over a comma that ends it.
    fn skip_broken_line(&mut self) {
        let line = self.rest().split('\n').next().unwrap_or_default();
        let line = line.trim_end();
        self.at += line.strip_suffix(',').unwrap_or(line).len();
    }

    fn raw_string(&mut self) -> TokenKind {
        let start = self.at;
        let body = self.rest()[1..].trim_start_matches('#');
        let hashes = self.rest().len() - 1 - body.len();
        let close = format!("\"{}", "#".repeat(hashes));
        if let Some(end) = body[1..].find(&close) {
            self.at += 1 + hashes + 1 + end + close.len();
            return TokenKind::RawString(hashes);
        }
        self.broken.push((start, Broken::StringNeverCloses));
        self.skip_broken_line();
        TokenKind::Stray
    }

    fn char(&mut self) -> TokenKind {
        let mut escaped = false;
        for (at, c) in self.rest().char_indices().skip(1).take_while(|(_, c)| *c != '\n') {
            // `'''` is the apostrophe
            if c == '\'' && !escaped && (at > 1 || !self.rest()[at + 1..].starts_with('\'')) {
                self.at += at + 1;
                return TokenKind::Char;
            }
            escaped = c == '\\' && !escaped;
        }
        self.broken.push((self.at, Broken::StringNeverCloses));
        self.skip_broken_line();
        TokenKind::Stray
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, '\t'..='\r' | ' ' | '\u{85}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}')
}

/// A word starts with a letter or `_`.
pub fn is_word_start(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

/// … and goes on with letters, digits and `_`.
pub fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

fn is_number_start(rest: &str) -> bool {
    let digits = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    let digits = digits.strip_prefix('.').unwrap_or(digits);
    digits.starts_with(|c: char| c.is_ascii_digit())
}
