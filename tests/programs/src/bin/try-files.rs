//! A command that does to files what its arguments say.
//! Never stops at a refusal: it prints what came of each.
//!
//! `read PATH`, `write PATH`, `link TARGET NAME`, `hard-link PATH PATH`, `fill PATH BYTES`, in any number.

#![expect(clippy::print_stdout, reason = "a command speaks by printing")]

use std::io::Write as _;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut words = arguments.iter().map(String::as_str);
    while let Some(verb) = words.next() {
        let path = words.next().unwrap_or_default();
        let outcome = match verb {
            "read" => std::fs::read_to_string(path),
            "write" => std::fs::write(path, "written").map(|()| String::new()),
            "hard-link" => std::fs::hard_link(path, words.next().unwrap_or_default()).map(|()| String::new()),
            "link" => link(path, words.next().unwrap_or_default()),
            "fill" => fill(path, words.next().and_then(|bytes| bytes.parse().ok()).unwrap_or(0)),
            _ => Ok("unknown verb".to_owned()),
        };
        match outcome {
            Ok(text) => println!("{verb} {path}: ok {text}"),
            Err(error) => println!("{verb} {path}: {:?}", error.kind()),
        }
    }
}

/// Makes a symbolic link under `/outputs`; the standard library cannot.
fn link(target: &str, name: &str) -> std::io::Result<String> {
    let folders = wasip2::filesystem::preopens::get_directories();
    let (outputs, _) = folders.iter().find(|(_, path)| path == "/outputs").ok_or(std::io::ErrorKind::NotFound)?;
    let linked = outputs.symlink_at(target, name);
    linked.map(|()| String::new()).map_err(|code| std::io::Error::other(format!("{code:?}")))
}

fn fill(path: &str, mut bytes: u64) -> std::io::Result<String> {
    let piece = vec![0; 64 << 10];
    let mut file = std::fs::File::create(path)?;
    while bytes > 0 {
        let length = bytes.min(piece.len() as u64);
        file.write_all(&piece[..usize::try_from(length).unwrap_or(piece.len())])?;
        bytes -= length;
    }
    Ok(String::new())
}
