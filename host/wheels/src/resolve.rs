//! Which versions fit together: the newest that do, found by trying and going back.
//! Never asks an index. What is not known yet is named as a need, and the search is made again once it is.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use pep440_rs::{Operator, Version, VersionSpecifiers};
use pep508_rs::{ExtraName, MarkerEnvironment, PackageName, Requirement, VersionOrUrl};

use crate::WheelError;
use crate::environment::BUNDLED;
use crate::metadata::Metadata;
use crate::page::{Project, Release, Unusable};

/// Versions tried in one search. What is not found by then is not likely to be found at all.
const TRIES_MAX: usize = 5_000;

/// What is known of packages so far.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// None where no index has the package.
    pub(crate) projects: BTreeMap<PackageName, Option<Project>>,
    /// An error where they cannot be read.
    pub(crate) metadata: BTreeMap<(PackageName, Version), Result<Metadata, String>>,
}

/// How far a search came.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// The versions.
    All(BTreeMap<PackageName, Version>),
    /// It takes more knowledge.
    Needs(Vec<Need>),
}

/// Something that has to be asked of an index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// Which files there are of a package.
    Project(PackageName),
    /// What a version needs itself.
    Metadata(PackageName, Version),
}

/// The search's surroundings.
pub(crate) struct Search<'known> {
    pub(crate) known: &'known Known,
    pub(crate) markers: &'known MarkerEnvironment,
    pub(crate) python: &'known Version,
    pub(crate) packages_max: usize,
    /// For messages: where packages are looked for.
    pub(crate) indexes: &'known str,
}

/// One package that somebody asks for.
#[derive(Clone, Debug)]
struct Wish {
    name: PackageName,
    versions: VersionSpecifiers,
    extras: BTreeSet<ExtraName>,
    asker: String,
}

#[derive(Clone, Debug)]
struct Choice {
    version: Version,
    extras: BTreeSet<ExtraName>,
    asker: String,
}

/// Choices made, and wishes that are still open.
#[derive(Clone, Debug, Default)]
struct State {
    open: VecDeque<Wish>,
    chosen: BTreeMap<PackageName, Choice>,
}

/// Why a search stops short of all versions.
enum Stop {
    /// Other choices may do.
    Conflict(String),
    Needs(Vec<Need>),
    Fatal(WheelError),
}

