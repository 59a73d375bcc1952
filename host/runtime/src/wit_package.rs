//! WIT packages: what a folder of WIT needs from elsewhere, and packages in the form that registries keep.
//! Never asks a registry, and never writes a file.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use host_base::{Code, Failure};
use wit_component::{DecodedWasm, WitPrinter};
use wit_parser::{PackageName, Resolve, UnresolvedPackage, UnresolvedPackageGroup};

/// Where packages lie that a folder's WIT uses.
pub const DEPENDENCIES: &str = "deps";

/// Name and version of a WIT package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackageId {
    /// `wasi` in `wasi:http@0.2.6`.
    pub namespace: String,
    /// `http` in `wasi:http@0.2.6`.
    pub name: String,
    /// `0.2.6` in `wasi:http@0.2.6`.
    pub version: Option<String>,
}

impl std::fmt::Display for PackageId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { namespace, name, version } = self;
        match version {
            Some(version) => write!(formatter, "{namespace}:{name}@{version}"),
            None => write!(formatter, "{namespace}:{name}"),
        }
    }
}

impl From<&PackageName> for PackageId {
    fn from(name: &PackageName) -> Self {
        let version = name.version.as_ref().map(ToString::to_string);
        Self { namespace: name.namespace.clone(), name: name.name.clone(), version }
    }
}

/// Packages that the WIT in a folder uses, directly or through its `deps`, and that neither defines.
///
/// # Errors
/// Where the folder cannot be read or its WIT makes no sense.
pub fn missing_packages(folder: &Path) -> Result<BTreeSet<PackageId>, Failure> {
    let mut defined = BTreeSet::new();
    let mut used = BTreeSet::new();
    for place in std::iter::once(folder.to_owned()).chain(dependency_folders(folder)?) {
        let group = UnresolvedPackageGroup::parse_dir(&place).map_err(|error| invalid(&place, &error))?;
        for package in std::iter::once(&group.main).chain(&group.nested) {
            defined.insert(PackageId::from(&package.name));
            used.extend(used_by(package));
        }
    }
    Ok(used.difference(&defined).cloned().collect())
}

fn used_by(package: &UnresolvedPackage) -> impl Iterator<Item = PackageId> + '_ {
    package.foreign_deps.keys().map(PackageId::from)
}

fn dependency_folders(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let dependencies = folder.join(DEPENDENCIES);
    if !dependencies.is_dir() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(&dependencies).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.map_err(|error| unreadable(&dependencies, &error))?;
    Ok(entries.into_iter().map(|entry| entry.path()).filter(|path| path.is_dir()).collect())
}

/// The package in a folder, in the binary form in which registries keep packages.
///
/// # Errors
/// Where its WIT makes no sense or uses packages that are not there.
pub fn encode_package(folder: &Path) -> Result<(PackageId, Vec<u8>), Failure> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(folder).map_err(|error| invalid(folder, &error))?;
    let bytes = wit_component::encode(&resolve, package).map_err(|error| invalid(folder, &error))?;
    Ok((PackageId::from(&resolve.packages[package].name), bytes))
}

/// Name and text of a package in the form in which registries keep packages.
///
/// # Errors
/// Where the bytes are no WIT package.
pub fn decode_package(bytes: &[u8]) -> Result<(PackageId, String), Failure> {
    let no_package = |why: &str| {
        Failure::new(Code::InvalidDocument, format!("the content is not a WIT package: {why}"))
            .with_hint("publish one with `sandmill wit publish` or `wkg publish`")
    };
    match wit_component::decode(bytes) {
        Ok(DecodedWasm::WitPackage(resolve, package)) => {
            let mut printer = WitPrinter::default();
            printer.emit_docs(true);
            printer.print(&resolve, package, &[]).map_err(|error| no_package(&format!("{error:#}")))?;
            Ok((PackageId::from(&resolve.packages[package].name), printer.output.to_string()))
        }
        Ok(DecodedWasm::Component(..)) => Err(no_package("it is a component")),
        Err(error) => Err(no_package(&format!("{error:#}"))),
    }
}

fn invalid(folder: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(Code::InvalidDocument, format!("the WIT in {} cannot be used: {error:#}", folder.display()))
        .with_hint("mend the text at the line that is named; `sandmill wit fetch` gets packages that are missing")
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(Code::BadRequest, format!("cannot read {}: {error}", path.display()))
        .with_hint("check the path and its permissions")
}
