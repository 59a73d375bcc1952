//! `sandmill wit`: fetch, publish.
//! Never overwrites WIT that somebody wrote: packages go below `deps`.

pub mod fetch;
mod lock;
mod publish;

use std::path::Path;

use host_runtime::wit_package::PackageId;
use registry_client::{PackageConfig, PackagePlace, RegistryClient};

use crate::args::WitCommand;
use crate::printer::Printer;
use crate::registry;
use crate::settings::Settings;
use crate::trouble::{Outcome, Trouble};

/// Carries one of them out.
pub async fn wit(command: WitCommand, settings: &Settings, printer: &Printer) -> Outcome {
    match command {
        WitCommand::Fetch(arguments) => fetch::fetch(&arguments, settings, printer).await,
        WitCommand::Publish(arguments) => publish::publish(&arguments, settings, printer).await,
    }
}

/// What wkg's configuration says; nothing where this user has none.
fn packages(file: Option<&Path>) -> Outcome<PackageConfig> {
    let usual = PackageConfig::usual_file().filter(|usual| usual.is_file());
    let Some(file) = file.map(Path::to_owned).or(usual) else { return Ok(PackageConfig::default()) };
    PackageConfig::read(&file)
        .map_err(|problem| Trouble::usage(problem, "mend the file, or name another with --config FILE"))
}

/// Where a package is kept. Without a version there would be no telling what it means tomorrow.
async fn place(package: &PackageId, packages: &PackageConfig, settings: &Settings) -> Outcome<(PackagePlace, String)> {
    let Some(version) = package.version.clone() else {
        return Err(Trouble::usage(
            format!("the package `{package}` is named without a version"),
            format!("write which one is meant, such as {package}@0.1.0"),
        ));
    };
    let client = RegistryClient::new(settings.registries.clone());
    let place = client.package_place(packages, &package.namespace, &package.name, &version).await;
    Ok((place.map_err(|error| registry::trouble(&error))?, version))
}
