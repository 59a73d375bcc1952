//! A wheel's metadata: what else it needs, and which Python.
//! Never reads more than the head of the file; the description below it is for people.

use std::str::FromStr as _;

use pep440_rs::VersionSpecifiers;
use pep508_rs::Requirement;

/// What a wheel says it needs.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Metadata {
    pub(crate) requirements: Vec<Requirement>,
    pub(crate) python: Option<VersionSpecifiers>,
}

/// Reads the head of a METADATA file.
pub(crate) fn read(text: &str) -> Result<Metadata, String> {
    let mut metadata = Metadata::default();
    for line in unfolded(text) {
        let Some((key, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        if key.eq_ignore_ascii_case("Requires-Dist") {
            let requirement = Requirement::from_str(value).map_err(|error| format!("`{value}`: {error}"))?;
            metadata.requirements.push(requirement);
        } else if key.eq_ignore_ascii_case("Requires-Python") {
            // As with indexes: what is not understood says nothing.
            metadata.python = VersionSpecifiers::from_str(value).ok();
        }
    }
    Ok(metadata)
}

/// The head's lines, those that go on in the next joined.
fn unfolded(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines().take_while(|line| !line.trim().is_empty()) {
        match lines.last_mut() {
            Some(before) if line.starts_with([' ', '\t']) => {
                before.push(' ');
                before.push_str(line.trim());
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests;
