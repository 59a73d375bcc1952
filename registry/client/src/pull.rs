//! From a reference to a component in the node's blobs.
//! Never keeps a blob whose length or digest differs from what its manifest says.

use std::collections::BTreeMap;
use std::str::FromStr as _;

use bytes::Bytes;
use registry_cas::{BlobError, Blobs};
use registry_oci::{
    Algorithm, Descriptor, Digest, Hasher, ImageManifest, Manifest, WasmConfig, check_wasm_config, component_layer,
    media_types,
};
use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, HeaderMap};

use crate::client::{RegistryClient, ResolvedComponent};
use crate::places::Place;
use crate::retry::Retries;
use crate::transport::read_body;
use crate::trouble::Trouble;
use crate::{ClientConfig, RegistryError};

/// Everything that could be behind a reference, so that a registry answers with what it has.
const MANIFEST_ACCEPT: &str = "application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.index.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json";

/// A manifest, and what it is called in others.
pub(crate) struct Fetched {
    pub(crate) manifest: Manifest,
    pub(crate) descriptor: Descriptor,
}

impl RegistryClient {
    /// Finds out which component a reference names, without fetching it.
    pub(crate) async fn resolve_at(&self, place: &Place) -> Result<ResolvedComponent, RegistryError> {
        let Fetched { manifest, descriptor } = self.manifest(place).await?;
        let manifest_digest = descriptor.digest;
        let image = match manifest {
            Manifest::Image(image) => image,
            Manifest::Index(index) => {
                let count = index.manifests.len();
                return Err(place.not_a_component(format_args!(
                    "it is an index of {count} manifests; name one of them by its digest"
                )));
            }
        };
        let layer = component_layer(&image).map_err(|error| place.not_a_component(error))?;
        if layer.size > self.config().component_bytes_max {
            return Err(place.too_large("the component", self.config().component_bytes_max));
        }
        let wasm_config = self.wasm_config(place, &image).await?;
        check_wasm_config(&wasm_config, layer).map_err(|error| place.not_a_component(error))?;
        Ok(ResolvedComponent {
            reference: place.reference.clone().with_digest(manifest_digest.clone()),
            manifest_digest,
            component_digest: layer.digest.clone(),
            size_bytes: layer.size,
            annotations: image.annotations,
            wasm_config,
        })
    }

    /// The manifest under a reference, checked against the digest where one is asked for.
    pub(crate) async fn manifest(&self, place: &Place) -> Result<Fetched, RegistryError> {
        let url = place.manifest_url();
        let mut retries = Retries::new(self.config());
        let (body, headers) = loop {
            let attempt = async {
                let response = self.transport().get(self.config(), place, &url, MANIFEST_ACCEPT).await?;
                let headers = response.headers().clone();
                let body = read_body(place, response, "the manifest", self.config().manifest_bytes_max).await?;
                Ok((body, headers))
            };
            match attempt.await {
                Ok(answer) => break answer,
                Err(trouble) => retries.after(trouble).await?,
            }
        };
        let digest = manifest_digest(place, &body, &headers)?;
        let announced = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let announced = announced.and_then(|value| value.split(';').next()).map(str::trim);
        let manifest = Manifest::parse(&body, announced).map_err(|error| place.protocol(error.to_string()))?;
        let media_type = manifest.media_type().to_owned();
        Ok(Fetched { manifest, descriptor: describe(media_type, digest, body.len() as u64) })
    }

    async fn wasm_config(&self, place: &Place, image: &ImageManifest) -> Result<WasmConfig, RegistryError> {
        let body = self.small_blob(place, &image.config, "a configuration", self.config().config_bytes_max).await?;
        serde_json::from_slice(&body)
            .map_err(|error| place.not_a_component(format_args!("its configuration is malformed: {error}")))
    }

    /// A blob that fits into memory, checked against its descriptor.
    pub(crate) async fn small_blob(
        &self,
        place: &Place,
        blob: &Descriptor,
        what: &str,
        bytes_max: usize,
    ) -> Result<Bytes, RegistryError> {
        if blob.size > bytes_max as u64 {
            return Err(place.too_large(what, bytes_max as u64));
        }
        let url = place.blob_url(&blob.digest);
        let mut retries = Retries::new(self.config());
        let body = loop {
            let attempt = async {
                let response = self.transport().get(self.config(), place, &url, media_types::OCTET_STREAM).await?;
                check_announced_length(place, &response, blob)?;
                read_body(place, response, what, bytes_max).await
            };
            match attempt.await {
                Ok(body) => break body,
                Err(trouble) => retries.after(trouble).await.map_err(|error| missing_blob(place, error))?,
            }
        };
        check_length(place, blob, body.len() as u64)?;
        let actual = hash(blob.digest.algorithm(), &body);
        if actual == blob.digest { Ok(body) } else { Err(place.mismatch(what, &blob.digest, actual)) }
    }

