//! [`Raster`]: draws what egui tessellated on the CPU, the same bytes on every machine. For screenshots and tests without
//! a display.
//!
//! It blends as egui's OpenGL painter does: premultiplied colours, texture times vertex colour, all in gamma space.

use std::collections::HashMap;

use egui::epaint::{ClippedPrimitive, ImageData, ImageDelta, Mesh, Primitive, Vertex};
use egui::{Color32, ColorImage, Rect, TextureFilter, TextureId, TexturesDelta, vec2};

/// Textures that egui has handed over so far.
#[derive(Debug, Default)]
pub struct Raster {
    textures: HashMap<TextureId, Texture>,
}

#[derive(Debug)]
struct Texture {
    image: ColorImage,
    linear: bool,
}

impl Raster {
    /// Takes in the textures of a frame; call for every frame, drawn or not.
    pub fn update(&mut self, mut delta: TexturesDelta) {
        for (id, deltas) in delta.set.drain() {
            for delta in deltas {
                self.set(id, delta);
            }
        }
        for id in delta.free.drain() {
            self.textures.remove(&id);
        }
    }

    fn set(&mut self, id: TextureId, delta: ImageDelta) {
        let ImageData::Color(image) = delta.image;
        let linear = delta.options.magnification == TextureFilter::Linear;
        match (delta.pos, self.textures.get_mut(&id)) {
            (Some([x, y]), Some(Texture { image: whole, .. })) => {
                let width = whole.width();
                for (row, pixels) in image.pixels.chunks_exact(image.width().max(1)).enumerate() {
                    let at = (y + row) * width + x;
                    whole.pixels[at..at + pixels.len()].copy_from_slice(pixels);
                }
            }
            _ => {
                self.textures.insert(id, Texture { image: (*image).clone(), linear });
            }
        }
    }

    /// A picture of `size` physical pixels.
    pub fn paint(&self, size: [usize; 2], scale: f32, primitives: &[ClippedPrimitive], ground: Color32) -> ColorImage {
        let mut picture = Picture { width: size[0], pixels: vec![ground; size[0] * size[1]] };
        let whole = Rect::from_min_size(egui::Pos2::ZERO, vec2(size[0] as f32, size[1] as f32));
        for ClippedPrimitive { clip_rect, primitive } in primitives {
            let Primitive::Mesh(mesh) = primitive else { continue };
            let Some(texture) = self.textures.get(&mesh.texture_id) else { continue };
            let clip = (*clip_rect * scale).intersect(whole);
            let clip = Clip {
                x0: clip.left().round().max(0.0) as usize,
                y0: clip.top().round().max(0.0) as usize,
                x1: clip.right().round().max(0.0) as usize,
                y1: clip.bottom().round().max(0.0) as usize,
            };
            if clip.x0 < clip.x1 && clip.y0 < clip.y1 {
                picture.mesh(mesh, scale, &clip, texture);
            }
        }
        ColorImage::new(size, picture.pixels)
    }
}

/// As a PNG file.
pub fn png(image: &ColorImage) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, image.width() as u32, image.height() as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let rgb: Vec<u8> = image.pixels.iter().flat_map(|pixel| [pixel.r(), pixel.g(), pixel.b()]).collect();
    encoder.write_header()?.write_image_data(&rgb)?;
    Ok(file)
}

/// Physical pixels, half open.
struct Clip {
    x0: usize,
    y0: usize,
    x1: usize,
    y1: usize,
}

struct Picture {
    width: usize,
    pixels: Vec<Color32>,
}

/// What varies over a triangle: colour (premultiplied, 0 to 255) and place in the texture (texels).
type Varying = [f32; 6];

impl Picture {
    fn mesh(&mut self, mesh: &Mesh, scale: f32, clip: &Clip, texture: &Texture) {
        for [a, b, c] in mesh.triangles() {
            let corners = [a, b, c].map(|index| mesh.vertices[index as usize]);
            let points = corners.map(|vertex| [vertex.pos.x * scale, vertex.pos.y * scale]);
            let flat = corners.iter().all(|vertex| vertex.uv == corners[0].uv && vertex.color == corners[0].color);
            if flat {
                let colour = shade(varying(&corners[0], texture), texture);
                self.flat(points, clip, colour);
            } else {
                self.shaded(points, corners.map(|vertex| varying(&vertex, texture)), clip, texture);
            }
        }
    }

    fn flat(&mut self, points: [[f32; 2]; 3], clip: &Clip, colour: [f32; 4]) {
        let opaque = colour[3] >= 254.99;
        let solid = colour.map(|channel| (channel + 0.5) as u8);
        let solid = Color32::from_rgba_premultiplied(solid[0], solid[1], solid[2], solid[3]);
        each_row(points, clip, |y, x0, x1| {
            let row = &mut self.pixels[y * self.width + x0..y * self.width + x1];
            if opaque {
                row.fill(solid);
            } else if is_seen(colour) {
                for pixel in row {
                    blend(pixel, colour);
                }
            }
        });
    }

