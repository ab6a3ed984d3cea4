//! The program: the command line, and the window where it is built in.

use std::process::ExitCode;

use spanwright::cli::{self, Open, Screen};

fn main() -> ExitCode {
    cli::run(window, screen)
}

fn window(_: Open) -> Result<(), String> {
    Err("This build has no window; the command line works: spanwright --help".to_owned())
}

/// Draws the frames that `spanwright bench` measures.
#[cfg(feature = "app")]
fn screen() -> Option<Screen> {
    use spanwright::app::bench::Rehearsal;
    use spanwright::cli::Frame;

    let mut rehearsal = Rehearsal::new();
    Some(Box::new(move |frame| {
        match frame {
            Frame::Open(text, layer, schema) => rehearsal.open(text, layer, schema),
            Frame::Scroll(points) => rehearsal.scroll(points),
            Frame::Jump(place) => rehearsal.jump(place),
            Frame::Cold(place) => {
                rehearsal.forget_glyphs();
                rehearsal.jump(place);
            }
            Frame::Rest => {}
        }
        rehearsal.frame()
    }))
}

#[cfg(not(feature = "app"))]
fn screen() -> Option<Screen> {
    None
}
