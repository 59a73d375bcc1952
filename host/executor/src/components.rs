//! Components by reference: resolved to digests, fetched into the node's blobs, read for their types.
//! Never runs one.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures::StreamExt as _;
use host_base::{Code, ComponentInterface, Failure};
use host_pipeline::{ComponentId, ResolvedComponent};
use registry_cas::{BlobError, SharedBlobs};
use registry_client::{RegistryClient, RegistryError};
use registry_oci::{Digest, Reference};

use crate::{Trust, registry_failure};

/// Components fetched at once.
const FETCHES_AT_ONCE_MAX: usize = 4;
/// A larger component is refused: CPython with its standard library has 40 MB.
const COMPONENT_BYTES_MAX: u64 = 512 << 20;
/// Interfaces kept in memory; past that all are forgotten and read from the blobs again.
const INTERFACES_KEPT_MAX: usize = 4096;

/// Where components come from.
pub(crate) struct Components {
    registry: RegistryClient,
    blobs: SharedBlobs,
    /// The policy document, where the node has one.
    trust: Option<Arc<Trust>>,
    interfaces: Mutex<HashMap<Digest, Arc<ComponentInterface>>>,
}

impl Components {
    pub(crate) fn new(registry: RegistryClient, blobs: SharedBlobs, trust: Option<Arc<Trust>>) -> Self {
        Self { registry, blobs, trust, interfaces: Mutex::default() }
    }

    /// Resolves and fetches every reference. Failures of all of them are returned together.
    pub(crate) async fn resolve(
        &self,
        references: BTreeSet<String>,
    ) -> Result<BTreeMap<String, ResolvedComponent>, Vec<Failure>> {
        let resolutions = futures::stream::iter(references)
            .map(|reference| async move { self.resolve_one(&reference).await.map(|found| (reference, found)) })
            .buffer_unordered(FETCHES_AT_ONCE_MAX);
        let mut components = BTreeMap::new();
        let mut failures = Vec::new();
        for resolution in resolutions.collect::<Vec<_>>().await {
            match resolution {
                Ok((reference, component)) => drop(components.insert(reference, component)),
                Err(failure) => failures.push(failure),
            }
        }
        if failures.is_empty() { Ok(components) } else { Err(failures) }
    }

    pub(crate) async fn resolve_one(&self, text: &str) -> Result<ResolvedComponent, Failure> {
        let reference: Reference = text.parse().map_err(|error| {
            Failure::new(Code::InvalidDocument, format!("`{text}` is not a component reference: {error}"))
                .with_hint("write repository:tag or repository@digest, such as sandmill/split-rows:0.1.0")
        })?;
        if let Some(trust) = &self.trust {
            trust.check_registry(&reference)?;
        }
        let resolved = self.registry.resolve(&reference).await.map_err(|error| failure_of(text, &error))?;
        let signer = match &self.trust {
            Some(trust) => trust.signer(&self.registry, &resolved).await?,
            None => None,
        };
        self.registry.pull_component(&resolved, self.blobs.as_ref()).await.map_err(|error| failure_of(text, &error))?;
        let digest = resolved.component_digest;
        let interface = self.interface(&digest).await?;
        if let Some(trust) = &self.trust {
            trust.check_imports(text, &interface.imports)?;
        }
        let id = ComponentId { reference: text.to_owned(), manifest: resolved.manifest_digest, digest, signer };
        Ok(ResolvedComponent { id, interface: interface.as_ref().clone() })
    }

    /// The interface of a component that was fetched before.
    pub(crate) async fn interface(&self, digest: &Digest) -> Result<Arc<ComponentInterface>, Failure> {
        if let Some(interface) = self.known_interface(digest) {
            return Ok(interface);
        }
        let bytes = self.bytes(digest).await?;
        let interface = Arc::new(host_runtime::interface::interface(&bytes)?);
        let mut interfaces = self.interfaces.lock().unwrap_or_else(PoisonError::into_inner);
        if interfaces.len() >= INTERFACES_KEPT_MAX {
            interfaces.clear();
        }
        interfaces.insert(digest.clone(), interface.clone());
        Ok(interface)
    }

    fn known_interface(&self, digest: &Digest) -> Option<Arc<ComponentInterface>> {
        self.interfaces.lock().unwrap_or_else(PoisonError::into_inner).get(digest).cloned()
    }

    /// A fetched component's bytes, checked against its digest.
    pub(crate) async fn bytes(&self, digest: &Digest) -> Result<Bytes, Failure> {
        registry_cas::read_all(self.blobs.as_ref(), digest, COMPONENT_BYTES_MAX).await.map_err(|error| {
            let code = match &error {
                BlobError::NotFound(_) => Code::ComponentNotFound,
                BlobError::DigestMismatch { .. } => Code::DigestMismatch,
                _ => Code::StorageFailed,
            };
            Failure::new(code, format!("component {digest} cannot be read from the node's blobs: {error}"))
                .with_hint("delete the damaged blob in the data folder; the next run fetches it again")
        })
    }
}

/// A registry's failure, with the reference that led there.
fn failure_of(reference: &str, error: &RegistryError) -> Failure {
    let mut failure = registry_failure(error);
    failure.message = format!("component `{reference}`: {}", failure.message);
    failure
}