    fn shaded(&mut self, points: [[f32; 2]; 3], varyings: [Varying; 3], clip: &Clip, texture: &Texture) {
        let [a, b, c] = points;
        let (ab, ac) = ([b[0] - a[0], b[1] - a[1]], [c[0] - a[0], c[1] - a[1]]);
        let area = ab[0] * ac[1] - ab[1] * ac[0];
        if area == 0.0 {
            return;
        }
        let [va, vb, vc] = varyings;
        let mut by_x = [0.0; 6];
        let mut by_y = [0.0; 6];
        for i in 0..6 {
            let (db, dc) = (vb[i] - va[i], vc[i] - va[i]);
            by_x[i] = (db * ac[1] - dc * ab[1]) / area;
            by_y[i] = (dc * ab[0] - db * ac[0]) / area;
        }
        each_row(points, clip, |y, x0, x1| {
            let down = y as f32 + 0.5 - a[1];
            for x in x0..x1 {
                let right = x as f32 + 0.5 - a[0];
                let mut here = va;
                for i in 0..6 {
                    here[i] += by_x[i] * right + by_y[i] * down;
                }
                let colour = shade(here, texture);
                if is_seen(colour) {
                    blend(&mut self.pixels[y * self.width + x], colour);
                }
            }
        });
    }
}

/// Calls `fill` with each row of pixels whose centres lie in the triangle. Triangles that share an edge share no pixel
/// and leave none out.
fn each_row(mut points: [[f32; 2]; 3], clip: &Clip, mut fill: impl FnMut(usize, usize, usize)) {
    points.sort_by(|a, b| a[1].total_cmp(&b[1]).then(a[0].total_cmp(&b[0])));
    let [top, middle, bottom] = points;
    // The first pixel whose centre is not before `at`.
    let first = |at: f32, low: usize, high: usize| ((at - 0.5).ceil().max(0.0) as usize).clamp(low, high);
    let (y0, y1) = (first(top[1], clip.y0, clip.y1), first(bottom[1], clip.y0, clip.y1));
    for y in y0..y1 {
        let centre = y as f32 + 0.5;
        let on = |from: [f32; 2], to: [f32; 2]| from[0] + (to[0] - from[0]) * ((centre - from[1]) / (to[1] - from[1]));
        let long = on(top, bottom);
        let short = if centre < middle[1] { on(top, middle) } else { on(middle, bottom) };
        let (left, right) = (long.min(short), long.max(short));
        let (x0, x1) = (first(left, clip.x0, clip.x1), first(right, clip.x0, clip.x1));
        if x0 < x1 {
            fill(y, x0, x1);
        }
    }
}

fn varying(vertex: &Vertex, texture: &Texture) -> Varying {
    let [r, g, b, a] = vertex.color.to_array().map(f32::from);
    let [width, height] = texture.image.size;
    [r, g, b, a, vertex.uv.x * width as f32, vertex.uv.y * height as f32]
}

/// Vertex colour times texture.
fn shade(here: Varying, texture: &Texture) -> [f32; 4] {
    let texel = sample(texture, here[4], here[5]);
    std::array::from_fn(|channel| here[channel] * texel[channel])
}

/// The texture at a place given in texels, 0 to 1.
fn sample(texture: &Texture, u: f32, v: f32) -> [f32; 4] {
    let [width, height] = texture.image.size;
    let at = |x: f32, y: f32| {
        let x = (x.max(0.0) as usize).min(width - 1);
        let y = (y.max(0.0) as usize).min(height - 1);
        texture.image.pixels[y * width + x].to_array().map(|channel| f32::from(channel) / 255.0)
    };
    if !texture.linear {
        return at(u.floor(), v.floor());
    }
    let (x, y) = (u - 0.5, v - 0.5);
    let (left, top) = (x.floor(), y.floor());
    let (right, down) = (x - left, y - top);
    // In the middle of a texel, give or take what single precision makes of it.
    let near = |part: f32| !(0.002..=0.998).contains(&part);
    if near(right) && near(down) {
        return at(x.round(), y.round());
    }
    let mix = |a: [f32; 4], b: [f32; 4], t: f32| std::array::from_fn(|i| a[i] + (b[i] - a[i]) * t);
    let above = mix(at(left, top), at(left + 1.0, top), right);
    let below = mix(at(left, top + 1.0), at(left + 1.0, top + 1.0), right);
    mix(above, below, down)
}

/// Colours may add light without covering anything.
fn is_seen(colour: [f32; 4]) -> bool {
    colour.iter().any(|&channel| channel > 0.0)
}

fn blend(pixel: &mut Color32, colour: [f32; 4]) {
    let rest = 1.0 - colour[3] / 255.0;
    let before = pixel.to_array();
    let [r, g, b, a] = std::array::from_fn(|i| (colour[i] + f32::from(before[i]) * rest + 0.5).min(255.0) as u8);
    *pixel = Color32::from_rgba_premultiplied(r, g, b, a);
}
