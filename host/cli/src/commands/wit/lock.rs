//! wkg.lock: which content each package had when it was first fetched, in the form that wkg writes and reads.
//! Never forgets a package that this program did not fetch.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use host_base::{Code, Failure};
use registry_oci::Digest;
use serde::Deserialize;

use crate::trouble::{Outcome, Trouble};

const FILE: &str = "wkg.lock";
/// The form that is understood.
const VERSION: u64 = 1;

/// The packages of a folder, by name and version.
pub struct Lock {
    path: PathBuf,
    packages: BTreeMap<(String, String), Locked>,
}

/// One version of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locked {
    /// The registry as the configuration calls it; none for the node's own.
    pub registry: Option<String>,
    /// Exactly this one.
    pub version: String,
    /// Of the content.
    pub digest: Digest,
}

#[derive(Deserialize)]
struct File {
    version: u64,
    #[serde(default)]
    packages: Vec<FilePackage>,
}

#[derive(Deserialize)]
struct FilePackage {
    name: String,
    #[serde(default)]
    registry: Option<String>,
    #[serde(default)]
    versions: Vec<FileVersion>,
}

#[derive(Deserialize)]
struct FileVersion {
    version: String,
    digest: Digest,
}

impl Lock {
    /// The lock file beside a folder; an empty one where there is none.
    pub fn read_beside(folder: &Path) -> Outcome<Self> {
        let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let path = parent.join(FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self { path, packages: BTreeMap::new() }),
            Err(error) => return Err(Trouble::unreadable(&path, &error)),
        };
        let unusable = |problem: String| {
            let hint = "mend the file, or delete it to pin anew what is there now";
            Trouble::usage(format!("{}: {problem}", path.display()), hint)
        };
        let file: File = toml::from_str(&text).map_err(|error| unusable(error.to_string().trim_end().to_owned()))?;
        if file.version != VERSION {
            return Err(unusable(format!("it has the form {}, and this program reads {VERSION}", file.version)));
        }
        let mut packages = BTreeMap::new();
        for FilePackage { name, registry, versions } in file.packages {
            for FileVersion { version, digest } in versions {
                let locked = Locked { registry: registry.clone(), version: version.clone(), digest };
                packages.insert((name.clone(), version), locked);
            }
        }
        Ok(Self { path, packages })
    }

    /// Takes a package up, or refuses content that is not what it was.
    pub fn pin(&mut self, name: String, locked: Locked) -> Outcome {
        let key = (name, locked.version.clone());
        match self.packages.get(&key) {
            Some(known) if known.digest != locked.digest => {
                let message = format!(
                    "the package {}@{} has the content {}, and {} pins {}",
                    key.0,
                    key.1,
                    locked.digest,
                    self.path.display(),
                    known.digest
                );
                Err(Failure::new(Code::DigestMismatch, message)
                    .with_hint("find out who changed a published version; delete its entry to take the new content")
                    .into())
            }
            Some(_) => Ok(()),
            None => {
                self.packages.insert(key, locked);
                Ok(())
            }
        }
    }

    /// Writes the file, sorted.
    pub fn write(&self) -> Outcome {
        std::fs::write(&self.path, self.text()).map_err(|error| Trouble::unwritable(&self.path, &error))
    }

    fn text(&self) -> String {
        let mut text =
            format!("# Written by `sandmill wit fetch`; wkg reads and writes it too.\nversion = {VERSION}\n");
        let mut last = None;
        // Names, registries and versions have no character that TOML would want escaped: they were references.
        for ((name, version), locked) in &self.packages {
            if last != Some((name, &locked.registry)) {
                let _ = write!(text, "\n[[packages]]\nname = \"{name}\"\n");
                if let Some(registry) = &locked.registry {
                    let _ = writeln!(text, "registry = \"{registry}\"");
                }
                last = Some((name, &locked.registry));
            }
            let digest = &locked.digest;
            let _ = write!(
                text,
                "\n[[packages.versions]]\nrequirement = \"={version}\"\nversion = \"{version}\"\ndigest = \"{digest}\"\n"
            );
        }
        text
    }
}

#[cfg(test)]
mod tests;
