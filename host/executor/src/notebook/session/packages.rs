//! Packages that a session asks for: lines `%pip install …` at the top of a cell, carried out by the host.
//! Never runs pip or anything of a package: wheels are resolved and unpacked as they are for steps, and lent for reading.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use host_base::{Code, Failure};
use host_cap_kernel::ErrorReport;
use host_wheels::Wheels;
use registry_oci::Digest;

/// How such a line begins, as notebooks have it.
const COMMANDS: [&str; 2] = ["%pip", "!pip"];
/// What changes nothing here: nothing is said but what was done, and the newest that fits is taken in any case.
const IGNORED_OPTIONS: [&str; 5] = ["-q", "--quiet", "-U", "--upgrade", "--disable-pip-version-check"];
/// Packages of one session; a pipeline's step or a kernel of one's own is for more.
const PACKAGES_MAX: usize = 500;

/// A cell's lines for the host, and what is left of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) requirements: Vec<String>,
    /// The cell with those lines empty, so that tracebacks keep their numbers.
    pub(super) code: String,
}

/// The packages of one session.
#[derive(Debug)]
pub(super) struct Packages {
    /// The folder that the guest sees, and one beside it where a package is made ready.
    folder: PathBuf,
    unfinished: PathBuf,
    /// By name: the content, and the number that is its folder's name.
    installed: BTreeMap<String, (Digest, u32)>,
    next: u32,
}

/// What a cell asks for at its top; none where it asks for nothing.
///
/// # Errors
/// When such a line says what cannot be done here.
pub(super) fn wanted(code: &str) -> Option<Result<Wanted, ErrorReport>> {
    let is_command = |line: &str| COMMANDS.iter().any(|command| line.split_whitespace().next() == Some(command));
    // Further down, the line could be part of a text.
    let top = |line: &&str| line.trim().is_empty() || line.starts_with('#') || is_command(line);
    let lines: Vec<&str> = code.lines().take_while(top).filter(|line| is_command(line)).collect();
    if lines.is_empty() {
        return None;
    }
    let mut requirements = Vec::new();
    for line in &lines {
        match arguments(line) {
            Ok(found) => requirements.extend(found),
            Err(report) => return Some(Err(report)),
        }
    }
    let mut left = lines.len();
    let kept = code.lines().map(|line| {
        let is_one = left > 0 && is_command(line);
        left -= usize::from(is_one);
        if is_one { "" } else { line }
    });
    Some(Ok(Wanted { requirements, code: kept.collect::<Vec<_>>().join("\n") }))
}

/// The requirements of one line.
fn arguments(line: &str) -> Result<Vec<String>, ErrorReport> {
    let mut words = line.split_whitespace().skip(1);
    if words.next() != Some("install") {
        return Err(refused("only `%pip install PACKAGE …` can be done in a session".to_owned()));
    }
    let words = words.filter(|word| !IGNORED_OPTIONS.contains(word));
    let requirements: Vec<String> = words.map(|word| word.trim_matches(['"', '\'']).to_owned()).collect();
    if let Some(option) = requirements.iter().find(|word| word.starts_with('-')) {
        return Err(refused(format!(
            "`{option}` cannot be said here: the node's own package indexes are asked, and wheels only are taken"
        )));
    }
    if requirements.is_empty() {
        return Err(refused("`%pip install` names no package".to_owned()));
    }
    Ok(requirements)
}

fn refused(message: String) -> ErrorReport {
    ErrorReport { name: "InstallRefused".to_owned(), traceback: vec![message.clone()], message }
}

impl Packages {
    /// None yet, in folders below the session's own.
    ///
    /// # Errors
    /// When they cannot be made.
    pub(super) fn below(session: &Path) -> io::Result<Self> {
        let (folder, unfinished) = (session.join("packages"), session.join("unfinished"));
        fs::create_dir_all(&folder)?;
        fs::create_dir_all(&unfinished)?;
        Ok(Self { folder, unfinished, installed: BTreeMap::new(), next: 0 })
    }

    /// What is installed, as it is written down when the session is paused.
    pub(super) fn kept(&self) -> BTreeMap<String, (String, u32)> {
        let kept = |(name, (digest, number)): (&String, &(Digest, u32))| (name.clone(), (digest.to_string(), *number));
        self.installed.iter().map(kept).collect()
    }

    /// Takes for installed what was written down; the folders are where they were.
    pub(super) fn restore(&mut self, kept: &BTreeMap<String, (String, u32)>) {
        for (name, (digest, number)) in kept {
            if let Ok(digest) = digest.parse() {
                self.installed.insert(name.clone(), (digest, *number));
                self.next = self.next.max(number + 1);
            }
        }
    }

    /// Installs what meets these requirements, and says in a line what can be imported now.
    ///
    /// # Errors
    /// As a cell's error: what the indexes lack, what brings native code, what the disk refuses.
    pub(super) async fn install(&mut self, wheels: &Wheels, requirements: &[String]) -> Result<String, ErrorReport> {
        let found = wheels.resolve(requirements, &[]).await.map_err(|failures| report(&failures))?;
        if self.installed.len() + found.len() > PACKAGES_MAX {
            return Err(refused(format!("a session has at most {PACKAGES_MAX} packages")));
        }
        let mut told = Vec::new();
        for wheel in found {
            if self.installed.get(&wheel.name).is_some_and(|(digest, _)| *digest == wheel.digest) {
                continue;
            }
            let layer = wheels.layer(&wheel).await.map_err(|failure| report(&[failure]))?;
            let number = self.next;
            self.next += 1;
            let (folder, unfinished) = (self.folder.join(number.to_string()), self.unfinished.join(number.to_string()));
            // The guest sees a package once all of it is there.
            let made = tokio::task::spawn_blocking(move || {
                link(&layer, &unfinished)?;
                fs::rename(&unfinished, &folder)
            });
            let made = made.await.unwrap_or_else(|error| Err(io::Error::other(error)));
            made.map_err(|error| report(&[storage(&wheel.file, &error)]))?;
            if let Some((_, earlier)) = self.installed.insert(wheel.name.clone(), (wheel.digest, number)) {
                // What was imported of it stays imported until the kernel begins anew.
                tokio::fs::remove_dir_all(self.folder.join(earlier.to_string())).await.ok();
            }
            told.push(format!("{} {}", wheel.name, wheel.version));
        }
        Ok(if told.is_empty() {
            "all of it can be imported already\n".to_owned()
        } else {
            format!("can be imported now: {}\n", told.join(", "))
        })
    }
}

/// The same files under another name. They are lent for reading, so that sharing their content harms nobody.
fn link(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            link(&source, &target)?;
        } else if fs::hard_link(&source, &target).is_err() {
            // Layers may lie on another disk.
            fs::copy(&source, &target)?;
        }
    }
    Ok(())
}

fn storage(file: &str, error: &io::Error) -> Failure {
    Failure::new(Code::StorageFailed, format!("{file} cannot be laid into the session: {error}"))
        .with_hint("check the data folder's disk")
}

/// What was refused, as a cell's error.
fn report(failures: &[Failure]) -> ErrorReport {
    let line = |failure: &Failure| {
        let hint = failure.hint.as_ref().map_or(String::new(), |hint| format!(" ({hint})"));
        format!("{}: {}{hint}", failure.code, failure.message)
    };
    let traceback: Vec<String> = failures.iter().map(line).collect();
    let message = failures.first().map_or(String::new(), |failure| failure.message.clone());
    ErrorReport { name: "InstallFailed".to_owned(), message, traceback }
}

#[cfg(test)]
mod tests;
