//! Pictures of single glyphs, and of the patterns under spans, drawn on the CPU as egui draws its own text.

use egui::Color32;
use skrifa::instance::{LocationRef, NormalizedCoord, Size};
use skrifa::outline::{DrawSettings, HintingInstance, OutlineGlyphCollection, OutlinePen, SmoothMode, Target};
use skrifa::{FontRef, GlyphId, MetadataProvider};
use vello_cpu::kurbo::{Affine, BezPath, Shape};
use vello_cpu::{Glyph, Pixmap, RenderContext, Resources, color};

use super::layout::Face;

/// A picture with premultiplied pixels; white where it takes the colour of what it draws.
pub(super) struct Ink {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<Color32>,
    /// From the pen, on the baseline, to the upper left corner.
    pub left: i16,
    pub top: i16,
    /// It has its own colours: an emoji.
    pub coloured: bool,
}

/// How the edges of strokes fall on pixels; kept per face, since it is slow to make.
#[derive(Default)]
pub(super) enum Hinting {
    #[default]
    Unknown,
    None,
    Some(HintingInstance),
}

/// No larger than this, whatever a font asks for.
const LARGEST: f32 = 1024.0;

/// The glyph with its pen `shift` (0 to 1) pixels right of a pixel's edge. `None` if there is nothing to see.
pub(super) fn glyph(face: &Face, hinting: &mut Hinting, id: u32, shift: f32) -> Option<Ink> {
    let font = FontRef::from_index(face.font.data.data(), face.font.index).ok()?;
    let id = GlyphId::new(id);
    let coords: Vec<NormalizedCoord> = face.coords.iter().map(|&bits| NormalizedCoord::from_bits(bits)).collect();
    let (size, location) = (Size::new(face.size), LocationRef::new(&coords));
    if is_coloured(&font, id, size) {
        return coloured(face, id);
    }

    let outlines = font.outline_glyphs();
    let outline = outlines.get(id)?;
    let mut pen = Pen { path: BezPath::new(), shift: f64::from(shift) };
    let settings = match hinter(hinting, &outlines, size, location) {
        Some(instance) => DrawSettings::hinted(instance, false),
        None => DrawSettings::unhinted(size, location),
    };
    outline.draw(settings, &mut pen).ok()?;
    let bounds = pen.path.bounding_box().expand();
    let largest = f64::from(LARGEST);
    if !(1.0..=largest).contains(&bounds.width()) || !(1.0..=largest).contains(&bounds.height()) {
        return None;
    }
    let (width, height) = (bounds.width() as u16, bounds.height() as u16);
    let mut context = RenderContext::new(width, height);
    context.set_transform(Affine::translate((-bounds.x0, -bounds.y0)));
    context.set_paint(color::OpaqueColor::<color::Srgb>::WHITE);
    context.fill_path(&pen.path);
    let mut picture = Pixmap::new(width, height);
    context.render(&mut picture, &mut Resources::new());
    let pixels = pixels(&picture).collect();
    let (width, height) = (width.into(), height.into());
    Some(Ink { width, height, pixels, left: bounds.x0 as i16, top: bounds.y0 as i16, coloured: false })
}

fn is_coloured(font: &FontRef<'_>, id: GlyphId, size: Size) -> bool {
    font.color_glyphs().get(id).is_some() || font.bitmap_strikes().glyph_for_size(size, id).is_some()
}

