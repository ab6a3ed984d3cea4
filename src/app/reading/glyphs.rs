//! [`Atlas`]: one texture with every glyph on the page, filled as glyphs are first seen.

use std::collections::{HashMap, HashSet};

use egui::epaint::FontColorTransferFunction;
use egui::{Color32, ColorImage, Context, TextureHandle, TextureId, TextureOptions};

use super::ink::{self, Hinting, Ink};
use super::layout::{Glyph, Shaper};
use super::point::Paragraph;

/// A rectangle of the texture. No width: nothing to draw.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sprite {
    pub u: u16,
    pub v: u16,
    pub width: u16,
    pub height: u16,
    left: i16,
    top: i16,
    pub coloured: bool,
}

/// A glyph of a paragraph, ready to draw: whole pixels, from the left of the paragraph and from the baseline.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quad {
    pub x: i32,
    pub y: i32,
    pub sprite: Sprite,
    /// First byte of the grapheme it draws.
    pub at: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    /// The pen stands `bin` quarters of a pixel right of a pixel's edge.
    Glyph {
        face: u16,
        id: u32,
        bin: u8,
    },
    /// Pixels per point, as bits.
    Dots(u32),
    Wave(u32),
}

/// A strip of the texture for pictures of about the same height.
struct Shelf {
    top: usize,
    height: usize,
    used: usize,
}

pub(super) struct Atlas {
    image: ColorImage,
    texture: Option<TextureHandle>,
    shelves: Vec<Shelf>,
    sprites: HashMap<Key, Sprite>,
    hinting: Vec<Hinting>,
    /// The lowest and the highest row that changed since the texture was last sent.
    changed: Option<(usize, usize)>,
    largest: usize,
    dark: bool,
    /// Another number whenever earlier sprites are void.
    generation: u64,
    /// Generation and height of what was drawn first in a pass, and which pass that was.
    drawn: Option<(u64, usize, u64)>,
}

const WIDTH: usize = 2048;
/// Fewer new glyphs than this are drawn as they are found; more by several threads, though no more than this.
const MANY: usize = 96;
const HANDS: usize = 4;

impl Atlas {
    pub fn new() -> Self {
        let mut atlas = Self {
            image: ColorImage::filled([WIDTH, 256], Color32::TRANSPARENT),
            texture: None,
            shelves: Vec::new(),
            sprites: HashMap::new(),
            hinting: Vec::new(),
            changed: None,
            largest: 2048,
            dark: false,
            generation: 0,
            drawn: None,
        };
        atlas.clear();
        atlas
    }

    /// Call once a frame, before anything is drawn. Text on dark ground is drawn a little bolder: another theme needs
    /// other pictures.
    pub fn begin(&mut self, ctx: &Context, dark: bool) {
        self.largest = ctx.input(|input| input.max_texture_side).clamp(2048, 8192);
        if self.dark != dark {
            self.dark = dark;
            self.clear();
        }
    }

    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Forgets every picture.
    pub fn clear(&mut self) {
        self.generation += 1;
        self.sprites.clear();
        // Below the last shelf nothing was ever drawn.
        let used = self.shelves.last().map_or(4, |shelf| shelf.top + shelf.height);
        self.image.pixels[..used * WIDTH].fill(Color32::TRANSPARENT);
        // A white pixel, with white around it, for everything that is no glyph.
        self.shelves = vec![Shelf { top: 0, height: 4, used: 4 }];
        for y in 0..3 {
            self.image.pixels[y * WIDTH..y * WIDTH + 3].fill(Color32::WHITE);
        }
        let below = self.changed.map_or(0, |(_, high)| high);
        self.changed = Some((0, used.max(below)));
    }

    /// As [`Self::clear`], and the faces will mean others from now on.
    pub fn clear_faces(&mut self) {
        self.hinting.clear();
        self.clear();
    }

