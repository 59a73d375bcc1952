//! `sandmill completions`: a script for the shell.
//! Never installs it.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Arguments;
use crate::printer::Printer;
use crate::trouble::Outcome;

/// Prints the script.
pub fn completions(shell: Shell, printer: &Printer) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "sandmill", &mut script);
    printer.data(String::from_utf8_lossy(&script).trim_end())
}
