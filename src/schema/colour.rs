//! [`Colour`]: a label's colour in the light and the dark theme.

/// Colours as the eye compares them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Colour {
    /// One of the eight tested pairs of [`SLOTS`], from 1.
    Slot(u8),
    /// One's own pair.
    Rgb { light: [u8; 3], dark: [u8; 3] },
}

/// The eight label colours, `[light, dark]`, so chosen that any two stay apart for colour-blind readers too.
pub const SLOTS: [[[u8; 3]; 2]; 8] = [
    [[0x2b, 0x50, 0xb8], [0x5b, 0x9b, 0xf0]], // blue
    [[0xd4, 0x5b, 0x1a], [0xf0, 0x80, 0x4f]], // vermilion
    [[0x08, 0x70, 0x5f], [0x4f, 0xd1, 0xb0]], // teal
    [[0x8a, 0x86, 0x7f], [0x95, 0x92, 0x8b]], // grey
    [[0x23, 0x90, 0xd6], [0x06, 0x8d, 0xb3]], // sky
    [[0x4d, 0x13, 0x88], [0xb4, 0xb7, 0xfc]], // violet
    [[0x6b, 0x42, 0x02], [0xfa, 0xb7, 0x5b]], // gold
    [[0x71, 0x00, 0x45], [0xfd, 0xcd, 0xf3]], // magenta
];

/// The page a label's colour stands on, `[light, dark]`.
pub const PAGE: [[u8; 3]; 2] = [[0xfb, 0xfa, 0xf8], [0x16, 0x17, 0x1a]];

impl Colour {
    /// Red, green and blue (sRGB) as `[light, dark]`. A slot past eight comes round again.
    pub fn rgb(self) -> [[u8; 3]; 2] {
        match self {
            Self::Slot(slot) => SLOTS[usize::from(slot.max(1) - 1) % SLOTS.len()],
            Self::Rgb { light, dark } => [light, dark],
        }
    }
}
