//! Key pairs for ECDSA on P-256, the kind that cosign generates, and their files.
//! Never prints a private key, and never keeps one in freed memory.

#[cfg(test)]
mod tests;

use std::fmt;

use pem::{EncodeConfig, LineEnding, Pem};
use registry_oci::Digest;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _, UnparsedPublicKey,
};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::encrypted;

/// A key file is a few hundred bytes.
const PEM_BYTES_MAX: usize = 64 << 10;
/// What stands before the point in the public key's DER: `ecPublicKey` on `prime256v1`, and a bit string of 66 bytes.
const SPKI_PREFIX: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];
/// An uncompressed point: a byte that says so, and two coordinates.
const POINT_BYTES: usize = 65;
const POINT_UNCOMPRESSED: u8 = 4;

const PRIVATE_TAG: &str = "PRIVATE KEY";
const PUBLIC_TAG: &str = "PUBLIC KEY";

/// Why a key cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum KeyError {
    /// No PEM at all.
    #[error("the key is no PEM file: {0}")]
    NotPem(String),
    /// A PEM file of something else.
    #[error("the file holds `{found}` and not {wanted}")]
    OtherContent {
        /// The words behind `BEGIN`.
        found: String,
        /// What was expected.
        wanted: &'static str,
    },
    /// A key of another kind, or a damaged one.
    #[error("the key is not one for ECDSA on the curve P-256 (prime256v1): {0}")]
    OtherKind(String),
    /// An encrypted key needs a password.
    #[error("the key is encrypted and no password was given")]
    PasswordMissing,
    /// The password does not open the key.
    #[error("the password does not open the key")]
    PasswordWrong,
    /// The encrypted file is not what cosign writes.
    #[error("the encrypted key is malformed: {0}")]
    Encryption(String),
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    NoRandomness,
}

/// A key that signs.
pub struct PrivateKey {
    pair: EcdsaKeyPair,
    pkcs8: Zeroizing<Vec<u8>>,
}

impl PrivateKey {
    /// A new key.
    ///
    /// # Errors
    /// Where the operating system gives no random bytes.
    pub fn generate() -> Result<Self, KeyError> {
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new());
        let document = document.map_err(|_| KeyError::NoRandomness)?;
        Self::from_pkcs8(Zeroizing::new(document.as_ref().to_vec()))
    }

    /// Reads a key file: PKCS#8, or encrypted as cosign does. The password is used only for the latter.
    ///
    /// # Errors
    /// Where the file is no such key, or the password does not open it.
    pub fn from_pem(text: &str, password: Option<&[u8]>) -> Result<Self, KeyError> {
        let file = read_pem(text)?;
        match file.tag() {
            PRIVATE_TAG => Self::from_pkcs8(Zeroizing::new(file.into_contents())),
            tag if encrypted::TAGS.contains(&tag) => {
                let password = password.ok_or(KeyError::PasswordMissing)?;
                Self::from_pkcs8(encrypted::open(file.contents(), password)?)
            }
            other => Err(KeyError::OtherContent {
                found: other.to_owned(),
                wanted: "a private key in PKCS#8 (`PRIVATE KEY`) or cosign's form (`ENCRYPTED SIGSTORE PRIVATE KEY`)",
            }),
        }
    }

    fn from_pkcs8(pkcs8: Zeroizing<Vec<u8>>) -> Result<Self, KeyError> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &pkcs8, &SystemRandom::new());
        let pair = pair.map_err(|error| KeyError::OtherKind(error.to_string()))?;
        Ok(Self { pair, pkcs8 })
    }

    /// The key as PKCS#8, readable for everyone who gets hold of the file.
    #[must_use]
    pub fn to_pem(&self) -> Zeroizing<String> {
        Zeroizing::new(write_pem(PRIVATE_TAG, self.pkcs8.to_vec()))
    }

    /// The key as cosign writes it, to be opened with the password.
    ///
    /// # Errors
    /// Where the operating system gives no random bytes.
    pub fn to_encrypted_pem(&self, password: &[u8]) -> Result<String, KeyError> {
        Ok(write_pem(encrypted::TAGS[0], encrypted::seal(&self.pkcs8, password)?))
    }

    /// The other half of the pair.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        // The pair always has an uncompressed point of this curve; anything else would be refused when it is used.
        let mut point = [0; POINT_BYTES];
        point.copy_from_slice(self.pair.public_key().as_ref());
        PublicKey { point }
    }

    /// Signs a message; the signature is in ASN.1, as cosign has it.
    ///
    /// # Errors
    /// Where the operating system gives no random bytes.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let signature = self.pair.sign(&SystemRandom::new(), message).map_err(|_| KeyError::NoRandomness)?;
        Ok(signature.as_ref().to_vec())
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PrivateKey").field("public", &self.public_key()).finish_non_exhaustive()
    }
}

/// A key that verifies.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PublicKey {
    point: [u8; POINT_BYTES],
}

impl PublicKey {
    /// Reads a key file as `cosign generate-key-pair` and `openssl pkey -pubout` write it.
    ///
    /// # Errors
    /// Where the text is no public key for ECDSA on P-256.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let file = read_pem(text)?;
        if file.tag() != PUBLIC_TAG {
            return Err(KeyError::OtherContent { found: file.tag().to_owned(), wanted: "a public key (`PUBLIC KEY`)" });
        }
        let other_kind = |reason: &str| KeyError::OtherKind(reason.to_owned());
        let point = file.contents().strip_prefix(&SPKI_PREFIX);
        let point = point.ok_or_else(|| other_kind("its algorithm or curve is another"))?;
        let point = point.try_into().map_err(|_| other_kind("its length is not that of an uncompressed point"))?;
        let key = Self { point };
        if key.point[0] == POINT_UNCOMPRESSED { Ok(key) } else { Err(other_kind("its point is compressed")) }
    }

    /// The key as a file.
    #[must_use]
    pub fn to_pem(&self) -> String {
        write_pem(PUBLIC_TAG, self.to_der())
    }

    /// What the key is called: the SHA-256 of its DER, the same that
    /// `openssl pkey -pubin -outform der | sha256sum` prints.
    #[must_use]
    pub fn fingerprint(&self) -> Digest {
        Digest::sha256(&self.to_der())
    }

    /// Whether the holder of the private half signed this message.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &self.point).verify(message, signature).is_ok()
    }

    /// The key in DER (`SubjectPublicKeyInfo`).
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        [SPKI_PREFIX.as_slice(), &self.point].concat()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PublicKey({})", self.fingerprint())
    }
}

fn read_pem(text: &str) -> Result<Pem, KeyError> {
    if text.len() > PEM_BYTES_MAX {
        return Err(KeyError::NotPem(format!("it has more than {PEM_BYTES_MAX} bytes")));
    }
    // The parser's message could quote what it stumbled over, which may be a secret.
    pem::parse(text).map_err(|_| KeyError::NotPem("no block from BEGIN to END with base64 in it".to_owned()))
}

fn write_pem(tag: &str, content: Vec<u8>) -> String {
    pem::encode_config(&Pem::new(tag, content), EncodeConfig::new().set_line_ending(LineEnding::LF))
}
