//! What a command left behind, made values and artifacts.
//! Never follows a link that the command made: it could point anywhere on this machine.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use host_artifacts::{ArtifactWriter, Artifacts};
use host_base::{ArtifactKind, ArtifactRef, Code, Failure, Value};
use tokio::io::AsyncReadExt as _;

use super::folders::COPY_BYTES;
use super::{archive, blocking, scratch_failure};
use crate::layout::{FOLDER_MEDIA_TYPE, LAYOUT_FOLDER, LAYOUT_KEY, OutputFile, OutputKind, parts};

/// What stands at an output's path.
enum Found {
    File(PathBuf, u64),
    Folder(PathBuf),
    Nothing,
}

/// One output, or none where it is missing and need not be there. `spare` is a free path for an archive.
pub(super) async fn output(
    artifacts: &Artifacts,
    root: &Path,
    spare: &Path,
    name: &str,
    output: &OutputFile,
) -> Result<Option<Value>, Failure> {
    let unreadable = |error: std::io::Error| scratch_failure(&format!("output `{name}` cannot be read"), &error);
    let found = find(root, &parts(&output.guest_path)?).map_err(unreadable)?;
    match (&output.kind, found) {
        (OutputKind::Artifact { kind, media_type }, Found::File(path, _)) => {
            let writer = artifacts.writer(*kind, media_type, BTreeMap::new()).await;
            let writer = writer.map_err(|error| error.to_failure())?;
            store(writer, &path, name).await.map(|artifact| Some(Value::Artifact(artifact)))
        }
        (OutputKind::Artifact { kind, .. }, Found::Folder(path)) => {
            folder(artifacts, *kind, path, spare.to_owned(), name).await.map(|artifact| Some(Value::Artifact(artifact)))
        }
        (OutputKind::Text { bytes_max }, Found::File(path, size_bytes)) => {
            text(&path, size_bytes, *bytes_max, &output.guest_path).map(|text| Some(Value::Plain(text.into())))
        }
        _ if !output.required => Ok(None),
        _ => {
            let message = format!("the command ended without a file {}, which the step promises", output.guest_path);
            Err(Failure::new(Code::MissingOutput, message)
                .with_hint("let it write the file, or take the output out of the pipeline document"))
        }
    }
}

/// Walks down by names. A link on the way is nothing, like one at the end.
fn find(root: &Path, names: &[&str]) -> std::io::Result<Found> {
    let mut path = root.to_owned();
    for (index, name) in names.iter().enumerate() {
        path.push(name);
        let about = match fs::symlink_metadata(&path) {
            Ok(about) => about,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Ok(Found::Nothing);
            }
            Err(error) => return Err(error),
        };
        let is_last = index + 1 == names.len();
        match (is_last, about.is_dir(), about.is_file()) {
            (true, true, _) => return Ok(Found::Folder(path)),
            (true, _, true) => return Ok(Found::File(path, about.len())),
            (false, true, _) => {}
            _ => return Ok(Found::Nothing),
        }
    }
    Ok(Found::Nothing)
}

/// A folder as an artifact: packed beside the guest's root, then kept like a file.
async fn folder(
    artifacts: &Artifacts,
    kind: ArtifactKind,
    path: PathBuf,
    spare: PathBuf,
    name: &str,
) -> Result<ArtifactRef, Failure> {
    let packed = spare.clone();
    blocking(move || archive::pack(&path, &packed)).await?;
    let metadata = BTreeMap::from([(LAYOUT_KEY.to_owned(), LAYOUT_FOLDER.to_owned())]);
    let writer = artifacts.writer(kind, FOLDER_MEDIA_TYPE, metadata).await.map_err(|error| error.to_failure())?;
    store(writer, &spare, name).await
}

async fn store(mut writer: ArtifactWriter, path: &Path, name: &str) -> Result<ArtifactRef, Failure> {
    let unreadable = |error: std::io::Error| scratch_failure(&format!("output `{name}` cannot be read"), &error);
    let stored = |error: host_artifacts::ArtifactError| error.to_failure();
    let mut file = tokio::fs::File::open(path).await.map_err(unreadable)?;
    let mut piece = vec![0; COPY_BYTES];
    loop {
        let length = file.read(&mut piece).await.map_err(unreadable)?;
        if length == 0 {
            return writer.finish().await.map_err(stored);
        }
        writer.write(&piece[..length]).await.map_err(stored)?;
    }
}

/// A small output's text.
fn text(path: &Path, size_bytes: u64, bytes_max: u64, guest_path: &str) -> Result<String, Failure> {
    if size_bytes > bytes_max {
        let (size, most) = (sdk_spec::ByteSize(size_bytes), sdk_spec::ByteSize(bytes_max));
        let message = format!(
            "the command left {} in {guest_path}, where a value of at most {} belongs",
            String::from(size),
            String::from(most)
        );
        return Err(Failure::new(Code::OutputLimit, message).with_hint("hand big data over as an artifact"));
    }
    let bytes = fs::read(path).map_err(|error| scratch_failure(&format!("{guest_path} cannot be read"), &error))?;
    String::from_utf8(bytes).map_err(|_| {
        Failure::new(Code::TypeMismatch, format!("what the command left in {guest_path} is no UTF-8 text"))
            .with_hint("hand anything but text over as an artifact")
    })
}
