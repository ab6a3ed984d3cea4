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

/// How a reader sees colours. The two common kinds of colour blindness, in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    Usual,
    /// No red cones.
    Protan,
    /// No green cones.
    Deutan,
}

impl Sight {
    pub const ALL: [Self; 3] = [Self::Usual, Self::Protan, Self::Deutan];

    /// Linear RGB as this reader sees it (Machado, Oliveira and Fernandes 2009, severity 1).
    fn see(self, rgb: [f64; 3]) -> [f64; 3] {
        let matrix = match self {
            Self::Usual => return rgb,
            Self::Protan => [
                [0.152_286, 1.052_583, -0.204_868],
                [0.114_503, 0.786_281, 0.099_216],
                [-0.003_882, -0.048_116, 1.051_998],
            ],
            Self::Deutan => [
                [0.367_322, 0.860_646, -0.227_968],
                [0.280_085, 0.672_501, 0.047_413],
                [-0.011_820, 0.042_940, 0.968_881],
            ],
        };
        times(&matrix, rgb).map(|part| part.clamp(0.0, 1.0))
    }
}

/// How far apart two sRGB colours are to a reader: the Euclidean distance in `OKLab`, times 100 (black to white is 100).
/// Under about 8 thin lines are mistaken for each other.
pub fn distance(a: [u8; 3], b: [u8; 3], sight: Sight) -> f64 {
    let lab = |rgb| oklab(sight.see(linear(rgb)));
    let (a, b) = (lab(a), lab(b));
    (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>().sqrt() * 100.0
}

/// The contrast ratio of WCAG 2, from 1 to 21.
pub fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let luminance = |rgb| {
        let [r, g, b] = linear(rgb);
        0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05
    };
    let (a, b) = (luminance(a), luminance(b));
    a.max(b) / a.min(b)
}

/// `#2b50b8`
pub fn parse_hex(written: &str) -> Option<[u8; 3]> {
    let digits = written.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let [_, r, g, b] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    Some([r, g, b])
}

/// As [`parse_hex`] reads it.
pub fn hex([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// `colour` mixed with black, or white on a dark page, just so far that it has `ratio` to `page`.
pub fn with_contrast(colour: [u8; 3], page: [u8; 3], ratio: f64) -> [u8; 3] {
    let towards = if contrast(page, [0; 3]) > contrast(page, [255; 3]) { 0.0 } else { 255.0 };
    let mixed =
        |step: u8| colour.map(|part| (f64::from(part) + (towards - f64::from(part)) * f64::from(step) / 50.0) as u8);
    (0..=50).map(mixed).find(|mixed| contrast(*mixed, page) >= ratio).unwrap_or([towards as u8; 3])
}

fn linear(rgb: [u8; 3]) -> [f64; 3] {
    rgb.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    })
}

/// Björn Ottosson, “A perceptual color space for image processing”, 2020.
fn oklab(rgb: [f64; 3]) -> [f64; 3] {
    let lms = times(
        &[
            [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
            [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
            [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
        ],
        rgb,
    );
    times(
        &[
            [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
            [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
            [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
        ],
        lms.map(f64::cbrt),
    )
}

fn times(matrix: &[[f64; 3]; 3], vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum())
}
