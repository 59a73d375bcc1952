//! A command that copies `/inputs/text` to `/outputs/text`, in capitals.
//! Never writes elsewhere.

#![expect(clippy::print_stdout, reason = "a command speaks by printing")]

fn main() -> std::io::Result<()> {
    let text = std::fs::read_to_string("/inputs/text")?;
    println!("{} bytes", text.len());
    std::fs::write("/outputs/text", text.to_uppercase())
}
