//! The `sandmill` binary: arguments become settings, settings become one command, its end an exit code.
//! Never does a room's work: commands call the server, the registry client or the node.

mod args;
mod commands;
mod document;
mod files;
mod format;
mod help;
mod keys;
mod live;
mod printer;
mod registry;
mod run_id;
mod settings;
mod table;
mod trouble;
mod upload;

use std::process::ExitCode;

use clap::Parser;

use crate::args::Arguments;
use crate::printer::Printer;
use crate::settings::Settings;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(refusal) => {
            // Help and version come this way too. Where even this cannot be printed, the code has to do.
            let _ = refusal.print();
            return ExitCode::from(u8::try_from(refusal.exit_code()).unwrap_or(trouble::Exit::Usage as u8));
        }
    };
    let printer = Printer::new(&arguments.global);
    let result = Settings::resolve(&arguments.global)
        .and_then(|settings| commands::carry_out(arguments.command, &settings, &printer));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            printer.trouble(&trouble);
            ExitCode::from(trouble.exit as u8)
        }
    }
}
