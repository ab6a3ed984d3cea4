//! `spanwright completions` and `spanwright man`: made from the same description of the command line as its help.

use std::io::Write as _;

use super::args::command;
use super::manners::{Done, Outcome, unheard};

pub(super) fn completions(shell: clap_complete::Shell) -> Outcome {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut command(), "spanwright", &mut out);
    std::io::stdout().write_all(&out).map_err(|error| unheard(&error))?;
    Ok(Done::Fully)
}

/// One page: the program, and each subcommand with its options.
pub(super) fn man() -> Outcome {
    let mut out = Vec::new();
    let mut all = command();
    all.build();
    clap_mangen::Man::new(all.clone()).render(&mut out)?;
    for sub in all.get_subcommands().filter(|sub| sub.get_name() != "help") {
        let name = sub.get_name().to_uppercase();
        writeln!(out, ".SH \"SPANWRIGHT {name}\"")?;
        let man = clap_mangen::Man::new(sub.clone());
        man.render_synopsis_section(&mut out)?;
        man.render_description_section(&mut out)?;
        man.render_options_section(&mut out)?;
    }
    std::io::stdout().write_all(&out).map_err(|error| unheard(&error))?;
    Ok(Done::Fully)
}
