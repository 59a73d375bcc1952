//! Names of wheel files: `NAME-VERSION(-BUILD)-PYTHON-ABI-PLATFORM.whl`.
//! Never looks inside a file; what a name promises is held against the content when it is unpacked.

use std::str::FromStr as _;

use pep440_rs::Version;
use pep508_rs::PackageName;

use crate::environment::PYTHON_MINOR;

/// What the name of a wheel says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WheelName {
    pub(crate) package: PackageName,
    pub(crate) version: Version,
    /// Among several of one version, the highest is taken.
    pub(crate) build: u64,
    /// Whether any Python of this version can read it: no native code, no platform.
    pub(crate) pure: bool,
}

/// Reads the name of a wheel; none where it is not one.
pub(crate) fn parse(file: &str) -> Option<WheelName> {
    let stem = file.strip_suffix(".whl")?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'+' | b'!');
    if !stem.bytes().all(is_plain) {
        return None;
    }
    let parts: Vec<&str> = stem.split('-').collect();
    let (package, version, build, tags) = match parts.as_slice() {
        [package, version, tags @ ..] if tags.len() == 3 => (package, version, 0, tags),
        [package, version, build, tags @ ..] if tags.len() == 3 => {
            let digits: String = build.chars().take_while(char::is_ascii_digit).collect();
            (package, version, digits.parse().ok()?, tags)
        }
        _ => return None,
    };
    let pure = tags[0].split('.').any(is_readable) && tags[1] == "none" && tags[2] == "any";
    Some(WheelName {
        package: PackageName::from_str(package).ok()?,
        version: Version::from_str(version).ok()?,
        build,
        pure,
    })
}

/// Whether a tag of Pythons covers ours: `py3`, `py310`, `cp314`.
fn is_readable(tag: &str) -> bool {
    let minor = |digits: &str| digits.parse::<u32>().ok();
    if let Some(version) = tag.strip_prefix("py3") {
        return version.is_empty() || minor(version).is_some_and(|minor| minor <= PYTHON_MINOR);
    }
    tag.strip_prefix("cp3").and_then(minor).is_some_and(|minor| minor == PYTHON_MINOR)
}

/// The version in the name of a source archive of this package; none for other names.
pub(crate) fn source_version(package: &PackageName, file: &str) -> Option<Version> {
    let stem = [".tar.gz", ".zip", ".tar.bz2"].iter().find_map(|suffix| file.strip_suffix(suffix))?;
    let (name, version) = stem.rsplit_once('-')?;
    (PackageName::from_str(name).ok()? == *package).then(|| Version::from_str(version).ok())?
}

#[cfg(test)]
mod tests;
