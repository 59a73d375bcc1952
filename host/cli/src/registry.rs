//! References on the command line, and the registry that they mean.
//! Never asks the server for anything but its registry's address, and only where a reference needs it.

use bytes::Bytes;
use host_base::{Code, Failure};
use registry_cas::MemoryBlobs;
use registry_client::{ClientConfig, RegistryClient, RegistryError, ResolvedComponent};
use registry_oci::Reference;

use crate::settings::Settings;
use crate::trouble::{Outcome, Trouble};

/// Reads a reference.
pub fn reference(text: &str) -> Outcome<Reference> {
    text.parse().map_err(|error: registry_oci::ReferenceError| {
        Trouble::usage(error.to_string(), "write [registry/]repository:tag, such as sandmill/split-rows:0.1.0")
    })
}

/// A client for the registry that a reference means. Without one in it, that is the node's own.
pub async fn client_for(settings: &Settings, reference: &Reference) -> Outcome<RegistryClient> {
    let own_registry = match reference.registry() {
        Some(_) => None,
        None => Some(own_registry(settings).await?),
    };
    Ok(RegistryClient::new(ClientConfig { own_registry, ..settings.registries.clone() }))
}

/// The node's registry as it can be reached from here. A node that listens on every address cannot
/// know by which of them it is reached; the server's name is one.
async fn own_registry(settings: &Settings) -> Outcome<String> {
    let registry = settings.client()?.node().await?.registry;
    Ok(match registry.rsplit_once(':') {
        Some(("0.0.0.0" | "[::]", port)) => format!("{}:{port}", settings.server.host()),
        _ => registry,
    })
}

/// Resolves a component and fetches its bytes.
pub async fn fetch(client: &RegistryClient, reference: &Reference) -> Outcome<(ResolvedComponent, Bytes)> {
    let resolved = client.resolve(reference).await.map_err(|error| trouble(&error))?;
    let blobs = MemoryBlobs::new(resolved.size_bytes);
    let digest = client.pull_component(&resolved, &blobs).await.map_err(|error| trouble(&error))?;
    let bytes = registry_cas::read_all(&blobs, &digest, resolved.size_bytes).await;
    let bytes = bytes.map_err(|error| Failure::new(Code::Internal, format!("the component was lost: {error}")))?;
    Ok((resolved, bytes))
}

/// A registry's failure, under the code that runs know it by.
pub fn trouble(error: &RegistryError) -> Trouble {
    host_node::registry_failure(error).into()
}