    /// Fetches a component into the blobs, unless they have it.
    pub(crate) async fn pull_at(
        &self,
        place: &Place,
        layer: &Descriptor,
        blobs: &dyn Blobs,
    ) -> Result<(), RegistryError> {
        let url = place.blob_url(&layer.digest);
        let mut retries = Retries::new(self.config());
        loop {
            let attempt = stream_blob(self.config(), self.transport(), place, &url, layer, blobs);
            match Box::pin(attempt).await {
                Ok(()) => return Ok(()),
                Err(trouble) => retries.after(trouble).await.map_err(|error| missing_blob(place, error))?,
            }
        }
    }
}

const fn describe(media_type: String, digest: Digest, size: u64) -> Descriptor {
    Descriptor { media_type, digest, size, artifact_type: None, urls: Vec::new(), annotations: BTreeMap::new() }
}

async fn stream_blob(
    config: &ClientConfig,
    transport: &crate::transport::Transport,
    place: &Place,
    url: &str,
    layer: &Descriptor,
    blobs: &dyn Blobs,
) -> Result<(), Trouble> {
    let mut response = transport.get(config, place, url, media_types::OCTET_STREAM).await?;
    check_announced_length(place, &response, layer)?;
    let mut writer = blobs.writer(layer.digest.algorithm()).await.map_err(RegistryError::from)?;
    while let Some(piece) = response.chunk().await.map_err(|error| Trouble::of_request(place, &error))? {
        if writer.written_bytes() + piece.len() as u64 > layer.size {
            // Cut off here: an endless body must not fill the disk.
            return Err(place
                .protocol(format!(
                    "it sends more than the {} bytes that the manifest says of {}",
                    layer.size, layer.digest
                ))
                .into());
        }
        writer.write(&piece).await.map_err(RegistryError::from)?;
    }
    check_length(place, layer, writer.written_bytes())?;
    match writer.finish(Some(&layer.digest)).await {
        Ok(_) => Ok(()),
        Err(BlobError::DigestMismatch { expected, actual }) => {
            Err(place.mismatch("a component", &expected, actual).into())
        }
        Err(error) => Err(RegistryError::from(error).into()),
    }
}

/// A manifest that names a blob which its registry does not have: the component is there, the registry is not right.
fn missing_blob(place: &Place, error: RegistryError) -> RegistryError {
    match error {
        RegistryError::NotFound { .. } => {
            place.protocol(format!("it has the manifest of {} but not the blobs that it names", place.reference))
        }
        other => other,
    }
}

fn check_announced_length(place: &Place, response: &Response, descriptor: &Descriptor) -> Result<(), RegistryError> {
    match response.content_length() {
        Some(length) => check_length(place, descriptor, length),
        None => Ok(()),
    }
}

fn check_length(place: &Place, descriptor: &Descriptor, length: u64) -> Result<(), RegistryError> {
    if length == descriptor.size {
        return Ok(());
    }
    let Descriptor { digest, size, .. } = descriptor;
    Err(place.protocol(format!("it sends {length} bytes for {digest}, and the manifest says {size}")))
}

fn manifest_digest(place: &Place, body: &Bytes, headers: &HeaderMap) -> Result<Digest, RegistryError> {
    let header = headers.get("docker-content-digest").and_then(|value| value.to_str().ok());
    let claimed = header.and_then(|value| Digest::from_str(value).ok());
    for expected in [place.reference.digest(), claimed.as_ref()].into_iter().flatten() {
        let actual = hash(expected.algorithm(), body);
        if actual != *expected {
            return Err(place.mismatch("a manifest", expected, actual));
        }
    }
    Ok(place.reference.digest().cloned().unwrap_or_else(|| Digest::sha256(body)))
}

fn hash(algorithm: Algorithm, bytes: &[u8]) -> Digest {
    let mut hasher = Hasher::new(algorithm);
    hasher.update(bytes);
    hasher.finish()
}
