//! From UAX #29's pieces to words: what is split further, and what belongs together.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::abbreviations;
use super::address;
use super::dictionary;

/// What a unit of a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Has a letter or a digit.
    Word,
    /// A possessive `’s` after a word.
    Clitic,
    /// Punctuation, symbols, emoji.
    Other,
}

/// The units of a run without white space: they cover it, in order, and cut no grapheme.
pub(super) fn join(run: &str) -> Vec<(Range<usize>, Kind)> {
    if run.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return vec![(0..run.len(), Kind::Word)];
    }
    let pieces = split(run);
    let mut units = Vec::with_capacity(pieces.len());
    let mut next = 0;
    while next < pieces.len() {
        let start = pieces[next].start;
        let mut taken = next + 1;
        if let Some(end) = address::at(run, start) {
            while taken < pieces.len() && pieces[taken - 1].end < end {
                taken += 1;
            }
        } else {
            loop {
                let more = belongs(run, start, &pieces[taken - 1..]);
                if more == 0 {
                    break;
                }
                taken += more;
            }
        }
        let unit = start..pieces[taken - 1].end;
        units.push((unit.clone(), kind(run, unit)));
        next = taken;
    }
    whole_graphemes(run, units)
}

fn kind(run: &str, unit: Range<usize>) -> Kind {
    let word = &run[unit.clone()];
    if unit.start > 0 && is_clitic(word) {
        Kind::Clitic
    } else if word.contains(char::is_alphanumeric) {
        Kind::Word
    } else {
        Kind::Other
    }
}

/// How many of the pieces after the first still belong to the unit that began at `start` and now ends with that first one.
fn belongs(run: &str, start: usize, pieces: &[Range<usize>]) -> usize {
    let unit = &run[start..pieces[0].end];
    let piece = |index: usize| pieces.get(index).map_or("", |piece| &run[piece.clone()]);
    let (first, second) = (piece(1), piece(2));
    let (Some(last), Some(mark)) = (unit.chars().next_back(), first.chars().next()) else { return 0 };
    let lone = first.chars().nth(1).is_none();
    let follows = second.chars().next();
    let is_address = |index: usize| pieces.get(index).is_some_and(|piece| address::at(run, piece.start).is_some());
    if start > 0 && is_clitic(unit) {
        return 0;
    }
    if first == "." && second != "." && (is_dotted(unit) || abbreviations::keeps_dot(unit)) {
        return 1;
    }
    let word_ends = last.is_alphanumeric() || (last == '.' && unit.len() > 1 && unit.contains(char::is_alphabetic));
    if lone && (word_ends || last == '%') && is_hyphen(mark) && follows.is_some_and(char::is_alphanumeric) {
        return if is_address(2) { 0 } else { 2 };
    }
    if lone && last.is_alphanumeric() && matches!(mark, '&' | '@') && follows.is_some_and(char::is_alphanumeric) {
        return 2;
    }
    if lone && last.is_numeric() && matches!(mark, ':' | '/' | '\u{a0}') && follows.is_some_and(char::is_numeric) {
        return 2;
    }
    if lone && is_currency(mark) && follows.is_some_and(char::is_numeric) && is_short_capitals(unit) {
        return 2;
    }
    if lone && last.is_numeric() && (matches!(mark, '%' | '‰' | '°') || is_currency(mark)) {
        return 1;
    }
    let begins = match unit {
        "'" | "’" => is_apostrophe_start(first, start > 0),
        "@" | "#" => mark.is_alphanumeric() || mark == '_',
        _ => unit.chars().all(is_currency) && mark.is_numeric(),
    };
    usize::from(begins)
}

/// After a lone apostrophe: `’90s`, or the `s` of `U.S.’s`.
fn is_apostrophe_start(piece: &str, after_a_word: bool) -> bool {
    let decade = piece.strip_suffix(['s', 'S']).unwrap_or(piece);
    (decade.len() == 2 && decade.bytes().all(|byte| byte.is_ascii_digit()))
        || (after_a_word && piece.eq_ignore_ascii_case("s"))
}

fn is_clitic(unit: &str) -> bool {
    unit.strip_prefix(['’', '\'', 'ʼ']).is_some_and(|rest| rest.eq_ignore_ascii_case("s"))
}

