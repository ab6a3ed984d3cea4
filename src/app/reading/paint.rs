//! [`Sheet`]: what the page draws in a frame, in whole pixels, collected into one mesh so that it is sent at once.

use egui::{Color32, CornerRadius, Mesh, Painter, Pos2, Rect, Shape, Stroke, TextureId, Vec2, pos2, vec2};

use super::Pattern;
use super::glyphs::{Quad, Sprite};

/// All lengths are physical pixels of the screen.
pub(super) struct Sheet {
    pub scale: f32,
    /// Fills behind everything else.
    fills: Vec<Shape>,
    mesh: Mesh,
    texel: Vec2,
    dots: Sprite,
    wave: Sprite,
}

impl Sheet {
    pub fn new(scale: f32, texture: (TextureId, Vec2), dots: Sprite, wave: Sprite) -> Self {
        let (texture, texel) = texture;
        Self { scale, fills: Vec::new(), mesh: Mesh::with_texture(texture), texel, dots, wave }
    }

    pub fn show(self, painter: &Painter) {
        painter.extend(self.fills);
        painter.add(Shape::mesh(self.mesh));
    }

    /// Behind all text, with round corners where `round` says so (left, right).
    pub fn fill(&mut self, rect: Rect, round: (bool, bool), colour: Color32) {
        let radius = |round: bool| if round { 3 } else { 0 };
        let (left, right) = (radius(round.0), radius(round.1));
        let corners = CornerRadius { nw: left, sw: left, ne: right, se: right };
        self.fills.push(Shape::rect_filled(rect / self.scale, corners, colour));
    }

    /// A small ring, `radius` points to the middle of its stroke.
    pub fn ring(&mut self, at: Pos2, radius: f32, colour: Color32) {
        self.fills.push(Shape::circle_stroke(at / self.scale, radius, Stroke::new(1.5, colour)));
    }

    pub fn rect(&mut self, x0: f32, y0: f32, x1: f32, y1: f32, colour: Color32) {
        if x1 <= x0 || y1 <= y0 {
            return;
        }
        // The middle of the white corner of the texture.
        let white = pos2(1.5 * self.texel.x, 1.5 * self.texel.y);
        self.quad(Rect::from_min_max(pos2(x0, y0), pos2(x1, y1)), Rect::from_min_max(white, white), colour);
    }

    /// A glyph of a row that begins at `x` and has its baseline at `base`, both whole.
    pub fn glyph(&mut self, quad: &Quad, x: f32, base: f32, colour: Color32) {
        let sprite = quad.sprite;
        if sprite.width == 0 {
            return;
        }
        let at = pos2(x + quad.x as f32, base + quad.y as f32);
        let colour = if sprite.coloured { Color32::WHITE } else { colour };
        self.sprite(sprite, at, 0.0, f32::from(sprite.width), colour);
    }

    /// The part of a sprite from column `from` on that is `width` wide.
    fn sprite(&mut self, sprite: Sprite, at: Pos2, from: f32, width: f32, colour: Color32) {
        let size = vec2(width, f32::from(sprite.height));
        let corner = vec2(f32::from(sprite.u) + from, f32::from(sprite.v));
        let uv = Rect::from_min_size((corner * self.texel).to_pos2(), size * self.texel);
        self.quad(Rect::from_min_size(at, size), uv, colour);
    }

    fn quad(&mut self, rect: Rect, uv: Rect, colour: Color32) {
        self.mesh.add_rect_with_uv(rect / self.scale, uv, colour);
    }

    /// The line under a span from `x0` to `x1`, with its upper edge at `y`. Two points high; dashes are thin unless
    /// `strong`.
    pub fn line(&mut self, pattern: Pattern, x0: f32, x1: f32, y: f32, strong: bool, colour: Color32) {
        let px = |points: f32| (points * self.scale).round().max(1.0);
        match pattern {
            Pattern::Solid => self.rect(x0, y, x1, y + px(2.0), colour),
            Pattern::Double => {
                let thin = px(1.0);
                self.rect(x0, y, x1, y + thin, colour);
                self.rect(x0, y + 2.0 * thin, x1, y + 3.0 * thin, colour);
            }
            Pattern::Dotted => self.tiles(self.dots, x0, x1, y, colour),
            Pattern::Wavy => self.tiles(self.wave, x0, x1, y - px(1.0), colour),
            Pattern::Dashed => {
                let (dash, period) = (px(5.0), px(8.0));
                let height = px(if strong { 2.0 } else { 1.0 });
                let mut x = x0;
                while x < x1 {
                    self.rect(x, y, (x + dash).min(x1), y + height, colour);
                    x += period;
                }
            }
        }
    }

    /// Repeats a pattern from `x0` on.
    fn tiles(&mut self, sprite: Sprite, x0: f32, x1: f32, y: f32, colour: Color32) {
        let width = f32::from(sprite.width);
        if width == 0.0 {
            return;
        }
        let mut x = x0;
        while x < x1 {
            let from = (x - x0).rem_euclid(width);
            let end = (x + width - from).min(x1);
            self.sprite(sprite, pos2(x, y), from, end - x, colour);
            x = end;
        }
    }
}
