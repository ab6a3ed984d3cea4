//! [`Shaper`]: text in, positions of graphemes and glyphs out. The only file that knows parley.
//!
//! Everything it returns is plain numbers in physical pixels, relative to the paragraph, in bytes of its text.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, Mutex};

use parley::fontique::{Blob, Collection, CollectionOptions, SourceCache};
use parley::{
    Alignment, AlignmentOptions, BaseDirection, FontContext, FontFamily, FontFamilyName, GenericFamily, Layout,
    LayoutContext, Line, LineHeight, OverflowWrap, PositionedLayoutItem, StyleProperty, WordBreak,
};

use super::blocks::Direction;
use super::point::{Cluster, Paragraph, Row};
use crate::app::fonts;
use crate::text::Text;

/// How one paragraph is set. Lengths in physical pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Style {
    pub size: f32,
    /// A whole number of pixels, so that every row is as sharp as the first.
    pub line_height: f32,
    pub width: f32,
    pub serif: bool,
}

/// A glyph as shaping placed it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glyph {
    pub id: u32,
    pub face: u16,
    /// First byte of the grapheme it draws (of several, the first to the left).
    pub at: u32,
    /// From the left of the paragraph.
    pub x: f32,
    /// From the baseline, down.
    pub y: f32,
}

/// A font at a size, as a rasteriser needs it.
#[derive(Clone)]
pub(super) struct Face {
    pub font: parley::FontData,
    pub coords: Vec<i16>,
    pub size: f32,
}

/// Fonts and the scratch space of layout. Make one for the program: it takes some 10 ms to look at the system's fonts.
pub(super) struct Shaper {
    fonts: FontContext,
    scratch: LayoutContext<()>,
    layout: Layout<()>,
    serif: Vec<FontFamilyName<'static>>,
    sans: Vec<FontFamilyName<'static>>,
    /// For Greek with all its accents, so that no word is set in two fonts.
    greek: Vec<FontFamilyName<'static>>,
    faces: Vec<Face>,
    /// Characters of the system's fonts that were looked for, by their number divided by 256.
    warm: Arc<Mutex<HashSet<u32>>>,
    system_fonts: bool,
}

/// What the system may have for scripts whose fonts are not inside the binary, on Linux, macOS and Windows. They must be
/// named: a generic family stands for the whole list of the system, and nothing after it is ever asked.
const SYSTEM: [&str; 13] = [
    "Noto Serif CJK SC",
    "Noto Sans CJK SC",
    "Source Han Serif SC",
    "Songti SC",
    "SimSun",
    "Hiragino Mincho ProN",
    "Yu Mincho",
    "AppleMyungjo",
    "Batang",
    "Malgun Gothic",
    "Noto Color Emoji",
    "Apple Color Emoji",
    "Segoe UI Emoji",
];

impl Shaper {
    /// `system_fonts`: also use what is installed. Without them the result is the same on every machine.
    pub fn new(system_fonts: bool) -> Self {
        let mut collection = Collection::new(CollectionOptions { shared: true, system_fonts });
        for font in [fonts::SERIF, fonts::SANS].into_iter().chain(fonts::OTHER_SCRIPTS) {
            collection.register_fonts(Blob::new(Arc::new(font.file)), None);
        }
        let families = |first: fonts::Font, generic: GenericFamily| {
            let bundled = [first].into_iter().chain(fonts::OTHER_SCRIPTS).map(|font| font.family);
            let named = bundled.chain(SYSTEM).map(|name| FontFamilyName::Named(Cow::Borrowed(name)));
            named.chain([FontFamilyName::Generic(generic)]).collect()
        };
        Self {
            // A cache of its own would forget fonts that were not used for a while and load them again under new ids.
            fonts: FontContext { collection, source_cache: SourceCache::new_shared() },
            scratch: LayoutContext::new(),
            layout: Layout::new(),
            serif: families(fonts::SERIF, GenericFamily::Serif),
            sans: families(fonts::SANS, GenericFamily::SansSerif),
            greek: families(fonts::GREEK, GenericFamily::Serif),
            faces: Vec::new(),
            warm: Arc::default(),
            system_fonts,
        }
    }

