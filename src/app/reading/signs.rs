//! Small signs for characters that cannot be seen, and would otherwise slip into spans unnoticed.

use super::Invisibles;
use super::captions::Caption;

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
    /// A space.
    Space,
    /// A space of another kind: one that is not broken at, or is wider or narrower than usual.
    Dot,
    Tab,
    /// The name of a character, above the place where it is.
    Name(&'static str),
    /// Where a line of the text ends.
    LineEnd,
}

impl Shape {
    /// The words it is drawn with.
    pub(super) fn caption(self) -> Option<Caption> {
        match self {
            Self::Name(name) => Some(Caption::Name(name)),
            Self::LineEnd => Some(Caption::Pilcrow),
            _ => None,
        }
    }
}

/// All of them, in order. O(n). `ends_line`: a newline follows the text.
pub fn find(text: &str, which: Invisibles, ends_line: bool) -> Vec<Sign> {
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
    if ends_line && which == Invisibles::All {
        signs.push(Sign { at: text.len() as u32, end: text.len() as u32, shape: Shape::LineEnd });
    }
    signs
}

fn shape(c: char, before: Option<char>, after: Option<char>, which: Invisibles) -> Option<Shape> {
    if which == Invisibles::All {
        return match c {
            ' ' => Some(Shape::Space),
            '\t' => Some(Shape::Tab),
            '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => Some(Shape::Dot),
            // A joiner inside an emoji is part of its picture.
            '\u{200D}' if before.is_some_and(is_pictogram) && after.is_some_and(is_pictogram) => None,
            _ => name(c).map(Shape::Name),
        };
    }
    match c {
        // Joiners belong to emoji, and to the spelling of some scripts.
        '\u{200D}' if before.is_some_and(is_pictogram) || after.is_some_and(is_pictogram) => None,
        '\u{200C}' | '\u{200D}' => {
            let spelled = before.zip(after).is_some_and(|(before, after)| is_joining(before) && is_joining(after));
            (!spelled).then_some(Shape::Bar)
        }
        '\u{200B}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{180E}' | '\u{34F}' | '\u{FFF9}'..='\u{FFFB}' => {
            Some(Shape::Bar)
        }
        '\u{AD}' => Some(Shape::Hyphen),
        '\u{200E}' | '\u{202A}' | '\u{202D}' | '\u{2066}' => Some(Shape::LeftToRight),
        '\u{200F}' | '\u{61C}' | '\u{202B}' | '\u{202E}' | '\u{2067}' => Some(Shape::RightToLeft),
        '\u{202C}' | '\u{2068}' | '\u{2069}' | '\u{206A}'..='\u{206F}' => Some(Shape::Bar),
        '\u{2028}' | '\u{2029}' => Some(Shape::Box),
        '\t' => None,
        c if c.is_control() => Some(Shape::Box),
        _ => None,
    }
}

/// What the Unicode code charts call it for short.
fn name(c: char) -> Option<&'static str> {
    const C0: [&str; 32] = [
        "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR", "SO", "SI", "DLE",
        "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
    ];
    Some(match c {
        '\0'..='\u{1F}' => C0[c as usize],
        '\u{7F}' => "DEL",
        '\u{85}' => "NEL",
        '\u{80}'..='\u{9F}' => "C1",
        '\u{AD}' => "SHY",
        '\u{34F}' => "CGJ",
        '\u{61C}' => "ALM",
        '\u{180E}' => "MVS",
        '\u{200B}' => "ZWSP",
        '\u{200C}' => "ZWNJ",
        '\u{200D}' => "ZWJ",
        '\u{200E}' => "LRM",
        '\u{200F}' => "RLM",
        '\u{2028}' => "LSEP",
        '\u{2029}' => "PSEP",
        '\u{202A}' => "LRE",
        '\u{202B}' => "RLE",
        '\u{202C}' => "PDF",
        '\u{202D}' => "LRO",
        '\u{202E}' => "RLO",
        '\u{2060}' => "WJ",
        '\u{2061}'..='\u{2064}' => "INV",
        '\u{2066}' => "LRI",
        '\u{2067}' => "RLI",
        '\u{2068}' => "FSI",
        '\u{2069}' => "PDI",
        '\u{206A}'..='\u{206F}' => "DEP",
        '\u{FEFF}' => "BOM",
        '\u{FFF9}'..='\u{FFFB}' => "IA",
        _ => return None,
    })
}

fn is_pictogram(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2BFF}' | '\u{FE0F}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Arabic, Syriac, Mongolian and the scripts of India: there a joiner is part of the spelling.
fn is_joining(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{8FF}' | '\u{900}'..='\u{DFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{18AF}'
        | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}')
}
