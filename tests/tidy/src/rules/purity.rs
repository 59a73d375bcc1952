//! Deciding rooms do no IO, and time comes from the clock port.
//! Never trusts a name: what counts is what the sources say.

use crate::breach::Breach;
use crate::house::{House, TextFile};

/// The sources of a crate, but for its tests.
fn sources<'house>(house: &'house House, name: &str) -> Vec<&'house TextFile> {
    let Some(package) = house.package(name) else { return Vec::new() };
    let folder = format!("{}/src/", house.folder(package));
    house.rust().filter(|file| file.path.starts_with(&folder) && !file.is_test()).collect()
}

/// Lines of code in which a word stands, comments aside.
pub(crate) fn lines_with<'text>(text: &'text str, word: &'text str) -> impl Iterator<Item = usize> + 'text {
    let code = |line: &str| !line.trim_start().starts_with("//");
    text.lines().zip(1..).filter(move |(line, _)| code(line) && line.contains(word)).map(|(_, number)| number)
}

/// Rooms that decide use no crate that does IO.
#[must_use]
pub fn deciding_rooms_use_no_io_crate(house: &House) -> Vec<Breach> {
    let pure = &house.levels.pure;
    let mut breaches = Vec::new();
    for name in &pure.crates {
        let dependencies = house.package(name).map(|package| package.dependencies.as_slice()).unwrap_or_default();
        for dependency in dependencies.iter().filter(|dependency| !dependency.is_dev()) {
            if pure.without_crates.contains(&dependency.name) {
                let remedy = "give the caller a command to carry out instead";
                breaches.push(Breach::new(name, format!("uses {}", dependency.name), remedy));
            }
        }
    }
    breaches
}

/// Rooms that decide call nothing that does IO.
#[must_use]
pub fn deciding_rooms_do_no_io(house: &House) -> Vec<Breach> {
    let pure = &house.levels.pure;
    let mut breaches = Vec::new();
    for file in pure.crates.iter().flat_map(|name| sources(house, name)) {
        for word in &pure.without_words {
            let excepted = pure.except.iter().any(|except| except.file == file.path && except.word == *word);
            for line in lines_with(&file.text, word).filter(|_| !excepted) {
                breaches.push(Breach::new(
                    format!("{}:{line}", file.path),
                    format!("uses `{word}` in a room that does no IO"),
                    "take the result as an argument, or give the caller a command to carry out",
                ));
            }
        }
    }
    breaches
}

/// The time of day is read in one place; everyone else is handed a clock.
#[must_use]
pub fn the_time_of_day_is_read_in_one_place(house: &House) -> Vec<Breach> {
    let readers = &house.levels.clock_files;
    let outside = |file: &&TextFile| {
        let room = file.path.starts_with("host/") || file.path.starts_with("registry/");
        room && !file.path.starts_with("host/xtask/") && !readers.contains_key(&file.path)
    };
    let mut breaches = Vec::new();
    for file in house.rust().filter(outside).filter(|file| !file.is_test()) {
        for line in lines_with(&file.text, "SystemTime::now") {
            let remedy =
                "take a `host_base::Clock`, so that simulation owns the time, or name the file under [clock-files]";
            breaches.push(Breach::new(format!("{}:{line}", file.path), "reads the system clock", remedy));
        }
    }
    breaches
}