fn is_hyphen(character: char) -> bool {
    matches!(character, '-' | '\u{2010}' | '\u{2011}')
}

fn is_currency(character: char) -> bool {
    matches!(character, '$' | '£' | '¥' | '¢' | '\u{20a0}'..='\u{20cf}')
}

fn is_short_capitals(unit: &str) -> bool {
    unit.len() <= 3 && unit.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// `U.S`, `e.g`, `Ph.D`, `EE.UU`, `т.е`, and the same behind a hyphen: short parts that a full stop still follows.
pub(super) fn is_dotted(unit: &str) -> bool {
    let unit = unit.rsplit(is_hyphen).next().unwrap_or(unit);
    let (mut parts, mut long, mut pairs) = (0, 0, 0);
    for part in unit.split('.') {
        let letters = part.chars().count();
        if letters == 0 || letters > 4 || !part.chars().all(char::is_alphabetic) {
            return false;
        }
        parts += 1;
        long += usize::from(letters > 1);
        pairs += usize::from(letters == 2 && part.chars().all(char::is_uppercase));
    }
    parts > 1 && (long <= 1 || pairs == parts)
}

/// UAX #29's pieces, and the splits it does not make: before `’s`, after `l’`, at a missing space (`left.Then`), at a
/// colon (`Photo:Reuters`, but not in `EU:n`).
fn split(run: &str) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    for Range { start, end } in dictionary::pieces(run) {
        let piece = &run[start..end];
        let mut rest = start;
        let mut cut = |rest: &mut usize, at: usize| {
            if *rest < at {
                pieces.push(*rest..at);
                *rest = at;
            }
        };
        for (at, mark) in piece.char_indices().map(|(at, mark)| (start + at, mark)) {
            let (before, after) = (&run[rest..at], &run[at + mark.len_utf8()..end]);
            let parts = match mark {
                ':' => !before.is_empty() && !is_suffix(before, after),
                '.' => is_missing_space(before, after),
                '’' | '\'' | 'ʼ' => !before.is_empty() && after.eq_ignore_ascii_case("s"),
                _ => false,
            };
            if parts {
                cut(&mut rest, at);
                if !is_clitic(&run[at..end]) {
                    cut(&mut rest, at + mark.len_utf8());
                }
            } else if matches!(mark, '’' | '\'') && !after.is_empty() && is_elided(before) {
                cut(&mut rest, at + mark.len_utf8());
            }
        }
        cut(&mut rest, end);
    }
    pieces
}

/// `EU` and `n` beside a colon: Swedish and Finnish endings of acronyms and numbers.
fn is_suffix(before: &str, after: &str) -> bool {
    before.ends_with(|character: char| character.is_uppercase() || character.is_numeric())
        && after.len() <= 5
        && after.chars().all(char::is_lowercase)
}

/// `left` and `Then` beside a full stop.
fn is_missing_space(before: &str, after: &str) -> bool {
    let mut next = after.chars();
    before.chars().nth(1).is_some()
        && before.ends_with(char::is_lowercase)
        && next.next().is_some_and(char::is_uppercase)
        && next.next().is_some_and(char::is_lowercase)
}

/// French and Italian articles and pronouns before an apostrophe; capitals stay (`L’Oréal`, `D’Angelo`).
fn is_elided(before: &str) -> bool {
    const ELIDED: &[&str] = &[
        "l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "dell", "all", "dall", "nell",
        "sull", "un",
    ];
    ELIDED.contains(&before)
}

/// Units that would part a grapheme become one.
fn whole_graphemes(run: &str, units: Vec<(Range<usize>, Kind)>) -> Vec<(Range<usize>, Kind)> {
    if run.is_ascii() {
        return units;
    }
    let mut boundaries = run.grapheme_indices(true).map(|(at, _)| at).peekable();
    let mut whole: Vec<(Range<usize>, Kind)> = Vec::with_capacity(units.len());
    for (unit, kind) in units {
        while boundaries.next_if(|boundary| *boundary < unit.start).is_some() {}
        match whole.last_mut() {
            Some((last, last_kind)) if boundaries.peek() != Some(&unit.start) => {
                last.end = unit.end;
                if *last_kind == Kind::Other {
                    *last_kind = kind;
                }
            }
            _ => whole.push((unit, kind)),
        }
    }
    whole
}
