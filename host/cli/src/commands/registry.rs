//! `sandmill registry`: serve, gc.
//! Never talks to a registry: it is one.

mod gc;
mod serve;

use std::path::{Path, PathBuf};

use host_node::RegistrySettings;
use host_node::settings::{Bucket, Storage};

use super::up::absolute;
use crate::args::{RegistryCommand, RegistryPlaceArguments};
use crate::printer::Printer;
use crate::settings::default_data_folder;
use crate::trouble::{Outcome, Trouble};

/// Beside the folder of a node, which belongs to the node.
const DATA_FOLDER_DEFAULT: &str = "sandmill-registry";

/// Carries one of them out.
pub async fn registry(command: RegistryCommand, printer: &Printer) -> Outcome {
    match command {
        RegistryCommand::Serve(arguments) => serve::serve(arguments, printer).await,
        RegistryCommand::Gc { place } => gc::gc(place, printer).await,
    }
}

/// The settings in a file, or the usual ones.
pub(super) fn settings(path: Option<&Path>) -> Outcome<RegistrySettings> {
    let Some(path) = path else { return Ok(RegistrySettings::default()) };
    RegistrySettings::read(path).map_err(|error| {
        Trouble::usage(error.to_string(), "registry/README.md shows a whole document; every part of it may be left out")
    })
}

/// The folder and the settings that these arguments mean; flags come before the document.
fn place(arguments: RegistryPlaceArguments) -> Outcome<(PathBuf, RegistrySettings)> {
    let data_folder = match arguments.data {
        Some(folder) => absolute(&folder)?,
        None => default_data_folder()?.with_file_name(DATA_FOLDER_DEFAULT),
    };
    let mut settings = settings(arguments.settings.as_deref())?;
    if let Some(bucket) = arguments.s3_bucket {
        let usual = Bucket::new(bucket);
        settings.storage = Storage::S3(Bucket { endpoint: arguments.s3_endpoint, ..usual });
    }
    Ok((data_folder, settings))
}
