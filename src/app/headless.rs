//! [`Headless`]: the window without a display. Runs frames of egui with events that were made up, and takes pictures.

use std::sync::Arc;

use egui::{
    Color32, ColorImage, Context, DroppedFileHandle, Event, HoveredFile, Pos2, RawInput, Rect, Ui, Vec2,
    ViewportCommand, ViewportEvent, ViewportId,
};

use super::fonts;
use super::raster::Raster;

/// A screen of a certain size whose clock stands still unless it is told to go on.
#[allow(missing_debug_implementations, reason = "egui's context is too large to print")]
pub struct Headless {
    pub ctx: Context,
    /// Files that are held over the window.
    pub hovered: Vec<HoveredFile>,
    /// Files that are dropped on it in the next frame.
    pub dropped: Vec<DroppedFileHandle>,
    /// The system asks the window to close in the next frame.
    pub closing: bool,
    /// What the last frame asked of the system's window.
    pub commands: Vec<ViewportCommand>,
    raster: Raster,
    size: Vec2,
    scale: f32,
    time: f64,
}

impl Headless {
    /// `size` in points, `scale` physical pixels to the point. Only fonts inside the binary.
    pub fn new(size: Vec2, scale: f32, dark: bool) -> Self {
        let ctx = Context::default();
        ctx.set_fonts(fonts::definitions());
        ctx.set_theme(if dark { egui::Theme::Dark } else { egui::Theme::Light });
        Self {
            ctx,
            hovered: Vec::new(),
            dropped: Vec::new(),
            closing: false,
            commands: Vec::new(),
            raster: Raster::default(),
            size,
            scale,
            time: 0.0,
        }
    }

    /// Also fonts of the system, as the window has them: for scripts whose fonts are too large to carry.
    pub fn use_system_fonts(&mut self) {
        self.ctx.add_font_provider(Arc::new(egui_system_font_provider::SystemFontProvider::new()));
    }

    pub fn resize(&mut self, size: Vec2, scale: f32) {
        (self.size, self.scale) = (size, scale);
    }

    /// Lets `seconds` pass before the next frame.
    pub fn wait(&mut self, seconds: f64) {
        self.time += seconds;
    }

    /// Runs one frame. Returns whether it asks for another one soon.
    pub fn frame(&mut self, events: Vec<Event>, ui: impl FnMut(&mut Ui)) -> bool {
        let output = self.run(events, ui);
        let delay = output.viewport_output.get(&ViewportId::ROOT).map(|viewport| viewport.repaint_delay);
        self.raster.update(output.textures_delta);
        delay.is_some_and(|delay| delay.as_secs() < 1)
    }

    /// Runs one frame as far as a graphics card would get it: textures and triangles. Returns whether it asks for another one soon.
    pub fn prepare(&mut self, events: Vec<Event>, ui: impl FnMut(&mut Ui)) -> bool {
        let output = self.run(events, ui);
        let delay = output.viewport_output.get(&ViewportId::ROOT).map(|viewport| viewport.repaint_delay);
        self.raster.update(output.textures_delta);
        drop(self.ctx.tessellate(output.shapes, output.pixels_per_point));
        delay.is_some_and(|delay| delay.as_secs() < 1)
    }

    /// Runs one frame and draws it.
    pub fn picture(&mut self, events: Vec<Event>, ground: Color32, ui: impl FnMut(&mut Ui)) -> ColorImage {
        let output = self.run(events, ui);
        self.raster.update(output.textures_delta);
        let primitives = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        let pixels = (self.size * self.scale).round();
        self.raster.paint([pixels.x as usize, pixels.y as usize], self.scale, &primitives, ground)
    }

    /// Runs one frame as if a screen reader were listening, and returns what it would be told.
    pub fn described(&mut self, ui: impl FnMut(&mut Ui)) -> Option<accesskit::TreeUpdate> {
        self.ctx.enable_accesskit();
        let output = self.run(Vec::new(), ui);
        self.ctx.disable_accesskit();
        self.raster.update(output.textures_delta);
        output.platform_output.accesskit_update
    }

    fn run(&mut self, events: Vec<Event>, ui: impl FnMut(&mut Ui)) -> egui::FullOutput {
        let mut input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, self.size)),
            max_texture_side: Some(8192),
            time: Some(self.time),
            events,
            hovered_files: self.hovered.clone(),
            dropped_files: std::mem::take(&mut self.dropped),
            ..RawInput::default()
        };
        if let Some(viewport) = input.viewports.get_mut(&ViewportId::ROOT) {
            viewport.native_pixels_per_point = Some(self.scale);
            viewport.events.extend(std::mem::take(&mut self.closing).then_some(ViewportEvent::Close));
        }
        self.time += 1.0 / 60.0;
        let mut output = self.ctx.run_ui(input, ui);
        let root = output.viewport_output.get_mut(&ViewportId::ROOT);
        self.commands = root.map(|viewport| std::mem::take(&mut viewport.commands)).unwrap_or_default();
        output
    }
}
