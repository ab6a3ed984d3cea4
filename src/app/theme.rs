//! [`Theme`]: the colours of the window, light and dark, read from `theme/*.ron` inside the binary.
//!
//! Only colours; sizes stand where they are used.

use std::sync::LazyLock;

use egui::Color32;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// Every colour the window uses.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    pub dark: bool,
    /// Behind the text that is read.
    #[serde(deserialize_with = "colour")]
    pub page: Color32,
    /// Behind lists and the status bar.
    #[serde(deserialize_with = "colour")]
    pub panel: Color32,
    /// Under the pointer.
    #[serde(deserialize_with = "colour")]
    pub hover: Color32,
    /// Between one part and the next.
    #[serde(deserialize_with = "colour")]
    pub hairline: Color32,
    #[serde(deserialize_with = "colour")]
    pub text: Color32,
    #[serde(deserialize_with = "colour")]
    pub secondary: Color32,
    /// Decoration only, never information.
    #[serde(deserialize_with = "colour")]
    pub tertiary: Color32,
    /// Selection, focus, progress.
    #[serde(deserialize_with = "colour")]
    pub accent: Color32,
    #[serde(deserialize_with = "colour")]
    pub on_accent: Color32,
    #[serde(deserialize_with = "colour")]
    pub error: Color32,
    #[serde(deserialize_with = "colour")]
    pub warning: Color32,
    #[serde(deserialize_with = "colour")]
    pub good: Color32,
    /// Alpha of a label's colour where it fills the page behind a span.
    pub fill: f32,
    /// Colours of labels that name a slot: slot 1 is the first. More labels than slots: they repeat.
    #[serde(deserialize_with = "colours")]
    pub slots: [Color32; 8],
}

impl Theme {
    pub fn light() -> &'static Self {
        static LIGHT: LazyLock<Theme> = LazyLock::new(|| Theme::embedded(include_str!("theme/light.ron")));
        &LIGHT
    }

    pub fn dark() -> &'static Self {
        static DARK: LazyLock<Theme> = LazyLock::new(|| Theme::embedded(include_str!("theme/dark.ron")));
        &DARK
    }

    pub fn of(theme: egui::Theme) -> &'static Self {
        match theme {
            egui::Theme::Light => Self::light(),
            egui::Theme::Dark => Self::dark(),
        }
    }

    /// The colour of slot `slot`, counted from 1; slots past the last repeat.
    pub fn slot(&self, slot: usize) -> Color32 {
        self.slots[slot.saturating_sub(1) % self.slots.len()]
    }

    fn embedded(source: &str) -> Self {
        match ron::from_str(source) {
            Ok(theme) => theme,
            Err(error) => panic!("a theme inside the binary cannot be read: {error}"),
        }
    }
}

/// `"#rrggbb"`.
pub fn parse_colour(text: &str) -> Option<Color32> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let [_, r, g, b] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    Some(Color32::from_rgb(r, g, b))
}

/// Contrast of two opaque colours as WCAG 2 defines it: 1 (equal) to 21 (black on white).
pub fn contrast(a: Color32, b: Color32) -> f32 {
    let luminance = |colour: Color32| {
        let [r, g, b, _] = egui::Rgba::from(colour).to_array();
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn colour<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Color32, D::Error> {
    read_colour(&String::deserialize(deserializer)?)
}

fn colours<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[Color32; 8], D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    let colours = texts.iter().map(|text| read_colour(text)).collect::<Result<Vec<Color32>, _>>()?;
    colours.try_into().map_err(|colours: Vec<_>| D::Error::invalid_length(colours.len(), &"eight colours"))
}

fn read_colour<E: Error>(text: &str) -> Result<Color32, E> {
    parse_colour(text).ok_or_else(|| E::custom(format!("{text:?} is not a colour like \"#2b50b8\"")))
}
