//! Holds the README to the truth: every command that it shows exists, with every flag it is shown with.
//! Never runs a shown command itself, only its `--help`.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may stop at the first surprise, and tells why it is skipped"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Lines of the README's shell blocks that begin with `program`, without prompt, comment and `&`.
fn shown_commands(program: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join("README.md")).unwrap();
    let text = text.replace("\\\n", " ");
    let mut inside = false;
    let mut commands = Vec::new();
    for line in text.lines() {
        if let Some(language) = line.trim().strip_prefix("```") {
            inside = matches!(language, "sh" | "console");
            continue;
        }
        let line = line.trim().trim_start_matches("$ ");
        let line = line.split(" #").next().unwrap_or(line).trim_end_matches('&').trim();
        if inside && (line == program || line.starts_with(&format!("{program} "))) {
            commands.push(line[program.len()..].trim().to_owned());
        }
    }
    commands
}

/// Asks for the help of a shown command, and looks its flags up in there.
fn check(program: &Path, shown: &str) {
    let words: Vec<&str> = shown.split_whitespace().collect();
    let leading = words.iter().take_while(|word| !word.starts_with('-'));
    let output = Command::new(program).args(leading).arg("--help").output().unwrap();
    let help = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "`{shown}`: {}", String::from_utf8_lossy(&output.stderr));
    for flag in words.iter().filter(|word| word.starts_with('-')) {
        let name = flag.split('=').next().unwrap_or(flag);
        let known =
            help.split(|letter: char| letter.is_whitespace() || ",[]=<".contains(letter)).any(|word| word == name);
        assert!(known, "`{shown}`: the help does not know {name}\n{help}");
    }
}

#[test]
fn every_task_that_the_readme_shows_exists() {
    let commands = shown_commands("cargo xtask");
    assert!(commands.len() >= 2, "the README no longer shows the two commands");
    for shown in commands {
        check(Path::new(env!("CARGO_BIN_EXE_xtask")), &shown);
    }
}

#[test]
fn every_sandmill_command_that_the_readme_shows_exists() {
    let Some(program) = std::env::var_os("SANDMILL_BIN") else {
        println!("skipped: SANDMILL_BIN is not set; `cargo xtask test` sets it");
        return;
    };
    let commands = shown_commands("sandmill");
    assert!(!commands.is_empty(), "the README no longer shows how to use the program");
    for shown in commands {
        check(Path::new(&program), &shown);
    }
}
