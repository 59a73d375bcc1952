//! Files on their way to the server.
//! Never held in memory as a whole.

use std::collections::BTreeMap;
use std::path::Path;

use host_api::artifact::{ArtifactKind, ArtifactRef};
use host_client::Client;
use tokio_util::io::ReaderStream;

use crate::trouble::{Outcome, Trouble};

/// Bytes read and sent at a time.
const PIECE_BYTES: usize = 256 << 10;

/// Uploads a file as an artifact.
pub async fn upload_file(
    client: &Client,
    path: &Path,
    kind: ArtifactKind,
    media_type: &str,
    metadata: &BTreeMap<String, String>,
) -> Outcome<ArtifactRef> {
    let unreadable = |error: std::io::Error| Trouble::unreadable(path, &error);
    let file = tokio::fs::File::open(path).await.map_err(unreadable)?;
    let about = file.metadata().await.map_err(unreadable)?;
    if about.is_dir() {
        return Err(Trouble::usage(format!("{} is a folder", path.display()), "name a file"));
    }
    // A pipe has no length that is known before its end.
    let length_bytes = about.is_file().then_some(about.len());
    let content = ReaderStream::with_capacity(file, PIECE_BYTES);
    Ok(client.upload(kind, media_type, metadata, length_bytes, content).await?)
}
