//! What stands at the top level.
//! Never looks below it.

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
