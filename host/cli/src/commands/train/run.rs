//! `sandmill train run`: a document and data become a job.
//! Never says that a job was accepted before the server has said so.

use std::collections::BTreeMap;
use std::path::Path;

use host_api::artifact::{ArtifactKind, ArtifactRef};
use host_api::train_job::SubmitTrainJob;
use host_base::{Code, Failure};
use host_client::Client;
use serde_json::json;

use super::watch::watch;
use crate::args::TrainArguments;
use crate::document::read_train_job;
use crate::printer::Printer;
use crate::trouble::{Exit, Outcome, Trouble};
use crate::upload::upload_file;
use crate::{files, format};

/// Submits, and with `--watch` stays until the job has ended.
pub async fn run(client: &Client, arguments: TrainArguments, printer: &Printer) -> Outcome {
    let TrainArguments { file, data_sets, models, name, watch: watching } = arguments;
    let (document, ignored) = read_train_job(&file)?;
    for told in &ignored {
        printer.note(&format!("changes nothing here: {told}"));
    }
    let data_sets = given(client, "--data", &data_sets, ArtifactKind::DataSet, printer).await?;
    let models = given(client, "--model", &models, ArtifactKind::Model, printer).await?;
    let submitted = client.submit_train_job(&SubmitTrainJob { document, data_sets, models, name }).await?;
    let job = submitted.job;
    if watching {
        printer.note(&format!("job {job}"));
        return watch(client, &job, printer).await;
    }
    printer.note(&format!("accepted; `sandmill train watch {job}` shows its loss"));
    printer.either(&json!({ "job": job, "state": "running" }), || job.clone())
}

/// What was given by name, uploaded where it is a file that the server does not have yet.
async fn given(
    client: &Client,
    flag: &str,
    written: &[String],
    kind: ArtifactKind,
    printer: &Printer,
) -> Outcome<BTreeMap<String, ArtifactRef>> {
    let mut given = BTreeMap::new();
    for text in written {
        let wrong = || {
            let failure = Failure::new(Code::InvalidParameter, format!("`{text}` gives nothing")).with_hint(format!(
                "write {flag} NAME=@FILE to upload a file, or {flag} NAME=sha256:… for an artifact"
            ));
            Trouble { problems: vec![failure.into()], exit: Exit::Usage }
        };
        let (name, value) = text.split_once('=').ok_or_else(wrong)?;
        let artifact = match value.strip_prefix('@') {
            Some(path) => upload(client, name, Path::new(path), kind, printer).await?,
            None => {
                let digest: registry_oci::Digest = value.parse().map_err(|_| wrong())?;
                client.artifact(&digest.to_string()).await?.artifact.artifact
            }
        };
        given.insert(name.to_owned(), artifact);
    }
    Ok(given)
}

async fn upload(
    client: &Client,
    name: &str,
    path: &Path,
    kind: ArtifactKind,
    printer: &Printer,
) -> Outcome<ArtifactRef> {
    let (digest, _) = files::digest(path)?;
    match client.artifact(&digest.to_string()).await {
        Ok(found) => return Ok(found.artifact.artifact),
        Err(error) if error.is_not_found() => {}
        Err(error) => return Err(error.into()),
    }
    let artifact = upload_file(client, path, kind, files::media_type(path), &BTreeMap::new()).await?;
    let size = format::bytes(artifact.size_bytes);
    printer.note(&format!("uploaded {} for `{name}` ({size})", path.display()));
    Ok(artifact)
}
