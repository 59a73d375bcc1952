//! Content in buckets of S3-compatible stores: an object, or all objects of a folder as one archive.
//! Never lets a key lead out of the folder that steps see.

use std::path::PathBuf;

use futures::StreamExt as _;
use host_base::{ArtifactRef, Failure};
use registry_cas_object::{BucketAddress, BucketError, BucketKeys, BucketObjects, ListedObject, ObjectContent};
use tar::Header;
use url::Url;

use super::access::Access;
use super::keep::Keeping;
use super::web::host_with_port;
use super::{Import, OCTETS, failed, not_allowed};
use crate::Policy;
use crate::policy::GOOGLE_ENDPOINT;

/// Most objects that one folder may have.
const FOLDER_OBJECTS_MAX: usize = 100_000;
/// Where a bucket of AWS is that nobody says more of.
const REGION_DEFAULT: &str = "us-east-1";
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
    let Place { endpoint, region, keys } = place(import.policy, uri, (scheme, bucket), import.access)?;
    let address = BucketAddress { bucket: bucket.to_owned(), endpoint, region, trusted_roots: trusted_roots.to_vec() };
    let trouble = |error: BucketError| explained(uri, &error, import.access);
    let objects = match &keys {
        Some(keys) => BucketObjects::open_with_keys(&address, keys),
        None => BucketObjects::open(&address),
    }
    .map_err(trouble)?;
    if let Some(content) = objects.read(key).await.map_err(trouble)? {
        let media_type = content.media_type.clone().unwrap_or_else(|| OCTETS.to_owned());
        let mut keeping = Keeping::file(uri, &media_type, import).await?;
        keeping.expect(content.size_bytes)?;
        write(uri, content, &mut keeping, import.access).await?;
        return keeping.finish().await;
    }
    let listed = objects.list(key, FOLDER_OBJECTS_MAX + 1).await.map_err(trouble)?;
    keep_folder(uri, key, &objects, listed, import).await
}

/// Where a bucket is, and what opens it.
pub(super) struct Place {
    endpoint: Option<String>,
    region: Option<String>,
    /// None means the node's own variables, or the machine's role.
    keys: Option<BucketKeys>,
}

/// Where a bucket is, as far as this node's policy allows it: one that the policy names is opened with the node's own
/// access, or with what the document names; any other with what the document names, at a host that steps may call.
pub(super) fn place(
    policy: &Policy,
    uri: &str,
    (scheme, bucket): (&str, &str),
    access: Option<&Access>,
) -> Result<Place, Failure> {
    let allowed = policy.allowed_bucket(scheme, bucket);
    let Some(access) = access else {
        let Some(allowed) = allowed else {
            let place = format!("{scheme}://{bucket}");
            let store = if scheme == "minio" { "=http://HOST:PORT" } else { "" };
            let (what, flag) = (format!("reading from the bucket `{place}`"), format!("--allow-bucket {place}{store}"));
            return Err(not_allowed(uri, &what, &flag));
        };
        return Ok(Place { endpoint: allowed.endpoint.clone(), region: None, keys: None });
    };
    if !is_bucket_name(bucket) {
        return Err(failed(uri, "its bucket has a name that no bucket has").with_hint("write s3://BUCKET/KEY"));
    }
    let keys = Some(access.bucket_keys(uri)?);
    let region = access.region().unwrap_or(REGION_DEFAULT);
    if !region.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
        return Err(failed(uri, "its region is none").with_hint("write one such as eu-west-1"));
    }
    let usual = allowed.and_then(|allowed| allowed.endpoint.clone()).or_else(|| usual_endpoint(scheme, region));
    let Some(endpoint) = access.endpoint().map(str::to_owned).or_else(|| usual.clone()) else {
        let message = "it is not said where the store is";
        return Err(failed(uri, message).with_hint(access.how_to_set("AWS_ENDPOINT_URL")));
    };
    let (endpoint, host) = store(uri, &endpoint)?;
    let is_named = allowed.is_some() && usual.is_some_and(|usual| store(uri, &usual).is_ok_and(|(_, its)| its == host));
    if !is_named && !policy.allows_host(&host) {
        return Err(not_allowed(uri, &format!("HTTP to `{host}`"), &format!("--allow-http {host}")));
    }
    Ok(Place { endpoint: Some(endpoint), region: Some(region.to_owned()), keys })
}

/// Letters, digits, `-`, `_` and `.`: what becomes a part of an address as it stands.
fn is_bucket_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    name.bytes().all(plain) && !name.bytes().all(|byte| byte == b'.')
}

/// Where stores are that have one address for everybody.
fn usual_endpoint(scheme: &str, region: &str) -> Option<String> {
    match scheme {
        "s3" => Some(format!("https://s3.{region}.amazonaws.com")),
        "gs" => Some(GOOGLE_ENDPOINT.to_owned()),
        _ => None,
    }
}

/// A store's address, and its host as policies name it.
fn store(uri: &str, endpoint: &str) -> Result<(String, String), Failure> {
    let unusable = || {
        failed(uri, "the address of its store is none").with_hint("write one such as https://minio.example.org:9000")
    };
    let url = Url::parse(endpoint).map_err(|_| unusable())?;
    let is_plain = matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    let host = host_with_port(&url).filter(|_| is_plain).ok_or_else(unusable)?;
    Ok((url.as_str().trim_end_matches('/').to_owned(), host))
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
            .with_hint("check the bucket and the key, and that the credentials may list the bucket"));
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
        let content = objects.read(&key).await.map_err(|error| explained(uri, &error, import.access))?;
        let Some(content) = content.filter(|content| content.size_bytes == object.size_bytes) else {
            return Err(failed(uri, &format!("`{key}` was changed while it was read")).retryable());
        };
        keeping.write(header(uri, object)?.as_bytes()).await?;
        write(uri, content, &mut keeping, import.access).await?;
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

async fn write(
    uri: &str,
    mut content: ObjectContent,
    keeping: &mut Keeping<'_>,
    access: Option<&Access>,
) -> Result<(), Failure> {
    while let Some(piece) = content.bytes.next().await {
        keeping.write(&piece.map_err(|error| explained(uri, &error, access))?).await?;
    }
    Ok(())
}

/// Where the document names what opens the bucket, a store's own words on a refusal are left out: they quote it.
fn explained(uri: &str, error: &BucketError, access: Option<&Access>) -> Failure {
    let failure = match access {
        Some(access) if error.is_refusal() => {
            let reason = format!("the store refuses what is in {}", access.shown());
            return failed(uri, &reason).with_hint(format!(
                "check that the key is the store's and may read and list the bucket; {}",
                access.how_to_set("AWS_SECRET_ACCESS_KEY")
            ));
        }
        Some(access) => failed(uri, &access.without_values(&error.to_string())),
        None => failed(uri, &error.to_string()),
    };
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
