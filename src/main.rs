//! The program: the command line, and the window where it is built in.

use std::process::ExitCode;

use spanwright::cli::{self, Open};

fn main() -> ExitCode {
    cli::run(window)
}

fn window(_: Open) -> Result<(), String> {
    Err("This build has no window; the command line works: spanwright --help".to_owned())
}
