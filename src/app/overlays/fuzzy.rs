//! [`find`]: how well a few letters are found in a title, and which of its letters they are.

/// Letters found in a title, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// More is better. All together is best, then at word starts and side by side.
    pub points: i32,
    /// Places in the title, counted in characters.
    pub letters: Vec<usize>,
}

/// Looks for `words`, in lower case. `None`: not all letters are there.
pub fn find(words: &str, title: &str) -> Option<Found> {
    let letters: Vec<char> = title.chars().map(|letter| letter.to_lowercase().next().unwrap_or(letter)).collect();
    let wanted: Vec<char> = words.chars().collect();
    if wanted.is_empty() {
        return Some(Found::default());
    }
    let starts = |at: usize| at == 0 || !letters[at - 1].is_alphanumeric();
    let whole: Vec<usize> = (0..letters.len()).filter(|at| letters[*at..].starts_with(&wanted)).collect();
    if let Some(at) = whole.iter().copied().find(|at| starts(*at)).or(whole.first().copied()) {
        let bonus = match at {
            0 => 400,
            at if starts(at) => 260,
            _ => 120,
        };
        // Where the words begin the title, in the order of the menus.
        let longer = if at == 0 { 0 } else { longer(&letters, &wanted) };
        let points = bonus + 30 * count(&wanted) - longer - 2 * count(&letters[..at]);
        return Some(Found { points, letters: (at..at + wanted.len()).collect() });
    }
    scattered(&wanted, &letters, starts)
}

/// Letters here and there: those at word starts are preferred.
fn scattered(wanted: &[char], letters: &[char], starts: impl Fn(usize) -> bool) -> Option<Found> {
    let mut found = Found::default();
    let mut from = 0;
    for (index, letter) in wanted.iter().enumerate() {
        let here = |at: &usize| letters[*at] == *letter;
        let beside = (from > 0 && from < letters.len()).then_some(from).filter(here);
        let start = || (from..letters.len()).filter(|at| starts(*at)).find(here);
        let rest_is_there = |at: usize| {
            let mut left = letters[at + 1..].iter();
            wanted[index + 1..].iter().all(|wanted| left.any(|letter| letter == wanted))
        };
        let at =
            beside.or_else(|| start().filter(|at| rest_is_there(*at))).or_else(|| (from..letters.len()).find(here))?;
        found.points += 4 + if starts(at) { 32 } else { 0 } + if beside == Some(at) { 24 } else { 0 };
        found.letters.push(at);
        from = at + 1;
    }
    found.points -= longer(letters, wanted);
    Some(found)
}

/// Of equally good ones the shorter.
fn longer(letters: &[char], wanted: &[char]) -> i32 {
    (count(letters) - count(wanted)).min(40)
}

fn count(letters: &[char]) -> i32 {
    i32::try_from(letters.len()).unwrap_or(i32::MAX)
}