    /// Looks up the fonts of the system that a text needs, on a thread of its own: the first character of a script that no font
    /// inside the binary has takes up to 30 ms to find its font.
    pub fn prewarm(&self, text: &Text) {
        if !self.system_fonts {
            return;
        }
        let (text, warm, mut fonts) = (text.clone(), Arc::clone(&self.warm), self.fonts.clone());
        let families = [self.serif.clone(), self.sans.clone()];
        // If there is no thread to be had, the page finds its fonts itself.
        let _ = std::thread::Builder::new().name("fonts".to_owned()).spawn(move || {
            let pages = warm.lock().map(|mut warm| first_of_each(text.as_str(), &mut warm)).unwrap_or_default();
            if pages.is_empty() {
                return;
            }
            let (mut scratch, mut layout) = (LayoutContext::<()>::new(), Layout::<()>::new());
            for families in &families {
                let mut builder = scratch.ranged_builder(&mut fonts, &pages, 1.0, true);
                builder.push_default(StyleProperty::FontFamily(FontFamily::from(families.as_slice())));
                builder.build_into(&mut layout, &pages);
            }
        });
    }

    pub fn face(&self, face: u16) -> &Face {
        &self.faces[usize::from(face)]
    }

    pub fn faces(&self) -> usize {
        self.faces.len()
    }

    /// Forgets every face: all paragraphs laid out so far are void.
    pub fn clear_faces(&mut self) {
        self.faces.clear();
    }

    /// Lays out one paragraph. `text` has no newline in it.
    pub fn lay_out(&mut self, text: &str, direction: Direction, style: Style) -> Paragraph {
        let shown = substitute(text);
        let mut builder = self.scratch.ranged_builder(&mut self.fonts, &shown, 1.0, true);
        builder.push_default(StyleProperty::FontSize(style.size));
        builder.push_default(StyleProperty::LineHeight(LineHeight::Absolute(style.line_height)));
        let families = if style.serif { &self.serif } else { &self.sans };
        builder.push_default(StyleProperty::FontFamily(FontFamily::from(families.as_slice())));
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::Anywhere));
        // Tabs and other control characters get room to be seen.
        for (at, control) in text.match_indices(|c: char| c.is_ascii_control()) {
            let room = style.size * if control == "\t" { 1.5 } else { 0.25 };
            builder.push(StyleProperty::LetterSpacing(room), at..=at);
        }
        for range in stretches(text, is_arabic) {
            builder.push(StyleProperty::FontSize(style.size * ARABIC_SIZE), range);
        }
        if style.serif && text.contains(is_polytonic) {
            for range in stretches(text, is_greek) {
                builder.push(StyleProperty::FontFamily(FontFamily::from(self.greek.as_slice())), range.clone());
                builder.push(StyleProperty::FontSize(style.size * GREEK_SIZE), range);
            }
        }
        // Korean is written with spaces, and lines are broken at them.
        for range in stretches(text, is_hangul) {
            builder.push(StyleProperty::WordBreak(WordBreak::KeepAll), range);
        }
        builder.set_base_direction(match direction {
            Direction::Auto => BaseDirection::Auto,
            Direction::Paragraph { rtl: false } => BaseDirection::Ltr,
            Direction::Paragraph { rtl: true } => BaseDirection::Rtl,
        });
        builder.build_into(&mut self.layout, &shown);
        self.layout.break_all_lines(Some(style.width));
        self.layout.align(Alignment::Start, AlignmentOptions::default());

        let mut paragraph = Paragraph::new(self.layout.is_rtl(), style.width);
        let lines = self.layout.len();
        for (index, line) in self.layout.lines().enumerate() {
            extract(&mut paragraph, &mut self.faces, line, text, style.line_height, index + 1 == lines);
        }
        paragraph
    }
}

/// Arabic letters are drawn small in their em: this makes them as large to the eye as the letters beside them.
const ARABIC_SIZE: f32 = 1.12;

/// The letters of Noto Serif are larger than those of Source Serif.
const GREEK_SIZE: f32 = 0.92;

fn is_polytonic(c: char) -> bool {
    matches!(c, '\u{1F00}'..='\u{1FFF}')
}

fn is_greek(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{3FF}' | '\u{300}'..='\u{345}') || is_polytonic(c)
}

fn is_arabic(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{8A0}'..='\u{8FF}' | '\u{FB50}'..='\u{FDFF}'
        | '\u{FE70}'..='\u{FEFC}')
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11FF}' | '\u{3130}'..='\u{318F}' | '\u{A960}'..='\u{A97F}' | '\u{AC00}'..='\u{D7FF}')
}

/// The first eight characters of every 256 that are in a text and were not looked for before.
fn first_of_each(text: &str, warm: &mut HashSet<u32>) -> String {
    let mut pages = String::new();
    let mut found: HashMap<u32, u8> = HashMap::new();
    let mut last = 0;
    for c in text.chars().filter(|c| *c as u32 >= 0x500) {
        let page = c as u32 >> 8;
        if page == last && found.get(&page).is_none_or(|count| *count >= 8) {
            continue;
        }
        last = page;
        if warm.contains(&page) && !found.contains_key(&page) {
            continue;
        }
        warm.insert(page);
        let count = found.entry(page).or_default();
        if *count < 8 {
            *count += 1;
            pages.push(c);
        }
    }
    pages
}

