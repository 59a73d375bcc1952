//! Sources line by line: headers, length, forbidden words, reasons.
//! Never looks at formatting; rustfmt does.

use crate::breach::Breach;
use crate::house::{House, TextFile};
use crate::levels::fits;
use crate::rules::purity::lines_with;

/// Lines in a file.
const LINES_MAX: usize = 800;

fn at(file: &TextFile, line: usize) -> String {
    format!("{}:{line}", file.path)
}

/// Every file begins by saying what it is.
#[must_use]
pub fn files_say_what_they_are(house: &House) -> Vec<Breach> {
    let silent = house.rust().filter(|file| !file.text.starts_with("//! "));
    let remedy = "begin with `//!`: a line that says what the file is, and one that says what it never does";
    silent.map(|file| Breach::new(at(file, 1), "does not say what it is", remedy)).collect()
}

/// Sources of pages begin with two lines of comment: what they are, and what they never do.
#[must_use]
pub fn pages_say_what_they_are(house: &House) -> Vec<Breach> {
    let says = |file: &TextFile| {
        let mut lines = file.text.lines();
        let (first, second) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
        let begins = ["// ", "/* "].iter().any(|start| first.starts_with(start));
        begins && second.trim_start_matches("// ").trim_start().starts_with("Never")
    };
    let silent = house.web().filter(|file| !says(file) && !file.text.starts_with("#!"));
    let remedy = "begin with a comment of two lines: what the file is, and `Never` with what it never does";
    silent.map(|file| Breach::new(at(file, 1), "does not say what it is", remedy)).collect()
}

/// Files end at 800 lines.
#[must_use]
pub fn files_stay_short(house: &House) -> Vec<Breach> {
    let long = house
        .rust()
        .chain(house.web())
        .map(|file| (file, file.text.lines().count()))
        .filter(|(_, lines)| *lines > LINES_MAX);
    let remedy = format!("split it by noun; a file aims for 400 lines and stops at {LINES_MAX}");
    long.map(|(file, lines)| Breach::new(&file.path, format!("has {lines} lines"), &remedy)).collect()
}

/// No `mod.rs`, and no file that no module names.
#[must_use]
pub fn every_file_belongs_to_a_module(house: &House) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in house.rust() {
        if file.path.ends_with("/mod.rs") {
            let remedy = "name it after the module and put it beside the folder";
            breaches.push(Breach::new(&file.path, "is a mod.rs", remedy));
        } else if !is_named(house, file) {
            let remedy = "add `mod NAME;` to its parent, or remove the file";
            breaches.push(Breach::new(&file.path, "is part of no module", remedy));
        }
    }
    breaches
}

/// Whether the parent module names the file; roots of crates need none.
fn is_named(house: &House, file: &TextFile) -> bool {
    let parts: Vec<&str> = file.path.split('/').collect();
    let [.., folder, name] = parts.as_slice() else { return true };
    let stem = name.trim_end_matches(".rs");
    let is_root = ["lib", "main", "build"].contains(&stem) || ["bin", "examples", "tests", "benches"].contains(folder);
    if is_root && !file.path.ends_with("src/tests.rs") || !parts.iter().any(|part| ["src", "tests"].contains(part)) {
        return true;
    }
    let parent_folder = parts[..parts.len() - 1].join("/");
    let parents =
        [format!("{parent_folder}.rs"), format!("{parent_folder}/lib.rs"), format!("{parent_folder}/main.rs")];
    let names = |parent: &String| {
        // The last form is that of a `path` attribute, where the target decides between files.
        let declaration = [format!("mod {stem};"), format!("mod {stem} {{"), format!("{folder}/{name}\"")];
        house.file(parent).is_some_and(|parent| declaration.iter().any(|text| parent.text.contains(text)))
    };
    // An integration test's file in `tests/it.rs` style finds its modules in `tests/it/`.
    parents.iter().any(names)
}

/// Words that stand for work left undone.
#[must_use]
pub fn nothing_is_left_undone(house: &House) -> Vec<Breach> {
    // Put together here, so that this file does not find itself.
    let words = ["TO", "FIX", "X"].map(|start| match start {
        "TO" => format!("{start}DO"),
        "FIX" => format!("{start}ME"),
        _ => format!("{start}XX"),
    });
    let macros = ["todo", "unimplemented"].map(|name| format!("{name}!("));
    let mut breaches = Vec::new();
    for file in house.files.iter().filter(|file| !file.path.ends_with(".md")) {
        for word in &words {
            let whole = |line: &str| {
                line.match_indices(word.as_str()).any(|(start, _)| {
                    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
                    let (before, after) =
                        (line[..start].chars().next_back(), line[start + word.len()..].chars().next());
                    !before.is_some_and(letter) && !after.is_some_and(letter)
                })
            };
            for (_, number) in file.text.lines().zip(1..).filter(|(line, _)| whole(line)) {
                breaches.push(Breach::new(at(file, number), format!("says {word}"), "do it, or leave it out"));
            }
        }
        for call in &macros {
            for number in lines_with(&file.text, call).filter(|_| file.is_rust()) {
                breaches.push(Breach::new(at(file, number), format!("calls {call})"), "do it, or leave it out"));
            }
        }
    }
    breaches
}

/// A test is skipped only with a reason.
#[must_use]
pub fn ignored_tests_say_why(house: &House) -> Vec<Breach> {
    let bare = format!("#[{}]", "ignore");
    let mut breaches = Vec::new();
    for file in house.rust() {
        for number in lines_with(&file.text, &bare) {
            breaches.push(Breach::new(at(file, number), "ignores a test", "write the reason: `#[ignore = \"...\"]`"));
        }
    }
    breaches
}

/// Unsafe code stays in the files that are named with a reason.
#[must_use]
pub fn unsafe_code_stays_in_named_files(house: &House) -> Vec<Breach> {
    let lint = ["unsafe", "code"].join("_");
    let named = &house.levels.unsafe_files;
    let is_named = |file: &TextFile| named.keys().any(|pattern| fits(pattern, &file.path));
    let mut breaches = Vec::new();
    for file in house.rust().filter(|file| !is_named(file) && !file.path.starts_with("tests/tidy/")) {
        for number in lines_with(&file.text, &lint) {
            let remedy =
                "find a safe way, or name the file with its reason under [unsafe-files] in tests/tidy/levels.toml";
            breaches.push(Breach::new(at(file, number), "opts out of the ban on unsafe code", remedy));
        }
    }
    let opts_out = |path: &String| house.rust().any(|file| fits(path, &file.path) && file.text.contains(&lint));
    for path in named.keys().filter(|path| !opts_out(path)) {
        breaches.push(Breach::new(path, "is named under [unsafe-files] but has no unsafe code", "remove the line"));
    }
    breaches
}

/// Documents and comments speak of no developer's machine.
#[must_use]
pub fn no_path_of_a_developers_machine(house: &House) -> Vec<Breach> {
    let homes = ["root", "home", "Users"].map(|folder| format!("/{folder}/"));
    let mut breaches = Vec::new();
    for file in &house.files {
        // In code, such a path is a made-up value; in words it is somebody's machine.
        let words = |line: &str| !file.is_rust() || line.trim_start().starts_with("//");
        for (line, number) in file.text.lines().zip(1..).filter(|(line, _)| words(line)) {
            if homes.iter().any(|home| line.contains(home.as_str())) {
                let remedy = "name it from the top folder, or use a made-up path";
                breaches.push(Breach::new(at(file, number), "names a path of some machine", remedy));
            }
        }
    }
    breaches
}
