//! Quotation marks: which they are, what closes which, and what the neighbours say when a mark can do both.

use super::blank::is_blank;

/// A quotation mark, as it stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// One character.
    Character(char),
    /// Two grave accents, as old typewriters and TeX open a quotation.
    Graves,
    /// Two apostrophes, which close it.
    Apostrophes,
}

/// What a mark does where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Opens,
    /// Closes the innermost quotation that it can.
    Closes,
    /// An apostrophe, an inch, an arrow, a stray mark.
    Nothing,
}

impl Role {
    fn opens_if(opens: bool) -> Self {
        if opens { Self::Opens } else { Self::Nothing }
    }
}

impl Mark {
    /// The mark with which `rest` begins, and its length in bytes.
    pub(super) fn at(rest: &str) -> Option<(Self, usize)> {
        let mark = rest.chars().next()?;
        if rest.starts_with("``") {
            return Some((Self::Graves, 2));
        }
        if rest.starts_with("''") {
            return Some((Self::Apostrophes, 2));
        }
        "\"＂“”„‟‘’‚‛'«»‹›「」『』﹁﹂﹃﹄｢｣〝〞〟".contains(mark).then(|| (Self::Character(mark), mark.len_utf8()))
    }

    /// A quotation opened by `self` is closed by `other`.
    pub(super) fn closes_with(self, other: Self) -> bool {
        use Mark::{Apostrophes, Character, Graves};
        match (self, other) {
            (Character(open), Character(close)) => match open {
                '"' | '＂' => "\"＂”".contains(close),
                '“' | '‟' => "”“\"".contains(close),
                '„' => "“”‟\"".contains(close),
                '”' => close == '”',
                '‘' | '‛' => "’'‘".contains(close),
                '‚' => "‘’".contains(close),
                '’' => close == '’',
                '\'' => "'’".contains(close),
                '«' => close == '»',
                '»' => "«»".contains(close),
                '‹' => close == '›',
                '›' => "‹›".contains(close),
                '「' => close == '」',
                '『' => close == '』',
                '﹁' => close == '﹂',
                '﹃' => close == '﹄',
                '｢' => close == '｣',
                '〝' => "〞〟".contains(close),
                _ => false,
            },
            (Graves | Apostrophes, Apostrophes) => true,
            (Graves, Character(close)) => "\"”".contains(close),
            _ => false,
        }
    }

    /// A new paragraph that begins with `self` continues a quotation opened by `open`.
    pub(super) fn continues(self, open: Self) -> bool {
        self == open
            || matches!(
                (open, self),
                (Self::Character('«'), Self::Character('»')) | (Self::Character('„'), Self::Character('“'))
            )
    }

    /// So often an apostrophe that it makes no quotation unless it is closed.
    pub(super) fn is_single(self) -> bool {
        matches!(self, Self::Character('‘' | '’' | '‚' | '‛' | '\''))
    }
}

/// A mark and what stands around it.
pub(super) struct Context<'t> {
    pub mark: Mark,
    /// The line before the mark, and the text after it.
    pub before: &'t str,
    pub after: &'t str,
    /// The marks of the quotations that are open, outermost first.
    pub open: &'t [Mark],
}

