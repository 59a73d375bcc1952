//! From a component's bytes to a tag at a registry.
//! Never reports success before the manifest can be fetched back by its digest.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures::stream;
use oci_distribution::RegistryOperation;
use oci_distribution::errors::OciDistributionError;
use registry_cas::SharedBlobs;
use registry_oci::{ComponentPackage, Descriptor, media_types};

use crate::client::RegistryClient;
use crate::places::Place;
use crate::retry::Retries;
use crate::trouble::Trouble;
use crate::{RegistryError, credentials};

/// Bytes handed to the connection at a time; progress is counted in these.
const PIECE_BYTES: usize = 64 << 10;
/// By this a registry says that it will list a manifest among what refers to its subject.
const SUBJECT_HEADER: &str = "oci-subject";

impl RegistryClient {
    /// Pushes both blobs, then the manifest, then looks whether it is there.
    pub(crate) async fn push_at(
        &self,
        place: &Place,
        package: &ComponentPackage,
        component: Bytes,
    ) -> Result<(), RegistryError> {
        let config = BlobSource::Memory(package.config_bytes.clone().into());
        let blobs = [(&package.layer, BlobSource::Memory(component)), (&package.config, config)];
        self.push_blobs(place, &blobs).await?;
        self.push_manifest(place, media_types::IMAGE_MANIFEST, &package.manifest_bytes.clone().into()).await?;
        match self.manifest(&place.with_digest(self.config(), &package.manifest_digest)?).await {
            Ok(_) => Ok(()),
            Err(RegistryError::NotFound { .. }) => {
                Err(place.protocol("it took a manifest and does not have it under its digest"))
            }
            Err(error) => Err(error),
        }
    }

    /// Pushes blobs, one after the other.
    pub(crate) async fn push_blobs(
        &self,
        place: &Place,
        blobs: &[(&Descriptor, BlobSource)],
    ) -> Result<(), RegistryError> {
        let oci = self.transport().oci(self.config(), place.route)?;
        self.authorize_push(place, oci).await?;
        for (descriptor, source) in blobs {
            self.push_blob(place, oci, descriptor, source).await?;
        }
        Ok(())
    }

    async fn authorize_push(&self, place: &Place, oci: &oci_distribution::Client) -> Result<(), RegistryError> {
        let credentials = credentials::find(self.config().credentials_file.as_deref(), place).await?;
        let mut retries = Retries::new(self.config());
        loop {
            let authorized = oci.auth(&place.oci, &credentials, RegistryOperation::Push);
            match self.in_idle_time(place, authorized).await {
                Ok(_) => return Ok(()),
                Err(trouble) => retries.after(trouble).await?,
            }
        }
    }

    async fn push_blob(
        &self,
        place: &Place,
        oci: &oci_distribution::Client,
        descriptor: &Descriptor,
        source: &BlobSource,
    ) -> Result<(), RegistryError> {
        let digest = descriptor.digest.to_string();
        let mut retries = Retries::new(self.config());
        loop {
            let attempt = async {
                if self.in_idle_time(place, oci.blob_exists(&place.oci, &digest)).await? {
                    return Ok(());
                }
                let sent = Arc::new(AtomicU64::new(0));
                let body = pieces(source.clone(), descriptor.clone(), Arc::clone(&sent));
                let upload = oci.push_blob_stream(&place.oci, body, &digest, Some(descriptor.size));
                self.while_progressing(place, &sent, upload).await
            };
            match Box::pin(attempt).await {
                Ok(()) => return Ok(()),
                Err(trouble) => retries.after(trouble).await?,
            }
        }
    }

    /// Pushes a manifest under the place's digest or tag, and tells whether the registry noticed its subject.
    pub(crate) async fn push_manifest(
        &self,
        place: &Place,
        media_type: &str,
        manifest: &Bytes,
    ) -> Result<bool, RegistryError> {
        let mut retries = Retries::new(self.config());
        loop {
            match self.transport().put_manifest(self.config(), place, media_type, manifest).await {
                Ok(answer) => return Ok(answer.headers().contains_key(SUBJECT_HEADER)),
                Err(trouble) => retries.after(trouble).await?,
            }
        }
    }

    /// For requests with small bodies: the registry has the idle limit to answer.
    async fn in_idle_time<T>(
        &self,
        place: &Place,
        request: impl Future<Output = Result<T, OciDistributionError>>,
    ) -> Result<T, Trouble> {
        let limit = Duration::from_millis(self.config().idle_millis_max);
        match tokio::time::timeout(limit, request).await {
            Ok(answer) => answer.map_err(|error| Trouble::of_oci(place, &error)),
            Err(_) => Err(place.unreachable("it stopped answering").into()),
        }
    }

    /// For requests with large bodies: the idle limit begins anew whenever the registry took more.
    async fn while_progressing(
        &self,
        place: &Place,
        sent: &AtomicU64,
        upload: impl Future<Output = Result<String, OciDistributionError>>,
    ) -> Result<(), Trouble> {
        let limit = Duration::from_millis(self.config().idle_millis_max);
        let mut upload = std::pin::pin!(upload);
        let mut before = None;
        loop {
            match tokio::time::timeout(limit, &mut upload).await {
                Ok(answer) => return answer.map(drop).map_err(|error| Trouble::of_oci(place, &error)),
                Err(_) => {
                    let now = Some(sent.load(Ordering::Relaxed));
                    if now == before {
                        return Err(place.unreachable("it stopped taking a component").into());
                    }
                    before = now;
                }
            }
        }
    }
}

/// Where a blob's bytes come from; read anew for each attempt.
#[derive(Clone)]
pub(crate) enum BlobSource {
    /// A small one.
    Memory(Bytes),
    /// One that is among these blobs under its digest.
    Blobs(SharedBlobs),
}

impl BlobSource {
    async fn piece(&self, blob: &Descriptor, offset_bytes: u64) -> Result<Bytes, OciDistributionError> {
        match self {
            Self::Memory(content) => {
                let start = usize::try_from(offset_bytes).unwrap_or(usize::MAX).min(content.len());
                Ok(content.slice(start..content.len().min(start + PIECE_BYTES)))
            }
            Self::Blobs(blobs) => {
                let read = blobs.read(&blob.digest, offset_bytes, PIECE_BYTES).await;
                read.map_err(|error| OciDistributionError::GenericError(Some(error.to_string())))
            }
        }
    }
}

/// The content in pieces, counting those that the connection has taken.
fn pieces(
    source: BlobSource,
    blob: Descriptor,
    sent: Arc<AtomicU64>,
) -> impl futures::Stream<Item = Result<Bytes, OciDistributionError>> + Send + 'static {
    stream::try_unfold((source, blob, sent), |(source, blob, sent)| async move {
        let offset_bytes = sent.load(Ordering::Relaxed);
        if offset_bytes >= blob.size {
            return Ok(None);
        }
        let piece = source.piece(&blob, offset_bytes).await?;
        if piece.is_empty() {
            return Err(OciDistributionError::GenericError(Some(format!("{} is shorter than it was", blob.digest))));
        }
        sent.fetch_add(piece.len() as u64, Ordering::Relaxed);
        Ok(Some((piece, (source, blob, sent))))
    })
}
