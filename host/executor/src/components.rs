//! Components by reference: resolved to digests, fetched into the content store, read for their types.
//! Never runs one, and never relies on a copy being kept: what made room for others is fetched again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures::StreamExt as _;
use host_base::{Code, ComponentInterface, Failure};
use host_pipeline::{ComponentId, ResolvedComponent};
use registry_cas::{BlobError, SharedBlobs};
use registry_client::{RegistryClient, RegistryError};
use registry_oci::{Digest, Reference};
use tokio::sync::RwLock;

use crate::{Trust, registry_failure};

/// Components fetched at once.
const FETCHES_AT_ONCE_MAX: usize = 4;
/// A larger component is refused: CPython with its standard library has 40 MB.
const COMPONENT_BYTES_MAX: u64 = 512 << 20;
/// How often a component is fetched anew for one reader, where other nodes' components keep taking its place.
const FETCHED_AGAIN_MAX: usize = 3;
/// Interfaces kept in memory; past that all are forgotten and read from the blobs again.
const INTERFACES_KEPT_MAX: usize = 4096;

/// A component, and what its binary says of it.
#[derive(Clone, Debug, PartialEq)]
pub struct InspectedComponent {
    /// What the reference means now, and who vouched for it.
    pub id: ComponentId,
    /// Length of its bytes.
    pub size_bytes: u64,
    /// What it imports and exports.
    pub interface: ComponentInterface,
    /// Its world as WIT.
    pub wit: String,
}

impl crate::Executor {
    /// A component by its reference, judged by the policy as a run of no namespace would be.
    pub async fn inspect(&self, reference: &str) -> Result<InspectedComponent, Failure> {
        self.shared.components.inspect(reference, self.shared.config.trust.of(None)).await
    }
}

/// Where components come from.
pub(crate) struct Components {
    registry: RegistryClient,
    /// What the node's own registry has is read where it lies.
    blobs: SharedBlobs,
    /// Copies of what came from elsewhere.
    content: SharedBlobs,
    /// Fetches share it; who fetches again what had to make room has it alone, until the copy is read.
    fetching: RwLock<()>,
    interfaces: Mutex<HashMap<Digest, Arc<ComponentInterface>>>,
}

impl Components {
    pub(crate) fn new(registry: RegistryClient, blobs: SharedBlobs, content: SharedBlobs) -> Self {
        Self { registry, blobs, content, fetching: RwLock::default(), interfaces: Mutex::default() }
    }

    /// Where imports of content come from, and the node's own blobs, where they are kept.
    pub(crate) fn registry_and_blobs(&self) -> (&RegistryClient, &SharedBlobs) {
        (&self.registry, &self.blobs)
    }

