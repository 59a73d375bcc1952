//! Where WIT packages are found: wkg's configuration file, and what registries say of themselves.
//! Never guesses: a package without a place is looked for in the node's own registry.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use registry_oci::Reference;
use serde::Deserialize;

use crate::places::Place;
use crate::retry::Retries;
use crate::transport::read_body;
use crate::{RegistryClient, RegistryError};

/// Namespaces that everybody finds in the same place.
const KNOWN_NAMESPACES: [(&str, &str); 2] = [("wasi", "wasi.dev"), ("ba", "bytecodealliance.org")];
/// Where a registry says how its packages are kept.
const WELL_KNOWN: &str = "/.well-known/wasm-pkg/registry.json";
/// A longer answer there is none.
const METADATA_BYTES_MAX: usize = 64 << 10;
/// A larger file is no such configuration.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// wkg's configuration, as far as it says where packages are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct PackageConfig {
    /// Where packages are whose namespace is not named.
    pub default_registry: Option<String>,
    /// By namespace.
    pub namespace_registries: BTreeMap<String, RegistryMapping>,
    /// By namespace and name: `wasi:http`.
    pub package_registries: BTreeMap<String, RegistryMapping>,
}

/// A registry for packages, and how it keeps them where it is not to be asked.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum RegistryMapping {
    /// Its name.
    Registry(String),
    /// Its name, and what it would say of itself.
    Custom {
        /// Its name.
        registry: String,
        /// What it would say.
        metadata: RegistryMetadata,
    },
}

/// What a registry says of itself at its well-known address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RegistryMetadata {
    /// The OCI registry that holds the packages.
    pub oci: Option<OciMetadata>,
}

/// Where in an OCI registry packages are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OciMetadata {
    /// Host and port; the registry's own name where it is left out.
    pub registry: Option<String>,
    /// Put before the repository.
    pub namespace_prefix: Option<String>,
}

/// Where a package is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackagePlace {
    /// The registry as the configuration calls it; none for the node's own.
    pub registry: Option<String>,
    /// Repository and tag.
    pub reference: Reference,
}

impl PackageConfig {
    /// The file in which wkg keeps its configuration for this user.
    #[must_use]
    pub fn usual_file() -> Option<PathBuf> {
        let base = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
        Some(base.or_else(|| Some(std::env::home_dir()?.join(".config")))?.join("wasm-pkg/config.toml"))
    }

    /// Reads a configuration.
    ///
    /// # Errors
    /// Where the file cannot be read or is none.
    pub fn read(file: &Path) -> Result<Self, String> {
        let named = |problem: &dyn std::fmt::Display| format!("{}: {problem}", file.display());
        let size_bytes = std::fs::metadata(file).map_err(|error| named(&error))?.len();
        if size_bytes > FILE_BYTES_MAX {
            return Err(named(&format_args!("it has more than {FILE_BYTES_MAX} bytes")));
        }
        let text = std::fs::read_to_string(file).map_err(|error| named(&error))?;
        toml::from_str(&text).map_err(|error| named(&error.to_string().trim_end()))
    }

    /// Where a package's registry is named, the narrower the better.
    fn mapping(&self, namespace: &str, name: &str) -> Option<RegistryMapping> {
        let package = self.package_registries.get(&format!("{namespace}:{name}"));
        let mapping = package.or_else(|| self.namespace_registries.get(namespace)).cloned();
        let known = || KNOWN_NAMESPACES.iter().find(|(known, _)| *known == namespace).map(|(_, registry)| *registry);
        let other = || self.default_registry.clone().or_else(|| known().map(str::to_owned));
        mapping.or_else(|| other().map(RegistryMapping::Registry))
    }
}

impl RegistryClient {
    /// Where a package is kept, by the configuration and by what its registry says.
    ///
    /// # Errors
    /// Where the registry has to be asked and cannot be, or the names make no reference.
    pub async fn package_place(
        &self,
        config: &PackageConfig,
        namespace: &str,
        name: &str,
        version: &str,
    ) -> Result<PackagePlace, RegistryError> {
        let (registry, metadata) = match config.mapping(namespace, name) {
            None => (None, OciMetadata::default()),
            Some(RegistryMapping::Registry(registry)) => {
                let metadata = self.well_known(&registry).await?.oci.unwrap_or_default();
                (Some(registry), metadata)
            }
            Some(RegistryMapping::Custom { registry, metadata }) => (Some(registry), metadata.oci.unwrap_or_default()),
        };
        let host = metadata.registry.or_else(|| registry.clone());
        let repository = format!("{}{namespace}/{name}", metadata.namespace_prefix.unwrap_or_default());
        // A tag has no `+`, so build metadata is written with `_`.
        let tag = version.replace('+', "_");
        let reference = Reference::new(host.as_deref(), &repository, Some(&tag), None).map_err(|error| {
            let reference = format!("{namespace}:{name}@{version}");
            RegistryError::UnusableReference { reference, reason: error.to_string() }
        })?;
        Ok(PackagePlace { registry, reference })
    }

    /// What a registry says of itself; nothing where it has no such page, or one for people.
    async fn well_known(&self, registry: &str) -> Result<RegistryMetadata, RegistryError> {
        let page = Reference::new(Some(registry), "wasm-pkg/registry", None, None).map_err(|error| {
            RegistryError::UnusableReference { reference: error.text, reason: error.problem.to_string() }
        })?;
        let place = Place::new(self.config(), &page)?;
        let url = format!("{}://{registry}{WELL_KNOWN}", place.route.scheme());
        let mut retries = Retries::new(self.config());
        let work = async {
            loop {
                let attempt = async {
                    let response = self.transport().get(self.config(), &place, &url, "application/json").await?;
                    read_body(&place, response, "what it says of itself", METADATA_BYTES_MAX).await
                };
                match attempt.await {
                    Ok(body) => return Ok(serde_json::from_slice(&body).unwrap_or_default()),
                    Err(trouble) => match retries.after(trouble).await {
                        Ok(()) => {}
                        Err(RegistryError::NotFound { .. }) => return Ok(RegistryMetadata::default()),
                        Err(error) => return Err(error),
                    },
                }
            }
        };
        self.in_time(&place, work).await
    }
}
