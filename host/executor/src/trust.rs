//! A policy document at work: where components may come from, what they may import, who must have signed them.
//! Never lets a registry's word count: a signature is held against the document's keys, imports are read from the binary.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use host_base::{Code, Failure};
use host_pipeline::Signer;
use registry_client::{RegistryClient, ResolvedComponent};
use registry_oci::{Digest, Reference};
use registry_signing::PublicKey;
use sdk_spec::policy::{Policy, covers_import, covers_repository};

use crate::registry_failure;

/// The policy documents of a node: one for each namespace that has its own, and one for all others.
#[derive(Debug, Default)]
pub struct TrustByNamespace {
    named: BTreeMap<String, Trust>,
    others: Option<Trust>,
}

impl TrustByNamespace {
    /// Each document holds for the namespace that its metadata name; one that names none, for all others.
    ///
    /// # Errors
    /// Where two documents hold for the same.
    pub fn new(documents: impl IntoIterator<Item = Trust>) -> Result<Self, Failure> {
        let mut all = Self::default();
        for trust in documents {
            let namespace = trust.policy.metadata.namespace.clone();
            let earlier = match namespace.clone() {
                Some(namespace) => all.named.insert(namespace, trust),
                None => all.others.replace(trust),
            };
            if let Some(earlier) = earlier {
                let namespace = namespace.map_or("no namespace".to_owned(), |name| format!("the namespace `{name}`"));
                let message = format!("{} is not the only policy document of {namespace}", earlier.source);
                return Err(Failure::new(Code::Conflict, message)
                    .with_hint("write all rules of a namespace into one document, or set metadata.namespace"));
            }
        }
        Ok(all)
    }

    /// What holds for a namespace, or for what has none. Without a document everything is trusted.
    pub(crate) fn of(&self, namespace: Option<&str>) -> Option<&Trust> {
        namespace.and_then(|namespace| self.named.get(namespace)).or(self.others.as_ref())
    }
}

/// Signed manifests kept in memory; past that all are forgotten and looked at again.
const SIGNED_KEPT_MAX: usize = 4096;

/// Which components may run on this node at all.
#[derive(Debug)]
pub struct Trust {
    policy: Policy,
    /// Where the document was read from, for whoever has to change it.
    source: String,
    keys: Vec<PublicKey>,
    /// Who signed a manifest in which repository. What was signed once stays so.
    signed: Mutex<HashMap<(Reference, Digest), Signer>>,
}

impl Trust {
    /// Takes a policy document at its word; `source` is named in refusals.
    ///
    /// # Errors
    /// Where one of its keys cannot be read.
    pub fn new(policy: Policy, source: impl Into<String>) -> Result<Self, Failure> {
        let source = source.into();
        let read = |key: &sdk_spec::TrustedKey| {
            PublicKey::from_pem(&key.public_key).map_err(|error| {
                let message = format!("{source}: the trusted key `{}` cannot be used: {error}", key.name);
                Failure::new(Code::InvalidDocument, message)
                    .with_hint("put the whole public key file under publicKey, from BEGIN to END")
            })
        };
        let keys = policy.spec.trusted_keys.iter().map(read).collect::<Result<_, _>>()?;
        Ok(Self { policy, source, keys, signed: Mutex::default() })
    }

    /// Refuses a component by where it comes from, before anything is asked there.
    pub(crate) fn check_registry(&self, reference: &Reference) -> Result<(), Failure> {
        let Some(allowed) = &self.policy.spec.allowed_registries else { return Ok(()) };
        let covered = |pattern: &String| covers_repository(pattern, reference.registry(), reference.repository());
        if allowed.iter().any(covered) {
            return Ok(());
        }
        let message = format!(
            "component `{reference}` comes from a registry that {} does not list",
            self.rule("allowedRegistries")
        );
        Err(Failure::new(Code::ComponentNotAllowed, message).with_hint(
            "use a component from one of the listed registries, or ask whoever runs the node to list this one",
        ))
    }

