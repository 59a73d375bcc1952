//! Who may import whom, and which outside crate stays in which room.
//! Never looks at sources: `cargo metadata` knows every edge.

use crate::breach::Breach;
use crate::house::{Dependency, House, Package};
use crate::levels::{fits, fits_any};

const FILE: &str = "tests/tidy/levels.toml";

/// Every crate of the workspace has a level.
#[must_use]
pub fn every_crate_has_a_level(house: &House) -> Vec<Breach> {
    let unplaced = house.packages.iter().filter(|package| house.levels.level(&package.name).is_none());
    unplaced
        .map(|package| Breach::new(&package.name, "has no level", format!("name it under [levels] in {FILE}")))
        .collect()
}

fn edges(house: &House) -> impl Iterator<Item = (&Package, &Dependency)> {
    let own = |dependency: &&Dependency| house.package(&dependency.name).is_some();
    house
        .packages
        .iter()
        .flat_map(move |package| package.dependencies.iter().filter(own).map(move |dependency| (package, dependency)))
}

/// Imports point only downward.
#[must_use]
pub fn imports_point_downward(house: &House) -> Vec<Breach> {
    let levels = &house.levels;
    let wrong = |(from, to): &(&Package, &Dependency)| {
        if to.is_dev() && (to.name == "tests-kit" || to.name == from.name) {
            return false;
        }
        match (levels.level(&from.name), levels.level(&to.name)) {
            (Some(above), Some(below)) if below < above => false,
            (Some(above), Some(below)) if below == above => !levels.allows_same_level(&from.name, &to.name),
            _ => true,
        }
    };
    let breach = |(from, to): (&Package, &Dependency)| {
        let level = |name: &str| levels.level(name).map_or("no level".to_owned(), |level| format!("level {level}"));
        Breach::new(
            &from.name,
            format!("({}) imports {} ({})", level(&from.name), to.name, level(&to.name)),
            format!("move what is needed to a lower room, or name the edge under [same-level] in {FILE} with a reason"),
        )
    };
    edges(house).filter(wrong).map(breach).collect()
}

/// Whole rooms that never see each other.
#[must_use]
pub fn rooms_that_never_meet_do_not(house: &House) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (from, to) in edges(house) {
        for never in &house.levels.never {
            if fits(&never.from, &from.name) && fits_any(&never.to, &to.name) {
                let remedy = format!("never: {}", never.reason);
                breaches.push(Breach::new(&from.name, format!("imports {}", to.name), remedy));
            }
        }
    }
    breaches
}

/// Outside crates stay behind their fences.
#[must_use]
pub fn outside_crates_stay_fenced(house: &House) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for package in &house.packages {
        for dependency in &package.dependencies {
            for fence in &house.levels.fence {
                let test = fence.unless_test && package.name.starts_with("tests-");
                if fits_any(&fence.crates, &dependency.name) && !fits_any(&fence.only_in, &package.name) && !test {
                    breaches.push(Breach::new(
                        &package.name,
                        format!("uses {}, which stays in {}", dependency.name, fence.only_in.join(", ")),
                        format!("{}; call that room instead", fence.reason),
                    ));
                }
            }
        }
    }
    breaches
}

/// Entries of `levels.toml` that no crate stands for any more.
#[must_use]
pub fn levels_name_only_what_exists(house: &House) -> Vec<Breach> {
    let exists = |pattern: &str| house.packages.iter().any(|package| fits(pattern, &package.name));
    let levels = &house.levels;
    let same_level = levels.same_level.iter().flat_map(|(from, to)| to.iter().chain([from]));
    let named = levels.levels.keys().chain(same_level).chain(levels.never.iter().map(|never| &never.from));
    named
        .filter(|name| !exists(name))
        .map(|name| Breach::new(FILE, format!("names `{name}`, but there is no such crate"), "remove it"))
        .collect()
}
