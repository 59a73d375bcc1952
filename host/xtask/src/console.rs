//! The console, built with the machine's Node into `host/console/dist`, where the binary's build finds it.
//! Never a reason to stop where there is no Node: the binary then holds a page that says how to get the console.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use registry_oci::Digest;

use crate::progress::Progress;
use crate::{packages, process, workspace};

/// The oldest Node that the console's tools run on.
const NODE_MIN: (u32, u32) = (20, 19);

/// What builds leave in the source folder and nobody reads as source.
const NOT_SOURCES: [&str; 1] = ["node_modules"];

/// Makes the console ready. Gives the reason where it cannot be had; an error where its source is at fault.
pub fn build() -> Result<Option<String>> {
    if let Err(reason) = node() {
        return Ok(Some(format!("the console: {reason}")));
    }
    if let Err(error) = install() {
        return Ok(Some(format!("the console: its packages could not be installed: {error:#}")));
    }
    let (stamp, wanted) = (stamp("built"), sources()?);
    if is_stamped(&stamp, &wanted) && dist().join("index.html").is_file() {
        return Ok(None);
    }
    let progress = Progress::begin("build the console");
    process::run(npm().args(["run", "--silent", "build"]))?;
    put(&stamp, &wanted)?;
    progress.end("built");
    Ok(None)
}

/// Types, lints, unit tests, and that the typed client is what the OpenAPI document says. To be called once
/// the console is built. What was found good is not looked at again before it changes.
pub fn check() -> Result<()> {
    let (stamp, wanted) = (stamp("checked"), sources()?);
    if is_stamped(&stamp, &wanted) {
        return Ok(());
    }
    process::run(npm().args(["run", "--silent", "check"]))?;
    put(&stamp, &wanted)
}

/// Writes the typed client anew from the OpenAPI document, or only compares the two.
pub fn codegen(only_check: bool) -> Result<()> {
    if let Err(reason) = node().map_err(anyhow::Error::msg).and_then(|()| install()) {
        eprintln!("the console's typed client is left as it is: {reason:#}");
        return Ok(());
    }
    let mut command = npm();
    command.args(["run", "--silent", "schema"]);
    if only_check {
        command.args(["--", "--check"]);
    }
    process::run(&mut command)
}

/// Whether there is a Node that is new enough; the reason where there is none.
fn node() -> Result<(), String> {
    let wanted = format!("Node {}.{} or newer with npm", NODE_MIN.0, NODE_MIN.1);
    if !packages::on_path("node") || !packages::on_path("npm") {
        return Err(format!("this machine has no {wanted}"));
    }
    let said = process::capture(Command::new("node").arg("--version")).map_err(|error| format!("{error:#}"))?;
    match version(&said) {
        Some(version) if version >= NODE_MIN => Ok(()),
        _ => Err(format!("it needs {wanted}, and this machine has {}", said.trim())),
    }
}

/// Major and minor number in `v20.19.2`.
fn version(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.trim().strip_prefix('v')?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// Installs what the lock file names, where it was not installed yet.
fn install() -> Result<()> {
    let lock = fs::read(web().join("package-lock.json")).context("reading the console's package-lock.json")?;
    let (stamp, wanted) = (stamp("installed"), Digest::sha256(&lock).to_string());
    if is_stamped(&stamp, &wanted) && web().join("node_modules").is_dir() {
        return Ok(());
    }
    let progress = Progress::begin("install the console's packages");
    process::run(npm().args(["ci", "--silent", "--ignore-scripts"]))?;
    put(&stamp, &wanted)?;
    progress.end("installed");
    Ok(())
}

/// What tells one state of the sources from another.
fn sources() -> Result<String> {
    let mut files = vec![workspace::root().join("host/api/openapi.json")];
    collect(&web(), &mut files)?;
    files.sort();
    let mut all = String::new();
    for file in files {
        let content = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
        all += &format!("{} {}\n", Digest::sha256(&content), file.display());
    }
    Ok(Digest::sha256(all.as_bytes()).to_string())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let entry = entry.context("reading a folder")?;
        if entry.path().is_file() {
            files.push(entry.path());
        } else if !NOT_SOURCES.iter().any(|name| entry.file_name() == *name) {
            collect(&entry.path(), files)?;
        }
    }
    Ok(())
}

fn web() -> PathBuf {
    workspace::root().join("host/console/web")
}

fn dist() -> PathBuf {
    workspace::root().join("host/console/dist")
}

fn stamp(name: &str) -> PathBuf {
    workspace::target().join("console").join(name)
}

fn is_stamped(stamp: &Path, wanted: &str) -> bool {
    fs::read_to_string(stamp).is_ok_and(|stamped| stamped == wanted)
}

fn put(stamp: &Path, wanted: &str) -> Result<()> {
    fs::create_dir_all(stamp.parent().unwrap_or(stamp)).context("making a folder under target")?;
    fs::write(stamp, wanted).with_context(|| format!("writing {}", stamp.display()))
}

fn npm() -> Command {
    let mut command = Command::new("npm");
    command.current_dir(web());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_compared() {
        assert_eq!(version("v20.19.2\n"), Some((20, 19)));
        assert!(version("v18.20.4").is_some_and(|old| old < NODE_MIN));
        assert!(version("v24.1.0").is_some_and(|new| new > NODE_MIN));
        assert_eq!(version("deno"), None);
    }
}
