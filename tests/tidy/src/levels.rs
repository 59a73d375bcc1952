//! The shape of `levels.toml`.
//! Never has a default for what must be said there.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Levels {
    /// Level by crate name or pattern.
    pub levels: BTreeMap<String, u32>,
    /// Allowed edges within a level, by crate name or pattern.
    pub same_level: BTreeMap<String, Vec<String>>,
    /// Rooms that never see each other.
    pub never: Vec<Never>,
    /// Outside crates and the rooms they stay in.
    pub fence: Vec<Fence>,
    /// Rooms without IO.
    pub pure: Pure,
    /// Files that read the time of day, with the reason.
    pub clock_files: BTreeMap<String, String>,
    /// Folders of crates that take the place of an outside crate, whose name and version they carry, with the reason.
    pub stand_ins: BTreeMap<String, String>,
    /// Files that may use unsafe code, with the reason.
    pub unsafe_files: BTreeMap<String, String>,
    /// Sources of pages that are printed from other sources, with the reason.
    pub printed_files: BTreeMap<String, String>,
    /// `file::function`, with the reason.
    pub long_functions: BTreeMap<String, String>,
    /// What may stand at the top.
    pub top_level: TopLevel,
}

/// Crates that never import certain others.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Never {
    /// Pattern of the importing crate.
    pub from: String,
    /// Patterns of what it never imports.
    pub to: Vec<String>,
    /// Why.
    pub reason: String,
}

/// Outside crates that stay in some rooms.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Fence {
    /// Patterns of outside crates.
    pub crates: Vec<String>,
    /// Patterns of our crates.
    pub only_in: Vec<String>,
    /// Whether tests under `tests/` may use them too.
    #[serde(default)]
    pub unless_test: bool,
    /// Why.
    pub reason: String,
}

/// Rooms without IO.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Pure {
    /// The crates.
    pub crates: Vec<String>,
    /// Outside crates they do without.
    pub without_crates: Vec<String>,
    /// Words that their sources do without.
    pub without_words: Vec<String>,
    /// Exceptions.
    #[serde(default)]
    pub except: Vec<PureException>,
}

/// A word that one file may use.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PureException {
    /// The file.
    pub file: String,
    /// The word.
    pub word: String,
    /// Why.
    pub reason: String,
}

/// What may stand at the top.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TopLevel {
    /// Folders.
    pub folders: Vec<String>,
    /// Files.
    pub files: Vec<String>,
    /// What builds leave behind.
    pub ignored: Vec<String>,
}

/// Whether a name fits a pattern: equal, or equal up to a `*` at the pattern's end.
#[must_use]
pub fn fits(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |prefix| name.starts_with(prefix))
}

/// Whether a name fits one of the patterns.
#[must_use]
pub fn fits_any(patterns: &[String], name: &str) -> bool {
    patterns.iter().any(|pattern| fits(pattern, name))
}

impl Levels {
    /// The level of a crate. A full name counts before a pattern.
    #[must_use]
    pub fn level(&self, name: &str) -> Option<u32> {
        let by_pattern = || self.levels.iter().find(|(pattern, _)| fits(pattern, name)).map(|(_, level)| *level);
        self.levels.get(name).copied().or_else(by_pattern)
    }

    /// Whether an edge within a level is allowed.
    #[must_use]
    pub fn allows_same_level(&self, from: &str, to: &str) -> bool {
        self.same_level.iter().any(|(pattern, targets)| fits(pattern, from) && fits_any(targets, to))
    }
}