/// Drawn on a canvas with room around, since a colour glyph does not say how large it is, then cropped.
fn coloured(face: &Face, id: GlyphId) -> Option<Ink> {
    let side = (3.0 * face.size).ceil().clamp(1.0, LARGEST) as u16;
    let (x, y) = (face.size.round(), (2.0 * face.size).round());
    let mut context = RenderContext::new(side, side);
    context.set_paint(color::OpaqueColor::<color::Srgb>::WHITE);
    let mut resources = Resources::new();
    context
        .glyph_run(&mut resources, &face.font)
        .font_size(face.size)
        .hint(false)
        .normalized_coords(&face.coords)
        .fill_glyphs(std::iter::once(Glyph { id: id.to_u32(), x, y }));
    let mut picture = Pixmap::new(side, side);
    context.render(&mut picture, &mut resources);

    let side = usize::from(side);
    let all: Vec<Color32> = pixels(&picture).collect();
    let painted = |at: usize| all[at].a() > 0;
    let rows = |y: usize| (0..side).any(|x| painted(y * side + x));
    let columns = |x: usize| (0..side).any(|y| painted(y * side + x));
    let (y0, y1) = ((0..side).find(|&y| rows(y))?, (0..side).rfind(|&y| rows(y))? + 1);
    let (x0, x1) = ((0..side).find(|&x| columns(x))?, (0..side).rfind(|&x| columns(x))? + 1);
    let pixels = (y0..y1).flat_map(|y| all[y * side + x0..y * side + x1].iter().copied()).collect();
    let (left, top) = ((x0 as f32 - x) as i16, (y0 as f32 - y) as i16);
    Some(Ink { width: x1 - x0, height: y1 - y0, pixels, left, top, coloured: true })
}

fn pixels(picture: &Pixmap) -> impl Iterator<Item = Color32> + '_ {
    let quads = picture.data_as_u8_slice().chunks_exact(4);
    quads.map(|px| Color32::from_rgba_premultiplied(px[0], px[1], px[2], px[3]))
}

fn hinter<'a>(
    hinting: &'a mut Hinting,
    outlines: &OutlineGlyphCollection<'_>,
    size: Size,
    location: LocationRef<'_>,
) -> Option<&'a HintingInstance> {
    if matches!(hinting, Hinting::Unknown) {
        let target =
            Target::Smooth { mode: SmoothMode::Normal, symmetric_rendering: true, preserve_linear_metrics: true };
        *hinting = HintingInstance::new(outlines, size, location, target).map_or(Hinting::None, Hinting::Some);
    }
    match hinting {
        Hinting::Some(instance) => Some(instance),
        Hinting::Unknown | Hinting::None => None,
    }
}

/// Collects an outline, with y turned to point down.
struct Pen {
    path: BezPath,
    shift: f64,
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> (f64, f64) {
        (f64::from(x) + self.shift, -f64::from(y))
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.at(x, y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.at(x, y));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.path.quad_to(self.at(cx, cy), self.at(x, y));
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.path.curve_to(self.at(cx0, cy0), self.at(cx1, cy1), self.at(x, y));
    }

    fn close(&mut self) {
        self.path.close_path();
    }
}

/// A stretch of round dots that can be repeated, `scale` pixels to the point. Two points high.
pub(super) fn dots(scale: f32) -> Ink {
    let period = (4.0 * scale).round().max(2.0);
    let (radius, middle) = (scale, scale);
    tile(period, 2.0 * scale, |x, y| (x % period - period / 2.0).hypot(y - middle) <= radius)
}

/// A stretch of a wave that can be repeated, `scale` pixels to the point. Four points high.
pub(super) fn wave(scale: f32) -> Ink {
    let period = (7.0 * scale).round().max(4.0);
    let (reach, half, middle) = (1.15 * scale, 0.75 * scale, 2.0 * scale);
    tile(period, 4.0 * scale, |x, y| {
        let turn = x / period * std::f32::consts::TAU;
        let slope = reach * std::f32::consts::TAU / period * turn.cos();
        (y - middle - reach * turn.sin()).abs() <= half * slope.hypot(1.0)
    })
}

/// Some periods of a pattern, from four by four samples a pixel.
fn tile(period: f32, height: f32, inside: impl Fn(f32, f32) -> bool) -> Ink {
    let width = (period * (64.0 / period).ceil()) as usize;
    let height = height.ceil() as usize;
    let sample = |i: usize| (i as f32 + 0.5) / 4.0;
    let coverage = |x: usize, y: usize| {
        let samples = (0..16).filter(|i| inside(x as f32 + sample(i % 4), y as f32 + sample(i / 4))).count();
        Color32::from_white_alpha((samples * 255 / 16) as u8)
    };
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| coverage(x, y)).collect();
    Ink { width, height, pixels, left: 0, top: 0, coloured: false }
}