    /// Finds or draws every glyph of a paragraph. If the texture overflows on the way, it starts anew and
    /// [`Self::generation`] changes.
    pub fn quads(&mut self, paragraph: &Paragraph, text: &str, shaper: &Shaper) -> Vec<Quad> {
        let quad = |glyph: &Glyph| {
            let (key, x) = key(glyph, text);
            let sprite = match self.sprites.get(&key) {
                Some(sprite) => *sprite,
                None => self.draw_glyph(key, shaper),
            };
            let (x, y) = (x as i32 + i32::from(sprite.left), glyph.y.round() as i32 + i32::from(sprite.top));
            Quad { x, y, sprite, at: glyph.at }
        };
        paragraph.glyphs.iter().map(quad).collect()
    }

    /// Draws the glyphs of paragraphs that are not known yet, on all processors, where they are many: a page of Chinese has 700 that
    /// are all different, and each takes some 20 µs.
    pub fn ready<'a>(&mut self, paragraphs: impl Iterator<Item = (&'a Paragraph, &'a str)>, shaper: &Shaper) {
        let (mut seen, mut keys) = (HashSet::new(), Vec::new());
        for (paragraph, text) in paragraphs {
            for glyph in &paragraph.glyphs {
                let (key, _) = key(glyph, text);
                if !self.sprites.contains_key(&key) && seen.insert(key) {
                    keys.push(key);
                }
            }
        }
        let hands = std::thread::available_parallelism().map_or(1, usize::from).min(HANDS);
        if keys.len() < MANY || hands < 2 {
            return;
        }
        let parts: Vec<&[Key]> = keys.chunks(keys.len().div_ceil(hands)).collect();
        let drawn: Vec<Vec<Option<Ink>>> = std::thread::scope(|scope| {
            let others = parts[1..].iter().map(|part| scope.spawn(|| draw(part, &mut Vec::new(), shaper)));
            let others: Vec<_> = others.collect();
            let first = draw(parts[0], &mut self.hinting, shaper);
            // What a thread that broke down did not draw is drawn when it is looked for.
            std::iter::once(first).chain(others.into_iter().map(|other| other.join().unwrap_or_default())).collect()
        });
        for (part, inks) in parts.iter().zip(drawn) {
            for (key, ink) in part.iter().zip(inks) {
                let sprite = ink.map_or_else(Sprite::default, |ink| self.keep(&ink));
                self.sprites.insert(*key, sprite);
            }
        }
    }

    /// A stretch of dots that can be repeated; see [`ink::dots`].
    pub fn dots(&mut self, scale: f32) -> Sprite {
        self.find_or(Key::Dots(scale.to_bits()), || ink::dots(scale))
    }

    /// A stretch of a wave that can be repeated; see [`ink::wave`].
    pub fn wave(&mut self, scale: f32) -> Sprite {
        self.find_or(Key::Wave(scale.to_bits()), || ink::wave(scale))
    }

    fn find_or(&mut self, key: Key, draw: impl FnOnce() -> Ink) -> Sprite {
        if let Some(sprite) = self.sprites.get(&key) {
            return *sprite;
        }
        let sprite = self.keep(&draw());
        self.sprites.insert(key, sprite);
        sprite
    }

    fn draw_glyph(&mut self, key: Key, shaper: &Shaper) -> Sprite {
        let ink = draw_one(key, &mut self.hinting, shaper);
        let sprite = ink.map_or_else(Sprite::default, |ink| self.keep(&ink));
        self.sprites.insert(key, sprite);
        sprite
    }

    /// Copies a picture into the texture.
    fn keep(&mut self, ink: &Ink) -> Sprite {
        let (x, y) = self.place(ink.width, ink.height);
        let transfer = match self.dark {
            _ if ink.coloured => FontColorTransferFunction::Off,
            false => FontColorTransferFunction::LIGHT_MODE_DEFAULT,
            true => FontColorTransferFunction::DARK_MODE_DEFAULT,
        };
        for (row, pixels) in ink.pixels.chunks_exact(ink.width).enumerate() {
            let at = (y + row) * WIDTH + x;
            for (to, &pixel) in self.image.pixels[at..at + ink.width].iter_mut().zip(pixels) {
                *to = transfer.to_atlas_color(pixel);
            }
        }
        let (low, high) = self.changed.unwrap_or((y, y));
        self.changed = Some((low.min(y), high.max(y + ink.height)));
        let (width, height) = (ink.width as u16, ink.height as u16);
        Sprite { u: x as u16, v: y as u16, width, height, left: ink.left, top: ink.top, coloured: ink.coloured }
    }

    /// Room for a picture and a pixel around it, on the lowest shelf that fits. Grows the texture, then starts anew.
    fn place(&mut self, width: usize, height: usize) -> (usize, usize) {
        let (needed, rounded) = (width + 1, (height + 1).next_multiple_of(4));
        if let Some(shelf) =
            self.shelves.iter_mut().find(|shelf| shelf.height == rounded && shelf.used + needed <= WIDTH)
        {
            let x = shelf.used;
            shelf.used += needed;
            return (x, shelf.top);
        }
        let top = self.shelves.last().map_or(0, |shelf| shelf.top + shelf.height);
        if top + rounded > self.image.height() {
            let taller = (self.image.height() * 2).min(self.largest);
            if top + rounded > taller {
                self.clear();
                return self.place(width, height);
            }
            self.image.pixels.resize(WIDTH * taller, Color32::TRANSPARENT);
            self.image.size = [WIDTH, taller];
            self.image.source_size = egui::vec2(WIDTH as f32, taller as f32);
            self.changed = Some((0, taller));
        }
        self.shelves.push(Shelf { top, height: rounded, used: needed });
        (0, top)
    }

    /// Sends what changed. Returns the texture, and what turns its pixels into texture coordinates.
    pub fn send(&mut self, ctx: &Context) -> (TextureId, egui::Vec2) {
        let options = TextureOptions::LINEAR;
        let size = self.image.size;
        let (pass, now) = (ctx.cumulative_pass_nr(), (self.generation, size[1]));
        match self.drawn {
            Some((generation, height, then)) if then == pass && (generation, height) != now => {
                // What was drawn before in this pass shows other pictures now.
                ctx.request_discard("the page's texture was made anew");
            }
            Some((.., then)) if then == pass => {}
            _ => self.drawn = Some((now.0, now.1, pass)),
        }
        if let Some((low, high)) = self.changed.take() {
            match &mut self.texture {
                Some(texture) if texture.size() == size && high - low < size[1] => {
                    let pixels = self.image.pixels[low * WIDTH..high * WIDTH].to_vec();
                    texture.set_partial([0, low], ColorImage::new([WIDTH, high - low], pixels), options);
                }
                Some(texture) => texture.set(self.image.clone(), options),
                None => self.texture = Some(ctx.load_texture("page", self.image.clone(), options)),
            }
        }
        let id = self.texture.as_ref().map_or(TextureId::default(), TextureHandle::id);
        (id, egui::vec2(1.0 / size[0] as f32, 1.0 / size[1] as f32))
    }
}

