//! One line of an `.ann` file, taken apart. Nothing here knows other lines.

/// A line with its id (`*` for an equivalence).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    pub id: &'a str,
    pub entry: Entry<'a>,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entry<'a> {
    Span { label: &'a str, fragments: Vec<(usize, usize)>, quote: Option<&'a str> },
    Event { label: &'a str, trigger: &'a str, arguments: Vec<(&'a str, &'a str)> },
    Relation { kind: &'a str, ends: [(&'a str, &'a str); 2] },
    Equivalence { kind: &'a str, members: Vec<&'a str> },
    Attribute { name: &'a str, target: &'a str, value: Option<&'a str> },
    Normalisation { kind: &'a str, target: &'a str, reference: &'a str, text: &'a str },
    Comment { kind: &'a str, target: &'a str, text: &'a str },
}

/// What a line should look like, for the sentence about a broken one.
type Shape = &'static str;

const SPAN: Shape = "T1⇥Label 0 4;8 12⇥the text";
const EVENT: Shape = "E1⇥Label:T1 Role:T2";
const RELATION: Shape = "R1⇥Kind Arg1:T1 Arg2:T2";
const EQUIVALENCE: Shape = "*⇥Kind T1 T2";
const ATTRIBUTE: Shape = "A1⇥Name T1 Value";
const NORMALISATION: Shape = "N1⇥Kind T1 Base:Id⇥the text";
const COMMENT: Shape = "#1⇥AnnotatorNotes T1⇥the note";
const ANY: Shape = "an id, a tab, and what it says";

/// Takes a line without its end apart; else what it should look like.
pub(super) fn parse(line: &str) -> Result<Line<'_>, Shape> {
    let (id, rest) = line.split_once('\t').ok_or(ANY)?;
    let first = id.chars().next().ok_or(ANY)?;
    if id != "*" && !is_id(id) {
        return Err(ANY);
    }
    let (data, tail) = match rest.split_once('\t') {
        Some((data, tail)) => (data.trim(), Some(tail)),
        None => (rest.trim(), None),
    };
    let entry = match first {
        'T' => span(data, tail).ok_or(SPAN)?,
        'E' => event(data).ok_or(EVENT)?,
        'R' => relation(data).ok_or(RELATION)?,
        '*' => equivalence(data).ok_or(EQUIVALENCE)?,
        'A' | 'M' => attribute(data).ok_or(ATTRIBUTE)?,
        'N' => normalisation(data, tail).ok_or(NORMALISATION)?,
        '#' => comment(data, tail).ok_or(COMMENT)?,
        _ => return Err(ANY),
    };
    Ok(Line { id, entry })
}

/// Letters (or `#`), digits, and a rest without white space, as brat takes them.
pub(super) fn is_id(id: &str) -> bool {
    let number = id.trim_start_matches(|c: char| c == '#' || c.is_ascii_alphabetic());
    number.len() < id.len()
        && number.starts_with(|c: char| c.is_ascii_digit())
        && !id.contains(|c: char| c.is_whitespace())
}

fn span<'a>(data: &'a str, tail: Option<&'a str>) -> Option<Entry<'a>> {
    let (label, places) = data.split_once(' ')?;
    let mut fragments = Vec::new();
    for place in places.split(';') {
        let (start, end) = place.trim().split_once(' ')?;
        fragments.push((start.parse().ok()?, end.trim().parse().ok()?));
    }
    (!label.is_empty()).then_some(Entry::Span { label, fragments, quote: tail })
}

fn event(data: &str) -> Option<Entry<'_>> {
    let mut words = data.split_whitespace();
    let (label, trigger) = words.next()?.split_once(':')?;
    let arguments = words.map(|word| word.split_once(':')).collect::<Option<Vec<_>>>()?;
    (!label.is_empty() && is_id(trigger)).then_some(Entry::Event { label, trigger, arguments })
}

fn relation(data: &str) -> Option<Entry<'_>> {
    let mut words = data.split_whitespace();
    let kind = words.next()?;
    let ends = [words.next()?.split_once(':')?, words.next()?.split_once(':')?];
    (words.next().is_none() && ends[0].0 != ends[1].0).then_some(Entry::Relation { kind, ends })
}

fn equivalence(data: &str) -> Option<Entry<'_>> {
    let mut words = data.split_whitespace();
    let kind = words.next()?;
    let members: Vec<&str> = words.collect();
    (members.len() > 1).then_some(Entry::Equivalence { kind, members })
}

fn attribute(data: &str) -> Option<Entry<'_>> {
    let mut words = data.splitn(3, ' ');
    let (name, target) = (words.next()?, words.next()?);
    let value = words.next().filter(|value| !value.is_empty());
    (!name.is_empty() && is_id(target)).then_some(Entry::Attribute { name, target, value })
}

/// `Reference T5 Wikipedia:64488`, or `Reference Annotation:T5 Referent:Wikipedia:64488` in either order (`BioNLP` 2013).
fn normalisation<'a>(data: &'a str, tail: Option<&'a str>) -> Option<Entry<'a>> {
    let mut words = data.split_whitespace();
    let (kind, first, second) = (words.next()?, words.next()?, words.next()?);
    let (target, reference) = match (first.strip_prefix("Annotation:"), second.strip_prefix("Annotation:")) {
        (Some(target), _) => (target, second.strip_prefix("Referent:")?),
        (_, Some(target)) => (target, first.strip_prefix("Referent:")?),
        _ => (first, second),
    };
    let base = reference.split_once(':').is_some_and(|(base, id)| !base.is_empty() && !id.is_empty());
    (words.next().is_none() && base && is_id(target)).then_some(Entry::Normalisation {
        kind,
        target,
        reference,
        text: tail.unwrap_or_default().trim(),
    })
}

fn comment<'a>(data: &'a str, tail: Option<&'a str>) -> Option<Entry<'a>> {
    let mut words = data.split_whitespace();
    let (kind, target) = (words.next()?, words.next()?);
    let text = tail.unwrap_or_default().trim();
    (words.next().is_none() && is_id(target)).then_some(Entry::Comment { kind, target, text })
}

/// Python ends a line at more than line feeds: brat splits its files so.
pub(super) fn ends_line(character: char) -> bool {
    matches!(
        character,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}' | '\u{1d}' | '\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// What Python strips from the ends of a line.
pub(super) fn is_blank(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}

/// The stretches of `text[start..end]` that a line can hold: cut at line ends and tabs, none empty. In bytes.
pub(super) fn pieces(text: &str, start: usize, end: usize) -> Vec<(usize, usize)> {
    let mut pieces = Vec::new();
    let mut from = start;
    for (at, cut) in text.get(start..end).unwrap_or_default().match_indices(|c: char| c == '\t' || ends_line(c)) {
        pieces.push((from, start + at));
        from = start + at + cut.len();
    }
    pieces.push((from, end));
    pieces.retain(|(start, end)| start < end);
    pieces
}

/// `Label 0 4;8 12`, a span line's second field.
pub(super) fn place(label: &str, fragments: &[(usize, usize)]) -> String {
    let places: Vec<String> = fragments.iter().map(|(start, end)| format!("{start} {end}")).collect();
    format!("{label} {}", places.join(";"))
}

/// `Org2` as `Org` and `2`.
pub(super) fn split_role(role: &str) -> (&str, &str) {
    role.split_at(role.trim_end_matches(|c: char| c.is_ascii_digit()).len())
}
