//! [`run`]: the system's window around [`Window`].

use std::cell::Cell;
use std::rc::Rc;

use egui::{Ui, ViewportBuilder, vec2};

use super::window::{StartUp, Window};

/// Opens the window and returns when it is closed. Without a display or a graphics library: one sentence that says what to install;
/// where the display goes away under it, one that says that nothing is lost. An X11 server that goes away ends the process inside
/// libX11, with its own sentence and status 1: whatever the status bar called saved is on disk by then, here as there.
pub fn run(start: StartUp) -> Result<(), String> {
    displays()?;
    let left = start.settings.window.unwrap_or_default();
    let size = vec2(left.width.clamp(420.0, 10_000.0), left.height.clamp(320.0, 10_000.0));
    let options = eframe::NativeOptions {
        viewport: ViewportBuilder::default()
            .with_title("Spanwright")
            .with_app_id("spanwright")
            .with_inner_size(size)
            .with_maximized(left.maximised)
            .with_min_inner_size(vec2(420.0, 320.0))
            .with_drag_and_drop(true),
        renderer: eframe::Renderer::Glow,
        ..eframe::NativeOptions::default()
    };
    let seen = Rc::new(Cell::new(false));
    let begun = Rc::clone(&seen);
    let opened = eframe::run_native(
        "spanwright",
        options,
        Box::new(move |made| {
            begun.set(true);
            Ok(Box::new(Native(Window::new(&made.egui_ctx, start))))
        }),
    );
    opened.map_err(|error| if seen.get() { gone(&error.to_string()) } else { sentence(&error) })
}

struct Native(Window);

impl eframe::App for Native {
    fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
        self.0.frame(ui);
    }

    fn on_exit(&mut self, _: Option<&eframe::glow::Context>) {
        self.0.close();
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}

/// The window was open, and its display went away.
fn gone(why: &str) -> String {
    format!("The display went away: {why}. Everything up to the last change is saved; open the project again to go on")
}

const COMMAND_LINE: &str = "The command line works without it: spanwright --help";

/// On Linux, asks before winit does: its own words do not say what to do.
fn displays() -> Result<(), String> {
    if !cfg!(any(target_os = "linux", target_os = "freebsd", target_os = "openbsd", target_os = "netbsd")) {
        return Ok(());
    }
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if set("WAYLAND_DISPLAY") || set("WAYLAND_SOCKET") || set("DISPLAY") {
        return Ok(());
    }
    Err(format!("There is no display to open a window on: neither WAYLAND_DISPLAY nor DISPLAY is set. {COMMAND_LINE}"))
}

fn sentence(error: &eframe::Error) -> String {
    let why = error.to_string();
    // winit begins with the place in its own source.
    let why = why.rsplit_once(".rs:").and_then(|(_, rest)| rest.split_once(": ")).map_or(why.as_str(), |(_, why)| why);
    match error {
        eframe::Error::Winit(_) | eframe::Error::WinitEventLoop(_) => format!(
            "The window could not be opened: {why}. It needs Wayland, or X11 with libX11, libXcursor, libXi and libxkbcommon-x11 \
             (Debian: libx11-6 libxcursor1 libxi6 libxkbcommon-x11-0). {COMMAND_LINE}"
        ),
        eframe::Error::Glutin(_) | eframe::Error::NoGlutinConfigs(..) | eframe::Error::OpenGL(_) => format!(
            "The window needs OpenGL, which could not be started: {why}. Install libEGL and libGL \
             (Debian: libegl1 libgl1 libgl1-mesa-dri). {COMMAND_LINE}"
        ),
        eframe::Error::AppCreation(why) => format!("The window could not be opened: {why}. {COMMAND_LINE}"),
    }
}
