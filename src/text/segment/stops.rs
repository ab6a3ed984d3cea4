//! Whether a full stop, question or exclamation mark ends a sentence.

use super::abbreviations::{self, Abbreviation};
use super::blank::{is_blank, is_space};

/// Ends a sentence if what follows agrees; stops in a row (`?!`, `...`) count as one.
pub(super) fn is_stop(character: char) -> bool {
    matches!(character, '.' | '!' | '?' | '…' | '‼' | '⁇' | '⁈' | '⁉' | '．' | '\u{37e}') || is_wide_stop(character)
}

/// Ends a sentence without white space after it.
fn is_wide_stop(character: char) -> bool {
    matches!(
        character,
        '。' | '！'
            | '？'
            | '｡'
            | '؟'
            | '۔'
            | '।'
            | '॥'
            | '։'
            | '።'
            | '፧'
            | '។'
            | '៕'
            | '။'
            | '᠃'
            | '꓿'
            | '\u{61e}'
    )
}

/// The end of the sentence whose stops are `line[at..after]`, behind the marks that close with it; `None` if it goes on.
pub(super) fn end_at(line: &str, at: usize, after: usize) -> Option<usize> {
    let stops = &line[at..after];
    let end = after + closing(&line[after..]);
    let rest = &line[end..];
    if stops.contains(is_wide_stop) {
        let goes_on = rest.starts_with([',', ';', ':', '，', '、', '；', '：', '،', '؛']);
        return (!goes_on).then_some(end);
    }
    if !rest.starts_with(is_space) && !rest.is_empty() {
        return None;
    }
    let next = rest.trim_start_matches(is_blank).trim_start_matches(is_before_a_word);
    let Some(first) = next.chars().next() else { return Some(end) };
    if first.is_lowercase() || (stops.len() > 1 && is_omission(line, at, after)) {
        return None;
    }
    if stops == "." && goes_on(&line[..at], next, first) {
        return None;
    }
    Some(end)
}

/// How long the closing marks are that follow a stop: directly, or as French sets its guillemets, after a space.
fn closing(rest: &str) -> usize {
    let apart = rest.strip_prefix([' ', '\u{a0}', '\u{202f}']).and_then(|rest| rest.strip_prefix(['»', '›']));
    if let Some(after) = apart
        && after.chars().next().is_none_or(is_blank)
    {
        return rest.len() - after.len();
    }
    let sure = rest.find(|next| !is_closing(next)).unwrap_or(rest.len());
    // Marks that open as well close only before white space: `。“` begins what follows, `.“ ` ends it.
    let open = rest.find(|next| !is_closing(next) && !"\"'“‘«‹＂＇".contains(next)).unwrap_or(rest.len());
    if rest[open..].chars().next().is_none_or(is_blank) { open } else { sure }
}

fn is_closing(character: char) -> bool {
    ")]}”’»›」』）】》〉〕〞〟﹂﹄｣".contains(character)
}

/// Opening marks, dashes and bullets, which say nothing of the word behind them.
fn is_before_a_word(character: char) -> bool {
    is_blank(character) || "([{“‘„‚«»‹›\"'”’「『（【—–―-•·*¿¡…".contains(character)
}

/// `[…]`, `(...)`: something was left out.
fn is_omission(line: &str, at: usize, after: usize) -> bool {
    line[..at].ends_with(['[', '(']) && line[after..].starts_with([']', ')'])
}

/// The sentence goes on after a single full stop behind `before`, although `next` (its first character `first`) is no lower-case letter.
fn goes_on(before: &str, next: &str, first: char) -> bool {
    let start = before.rfind(is_before_an_abbreviation).map_or(0, |at| before.ceil_char_boundary(at + 1));
    let word = &before[start..];
    let is_number = !word.is_empty() && word.len() <= 3 && word.bytes().all(|byte| byte.is_ascii_digit());
    let begins = before[..start].chars().all(is_before_a_word);
    let follower = next.split(|character: char| !character.is_alphanumeric()).next().unwrap_or("");
    if is_number {
        let is_day = word.len() <= 2 && (first.is_numeric() || abbreviations::follows_ordinal(follower));
        return begins || is_day;
    }
    match abbreviations::classify(word) {
        None => false,
        Some(Abbreviation::Never) => true,
        Some(Abbreviation::BeforeNumber) => first.is_numeric(),
        Some(Abbreviation::Maybe) => {
            let is_initial = next[follower.len()..].starts_with('.') && follower.chars().nth(1).is_none();
            begins || is_initial || !abbreviations::starts_sentence(follower, word)
        }
    }
}

fn is_before_an_abbreviation(character: char) -> bool {
    is_space(character) || is_before_a_word(character) || "/+=&".contains(character)
}
