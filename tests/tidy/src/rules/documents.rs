//! Documents name only what exists: paths, crates' folders, tests.
//! Never judges what they say of it.

use crate::breach::Breach;
use crate::house::House;

/// The documents that are held to the truth.
const DOCUMENTS: [&str; 4] = ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md", "wit/README.md"];
/// The table whose right column names tests.
const TESTS_IN: &str = "ARCHITECTURE.md";

/// What stands in backquotes, with its line; fenced blocks are left out.
fn quoted(text: &str) -> Vec<(usize, &str)> {
    let mut fenced = false;
    let mut found = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        fenced ^= line.starts_with("```");
        if !fenced {
            found.extend(line.split('`').skip(1).step_by(2).map(|name| (number, name)));
        }
    }
    found
}

/// Whether a name is a path of this tree: it begins in a room and holds nothing to be filled in.
fn is_path(house: &House, name: &str) -> bool {
    let placeholder = |c: char| c.is_ascii_uppercase() || "*{ <".contains(c);
    let stem = name.rsplit('/').next().unwrap_or_default();
    let known = ["README.md", "Cargo.toml"].contains(&stem);
    let room =
        name.split('/').next().is_some_and(|room| house.levels.top_level.folders.iter().any(|folder| folder == room));
    room && name.contains('/') && !name.contains('@') && (known || !name.contains(placeholder))
}

/// Paths that documents name are there.
#[must_use]
pub fn documents_name_paths_that_exist(house: &House) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for document in DOCUMENTS.iter().filter_map(|path| house.file(path)) {
        for (line, name) in quoted(&document.text) {
            if is_path(house, name) && !house.root.join(name.trim_end_matches('/')).exists() {
                let remedy = "name the new place, or leave the sentence out";
                breaches.push(Breach::new(
                    format!("{}:{line}", document.path),
                    format!("`{name}` is not there"),
                    remedy,
                ));
            }
        }
    }
    breaches
}

/// Tests that the list of invariants names are there.
#[must_use]
pub fn invariants_name_tests_that_exist(house: &House) -> Vec<Breach> {
    let Some(document) = house.file(TESTS_IN) else {
        return vec![Breach::new(TESTS_IN, "does not exist", "write it")];
    };
    let is_test =
        |name: &str| name.matches('_').count() >= 2 && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let exists = |name: &str| {
        // Rules of this crate and promises of a contract are functions whose tests a macro makes.
        let definition = format!("fn {name}(");
        house.rust().any(|file| file.text.contains(&definition))
    };
    let mut breaches = Vec::new();
    for (line, name) in quoted(&document.text) {
        if is_test(name) && !exists(name) {
            let remedy = "name the test that holds it now, or write it";
            breaches.push(Breach::new(format!("{TESTS_IN}:{line}"), format!("there is no test `{name}`"), remedy));
        }
    }
    breaches
}
