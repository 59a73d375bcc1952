//! `sandmill component tags`: what a repository holds.
//! Never fetches a component.

use crate::printer::Printer;
use crate::registry;
use crate::settings::Settings;
use crate::trouble::Outcome;

/// Prints the tags, one per line.
pub async fn tags(repository: &str, settings: &Settings, printer: &Printer) -> Outcome {
    let reference = registry::reference(repository)?;
    let client = registry::client_for(settings, &reference).await?;
    let tags = client.list_tags(&reference).await.map_err(|error| registry::trouble(&error))?;
    printer.either(&tags, || tags.join("\n"))
}
