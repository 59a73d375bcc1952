//! A command that exits with the status that its first argument names.
//! Never writes a file.

#![expect(clippy::print_stderr, reason = "a command speaks by printing")]

fn main() {
    let status = std::env::args().nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    eprintln!("leaving with {status}");
    std::process::exit(status);
}
