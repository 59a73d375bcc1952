//! `sandmill artifact put`: a file becomes an artifact.
//! Never reads the file into memory.

use std::path::Path;

use host_api::artifact::ArtifactKind;
use host_client::Client;

use crate::args::Kind;
use crate::files;
use crate::printer::Printer;
use crate::trouble::Outcome;
use crate::upload::upload_file;

/// Uploads, and prints the digest.
pub async fn put(
    client: &Client,
    file: &Path,
    kind: Kind,
    media_type: Option<&str>,
    metadata: &[String],
    printer: &Printer,
) -> Outcome {
    let metadata = files::named_values(metadata, "--metadata")?;
    let media_type = media_type.unwrap_or_else(|| files::media_type(file));
    let artifact = upload_file(client, file, kind_of(kind), media_type, &metadata).await?;
    printer.either(&artifact, || artifact.digest.clone())
}

const fn kind_of(kind: Kind) -> ArtifactKind {
    match kind {
        Kind::Artifact => ArtifactKind::Artifact,
        Kind::DataSet => ArtifactKind::DataSet,
        Kind::Model => ArtifactKind::Model,
        Kind::Metrics => ArtifactKind::Metrics,
    }
}
