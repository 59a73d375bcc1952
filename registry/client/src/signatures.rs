//! Signatures of a manifest: gathered from where cosign puts them, and put there.
//! Never judges one: whose keys count is the caller's to say.

use bytes::Bytes;
use registry_oci::{Descriptor, Digest, Manifest, Reference, media_types as oci, package_artifact};
use registry_signing::{
    AnySignature, ENVELOPE_BYTES_MAX, PAYLOAD_BYTES_MAX, Signature, envelope_of_bundle, media_types,
    package_signature_tag, signature_tag,
};

use crate::RegistryError;
use crate::client::{RegistryClient, pass_over};
use crate::places::Place;

/// Most signatures of one manifest that are fetched; whoever may push could otherwise keep every verifier busy.
pub const SIGNATURES_MAX: usize = 64;

/// Where a signature is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureScheme {
    /// Under a tag made of the digest, where every release of cosign looks.
    Tag,
    /// As a manifest that refers to the signed one, after OCI 1.1.
    Referrer,
}

impl RegistryClient {
    /// All signatures of the manifest, of either scheme and form; those that cannot be read are left out.
    ///
    /// # Errors
    /// Where the registry cannot be reached, refuses or lies. Where there is none, the list is empty.
    pub async fn signatures(
        &self,
        repository: &Reference,
        manifest: &Digest,
    ) -> Result<Vec<AnySignature>, RegistryError> {
        let (mirrors, origin) = Place::candidates(self.config(), repository)?;
        for mirror in &mirrors {
            match self.in_time(mirror, self.signatures_at(mirror, manifest)).await {
                // A mirror may have copied the component alone.
                Ok(none) if none.is_empty() => {}
                Ok(found) => return Ok(found),
                Err(error) => pass_over(error)?,
            }
        }
        self.in_time(&origin, self.signatures_at(&origin, manifest)).await
    }

    async fn signatures_at(&self, place: &Place, manifest: &Digest) -> Result<Vec<AnySignature>, RegistryError> {
        let mut found = Vec::new();
        for referrer in self.referrers_at(place, manifest).await? {
            let artifact_type = referrer.artifact_type.as_deref().unwrap_or_default();
            if is_signature_type(artifact_type) {
                let referring = place.with_digest(self.config(), &referrer.digest)?;
                self.signatures_in(&referring, &mut found).await?;
            }
        }
        let tagged = place.with_tag(self.config(), &signature_tag(manifest))?;
        self.signatures_in(&tagged, &mut found).await?;
        Ok(found)
    }

    /// Puts a signature beside the manifest that it is over. What is there already stays.
    ///
    /// # Errors
    /// Where the registry cannot be reached, refuses or lies.
    pub async fn push_signature(
        &self,
        repository: &Reference,
        manifest: &Descriptor,
        signature: &Signature,
        scheme: SignatureScheme,
    ) -> Result<Digest, RegistryError> {
        let place = Place::new(self.config(), repository)?;
        let content = vec![(signature.layer(), Bytes::copy_from_slice(signature.payload()))];
        let work = async {
            if scheme == SignatureScheme::Tag {
                return self.push_tagged_layers(&place, &signature_tag(&manifest.digest), &content).await;
            }
            let layers = vec![signature.layer()];
            let package = package_artifact(media_types::SIGNATURE_ARTIFACT, layers, Some(manifest), [].into());
            self.attach_at(&place, &manifest.digest, &package, &content).await
        };
        self.in_time(&place, work).await
    }

    /// Adds layers to the manifest under a tag, where it is there already.
    async fn push_tagged_layers(
        &self,
        place: &Place,
        tag: &str,
        added: &[(Descriptor, Bytes)],
    ) -> Result<Digest, RegistryError> {
        let tagged = place.with_tag(self.config(), tag)?;
        let mut layers = match self.manifest(&tagged).await {
            Ok(fetched) => match fetched.manifest {
                Manifest::Image(image) => image.layers,
                Manifest::Index(_) => return Err(place.protocol(format!("what it has under `{tag}` is an index"))),
            },
            Err(RegistryError::NotFound { .. }) => Vec::new(),
            Err(error) => return Err(error),
        };
        layers.extend(added.iter().map(|(layer, _)| layer.clone()));
        let package = package_signature_tag(&layers);
        self.push_package_blobs(place, &package, added).await?;
        self.push_manifest(&tagged, oci::IMAGE_MANIFEST, &package.manifest_bytes.clone().into()).await?;
        Ok(package.manifest.digest)
    }

    /// The signatures in one manifest. One that is missing holds none; one that is broken cannot vouch for anything.
    async fn signatures_in(&self, place: &Place, found: &mut Vec<AnySignature>) -> Result<(), RegistryError> {
        let layers = match self.manifest(place).await {
            Ok(fetched) => match fetched.manifest {
                Manifest::Image(image) => image.layers,
                Manifest::Index(_) => return Ok(()),
            },
            Err(RegistryError::NotFound { .. }) => return Ok(()),
            Err(error) => return Err(error),
        };
        for layer in layers {
            if found.len() >= SIGNATURES_MAX {
                let reason = format!("it has more than {SIGNATURES_MAX} signatures of one manifest");
                return Err(place.protocol(reason));
            }
            found.extend(self.signature_of(place, &layer).await?);
        }
        Ok(())
    }

    async fn signature_of(&self, place: &Place, layer: &Descriptor) -> Result<Option<AnySignature>, RegistryError> {
        let read = match layer.media_type.as_str() {
            media_types::SIMPLE_SIGNING => {
                let payload = self.small_blob(place, layer, "a signature", PAYLOAD_BYTES_MAX).await?;
                Signature::from_layer(layer, payload.to_vec()).map(AnySignature::Simple).map_err(|e| e.to_string())
            }
            media_type if media_type.starts_with(media_types::SIGSTORE_BUNDLE_BEGINNING) => {
                let bundle = self.small_blob(place, layer, "a bundle", ENVELOPE_BYTES_MAX).await?;
                envelope_of_bundle(&bundle).map(AnySignature::Statement).map_err(|e| e.to_string())
            }
            _ => return Ok(None),
        };
        match read {
            Ok(signature) => Ok(Some(signature)),
            Err(problem) => {
                tracing::debug!(%problem, reference = %place.reference, "a signature is left out");
                Ok(None)
            }
        }
    }
}

fn is_signature_type(artifact_type: &str) -> bool {
    artifact_type == media_types::SIGNATURE_ARTIFACT
        || artifact_type.starts_with(media_types::SIGSTORE_BUNDLE_BEGINNING)
}