impl Search<'_> {
    /// The newest versions that meet the requirements of a step.
    pub(crate) fn find(&self, requirements: &[Requirement]) -> Result<Found, WheelError> {
        let mut state = State::default();
        for requirement in requirements.iter().filter(|one| one.evaluate_markers(self.markers, &[])) {
            state.open.push_back(wish(requirement, "the step")?);
        }
        match self.solve(state, &mut 0) {
            Ok(chosen) => Ok(Found::All(chosen.into_iter().map(|(name, choice)| (name, choice.version)).collect())),
            Err(Stop::Needs(needs)) => Ok(Found::Needs(needs)),
            Err(Stop::Conflict(reason)) => Err(WheelError::Conflict(reason)),
            Err(Stop::Fatal(error)) => Err(error),
        }
    }

    fn solve(&self, mut state: State, tries: &mut usize) -> Result<BTreeMap<PackageName, Choice>, Stop> {
        while let Some(wish) = state.open.pop_front() {
            if self.bundled(&wish)? {
                continue;
            }
            if let Some(choice) = state.chosen.get_mut(&wish.name) {
                if !wish.versions.contains(&choice.version) {
                    return Err(Stop::Conflict(format!(
                        "{} asks for {}{}, and {} for a version such as {}",
                        wish.asker, wish.name, wish.versions, choice.asker, choice.version
                    )));
                }
                let before = choice.extras.len();
                choice.extras.extend(wish.extras);
                if choice.extras.len() > before {
                    let (name, choice) = (wish.name, choice.clone());
                    self.open_needs_of(&name, &choice, &mut state)?;
                }
                continue;
            }
            return self.choose(&wish, &state, tries);
        }
        Ok(state.chosen)
    }

    /// Tries the versions of a package, newest first.
    fn choose(&self, wish: &Wish, state: &State, tries: &mut usize) -> Result<BTreeMap<PackageName, Choice>, Stop> {
        if state.chosen.len() >= self.packages_max {
            return Err(Stop::Fatal(WheelError::Limit {
                what: "the step's packages need more packages than".to_owned(),
                limit_name: "packages_max",
                limit: self.packages_max as u64,
            }));
        }
        let mut conflict = None;
        for version in self.candidates(wish, state)? {
            *tries += 1;
            if *tries > TRIES_MAX {
                return Err(Stop::Fatal(WheelError::Limit {
                    what: "versions that fit together were not found within".to_owned(),
                    limit_name: "tries_max",
                    limit: TRIES_MAX as u64,
                }));
            }
            let mut next = state.clone();
            let choice = Choice { version, extras: wish.extras.clone(), asker: wish.asker.clone() };
            next.chosen.insert(wish.name.clone(), choice.clone());
            let solved = self.open_needs_of(&wish.name, &choice, &mut next).and_then(|()| self.solve(next, tries));
            match solved {
                // What stood in the way of the newest version says most.
                Err(Stop::Conflict(reason)) => _ = conflict.get_or_insert(reason),
                other => return other,
            }
        }
        Err(Stop::Conflict(conflict.unwrap_or_else(|| format!("{} has no version that can be used", wish.name))))
    }

    /// Versions that meet every wish for the package so far, newest first.
    fn candidates(&self, wish: &Wish, state: &State) -> Result<Vec<Version>, Stop> {
        let Some(project) = self.known.projects.get(&wish.name) else {
            // All that is sure to be asked for, so that it is asked at once.
            let open = state.open.iter().map(|wish| &wish.name).chain([&wish.name]);
            let unknown = open.filter(|name| !self.known.projects.contains_key(*name) && !is_bundled(name));
            let unknown: BTreeSet<&PackageName> = unknown.collect();
            return Err(Stop::Needs(unknown.into_iter().cloned().map(Need::Project).collect()));
        };
        let Some(project) = project else {
            return Err(Stop::Fatal(WheelError::NoSuchPackage {
                package: wish.name.to_string(),
                asker: wish.asker.clone(),
                indexes: self.indexes.to_owned(),
            }));
        };
        let wishes: Vec<&Wish> = state.open.iter().filter(|other| other.name == wish.name).chain([wish]).collect();
        let fits = |version: &Version| wishes.iter().all(|wish| wish.versions.contains(version));
        let mut fitting: Vec<(&Version, &Release)> =
            project.releases.iter().filter(|(version, _)| fits(version)).collect();
        if fitting.is_empty() {
            return Err(Stop::Conflict(nothing_fits(&wishes, project)));
        }
        let pinned = wishes.iter().any(|wish| pins(&wish.versions));
        fitting.retain(|(_, release)| pinned || release.wheel.as_ref().is_none_or(|wheel| !wheel.yanked));
        let usable = |(_, release): &&(&Version, &Release)| release.wheel.is_some();
        let mut usable: Vec<&Version> = fitting.iter().filter(usable).map(|(version, _)| *version).collect();
        if usable.is_empty() {
            let newest = fitting.iter().rev().map(|(_, release)| release.unusable.as_slice());
            let unusable: Vec<Unusable> = newest.flatten().cloned().collect();
            return Err(Stop::Fatal(WheelError::no_pure_wheel(wish.name.as_ref(), &wish.asker, &unusable)));
        }
        let asked_for = wishes.iter().any(|wish| wish.versions.iter().any(pep440_rs::VersionSpecifier::any_prerelease));
        if !asked_for && usable.iter().any(|version| !version.any_prerelease()) {
            usable.retain(|version| !version.any_prerelease());
        }
        Ok(usable.into_iter().rev().cloned().collect())
    }

    /// Puts what a version needs among the open wishes.
    fn open_needs_of(&self, name: &PackageName, choice: &Choice, state: &mut State) -> Result<(), Stop> {
        let asker = format!("{name} {}", choice.version);
        let metadata = match self.known.metadata.get(&(name.clone(), choice.version.clone())) {
            Some(Ok(metadata)) => metadata,
            Some(Err(reason)) => return Err(Stop::Conflict(format!("what {asker} needs is not understood: {reason}"))),
            None => return Err(Stop::Needs(vec![Need::Metadata(name.clone(), choice.version.clone())])),
        };
        if let Some(python) = metadata.python.as_ref().filter(|python| !python.contains(self.python)) {
            return Err(Stop::Conflict(format!("{asker} is for Python {python}, and steps have {}", self.python)));
        }
        let extras: Vec<ExtraName> = choice.extras.iter().cloned().collect();
        for requirement in &metadata.requirements {
            if requirement.evaluate_markers(self.markers, &extras) {
                state.open.push_back(wish(requirement, &asker).map_err(Stop::Fatal)?);
            }
        }
        Ok(())
    }

    /// Whether the component holds the package; one that holds another version is a conflict.
    fn bundled(&self, wish: &Wish) -> Result<bool, Stop> {
        let Some((name, text)) = BUNDLED.iter().find(|(name, _)| *name == wish.name.to_string()) else {
            return Ok(false);
        };
        let fits = text.parse::<Version>().is_ok_and(|version| wish.versions.contains(&version));
        // The author's own requirement follows the SDK that compiled the pipeline, and any of those is served.
        if fits || wish.asker == "the step" {
            return Ok(true);
        }
        Err(Stop::Conflict(format!("{} asks for {name}{}, and steps have {text}", wish.asker, wish.versions)))
    }
}

fn is_bundled(name: &PackageName) -> bool {
    BUNDLED.iter().any(|(bundled, _)| *bundled == name.to_string())
}

fn wish(requirement: &Requirement, asker: &str) -> Result<Wish, WheelError> {
    let versions = match &requirement.version_or_url {
        None => VersionSpecifiers::empty(),
        Some(VersionOrUrl::VersionSpecifier(versions)) => versions.clone(),
        Some(VersionOrUrl::Url(_)) => {
            return Err(WheelError::Requirement {
                requirement: requirement.name.to_string(),
                reason: format!("{asker} names a URL for it, and packages come from an index"),
            });
        }
    };
    let extras = requirement.extras.iter().cloned().collect();
    Ok(Wish { name: requirement.name.clone(), versions, extras, asker: asker.to_owned() })
}

/// Whether exactly one version is asked for.
fn pins(versions: &VersionSpecifiers) -> bool {
    versions.iter().any(|one| matches!(one.operator(), Operator::Equal | Operator::ExactEqual))
}

fn nothing_fits(wishes: &[&Wish], project: &Project) -> String {
    let asked: Vec<String> =
        wishes.iter().map(|wish| format!("{} asks for {}{}", wish.asker, wish.name, wish.versions)).collect();
    match project.releases.keys().next_back() {
        Some(newest) => format!("{}, and the newest version is {newest}", asked.join(", ")),
        None => format!("{}, and there is no file of it", asked.join(", ")),
    }
}

#[cfg(test)]
mod tests;
