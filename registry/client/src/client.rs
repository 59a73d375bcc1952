//! The client that other rooms hold.
//! Never waits longer than its configuration allows.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use registry_cas::Blobs;
use registry_oci::{ComponentDescription, Descriptor, Digest, Reference, WasmConfig, media_types, package_component};

use crate::places::Place;
use crate::transport::Transport;
use crate::{ClientConfig, RegistryError};

/// Resolves, pulls and pushes components. Cloning shares connections and tokens.
#[derive(Clone)]
pub struct RegistryClient {
    shared: Arc<Shared>,
}

struct Shared {
    config: ClientConfig,
    transport: Transport,
}

/// What a reference turned out to name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedComponent {
    /// The reference as it was asked for, pinned to the manifest.
    pub reference: Reference,
    /// Digest of the manifest.
    pub manifest_digest: Digest,
    /// Digest of the component itself.
    pub component_digest: Digest,
    /// Length of the component in bytes.
    pub size_bytes: u64,
    /// The manifest's remarks.
    pub annotations: BTreeMap<String, String>,
    /// What the pusher says of the component; to be believed for display only.
    pub wasm_config: WasmConfig,
}

impl RegistryClient {
    /// A client that has no connection yet.
    #[must_use]
    pub fn new(config: ClientConfig) -> Self {
        Self { shared: Arc::new(Shared { config, transport: Transport::default() }) }
    }

    /// Finds out which component a reference names, without fetching it.
    ///
    /// # Errors
    /// Where the registry cannot be reached, refuses, lies, has no such thing, or has something other than a
    /// component there.
    pub async fn resolve(&self, reference: &Reference) -> Result<ResolvedComponent, RegistryError> {
        let (mirrors, origin) = Place::candidates(self.config(), reference)?;
        for mirror in &mirrors {
            match self.in_time(mirror, self.resolve_at(mirror)).await {
                Ok(mut resolved) => {
                    // Wherever it was found, it is what the author's reference means.
                    resolved.reference = reference.clone().with_digest(resolved.manifest_digest.clone());
                    return Ok(resolved);
                }
                Err(error) => pass_over(error)?,
            }
        }
        self.in_time(&origin, self.resolve_at(&origin)).await
    }

    /// Fetches a component into the blobs and returns its digest. Where the blobs have it, no registry is asked.
    ///
    /// # Errors
    /// As for `resolve`, and where the blobs fail.
    pub async fn pull_component(
        &self,
        component: &ResolvedComponent,
        blobs: &dyn Blobs,
    ) -> Result<Digest, RegistryError> {
        let digest = component.component_digest.clone();
        if blobs.size_bytes(&digest).await? == Some(component.size_bytes) {
            return Ok(digest);
        }
        let (mirrors, place) = Place::candidates(self.config(), &component.reference)?;
        if component.size_bytes > self.config().component_bytes_max {
            return Err(place.too_large("the component", self.config().component_bytes_max));
        }
        let layer = Descriptor {
            media_type: media_types::WASM.to_owned(),
            digest: digest.clone(),
            size: component.size_bytes,
            artifact_type: None,
            urls: Vec::new(),
            annotations: BTreeMap::new(),
        };
        for mirror in &mirrors {
            match self.in_time(mirror, self.pull_at(mirror, &layer, blobs)).await {
                Ok(()) => return Ok(digest),
                Err(error) => pass_over(error)?,
            }
        }
        self.in_time(&place, self.pull_at(&place, &layer, blobs)).await?;
        Ok(digest)
    }

    /// Packs a component and pushes it under the reference's tag (`latest` where it has none). Returns the
    /// manifest's digest, which depends on nothing but the component and its description.
    ///
    /// # Errors
    /// As for `resolve`, and where the reference has a digest: what a push is called follows from its content.
    pub async fn push_component(
        &self,
        reference: &Reference,
        component: Bytes,
        description: &ComponentDescription,
    ) -> Result<Digest, RegistryError> {
        let place = self.place_to_push(reference)?;
        if component.len() as u64 > self.config().component_bytes_max {
            return Err(place.too_large("the component", self.config().component_bytes_max));
        }
        let package = package_component(&component, description);
        self.in_time(&place, self.push_at(&place, &package, component)).await?;
        Ok(package.manifest_digest)
    }

    /// All tags of the reference's repository; its own tag and digest do not matter.
    ///
    /// # Errors
    /// As for `resolve`.
    pub async fn list_tags(&self, reference: &Reference) -> Result<Vec<String>, RegistryError> {
        let place = Place::new(self.config(), reference)?;
        self.in_time(&place, self.tags_at(&place)).await
    }

    /// Where a push goes: to a tag.
    pub(crate) fn place_to_push(&self, reference: &Reference) -> Result<Place, RegistryError> {
        if reference.digest().is_none() {
            return Place::new(self.config(), reference);
        }
        Err(RegistryError::UnusableReference {
            reference: reference.to_string(),
            reason: "a push names a tag; the digest follows from the content".to_owned(),
        })
    }

    pub(crate) fn config(&self) -> &ClientConfig {
        &self.shared.config
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.shared.transport
    }

    pub(crate) async fn in_time<T>(
        &self,
        place: &Place,
        work: impl Future<Output = Result<T, RegistryError>>,
    ) -> Result<T, RegistryError> {
        let limit_millis = self.config().operation_millis_max;
        match tokio::time::timeout(Duration::from_millis(limit_millis), Box::pin(work)).await {
            Ok(result) => result,
            Err(_) => Err(place.unreachable(format!("not done within {limit_millis} ms"))),
        }
    }
}

/// What a mirror does not have, the next registry may; what fails on this side would fail there as well.
pub(crate) fn pass_over(error: RegistryError) -> Result<(), RegistryError> {
    if matches!(error, RegistryError::Storage(_) | RegistryError::Setup { .. }) {
        return Err(error);
    }
    tracing::debug!(%error, "a mirror is passed over");
    Ok(())
}

impl fmt::Debug for RegistryClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RegistryClient").field("config", self.config()).finish_non_exhaustive()
    }
}