fn draw(keys: &[Key], hinting: &mut Vec<Hinting>, shaper: &Shaper) -> Vec<Option<Ink>> {
    keys.iter().map(|key| draw_one(*key, hinting, shaper)).collect()
}

fn draw_one(key: Key, hinting: &mut Vec<Hinting>, shaper: &Shaper) -> Option<Ink> {
    let Key::Glyph { face, id, bin } = key else { return None };
    let index = usize::from(face);
    if hinting.len() <= index {
        hinting.resize_with(index + 1, Hinting::default);
    }
    ink::glyph(shaper.face(face), &mut hinting[index], id, f32::from(bin) / 4.0)
}

/// Which picture a glyph needs, and the pixel it stands at.
fn key(glyph: &Glyph, text: &str) -> (Key, f32) {
    let whole = text[glyph.at as usize..].chars().next().is_some_and(is_square);
    let (x, bin) = if whole { (glyph.x.round(), 0) } else { quarter(glyph.x) };
    (Key::Glyph { face: glyph.face, id: glyph.id, bin }, x)
}

/// The whole pixel left of `x`, and the nearest quarter from there.
fn quarter(x: f32) -> (f32, u8) {
    let quarters = (x * 4.0).round();
    let whole = (quarters / 4.0).floor();
    (whole, (quarters - whole * 4.0) as u8)
}

/// Scripts of thousands of square signs, which would fill the texture four times over and gain nothing by it.
fn is_square(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}'
        | '\u{FF00}'..='\u{FFEF}' | '\u{1F000}'..='\u{1FAFF}' | '\u{20000}'..='\u{3FFFF}')
}
