//! Small signs for characters that cannot be seen, and would otherwise slip into spans unnoticed.

use super::Invisibles;

/// An invisible character, and what shows that it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sign {
    /// First byte, in the text of its block.
    pub at: u32,
    /// One past its last byte.
    pub end: u32,
    pub shape: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// No width: an upright hairline.
    Bar,
    /// A hairline that points to where the text then runs.
    LeftToRight,
    RightToLeft,
    /// A place where a word may be broken.
    Hyphen,
    /// A character that takes a place: a frame around it.
    Box,
    /// A space of another kind.
    Dot,
    Tab,
}

/// All of them, in order. O(n).
pub fn find(text: &str, which: Invisibles) -> Vec<Sign> {
    if which == Invisibles::None {
        return Vec::new();
    }
    let mut signs = Vec::new();
    let mut before = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let after = chars.peek().map(|&(_, c)| c);
        if let Some(shape) = shape(c, before, after, which) {
            signs.push(Sign { at: at as u32, end: (at + c.len_utf8()) as u32, shape });
        }
        before = Some(c);
    }
    signs
}

fn shape(c: char, before: Option<char>, after: Option<char>, which: Invisibles) -> Option<Shape> {
    let all = which == Invisibles::All;
    match c {
        '\t' => all.then_some(Shape::Tab),
        '\u{A0}' | '\u{2007}' | '\u{202F}' => all.then_some(Shape::Dot),
        // Joiners belong to emoji, and to the spelling of some scripts.
        '\u{200D}' if before.is_some_and(is_pictogram) || after.is_some_and(is_pictogram) => None,
        '\u{200C}' | '\u{200D}' => {
            let spelled = before.zip(after).is_some_and(|(before, after)| is_joining(before) && is_joining(after));
            (all || !spelled).then_some(Shape::Bar)
        }
        '\u{200B}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{180E}' | '\u{34F}' | '\u{FFF9}'..='\u{FFFB}' => {
            Some(Shape::Bar)
        }
        '\u{AD}' => Some(Shape::Hyphen),
        '\u{200E}' | '\u{202A}' | '\u{202D}' | '\u{2066}' => Some(Shape::LeftToRight),
        '\u{200F}' | '\u{61C}' | '\u{202B}' | '\u{202E}' | '\u{2067}' => Some(Shape::RightToLeft),
        '\u{202C}' | '\u{2068}' | '\u{2069}' | '\u{206A}'..='\u{206F}' => Some(Shape::Bar),
        '\u{2028}' | '\u{2029}' => Some(Shape::Box),
        c if c.is_control() => Some(Shape::Box),
        _ => None,
    }
}

fn is_pictogram(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2BFF}' | '\u{FE0F}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Arabic, Syriac, Mongolian and the scripts of India: there a joiner is part of the spelling.
fn is_joining(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{8FF}' | '\u{900}'..='\u{DFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{18AF}'
        | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}')
}
