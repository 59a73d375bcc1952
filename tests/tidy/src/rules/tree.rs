//! What stands at the top level, and that every room is furnished.
//! Never judges how a room is furnished.

use crate::breach::Breach;
use crate::house::House;

/// The top level is fixed.
#[must_use]
pub fn the_top_level_is_fixed(house: &House) -> Vec<Breach> {
    let Ok(entries) = std::fs::read_dir(&house.root) else {
        return vec![Breach::new("/", "cannot be listed", "check its permissions")];
    };
    let allowed = &house.levels.top_level;
    let mut breaches = Vec::new();
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let known = if is_folder { &allowed.folders } else { &allowed.files };
        if !name.starts_with('.') && !known.contains(&name) && !allowed.ignored.contains(&name) {
            let remedy = "put it into one of the rooms, or give the written reason in tests/tidy/levels.toml";
            breaches.push(Breach::new(name, "stands at the top level, which is fixed", remedy));
        }
    }
    breaches
}

/// Lines of code below which a crate is no more than its manifest.
const LINES_MIN: usize = 5;

/// A room is made when it is first needed, never before.
#[must_use]
pub fn no_room_is_empty(house: &House) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for package in &house.packages {
        let folder = format!("{}/", house.folder(package));
        let sources = house.rust().filter(|file| file.path.starts_with(&folder));
        let code = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with("//");
        let lines: usize = sources.map(|file| file.text.lines().filter(code).count()).sum();
        if lines < LINES_MIN {
            breaches.push(Breach::new(folder, "is an empty room", "furnish it, or remove it until it is needed"));
        }
    }
    breaches
}
