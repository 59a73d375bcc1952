//! `sandmill key`: generate.
//! Never sends a key anywhere.

mod generate;

use crate::args::KeyCommand;
use crate::printer::Printer;
use crate::trouble::Outcome;

/// Carries one of them out.
pub fn key(command: KeyCommand, printer: &Printer) -> Outcome {
    match command {
        KeyCommand::Generate { name, into, plain } => generate::generate(&name, &into, plain, printer),
    }
}
