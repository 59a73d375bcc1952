//! Whether a component may be run at all: what it imports against what it was granted.
//! Never believes metadata: the names come from the binary itself.

use host_base::{Code, Failure};
use sdk_spec::Grants;

/// One interface that a capability provides to guests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProvidedImport {
    /// Package and interface with the compatible part of the version: `wasi:io/streams@0.2`.
    pub interface: &'static str,
    /// What a step must be granted to import it.
    pub need: Need,
}

/// What a step must be granted to import an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing: what the interface lets a guest reach is empty unless granted.
    Nothing,
    /// At least one host under `grants.http`.
    Http,
    /// A device under `grants.device`.
    Device,
}

impl Need {
    fn is_met_by(self, grants: &Grants) -> bool {
        match self {
            Self::Nothing => true,
            Self::Http => !grants.http.is_empty(),
            Self::Device => grants.device.is_some(),
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Http => "http",
            Self::Device => "device",
        }
    }
}

/// Checks every import; the first that is not to be had is the failure.
pub(crate) fn admit(provided: &[ProvidedImport], imports: &[String], grants: &Grants) -> Result<(), Failure> {
    imports.iter().try_for_each(|import| admit_one(provided, import, grants))
}

fn admit_one(provided: &[ProvidedImport], import: &str, grants: &Grants) -> Result<(), Failure> {
    let wanted = compatible_name(import);
    let Some(found) = provided.iter().find(|candidate| candidate.interface == wanted) else {
        return Err(unknown(provided, import));
    };
    if found.need.is_met_by(grants) {
        return Ok(());
    }
    let key = found.need.key();
    let message = format!("the component imports `{import}` but the step is not granted `{key}`");
    let hint = format!("name what the step may reach under `grants.{key}`, or use a component without this import");
    Err(Failure::new(Code::ImportNotGranted, message).with_hint(hint))
}

fn unknown(provided: &[ProvidedImport], import: &str) -> Failure {
    let failure =
        Failure::new(Code::UnknownImport, format!("the component imports `{import}`, which this host does not have"));
    match nearest(provided, import) {
        Some(name) => {
            failure.with_hint(format!("the nearest that it has is `{name}`; rebuild the component against that"))
        }
        None => failure.with_hint("rebuild the component without it"),
    }
}

/// The provided interface whose name is closest, if one is close at all.
fn nearest(provided: &[ProvidedImport], import: &str) -> Option<&'static str> {
    const SIMILARITY_MIN: f64 = 0.75;
    let wanted = compatible_name(import);
    let similarity = |candidate: &ProvidedImport| strsim::normalized_levenshtein(candidate.interface, &wanted);
    provided
        .iter()
        .map(|candidate| (similarity(candidate), candidate.interface))
        .filter(|(similarity, _)| *similarity >= SIMILARITY_MIN)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, name)| name)
}

/// `wasi:io/streams@0.2.6` is met by every 0.2 host, `acme:text/words@1.4.0` by every 1 host: the
/// same rule by which the linker matches.
pub(crate) fn compatible_name(import: &str) -> String {
    let Some((name, version)) = import.split_once('@') else {
        return import.to_owned();
    };
    if version.contains('-') {
        // A pre-release is compatible with nothing but itself.
        return import.to_owned();
    }
    let mut numbers = version.split(['.', '+']);
    match (numbers.next(), numbers.next(), numbers.next()) {
        (Some("0"), Some("0"), _) | (None, ..) => import.to_owned(),
        (Some("0"), Some(minor), _) => format!("{name}@0.{minor}"),
        (Some(major), ..) => format!("{name}@{major}"),
    }
}

#[cfg(test)]
mod tests;
