//! Content in buckets of S3-compatible stores: an object, or all objects of a folder as one archive.
//! Never lets a key lead out of the folder that steps see.

use std::path::PathBuf;

use futures::StreamExt as _;
use host_base::{ArtifactRef, Failure};
use registry_cas_object::{BucketAddress, BucketError, BucketObjects, ListedObject, ObjectContent};
use tar::Header;

use super::keep::Keeping;
use super::{Import, OCTETS, failed};
use crate::policy::AllowedBucket;

/// Most objects that one folder may have.
const FOLDER_OBJECTS_MAX: usize = 100_000;
/// What archives are made up of.
const ARCHIVE_BLOCK_BYTES: u64 = 512;
const FILE_MODE: u32 = 0o644;

/// The content under a key, named by scheme, bucket and key.
pub(super) async fn fetch(
    uri: &str,
    (scheme, bucket, key): (&str, &str, &str),
    trusted_roots: &[PathBuf],
    import: &Import<'_>,
) -> Result<ArtifactRef, Failure> {
    let Some(allowed) = import.policy.allowed_bucket(scheme, bucket) else {
        return Err(failed(uri, "this node's policy does not allow it"));
    };
    let trouble = |error: BucketError| explained(uri, &error);
    let objects = BucketObjects::open(&address(allowed, trusted_roots)).map_err(trouble)?;
    if let Some(content) = objects.read(key).await.map_err(trouble)? {
        let media_type = content.media_type.clone().unwrap_or_else(|| OCTETS.to_owned());
        let mut keeping = Keeping::file(uri, &media_type, import).await?;
        keeping.expect(content.size_bytes)?;
        write(uri, content, &mut keeping).await?;
        return keeping.finish().await;
    }
    let listed = objects.list(key, FOLDER_OBJECTS_MAX + 1).await.map_err(trouble)?;
    keep_folder(uri, key, &objects, listed, import).await
}

fn address(allowed: &AllowedBucket, trusted_roots: &[PathBuf]) -> BucketAddress {
    BucketAddress {
        bucket: allowed.bucket.clone(),
        endpoint: allowed.endpoint.clone(),
        region: None,
        trusted_roots: trusted_roots.to_vec(),
    }
}

async fn keep_folder(
    uri: &str,
    folder: &str,
    objects: &BucketObjects,
    mut listed: Vec<ListedObject>,
    import: &Import<'_>,
) -> Result<ArtifactRef, Failure> {
    if listed.is_empty() {
        return Err(failed(uri, "there is no such object, and no folder of that name")
            .with_hint("check the bucket and the key, and that the node's credentials may list the bucket"));
    }
    if listed.len() > FOLDER_OBJECTS_MAX {
        return Err(failed(uri, &format!("its folder has more than {FOLDER_OBJECTS_MAX} objects")));
    }
    // The same folder is the same archive, and so the same digest.
    listed.sort_by(|one, other| one.key.cmp(&other.key));
    let mut keeping = Keeping::folder(uri, import).await?;
    keeping.expect(listed.iter().map(|object| object.size_bytes).sum())?;
    for object in &listed {
        let key = format!("{folder}/{}", object.key);
        let content = objects.read(&key).await.map_err(|error| explained(uri, &error))?;
        let Some(content) = content.filter(|content| content.size_bytes == object.size_bytes) else {
            return Err(failed(uri, &format!("`{key}` was changed while it was read")).retryable());
        };
        keeping.write(header(uri, object)?.as_bytes()).await?;
        write(uri, content, &mut keeping).await?;
        let rest = object.size_bytes.next_multiple_of(ARCHIVE_BLOCK_BYTES) - object.size_bytes;
        keeping.write(&[0; ARCHIVE_BLOCK_BYTES as usize][..rest as usize]).await?;
    }
    // Two empty blocks end an archive.
    keeping.write(&[0; 2 * ARCHIVE_BLOCK_BYTES as usize]).await?;
    keeping.finish().await
}

fn header(uri: &str, object: &ListedObject) -> Result<Header, Failure> {
    let mut header = Header::new_ustar();
    let refused = |error: std::io::Error| failed(uri, &format!("`{}` cannot be kept: {error}", object.key));
    header.set_path(&object.key).map_err(refused)?;
    header.set_mode(FILE_MODE);
    header.set_size(object.size_bytes);
    header.set_mtime(0);
    header.set_uid(0);
    header.set_gid(0);
    header.set_cksum();
    Ok(header)
}

async fn write(uri: &str, mut content: ObjectContent, keeping: &mut Keeping<'_>) -> Result<(), Failure> {
    while let Some(piece) = content.bytes.next().await {
        keeping.write(&piece.map_err(|error| explained(uri, &error))?).await?;
    }
    Ok(())
}

fn explained(uri: &str, error: &BucketError) -> Failure {
    let failure = failed(uri, &error.to_string());
    match error {
        BucketError::Store(_) if error.is_missing() => failure.with_hint("check the name of the bucket"),
        BucketError::Store(_) if error.is_refusal() => failure.with_hint(
            "let the node's AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY read the bucket; \
             AWS_SKIP_SIGNATURE=true reads what is public",
        ),
        BucketError::Store(_) => failure.with_hint("check that the store can be reached from the node").retryable(),
        BucketError::Unusable { .. } => failure.with_hint("check --allow-bucket, and the node's AWS variables"),
    }
}