impl Context<'_> {
    pub(super) fn role(&self) -> Role {
        match self.mark {
            Mark::Graves => Role::Opens,
            Mark::Apostrophes => self.straight(),
            Mark::Character(mark) => match mark {
                '"' | '＂' => self.straight(),
                '\'' | '’' => self.apostrophe(mark),
                '‘' | '‛' => self.turned_single(mark),
                '“' | '‟' => self.turned_double(),
                '”' => self.double_nine(),
                '«' | '‹' => self.left_guillemet(mark),
                '»' | '›' => self.right_guillemet(mark),
                '„' | '‚' => Role::opens_if(!self.follows_word() && !self.precedes_space()),
                '「' | '『' | '﹁' | '﹃' | '｢' | '〝' => Role::Opens,
                _ => Role::Closes,
            },
        }
    }

    /// The same mark opens and closes: the neighbours tell, and where they do not, turn and turn about.
    fn straight(&self) -> Role {
        let may_open = !self.precedes_space() && !self.follows_word() && !self.follows_end();
        let may_close = !self.follows_space() && !self.precedes_word();
        let has_open = self.open.iter().any(|open| open.closes_with(self.mark));
        let has_same = self.open.contains(&self.mark);
        match (may_open, may_close) {
            (true, true) if has_same => Role::Closes,
            (true, _) => Role::Opens,
            (false, true) if has_open => Role::Closes,
            (false, false) if self.mark != Mark::Apostrophes && self.follows_space() && self.precedes_space() => {
                if has_open {
                    Role::Closes
                } else {
                    Role::Opens
                }
            }
            _ => Role::Nothing,
        }
    }

    /// `’` and `'`: apostrophe first, then closer, then (straight, or within ”…”) opener.
    fn apostrophe(&self, mark: char) -> Role {
        if (self.follows_word() && self.precedes_word()) || (!self.follows_word() && self.is_elision(mark == '’')) {
            return Role::Nothing;
        }
        let has_open = self.open.iter().any(|open| open.closes_with(self.mark));
        if has_open && !self.follows_space() && !self.precedes_word() {
            return if self.is_possessive() { Role::Nothing } else { Role::Closes };
        }
        let may_open = self.precedes_content() && self.follows_opening();
        Role::opens_if(may_open && (mark == '\'' || self.open.last() == Some(&Mark::Character('”'))))
    }

    /// `‘` opens, and closes what `‚` opened.
    fn turned_single(&self, mark: char) -> Role {
        if self.follows_word() && self.precedes_word() || (!self.follows_word() && self.is_elision(false)) {
            return Role::Nothing;
        }
        let closes = self.open.last().is_some_and(|open| open.closes_with(Mark::Character(mark)));
        if closes && !self.follows_space() && !self.precedes_word() {
            return Role::Closes;
        }
        Role::opens_if(!self.precedes_space())
    }

    /// `“` opens, and closes what `„` opened; after a word and before none, also what `“` opened.
    fn turned_double(&self) -> Role {
        let has_open = self.open.iter().any(|open| open.closes_with(self.mark));
        let follows = self.follows_word() || self.follows_end();
        if has_open && !self.precedes_word() && (follows || (self.has_low() && !self.follows_space())) {
            return Role::Closes;
        }
        if has_open && self.has_low() && !self.follows_space() {
            return Role::Closes;
        }
        Role::opens_if(!(self.follows_word() && self.precedes_space()))
    }

    fn has_low(&self) -> bool {
        self.open.contains(&Mark::Character('„'))
    }

    /// `”` closes; at the beginning of a word, with nothing to close, it opens as in Swedish.
    fn double_nine(&self) -> Role {
        let has_open = self.open.iter().any(|open| open.closes_with(self.mark));
        let has_same = self.open.last() == Some(&self.mark);
        let begins = self.follows_opening() && self.precedes_content();
        if begins && (!has_open || has_same) {
            Role::Opens
        } else if has_open {
            Role::Closes
        } else {
            Role::Nothing
        }
    }

    /// `«` opens, and closes what `»` opened.
    fn left_guillemet(&self, mark: char) -> Role {
        let turned = if mark == '«' { '»' } else { '›' };
        let closes = self.open.iter().rev().find(|open| **open == self.mark || **open == Mark::Character(turned));
        if closes == Some(&Mark::Character(turned)) && !self.precedes_word() {
            return Role::Closes;
        }
        Role::opens_if(!self.after.is_empty())
    }

    /// `»` closes what `«` opened, and what `»` opened; else it opens at the beginning of a word.
    fn right_guillemet(&self, mark: char) -> Role {
        let turned = Mark::Character(if mark == '»' { '«' } else { '‹' });
        let has_same = self.open.contains(&self.mark);
        if self.open.contains(&turned) && !(has_same && self.follows_opening() && self.precedes_word()) {
            return Role::Closes;
        }
        if has_same && !self.follows_space() && !self.precedes_word() {
            return Role::Closes;
        }
        Role::opens_if(self.follows_opening() && self.precedes_content())
    }

    fn previous(&self) -> Option<char> {
        self.before.chars().next_back()
    }

    fn next(&self) -> Option<char> {
        self.after.chars().next()
    }

    fn follows_space(&self) -> bool {
        self.previous().is_none_or(is_blank)
    }

    fn precedes_space(&self) -> bool {
        self.next().is_none_or(is_blank)
    }

    fn follows_word(&self) -> bool {
        self.previous().is_some_and(is_wordy)
    }

    fn precedes_word(&self) -> bool {
        self.next().is_some_and(is_wordy)
    }

    /// After the end of a clause, where nothing opens.
    fn follows_end(&self) -> bool {
        self.previous().is_some_and(|previous| ".,;!?…)]}%”’»›".contains(previous))
    }

    /// At the beginning of a word: after white space, an opening bracket or mark, a dash.
    fn follows_opening(&self) -> bool {
        self.previous()
            .is_none_or(|previous| is_blank(previous) || "([{<¿¡-–—―/:=>“„‘‚«‹\"'「『（，：、。".contains(previous))
            || self.previous().is_some_and(is_unspaced)
    }

    /// Before a word or what may begin one.
    fn precedes_content(&self) -> bool {
        self.next().is_some_and(|next| !is_blank(next) && (next.is_alphanumeric() || !".,;:!?)]}”’»".contains(next)))
    }

    /// `’90s`, `’em`, `’tis`: something was left out at the beginning of a word.
    fn is_elision(&self, any_number: bool) -> bool {
        let word = self.after.split(|character: char| !character.is_alphanumeric()).next().unwrap_or("");
        let decade = word.strip_suffix('s').unwrap_or(word);
        let is_year = decade.len() == 2 && decade.bytes().all(|byte| byte.is_ascii_digit());
        (is_year && (any_number || decade.len() < word.len()))
            || ["em", "tis", "twas", "twere", "til", "till", "cause", "bout", "round", "n", "cos", "neath"]
                .iter()
                .any(|elided| word.eq_ignore_ascii_case(elided))
    }

    /// `the officials’ plan`: after an s, before a lower-case word, and another mark closes the quotation on this line.
    fn is_possessive(&self) -> bool {
        if !looks_possessive(self.before, self.after) {
            return false;
        }
        let near = &self.after[..self.after.floor_char_boundary(2048)];
        let line = near.split('\n').next().unwrap_or(near);
        for (at, mark) in line.char_indices() {
            let (before, after) = (&line[..at], &line[at + mark.len_utf8()..]);
            let blank_before = before.chars().next_back().is_none_or(is_blank);
            match mark {
                '‘' | '"' | '“' | '”' | '„' | '«' | '»' => return false,
                '\'' if blank_before => return false,
                '’' | '\'' => {
                    let closes = !blank_before && !after.starts_with(is_wordy);
                    if closes && !looks_possessive(before, after) {
                        return true;
                    }
                }
                _ => {}
            }
        }
        false
    }
}

fn looks_possessive(before: &str, after: &str) -> bool {
    before.ends_with(['s', 'S', 'z', 'x'])
        && after.strip_prefix(' ').is_some_and(|next| next.starts_with(char::is_lowercase))
}

/// A letter or digit of a script that has spaces between words.
fn is_wordy(character: char) -> bool {
    character.is_alphanumeric() && !is_unspaced(character)
}

/// Chinese and Japanese characters, Thai, Lao, Khmer, Burmese: next to them, a mark has no space to show its side.
fn is_unspaced(character: char) -> bool {
    matches!(
        character,
        '\u{e00}'..='\u{eff}'
            | '\u{1000}'..='\u{109f}'
            | '\u{1780}'..='\u{17ff}'
            | '\u{3005}'..='\u{3007}'
            | '\u{3040}'..='\u{30ff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3ffff}'
    )
}
