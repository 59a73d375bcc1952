//! The list of a package's files, as the simple API gives it in JSON (PEP 691, 658, 592, 503).
//! Never takes a file that has no SHA-256 digest: nothing could be pinned by it.

use std::collections::BTreeMap;
use std::str::FromStr as _;

use pep440_rs::{Version, VersionSpecifiers};
use pep508_rs::PackageName;
use registry_oci::Digest;
use serde::Deserialize;
use serde_json::Value as Json;
use url::Url;

use crate::config::strip;
use crate::name;

/// What an index has of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Project {
    pub(crate) releases: BTreeMap<Version, Release>,
}

/// What it has of one version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Release {
    /// The wheel that can be used here.
    pub(crate) wheel: Option<WheelFile>,
    /// Files that cannot.
    pub(crate) unusable: Vec<Unusable>,
}

/// A wheel without native code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WheelFile {
    pub(crate) file: String,
    pub(crate) url: Url,
    pub(crate) digest: Digest,
    pub(crate) build: u64,
    /// Withdrawn by its author; taken only where exactly this version is asked for.
    pub(crate) yanked: bool,
    /// Whether the index hands its metadata out on their own.
    pub(crate) metadata: OwnMetadata,
}

/// Whether a wheel's metadata can be had without the wheel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OwnMetadata {
    No,
    Yes(Option<Digest>),
}

/// A file that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unusable {
    pub(crate) file: String,
    pub(crate) reason: Reason,
}

/// Why a file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// It holds native code.
    Native,
    /// It is source that would have to be built.
    Source,
    /// It is for other versions of Python.
    Python(String),
    /// The index gives no digest of it.
    NoDigest,
}

#[derive(Deserialize)]
struct Page {
    files: Vec<PageFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct PageFile {
    filename: String,
    url: String,
    #[serde(default)]
    hashes: BTreeMap<String, String>,
    requires_python: Option<String>,
    core_metadata: Option<Json>,
    /// The name before PEP 714.
    dist_info_metadata: Option<Json>,
    yanked: Option<Json>,
}

/// Reads a list. `page` is where it came from, `python` the version of Python that files must be for.
pub(crate) fn read(package: &PackageName, page: &Url, body: &[u8], python: &Version) -> Result<Project, String> {
    let listed: Page = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let mut project = Project::default();
    for file in listed.files {
        let version = match name::parse(&file.filename) {
            Some(wheel) if wheel.package == *package => wheel.version,
            Some(_) => continue,
            None => match name::source_version(package, &file.filename) {
                Some(version) => version,
                None => continue,
            },
        };
        let release = project.releases.entry(version).or_default();
        match usable(page, &file, python) {
            Ok(wheel) if release.wheel.as_ref().is_none_or(|other| other.build < wheel.build) => {
                release.wheel = Some(wheel);
            }
            Ok(_) => {}
            Err(reason) => release.unusable.push(Unusable { file: file.filename, reason }),
        }
    }
    Ok(project)
}

fn usable(page: &Url, file: &PageFile, python: &Version) -> Result<WheelFile, Reason> {
    let name = name::parse(&file.filename).ok_or(Reason::Source)?;
    if !name.pure {
        return Err(Reason::Native);
    }
    // What is not understood was written before there was a rule, and says nothing.
    let wanted = file.requires_python.as_deref().and_then(|text| VersionSpecifiers::from_str(text).ok());
    if let Some(wanted) = wanted.filter(|wanted| !wanted.contains(python)) {
        return Err(Reason::Python(wanted.to_string()));
    }
    let digest = digest(file.hashes.get("sha256").map(String::as_str)).ok_or(Reason::NoDigest)?;
    let mut url = page.join(&file.url).map_err(|_| Reason::NoDigest)?;
    strip(&mut url);
    url.set_fragment(None);
    let metadata = match file.core_metadata.as_ref().or(file.dist_info_metadata.as_ref()) {
        Some(Json::Bool(true)) => OwnMetadata::Yes(None),
        Some(Json::Object(hashes)) => OwnMetadata::Yes(digest_of(hashes)),
        _ => OwnMetadata::No,
    };
    let yanked = matches!(&file.yanked, Some(Json::Bool(true) | Json::String(_)));
    Ok(WheelFile { file: file.filename.clone(), url, digest, build: name.build, yanked, metadata })
}

fn digest(hex: Option<&str>) -> Option<Digest> {
    format!("sha256:{}", hex?.to_ascii_lowercase()).parse().ok()
}

fn digest_of(hashes: &serde_json::Map<String, Json>) -> Option<Digest> {
    digest(hashes.get("sha256").and_then(Json::as_str))
}

#[cfg(test)]
mod tests;
