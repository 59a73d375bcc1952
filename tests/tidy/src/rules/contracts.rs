//! The guest contract: what is released never changes, and everything has a capability and a program.
//! Never parses WIT; the bindings do.

use std::collections::BTreeMap;

use registry_oci::Digest;

use crate::breach::Breach;
use crate::house::House;

const TABLE: &str = "wit/README.md";
const LOCK: &str = "wit/released.lock";
const UNRELEASED: &str = "unreleased";

/// The packages by folder, each with its files.
fn packages(house: &House) -> BTreeMap<&str, Vec<(&str, &str)>> {
    let mut packages: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for file in house.files.iter().filter(|file| file.path.ends_with(".wit")) {
        if let Some((folder, name)) = file.path.strip_prefix("wit/").and_then(|path| path.split_once('/'))
            && folder.contains('@')
        {
            packages.entry(folder).or_default().push((name, &file.text));
        }
    }
    packages
}

/// One digest over a package's files, names included; the order of the files has no meaning.
#[must_use]
pub fn checksum(files: &[(&str, &str)]) -> String {
    let mut files = files.to_vec();
    files.sort_unstable();
    let framed = files.iter().map(|(name, text)| format!("{name}\0{}\0{text}", text.len()));
    Digest::sha256(framed.collect::<String>().as_bytes()).to_string()
}

/// The lock's lines: a package's folder and its checksum, or `unreleased`.
fn lock(text: &str) -> BTreeMap<&str, &str> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(' ')).map(|(folder, state)| (folder, state.trim())).collect()
}

/// A released package is what it was when it was released.
#[must_use]
pub fn released_packages_never_change(house: &House) -> Vec<Breach> {
    // Read by itself, since its extension is none that the rules look at.
    let Ok(text) = std::fs::read_to_string(house.root.join(LOCK)) else {
        return vec![Breach::new(
            LOCK,
            "does not exist",
            "write a line `PACKAGE@VERSION unreleased` per folder of wit/",
        )];
    };
    check_lock(&packages(house), &lock(&text))
}

fn check_lock(packages: &BTreeMap<&str, Vec<(&str, &str)>>, locked: &BTreeMap<&str, &str>) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (folder, files) in packages {
        let now = checksum(files);
        match locked.get(folder) {
            None => {
                let remedy = format!("add `{folder} {UNRELEASED}`, or `{folder} {now}` once it is released");
                breaches.push(Breach::new(LOCK, format!("does not name {folder}"), remedy));
            }
            Some(&UNRELEASED) => {}
            Some(released) if *released == now => {}
            Some(_) => breaches.push(Breach::new(
                format!("wit/{folder}"),
                "was released and has changed since",
                "take the change back and make it in a new version's folder: components in the field were built against this one",
            )),
        }
    }
    for folder in locked.keys().filter(|folder| !packages.contains_key(*folder)) {
        let remedy = "bring the folder back; a released package stays";
        breaches.push(Breach::new(LOCK, format!("names {folder}, which is not there"), remedy));
    }
    breaches
}

/// Every interface stands in the table with a crate that offers it and a program that tries it.
#[must_use]
pub fn every_interface_has_a_capability_and_a_program(house: &House) -> Vec<Breach> {
    let table = house.file(TABLE).map(|file| file.text.as_str()).unwrap_or_default();
    let mut breaches = Vec::new();
    for (folder, interface) in interfaces(house) {
        let remedy =
            "write a row: package, interface, what it gives, capability crate, test program; names in backquotes";
        let cells = [format!("| `{folder}` |"), format!("| `{interface}` |")];
        let Some(row) = table.lines().find(|line| cells.iter().all(|cell| line.contains(cell.as_str()))) else {
            breaches.push(Breach::new(TABLE, format!("has no row for `{interface}` of `{folder}`"), remedy));
            continue;
        };
        let quoted: Vec<&str> = row.split('`').skip(1).step_by(2).collect();
        if !quoted.iter().any(|name| name.starts_with("host-cap-") && house.package(name).is_some()) {
            let problem = format!("names no capability crate for `{interface}` of `{folder}` that exists");
            breaches.push(Breach::new(TABLE, problem, remedy));
        }
        if !quoted.iter().any(|name| name.starts_with("tests/programs/") && house.file(name).is_some()) {
            let problem = format!("names no test program for `{interface}` of `{folder}` that exists");
            breaches.push(Breach::new(TABLE, problem, remedy));
        }
    }
    breaches
}

/// All interfaces, each with its package's folder.
fn interfaces(house: &House) -> Vec<(&str, &str)> {
    let mut interfaces = Vec::new();
    for (folder, files) in packages(house) {
        for line in files.iter().flat_map(|(_, text)| text.lines()) {
            if let Some(rest) = line.strip_prefix("interface ") {
                interfaces.push((folder, rest.trim_end_matches('{').trim()));
            }
        }
    }
    interfaces
}

/// A program that no test runs proves nothing.
#[must_use]
pub fn every_program_is_run_by_a_test(house: &House) -> Vec<Breach> {
    let is_program =
        |path: &str| ["tests/programs/examples/", "tests/programs/src/bin/"].iter().any(|at| path.starts_with(at));
    let tests = |path: &str| path.starts_with("tests/") && !path.starts_with("tests/programs/");
    let mut breaches = Vec::new();
    for file in house.rust().filter(|file| is_program(&file.path)) {
        let name = file.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
        let mut texts = house.files.iter().filter(|file| tests(&file.path));
        if !texts.any(|test| names(&test.text, name)) {
            let remedy = "write the test that runs it, or remove it";
            breaches.push(Breach::new(&file.path, "is run by no test", remedy));
        }
    }
    breaches
}

/// Whether a name stands in a text as a word of its own.
fn names(text: &str, name: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    text.match_indices(name).any(|(start, _)| {
        !text[..start].chars().next_back().is_some_and(part)
            && !text[start + name.len()..].chars().next().is_some_and(part)
    })
}

#[cfg(test)]
mod tests;
