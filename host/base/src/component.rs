//! Which component is meant: the author's name for it and what that meant at submission.
//! Never holds its bytes.

use registry_oci::Digest;
use serde::{Deserialize, Serialize};

/// A component as the author named it, and the digest that name meant at submission.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ComponentId {
    /// The author's reference.
    pub reference: String,
    /// Digest of the manifest that the reference resolved to.
    pub manifest: Digest,
    /// Digest of the component's bytes.
    pub digest: Digest,
    /// Whose signature counted at submission; none where no policy names keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<Signer>,
}

/// Who vouched for a component, as the policy of the node that took the run knows them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Signer {
    /// The policy's name for the key.
    pub name: String,
    /// The key's fingerprint.
    pub key: Digest,
}