    /// Refuses a component by what its binary imports.
    pub(crate) fn check_imports(&self, reference: &str, imports: &[String]) -> Result<(), Failure> {
        let Some(allowed) = &self.policy.spec.allowed_imports else { return Ok(()) };
        let covered = |import: &&String| !allowed.iter().any(|pattern| covers_import(pattern, import));
        let refused: Vec<&str> = imports.iter().filter(covered).map(String::as_str).collect();
        if refused.is_empty() {
            return Ok(());
        }
        let message = format!(
            "component `{reference}` imports {}, which {} does not list",
            refused.join(", "),
            self.rule("allowedImports")
        );
        Err(Failure::new(Code::ComponentNotAllowed, message)
            .with_hint("build the component without it, or ask whoever runs the node to list it"))
    }

    /// Who signed the component, among those whose signatures count for its repository.
    ///
    /// # Errors
    /// Where a signature is required and there is no good one, or the registry cannot be asked for it.
    pub(crate) async fn signer(
        &self,
        registry: &RegistryClient,
        component: &ResolvedComponent,
    ) -> Result<Option<Signer>, Failure> {
        if !self.reads_signatures(&component.reference) {
            return Ok(None);
        }
        let required = self.policy.spec.require_signature;
        let keys = self.keys_for(&component.reference);
        let known = (component.reference.clone(), component.manifest_digest.clone());
        if let Some(signer) = self.signed.lock().unwrap_or_else(PoisonError::into_inner).get(&known) {
            return Ok(Some(signer.clone()));
        }
        let signatures = match registry.signatures(&component.reference, &component.manifest_digest).await {
            Ok(signatures) => signatures,
            Err(error) if required => return Err(self.not_told(component, registry_failure(&error))),
            Err(error) => {
                tracing::warn!(reference = %component.reference, %error, "signatures cannot be read; none is required");
                return Ok(None);
            }
        };
        let mut problems = Vec::new();
        for signature in &signatures {
            match signature.signer(&component.manifest_digest, keys.iter().map(|(_, key)| *key)) {
                Ok(key) => {
                    let name = keys.iter().find(|(_, known)| *known == key).map(|(name, _)| (*name).to_owned());
                    let signer = Signer { name: name.unwrap_or_default(), key: key.fingerprint() };
                    self.remember(known, signer.clone());
                    return Ok(Some(signer));
                }
                Err(problem) => problems.push(problem.to_string()),
            }
        }
        if required { Err(self.not_trusted(component, &problems)) } else { Ok(None) }
    }

    /// Whether it matters who signed a component of this repository.
    pub(crate) fn reads_signatures(&self, reference: &Reference) -> bool {
        self.policy.spec.require_signature || !self.keys_for(reference).is_empty()
    }

    /// The keys that count for a repository, with their names.
    fn keys_for(&self, reference: &Reference) -> Vec<(&str, &PublicKey)> {
        let counts = |key: &sdk_spec::TrustedKey| {
            let covered = |pattern: &String| covers_repository(pattern, reference.registry(), reference.repository());
            key.repositories.as_ref().is_none_or(|repositories| repositories.iter().any(covered))
        };
        let named = self.policy.spec.trusted_keys.iter().zip(&self.keys);
        named.filter(|(key, _)| counts(key)).map(|(key, public)| (key.name.as_str(), public)).collect()
    }

    fn remember(&self, manifest: (Reference, Digest), signer: Signer) {
        let mut signed = self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        if signed.len() >= SIGNED_KEPT_MAX {
            signed.clear();
        }
        signed.insert(manifest, signer);
    }

    fn not_trusted(&self, component: &ResolvedComponent, problems: &[String]) -> Failure {
        let found = match problems {
            [] => "it has no signature".to_owned(),
            [first, ..] => format!("of its {} signatures none counts, the first because {first}", problems.len()),
        };
        let message =
            format!("component `{}` is refused by {}: {found}", component.reference, self.rule("requireSignature"));
        Failure::new(Code::ComponentNotTrusted, message).with_hint(
            "have the holder of a trusted key run `sandmill component sign --key KEY REFERENCE`, then submit again",
        )
    }

    /// A registry that does not answer must not pass for one that has no signatures.
    fn not_told(&self, component: &ResolvedComponent, mut failure: Failure) -> Failure {
        failure.message = format!(
            "the signatures of component `{}`, which {} asks for: {}",
            component.reference,
            self.rule("requireSignature"),
            failure.message
        );
        failure
    }

    fn rule(&self, rule: &str) -> String {
        format!("the rule `{rule}` of the policy `{}` ({})", self.policy.metadata.name, self.source)
    }
}

#[cfg(test)]
mod tests;
