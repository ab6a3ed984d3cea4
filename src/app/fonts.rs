//! The fonts inside the binary, so that a page looks the same on every machine. Their licences lie beside them.
//!
//! Chinese, Japanese, Korean and emoji fonts are too large to carry: they come from the system where it has them.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily, FontId};

/// One font: its family as other programs know it, and its file.
#[derive(Clone, Copy)]
#[allow(missing_debug_implementations, reason = "a font file says nothing to a reader")]
pub struct Font {
    pub family: &'static str,
    pub file: &'static [u8],
}

pub const SERIF: Font = Font { family: "Source Serif 4", file: include_bytes!("fonts/SourceSerif4_400Regular.ttf") };
pub const SANS: Font = Font { family: "Inter", file: include_bytes!("fonts/Inter_400Regular.ttf") };

/// Source Serif has the Greek letters of today only.
pub const GREEK: Font = Font { family: "Noto Serif Greek", file: include_bytes!("fonts/NotoSerifGreek-Regular.ttf") };

/// For what Source Serif and Inter do not have, in this order.
pub const OTHER_SCRIPTS: [Font; 5] = [
    GREEK,
    Font { family: "Noto Naskh Arabic", file: include_bytes!("fonts/NotoNaskhArabic-Regular.ttf") },
    Font { family: "Noto Serif Hebrew", file: include_bytes!("fonts/NotoSerifHebrew-Regular.ttf") },
    Font { family: "Noto Serif Devanagari", file: include_bytes!("fonts/NotoSerifDevanagari-Regular.ttf") },
    Font { family: "Noto Serif Thai", file: include_bytes!("fonts/NotoSerifThai-Regular.ttf") },
];

const MEDIUM: &[u8] = include_bytes!("fonts/Inter_500Medium.ttf");
const SEMIBOLD: &[u8] = include_bytes!("fonts/Inter_600SemiBold.ttf");

/// Inter at `size` points, for the interface.
pub fn regular(size: f32) -> FontId {
    FontId::new(size, FontFamily::Proportional)
}

pub fn medium(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name("medium".into()))
}

/// For headings.
pub fn semibold(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name("semibold".into()))
}

/// Source Serif at `size` points.
pub fn serif(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name("serif".into()))
}

/// For [`egui::Context::set_fonts`]: what [`regular`], [`medium`], [`semibold`] and [`serif`] name.
pub fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let mut add = |name: &str, file: &'static [u8]| {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(file)));
    };
    add(SERIF.family, SERIF.file);
    add(SANS.family, SANS.file);
    add("Inter Medium", MEDIUM);
    add("Inter SemiBold", SEMIBOLD);
    for font in OTHER_SCRIPTS {
        add(font.family, font.file);
    }

    let rest = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    let family = |first: &str| -> Vec<String> {
        let others = OTHER_SCRIPTS.iter().map(|font| font.family.to_owned());
        [first.to_owned()].into_iter().chain(others).chain(rest.iter().cloned()).collect()
    };
    let monospace = fonts.families.get(&FontFamily::Monospace).cloned().unwrap_or_default();
    let others = OTHER_SCRIPTS.iter().map(|font| font.family.to_owned());
    let families = BTreeMap::from([
        (FontFamily::Monospace, monospace.into_iter().chain(others).collect()),
        (FontFamily::Proportional, family(SANS.family)),
        (FontFamily::Name("medium".into()), family("Inter Medium")),
        (FontFamily::Name("semibold".into()), family("Inter SemiBold")),
        (FontFamily::Name("serif".into()), family(SERIF.family)),
    ]);
    fonts.families.extend(families);
    fonts
}