    /// Resolves and fetches every reference, as far as the policy trusts what it names. Failures of all of them are returned together.
    pub(crate) async fn resolve(
        &self,
        references: BTreeSet<String>,
        trust: Option<&Trust>,
    ) -> Result<BTreeMap<String, ResolvedComponent>, Vec<Failure>> {
        let resolutions = futures::stream::iter(references)
            .map(|reference| async move { self.resolve_one(&reference, trust).await.map(|found| (reference, found)) })
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

    pub(crate) async fn resolve_one(&self, text: &str, trust: Option<&Trust>) -> Result<ResolvedComponent, Failure> {
        let reference = parse(text)?;
        if let Some(trust) = trust {
            trust.check_registry(&reference)?;
        }
        let resolved = self.registry.resolve(&reference).await.map_err(|error| failure_of(text, &error))?;
        let signer = match trust {
            Some(trust) => trust.signer(&self.registry, &resolved).await?,
            None => None,
        };
        self.fetch(text, &resolved).await?;
        let (manifest, digest) = (resolved.manifest_digest, resolved.component_digest);
        let id = ComponentId { reference: text.to_owned(), manifest, digest, signer };
        let interface = self.interface(&id).await?;
        if let Some(trust) = trust {
            trust.check_imports(text, &interface.imports)?;
        }
        Ok(ResolvedComponent { id, interface: interface.as_ref().clone() })
    }

    /// Resolves and fetches a component, and reads all that its binary says of itself.
    async fn inspect(&self, text: &str, trust: Option<&Trust>) -> Result<InspectedComponent, Failure> {
        let ResolvedComponent { id, interface } = self.resolve_one(text, trust).await?;
        let bytes = self.bytes(&id).await?;
        let wit = host_runtime::interface::wit(&bytes)?;
        Ok(InspectedComponent { id, size_bytes: bytes.len() as u64, interface, wit })
    }

    /// Refuses a component that was resolved before and that the policy no longer trusts.
    pub(crate) async fn check_again(&self, component: &ComponentId, trust: &Trust) -> Result<(), Failure> {
        let text = &component.reference;
        let reference = parse(text)?.with_digest(component.manifest.clone());
        trust.check_registry(&reference)?;
        if trust.reads_signatures(&reference) {
            let resolved = self.registry.resolve(&reference).await.map_err(|error| failure_of(text, &error))?;
            trust.signer(&self.registry, &resolved).await?;
        }
        trust.check_imports(text, &self.interface(component).await?.imports)
    }

    /// The interface of a component that was fetched before.
    pub(crate) async fn interface(&self, component: &ComponentId) -> Result<Arc<ComponentInterface>, Failure> {
        if let Some(interface) = self.known_interface(&component.digest) {
            return Ok(interface);
        }
        let bytes = self.bytes(component).await?;
        let interface = Arc::new(host_runtime::interface::interface(&bytes)?);
        let mut interfaces = self.interfaces.lock().unwrap_or_else(PoisonError::into_inner);
        if interfaces.len() >= INTERFACES_KEPT_MAX {
            interfaces.clear();
        }
        interfaces.insert(component.digest.clone(), interface.clone());
        Ok(interface)
    }

    fn known_interface(&self, digest: &Digest) -> Option<Arc<ComponentInterface>> {
        self.interfaces.lock().unwrap_or_else(PoisonError::into_inner).get(digest).cloned()
    }

    /// A component's bytes, checked against its digest. Where the copy is gone, it is fetched again.
    pub(crate) async fn bytes(&self, component: &ComponentId) -> Result<Bytes, Failure> {
        let mut kept = self.kept_bytes(&component.digest).await;
        if matches!(kept, Err(BlobError::NotFound(_))) {
            // Alone, or fetches for others could take its place again before it is read. Other nodes that share the
            // store still may, hence more than one try.
            let _alone = self.fetching.write().await;
            for _ in 0..FETCHED_AGAIN_MAX {
                self.fetch_again(component).await?;
                kept = self.kept_bytes(&component.digest).await;
                if !matches!(kept, Err(BlobError::NotFound(_))) {
                    break;
                }
            }
        }
        kept.map_err(|error| unreadable(component, &error))
    }

    async fn kept_bytes(&self, digest: &Digest) -> Result<Bytes, BlobError> {
        match registry_cas::read_all(self.blobs.as_ref(), digest, COMPONENT_BYTES_MAX).await {
            Err(BlobError::NotFound(_)) => {
                registry_cas::read_all(self.content.as_ref(), digest, COMPONENT_BYTES_MAX).await
            }
            found => found,
        }
    }

    async fn fetch(&self, text: &str, resolved: &registry_client::ResolvedComponent) -> Result<(), Failure> {
        let _shared = self.fetching.read().await;
        self.pull(text, resolved).await
    }

    async fn pull(&self, text: &str, resolved: &registry_client::ResolvedComponent) -> Result<(), Failure> {
        let own = self.blobs.size_bytes(&resolved.component_digest).await;
        let own = own.map_err(|error| failure_of(text, &RegistryError::from(error)))?;
        if own == Some(resolved.size_bytes) {
            return Ok(());
        }
        let pulled = self.registry.pull_component(resolved, self.content.as_ref()).await;
        pulled.map(drop).map_err(|error| failure_of(text, &error))
    }

    async fn fetch_again(&self, component: &ComponentId) -> Result<(), Failure> {
        let text = &component.reference;
        let reference = parse(text)?.with_digest(component.manifest.clone());
        let resolved = self.registry.resolve(&reference).await.map_err(|error| failure_of(text, &error))?;
        self.pull(text, &resolved).await
    }
}

fn parse(text: &str) -> Result<Reference, Failure> {
    text.parse().map_err(|error| {
        Failure::new(Code::InvalidDocument, format!("`{text}` is not a component reference: {error}"))
            .with_hint("write repository:tag or repository@digest, such as sandmill/split-rows:0.1.0")
    })
}

fn unreadable(component: &ComponentId, error: &BlobError) -> Failure {
    let code = match error {
        BlobError::NotFound(_) => Code::ComponentNotFound,
        BlobError::DigestMismatch { .. } => Code::DigestMismatch,
        _ => Code::StorageFailed,
    };
    let ComponentId { reference, digest, .. } = component;
    Failure::new(code, format!("component `{reference}` ({digest}) cannot be read on this node: {error}"))
        .with_hint("delete the damaged blob in the data folder; the next run fetches it again")
}

/// A registry's failure, with the reference that led there.
fn failure_of(reference: &str, error: &RegistryError) -> Failure {
    let mut failure = registry_failure(error);
    failure.message = format!("component `{reference}`: {}", failure.message);
    failure
}
