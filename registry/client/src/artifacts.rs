//! Artifacts that are no components: models, data sets, whatever stands in layers.
//! Never held in memory: content goes from blobs to the registry and back in pieces.

use futures::StreamExt as _;
use registry_cas::{Blobs, SharedBlobs};
use registry_oci::{ArtifactPackage, Descriptor, Digest, ImageManifest, Manifest, Reference, media_types};

use crate::RegistryError;
use crate::client::RegistryClient;
use crate::places::Place;
use crate::push::BlobSource;

/// Layers that are fetched at once.
const FETCHES_AT_ONCE_MAX: usize = 4;
/// Layers of one artifact.
const LAYERS_MAX: usize = 1000;

/// What a reference turned out to name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedArtifact {
    /// The reference as it was asked for, pinned to the manifest.
    pub reference: Reference,
    /// The manifest.
    pub manifest: ImageManifest,
}

impl RegistryClient {
    /// Pushes an artifact whose layers are in the blobs, under the reference's tag.
    ///
    /// # Errors
    /// Where the registry cannot be reached, refuses or lies, or the blobs fail.
    pub async fn push_artifact(
        &self,
        reference: &Reference,
        package: &ArtifactPackage,
        layers: &[Descriptor],
        blobs: &SharedBlobs,
    ) -> Result<Digest, RegistryError> {
        let place = self.place_to_push(reference)?;
        let mut sources: Vec<(&Descriptor, BlobSource)> =
            layers.iter().map(|layer| (layer, BlobSource::Blobs(blobs.clone()))).collect();
        sources.push((&package.config, BlobSource::Memory(package.config_bytes.clone().into())));
        let work = async {
            self.push_blobs(&place, &sources).await?;
            self.push_manifest(&place, media_types::IMAGE_MANIFEST, &package.manifest_bytes.clone().into()).await?;
            Ok(package.manifest.digest.clone())
        };
        self.in_time(&place, work).await
    }

    /// Finds out what an artifact consists of, without fetching it.
    ///
    /// # Errors
    /// Where the registry cannot be reached, refuses, lies, has no such thing, or has an index there.
    pub async fn resolve_artifact(&self, reference: &Reference) -> Result<ResolvedArtifact, RegistryError> {
        let place = Place::new(self.config(), reference)?;
        let fetched = self.in_time(&place, self.manifest(&place)).await?;
        let Manifest::Image(manifest) = fetched.manifest else {
            return Err(place.protocol("what it has there is an index; name one of its manifests by its digest"));
        };
        if manifest.layers.len() > LAYERS_MAX {
            return Err(place.protocol(format!("what it has there has more than {LAYERS_MAX} layers")));
        }
        let bytes_max = self.config().artifact_bytes_max;
        if manifest.layers.iter().any(|layer| layer.size > bytes_max) {
            return Err(place.too_large("a layer", bytes_max));
        }
        Ok(ResolvedArtifact { reference: reference.clone().with_digest(fetched.descriptor.digest), manifest })
    }

    /// Fetches an artifact's layers into the blobs, several at once. Those that the blobs have are not asked for.
    ///
    /// # Errors
    /// As for `resolve_artifact`, and where the blobs fail; layers that came whole stay.
    pub async fn pull_artifact(&self, artifact: &ResolvedArtifact, blobs: &dyn Blobs) -> Result<(), RegistryError> {
        let place = Place::new(self.config(), &artifact.reference)?;
        // Made before the stream, which does not tell the compiler enough of a closure to let it move between threads.
        let fetches: Vec<_> =
            artifact.manifest.layers.iter().map(|layer| self.pull_layer(&place, layer, blobs)).collect();
        let fetches = futures::stream::iter(fetches).buffer_unordered(FETCHES_AT_ONCE_MAX);
        let work = async {
            let ends: Vec<Result<(), RegistryError>> = fetches.collect().await;
            ends.into_iter().collect()
        };
        self.in_time(&place, work).await
    }

    async fn pull_layer(&self, place: &Place, layer: &Descriptor, blobs: &dyn Blobs) -> Result<(), RegistryError> {
        if blobs.size_bytes(&layer.digest).await? == Some(layer.size) {
            return Ok(());
        }
        self.pull_at(place, layer, blobs).await
    }
}
