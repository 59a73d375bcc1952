//! `sandmill artifact`: list, show, files, get, put, push, pull.
//! Never changes an artifact.

mod files;
mod get;
mod layout;
mod list;
mod pull;
mod push;
mod put;
mod show;

use registry_oci::Digest;

use crate::args::ArtifactCommand;
use crate::printer::Printer;
use crate::run_id;
use crate::settings::Settings;
use crate::trouble::{Outcome, Trouble};

use self::files::Wanted;

/// Carries one of them out.
pub async fn artifact(command: ArtifactCommand, settings: &Settings, printer: &Printer) -> Outcome {
    let client = settings.client()?;
    match command {
        ArtifactCommand::List { run, page } => {
            let run = match run {
                Some(text) => Some(run_id::resolve(&client, &text).await?),
                None => None,
            };
            list::list(&client, run, page, printer).await
        }
        ArtifactCommand::Show { digest } => show::show(&client, &read_digest(&digest)?, printer).await,
        ArtifactCommand::Files { digest, page } => files::files(&client, &read_digest(&digest)?, page, printer).await,
        ArtifactCommand::Get { digest, file, position, output } => {
            let digest = read_digest(&digest)?;
            let named = file.as_deref().map(Wanted::Named);
            let part = match named.or(position.map(Wanted::At)) {
                Some(wanted) => Some(files::find(&client, &digest, wanted).await?),
                None => None,
            };
            get::get(&client, &digest, part.as_ref(), output.as_deref(), printer).await
        }
        ArtifactCommand::Push { digest, reference } => {
            push::push(&client, &read_digest(&digest)?, &reference, settings, printer).await
        }
        ArtifactCommand::Pull { reference, output } => {
            pull::pull(&client, &reference, output.as_deref(), settings, printer).await
        }
        ArtifactCommand::Put { file, kind, media_type, metadata } => {
            put::put(&client, &file, kind, media_type.as_deref(), &metadata, printer).await
        }
    }
}

/// A digest, also without its algorithm where that is SHA-256.
fn read_digest(text: &str) -> Outcome<Digest> {
    let full = if text.contains(':') { text.to_owned() } else { format!("sha256:{text}") };
    full.parse().map_err(|error: registry_oci::DigestError| {
        Trouble::usage(error.to_string(), "`sandmill artifact list` shows artifacts and their digests")
    })
}