/// Stretches of letters of a script.
fn stretches(text: &str, is_of: fn(char) -> bool) -> Vec<Range<usize>> {
    let mut stretches: Vec<Range<usize>> = Vec::new();
    // No letter of these scripts is written with fewer bytes than two, the first of them at least 0xCC.
    if !text.bytes().any(|byte| byte >= 0xCC) {
        return stretches;
    }
    for (at, letter) in text.char_indices().filter(|(_, c)| is_of(*c)) {
        let end = at + letter.len_utf8();
        match stretches.last_mut() {
            // Spaces between words, and joiners inside them, belong to the stretch.
            Some(last) if at - last.end <= 3 && !text[last.end..at].contains(char::is_alphanumeric) => last.end = end,
            _ => stretches.push(at..end),
        }
    }
    stretches
}

/// The characters that would break or garble a line, by others of the same length, so that byte offsets stay.
fn substitute(text: &str) -> Cow<'_, str> {
    let odd = |c: char| {
        (c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')).then(|| match c.len_utf8() {
            1 => " ",
            2 => "\u{A0}",
            _ => "\u{2003}",
        })
    };
    if !text.chars().any(|c| odd(c).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match odd(c) {
            Some(other) => out.push_str(other),
            None => out.push(c),
        }
    }
    Cow::Owned(out)
}

fn extract(to: &mut Paragraph, faces: &mut Vec<Face>, line: Line<'_, ()>, text: &str, height: f32, last: bool) {
    let metrics = *line.metrics();
    let range = line.text_range();
    let (start, end) = (range.start.min(text.len()), range.end.min(text.len()));
    let (first_cluster, first_glyph) = (to.clusters.len(), to.glyphs.len());
    // parley lays out an empty text as one space.
    if !text.is_empty() {
        let mut x = metrics.offset + metrics.inline_min_coord;
        for run in line.runs() {
            let rtl = run.is_rtl();
            for cluster in run.visual_clusters() {
                let range = cluster.text_range();
                let advance = cluster.advance();
                let (start, end) = (range.start as u32, range.end as u32);
                to.clusters.push(Cluster { start, end, x0: x, x1: x + advance, rtl });
                x += advance;
            }
        }
        let mut cluster = first_cluster;
        for item in line.items() {
            let PositionedLayoutItem::GlyphRun(run) = item else { continue };
            let face = face_of(faces, run.run());
            // A mark that takes no room belongs to the letter before it in reading order.
            let inside = if run.run().is_rtl() { 0.01 } else { -0.01 };
            let mut pen = run.offset();
            for glyph in run.glyphs() {
                let probe = if glyph.advance > 0.0 { pen + glyph.advance / 2.0 } else { pen + inside };
                while cluster + 1 < to.clusters.len() && to.clusters[cluster].x1 <= probe {
                    cluster += 1;
                }
                while cluster > first_cluster && to.clusters[cluster].x0 > probe {
                    cluster -= 1;
                }
                let at = to.clusters.get(cluster).map_or(start as u32, |cluster| cluster.start);
                to.glyphs.push(Glyph { id: glyph.id, face, at, x: pen + glyph.x, y: glyph.y });
                pen += glyph.advance;
            }
        }
    }
    let words = text[start..end].trim_end().len();
    let trim = if last || words == 0 { end } else { start + words };
    let top = height * to.rows.len() as f32;
    to.rows.push(Row {
        start: start as u32,
        end: end as u32,
        trim: trim as u32,
        top,
        bottom: top + height,
        base: (metrics.baseline - metrics.block_min_coord).round(),
        above: 0.0,
        clusters: first_cluster as u32..to.clusters.len() as u32,
        glyphs: first_glyph as u32..to.glyphs.len() as u32,
    });
}

fn face_of(faces: &mut Vec<Face>, run: &parley::Run<'_, ()>) -> u16 {
    let (font, size) = (run.font(), run.font_size());
    let coords = run.normalized_coords();
    let same = |face: &Face| {
        face.font.data.id() == font.data.id()
            && face.font.index == font.index
            && face.size.to_bits() == size.to_bits()
            && face.coords.iter().copied().eq(coords.iter().map(|coord| coord.to_bits()))
    };
    let known = faces.iter().position(same);
    let face = known.unwrap_or_else(|| {
        let coords = coords.iter().map(|coord| coord.to_bits()).collect();
        faces.push(Face { font: font.clone(), coords, size });
        faces.len() - 1
    });
    u16::try_from(face).unwrap_or(u16::MAX)
}
