//! `sandmill artifact get`: an artifact's bytes, or those of one file in it, into a file or to stdout.
//! Never calls a file whole whose bytes do not hash to the digest, or of which a part did not come.

use std::io::{IsTerminal, Write};
use std::path::Path;

use host_api::folder::ArtifactFile;
use host_base::{Code, Failure};
use host_client::Client;
use registry_oci::{Digest, Hasher};
use serde_json::json;

use crate::files::NewFile;
use crate::format;
use crate::printer::Printer;
use crate::trouble::{Outcome, Trouble};

/// Fetches all of it, or one file where it is a folder.
pub async fn get(
    client: &Client,
    digest: &Digest,
    file: Option<&ArtifactFile>,
    output: Option<&Path>,
    printer: &Printer,
) -> Outcome {
    let Some(path) = output.filter(|path| *path != Path::new("-")) else {
        return to_stdout(client, digest, file).await;
    };
    let mut new = NewFile::create(path)?;
    let size = fetch(client, digest, file, |piece| new.write(piece)).await?;
    new.finish()?;
    printer.note(&format!("{} ({})", path.display(), format::bytes(size)));
    if printer.json {
        let mut told = json!({ "path": path, "digest": digest, "sizeBytes": size });
        if let Some(file) = file {
            told["file"] = json!(file.name);
            told["position"] = json!(file.position);
        }
        printer.object(&told)?;
    }
    Ok(())
}

async fn to_stdout(client: &Client, digest: &Digest, file: Option<&ArtifactFile>) -> Outcome {
    let mut stdout = std::io::stdout().lock();
    if stdout.is_terminal() {
        let media_type = match file {
            Some(file) => file.media_type.clone(),
            None => client.artifact(&digest.to_string()).await?.artifact.artifact.media_type,
        };
        if !is_text(&media_type) {
            return Err(Trouble::usage(
                format!("{digest} is {media_type}, which is nothing for a terminal"),
                "write it into a file with --output FILE",
            ));
        }
    }
    fetch(client, digest, file, |piece| Ok(stdout.write_all(piece)?)).await?;
    Ok(stdout.flush()?)
}

fn is_text(media_type: &str) -> bool {
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    let endings = ["json", "jsonl", "xml", "yaml"];
    media_type.starts_with("text/") || endings.iter().any(|ending| media_type.ends_with(ending))
}

/// Hands the bytes on as they come, and tells how many there were.
async fn fetch(
    client: &Client,
    digest: &Digest,
    file: Option<&ArtifactFile>,
    mut take: impl FnMut(&[u8]) -> Outcome,
) -> Outcome<u64> {
    let mut content = match file {
        Some(file) => client.file_content(&digest.to_string(), file.position).await?,
        None => client.content(&digest.to_string()).await?,
    };
    let mut hasher = Hasher::new(digest.algorithm());
    let mut size = 0;
    while let Some(piece) = content.next().await? {
        hasher.update(&piece);
        size += piece.len() as u64;
        take(&piece)?;
    }
    let wrong = match file {
        Some(file) if size == file.size_bytes => return Ok(size),
        Some(file) => format!("{size} bytes arrived of the {} of `{}`", file.size_bytes, file.name.escape_debug()),
        None => match hasher.finish() {
            found if found == *digest => return Ok(size),
            found => format!("what arrived hashes to {found}, not to {digest}"),
        },
    };
    Err(Failure::new(Code::DigestMismatch, wrong)
        .with_hint("something between the server and here changed it, or the server's disk is failing")
        .into())
}
