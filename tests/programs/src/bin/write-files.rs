//! A command that writes and copies files where it is told: `text TEXT FILE`, `copy FROM TO`, `variable NAME FILE`.
//! Never chooses a path itself.
#![expect(clippy::print_stdout, reason = "a command speaks by printing")]

use std::fs;
use std::io::{Error, Result};
use std::path::Path;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["text", text, file] => write(file, text.as_bytes()),
        ["copy", from, to] => {
            write(to, &fs::read(from)?)?;
            println!("copied {from} to {to}");
            Ok(())
        }
        ["variable", name, file] => write(file, std::env::var(name).unwrap_or_default().as_bytes()),
        ["nothing", ..] => Ok(()),
        other => Err(Error::other(format!("{other:?} says nothing to do"))),
    }
}

fn write(file: &str, content: &[u8]) -> Result<()> {
    if let Some(folder) = Path::new(file).parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, content)
}
