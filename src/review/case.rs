//! A [`Case`]: a decision told in the guidelines, so that the next one who meets the like knows: an example, the ruling, the reason.

use super::{Comparison, Difference, Gold, Side, State, Subject};
use crate::annotation::Span;
use crate::schema::Schema;
use crate::text::segment::sentences;
use crate::text::{Text, TextRange};

/// A decision as the guidelines tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The heading it belongs under: the label's name.
    pub label: String,
    /// The sentence around it, what is marked in square brackets.
    pub example: String,
    /// What was ruled, without full stop: `Not “Smith”`, `Nothing is marked here`.
    pub ruling: String,
    pub why: String,
}

impl Case {
    /// Of a difference about spans that is settled.
    pub fn of(
        text: &Text,
        schema: &Schema,
        gold: &Gold,
        comparison: &Comparison,
        difference: &Difference,
    ) -> Option<Self> {
        let State::Settled(id) = gold.state(comparison, difference) else { return None };
        if difference.subject != Subject::Spans {
            return None;
        }
        let decision = gold.decision(&id)?;
        let marked: Vec<&Span> =
            decision.spans.iter().filter_map(|id| gold.layer().span(id)).map(|span| &**span).collect();
        let label = marked.first().map(|span| &span.label).or(difference.label.as_ref())?;
        let name = |id: &str| schema.resolve(id).map_or_else(|| id.to_owned(), |label| label.name.clone());
        let mut others: Vec<String> = Vec::new();
        for span in difference.sides.iter().flat_map(Side::spans) {
            let alike = |gold: &&Span| gold.label == span.label && gold.ranges == span.ranges;
            if !marked.iter().any(alike) {
                let quote = line(&span.ranges.quote(text));
                let other = span.label != *label;
                let said = if other {
                    format!("{} “{quote}”", name(span.label.as_str()))
                } else {
                    format!("“{quote}”")
                };
                if !others.contains(&said) {
                    others.push(said);
                }
            }
        }
        let ruling = match (marked.is_empty(), others.is_empty()) {
            (true, _) => "Nothing is marked here".to_owned(),
            (false, true) => "Marked".to_owned(),
            (false, false) => format!("Not {}", others.join(", nor ")),
        };
        let ranges: Vec<TextRange> = marked.iter().flat_map(|span| span.ranges.as_slice()).copied().collect();
        let example = example(text, difference.extent, &ranges);
        Some(Self { label: name(label.as_str()), example, ruling, why: decision.why.clone() })
    }

    /// As one item of a list.
    fn line(&self) -> String {
        let why = line(&self.why);
        let why = if why.is_empty() { String::new() } else { format!(": {}", why.trim_end_matches('.')) };
        format!("- {} — {}{why}.", self.example, self.ruling)
    }
}

/// The sentences that the extent touches, with brackets around what is marked.
fn example(text: &Text, extent: TextRange, marked: &[TextRange]) -> String {
    let around = sentences(text, extent).fold(extent, TextRange::hull);
    let mut places: Vec<(usize, usize, char)> = Vec::new();
    for range in marked {
        places.push((range.start(), 1, '['));
        places.push((range.end(), 0, ']'));
    }
    places.sort_unstable();
    let (mut example, mut at) = (String::new(), around.start());
    for (place, _, bracket) in places.into_iter().filter(|(place, ..)| (around.start()..=around.end()).contains(place))
    {
        example.push_str(text.as_str().get(at..place).unwrap_or_default());
        example.push(bracket);
        at = place;
    }
    example.push_str(text.as_str().get(at..around.end()).unwrap_or_default());
    line(&example)
}

fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The heading above the list of cases.
const CASES: &str = "**Cases**";

/// The guidelines with one more case, under the label's heading: at the end of its list of cases, which is begun where there is none.
/// Everything else stays as it is, byte for byte. A case that is there already is not told twice.
pub fn with_case(guidelines: &str, case: &Case) -> String {
    let newline = if guidelines.contains("\r\n") { "\r\n" } else { "\n" };
    let item = case.line();
    let lines: Vec<&str> = guidelines.split_inclusive('\n').collect();
    let headings = headings(&lines);
    let here = headings.iter().position(|(_, _, title)| title.to_lowercase() == case.label.to_lowercase());
    let Some(here) = here else {
        let gap = if guidelines.is_empty() { "" } else { newline };
        let end = if guidelines.is_empty() || guidelines.ends_with('\n') { "" } else { newline };
        return format!(
            "{guidelines}{end}{gap}## {}{newline}{newline}{CASES}{newline}{newline}{item}{newline}",
            case.label
        );
    };
    let (first, level, _) = headings[here];
    let next = headings[here + 1..].iter().find(|(_, other, _)| *other <= level);
    let last = next.map_or(lines.len(), |(line, ..)| *line);
    let section = &lines[first..last];
    if section.iter().any(|line| line.trim() == item) {
        return guidelines.to_owned();
    }
    let is_blank = |line: &&&str| line.trim().is_empty();
    let last_of = |from: usize, lines: &[&str]| from + lines.len() - lines.iter().rev().take_while(is_blank).count();
    let begun = section.iter().position(|line| line.trim() == CASES);
    let place = match begun {
        Some(title) => {
            let goes_on = |line: &&&str| is_blank(line) || line.starts_with(['-', ' ']);
            let list = section[title + 1..].iter().take_while(goes_on).count();
            let list = &section[title + 1..title + 1 + list];
            last_of(first + title + 1, list)
        }
        None => last_of(first, section),
    };
    let mut text: String = lines[..place].concat();
    if !text.ends_with('\n') {
        text.push_str(newline);
    }
    if begun.is_none() {
        text.push_str(&format!("{newline}{CASES}{newline}{newline}"));
    }
    text.push_str(&item);
    text.push_str(newline);
    text + &lines[place..].concat()
}

/// Number of the line, level, title; not inside fenced code.
fn headings<'a>(lines: &[&'a str]) -> Vec<(usize, usize, &'a str)> {
    let (mut headings, mut fenced) = (Vec::new(), false);
    for (number, line) in lines.iter().enumerate() {
        if line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~") {
            fenced = !fenced;
        }
        let level = line.bytes().take_while(|byte| *byte == b'#').count();
        if !fenced && (1..=6).contains(&level) && line[level..].starts_with([' ', '\t']) {
            headings.push((number, level, line[level..].trim().trim_end_matches('#').trim_end()));
        }
    }
    headings
}
