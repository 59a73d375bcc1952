//! A signature in whichever form it was found.
//! Never prefers one form: a trusted key vouches in either.

use registry_oci::Digest;

use crate::{Envelope, PublicKey, Signature, SignatureProblem, Statement};

/// A signature of a manifest, or what claims to be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnySignature {
    /// Over a payload in the "simple signing" form.
    Simple(Signature),
    /// Over a statement, from a bundle.
    Statement(Envelope),
}

impl AnySignature {
    /// The key that signed this manifest.
    ///
    /// # Errors
    /// Where none of the keys did.
    pub fn signer<'key>(
        &self,
        manifest: &Digest,
        keys: impl IntoIterator<Item = &'key PublicKey>,
    ) -> Result<&'key PublicKey, SignatureProblem> {
        let envelope = match self {
            Self::Simple(signature) => return signature.signer(manifest, keys),
            Self::Statement(envelope) => envelope,
        };
        let (statement, signer) = envelope.open(keys).map_err(|_| SignatureProblem::OtherKey)?;
        match Statement::parse(&statement) {
            Ok(statement) if statement.signs(manifest) => Ok(signer),
            Ok(statement) if statement.is_about(manifest) => {
                Err(SignatureProblem::Malformed("it is a statement about the manifest and no signature".to_owned()))
            }
            Ok(_) => Err(SignatureProblem::OtherManifest("something else".to_owned())),
            Err(error) => Err(SignatureProblem::Malformed(error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use std::collections::BTreeMap;

    use super::*;
    use crate::{PrivateKey, Provenance, media_types};

    #[test]
    fn both_forms_vouch_and_a_mere_statement_does_not() {
        let key = PrivateKey::generate().unwrap();
        let public = key.public_key();
        let (manifest, other) = (Digest::sha256(b"manifest"), Digest::sha256(b"other"));
        let simple = AnySignature::Simple(Signature::make(&key, "r", &manifest, &BTreeMap::new()).unwrap());
        let signs = Statement::signature("r", &manifest);
        let seal = |statement: &Statement| {
            AnySignature::Statement(Envelope::sign(&key, media_types::IN_TOTO, &statement.to_bytes()).unwrap())
        };
        let stranger = PrivateKey::generate().unwrap().public_key();
        for signature in [simple, seal(&signs)] {
            assert_eq!(signature.signer(&manifest, [&public]), Ok(&public));
            assert_eq!(signature.signer(&manifest, [&stranger]), Err(SignatureProblem::OtherKey));
            assert!(matches!(signature.signer(&other, [&public]), Err(SignatureProblem::OtherManifest(_))));
        }
        let provenance = seal(&Statement::provenance("r", &manifest, &Provenance::default()));
        assert!(matches!(provenance.signer(&manifest, [&public]), Err(SignatureProblem::Malformed(_))));
    }
}
