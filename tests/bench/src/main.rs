//! Measures speed and memory, beside a peer where there is one; `cargo xtask bench` runs it.
//! Never asserts: a missed target is printed as missed, and the program still ends with success.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool for the terminal: stdout is data, stderr is talk"
)]

mod figure;
mod groups;
mod guest;
mod local_node;
mod peer;
mod statistics;

use std::env;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};

use figure::Figure;
use groups::Group;

/// Makes this program measure one group in its own process; used by the program itself only.
const ALONE: &str = "--alone";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let result = match arguments.as_slice() {
        [flag, group] if flag == ALONE => measure_alone(group),
        _ => measure_all(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// One process per group: a group's peak memory is then its own, and none warms another's caches.
fn measure_all(arguments: &[String]) -> Result<()> {
    let json = arguments.iter().any(|argument| argument == "--json");
    let named: Vec<&str> = arguments.iter().map(String::as_str).filter(|argument| *argument != "--json").collect();
    let chosen = if named.is_empty() { groups::ALL.iter().collect() } else { groups::find(&named)? };
    for Group { name, what, .. } in chosen {
        eprintln!("[{name}] {what}");
        let program = env::current_exe().context("finding this program")?;
        let output = Command::new(program).args([ALONE, name]).stdin(Stdio::null()).stderr(Stdio::inherit()).output();
        let output = output.with_context(|| format!("starting group {name}"))?;
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            if json {
                println!("{line}");
            } else {
                let figure: Figure =
                    serde_json::from_str(line).with_context(|| format!("group {name} said `{line}`"))?;
                println!("{figure}");
            }
        }
        if !output.status.success() {
            bail!("group {name} ended with {}", output.status);
        }
    }
    Ok(())
}

fn measure_alone(name: &str) -> Result<()> {
    let [group] = groups::find(&[name])?[..] else { bail!("one group at a time") };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting tokio")?;
    for figure in runtime.block_on((group.measure)())? {
        println!("{}", serde_json::to_string(&figure)?);
    }
    Ok(())
}
