//! `sandmill wit fetch`: the packages that a folder's WIT uses, into its `deps`.
//! Never takes content that differs from what the lock file pins.

use std::path::Path;

use host_base::{Code, Failure};
use host_runtime::wit_package::{DEPENDENCIES, PackageId, decode_package, missing_packages};
use registry_client::PackageConfig;
use registry_oci::Digest;
use serde_json::json;

use super::lock::{Lock, Locked};
use super::{packages, place};
use crate::args::WitArguments;
use crate::printer::Printer;
use crate::registry;
use crate::settings::Settings;
use crate::trouble::{Outcome, Trouble};

/// Packages of one folder; more is a chain that somebody made to have no end.
const PACKAGES_MAX: usize = 256;

/// A package that was fetched.
pub struct Fetched {
    package: PackageId,
    reference: String,
    digest: Digest,
}

/// Fetches, and prints what was fetched.
pub async fn fetch(arguments: &WitArguments, settings: &Settings, printer: &Printer) -> Outcome {
    let fetched = fetch_missing(&arguments.folder, arguments.config.as_deref(), settings).await?;
    let objects: Vec<_> = fetched
        .iter()
        .map(|one| json!({ "package": one.package.to_string(), "reference": one.reference, "digest": one.digest }))
        .collect();
    printer.either(&json!({ "packages": objects }), || {
        if fetched.is_empty() {
            return "nothing is missing".to_owned();
        }
        let line = |one: &Fetched| format!("{}  {}  {}", one.package, one.reference, one.digest);
        fetched.iter().map(line).collect::<Vec<_>>().join("\n")
    })
}

/// Fetches until nothing is missing. What was there is not fetched again.
pub async fn fetch_missing(folder: &Path, config: Option<&Path>, settings: &Settings) -> Outcome<Vec<Fetched>> {
    let mut missing = missing_packages(folder)?;
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    let packages = packages(config)?;
    let mut lock = Lock::read_beside(folder)?;
    let mut fetched = Vec::new();
    while let Some(package) = missing.pop_first() {
        if fetched.len() == PACKAGES_MAX {
            let message = format!("{} needs more than {PACKAGES_MAX} packages", folder.display());
            return Err(Failure::new(Code::TooLarge, message).with_hint("use fewer packages").into());
        }
        fetched.push(fetch_one(folder, &package, &packages, &mut lock, settings).await?);
        if missing.is_empty() {
            // What came may use packages of its own.
            missing = missing_packages(folder)?;
            if let Some(stuck) = missing.iter().find(|package| fetched.iter().any(|one| one.package == **package)) {
                let message = format!("`{stuck}` was fetched, and {} still lacks it", folder.display());
                return Err(Failure::new(Code::Internal, message).into());
            }
        }
    }
    lock.write()?;
    Ok(fetched)
}

async fn fetch_one(
    folder: &Path,
    package: &PackageId,
    packages: &PackageConfig,
    lock: &mut Lock,
    settings: &Settings,
) -> Outcome<Fetched> {
    let (place, version) = place(package, packages, settings).await?;
    let client = registry::client_for(settings, &place.reference).await?;
    let (resolved, bytes) = registry::fetch(&client, &place.reference).await?;
    let digest = resolved.component_digest;
    let name = format!("{}:{}", package.namespace, package.name);
    lock.pin(name, Locked { registry: place.registry, version, digest: digest.clone() })?;
    let (found, text) = decode_package(&bytes)?;
    if found != *package {
        let message = format!("{} holds the package `{found}`, not `{package}`", place.reference);
        return Err(Failure::new(Code::RegistryProtocol, message)
            .with_hint("publish the package under its own name and version")
            .into());
    }
    let version = package.version.as_ref().map(|version| format!("-{version}")).unwrap_or_default();
    let target = folder.join(DEPENDENCIES).join(format!("{}-{}{version}", package.namespace, package.name));
    std::fs::create_dir_all(&target).map_err(|error| Trouble::unwritable(&target, &error))?;
    let file = target.join("package.wit");
    std::fs::write(&file, text).map_err(|error| Trouble::unwritable(&file, &error))?;
    Ok(Fetched { package: package.clone(), reference: place.reference.to_string(), digest })
}
