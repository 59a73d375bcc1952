//! Keys survive their files, and nothing but such keys is taken.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use proptest::prelude::*;

use super::*;

/// From `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`, with its public half and that one's name.
const OPENSSL_PRIVATE: &str = include_str!("tests/openssl.key");
const OPENSSL_PUBLIC: &str = include_str!("tests/openssl.pub");
const OPENSSL_FINGERPRINT: &str = include_str!("tests/openssl.sha256");
/// The same on the curve P-384, which is another kind.
const OTHER_CURVE: &str = include_str!("tests/p384.pub");

#[test]
fn a_key_signs_and_only_its_own_half_verifies() {
    let (key, other) = (PrivateKey::generate().unwrap(), PrivateKey::generate().unwrap());
    let signature = key.sign(b"message").unwrap();
    assert!(key.public_key().verifies(b"message", &signature));
    assert!(!key.public_key().verifies(b"massage", &signature));
    assert!(!other.public_key().verifies(b"message", &signature));
    for position in 0..signature.len() {
        let mut changed = signature.clone();
        changed[position] ^= 1;
        assert!(!key.public_key().verifies(b"message", &changed), "{position}");
    }
}

#[test]
fn files_hold_the_same_key() {
    let key = PrivateKey::generate().unwrap();
    let read = PrivateKey::from_pem(&key.to_pem(), None).unwrap();
    assert_eq!(read.public_key(), key.public_key());
    let public = PublicKey::from_pem(&key.public_key().to_pem()).unwrap();
    assert_eq!(public, key.public_key());
    assert!(public.verifies(b"m", &read.sign(b"m").unwrap()));
    assert_eq!(format!("{key:?}"), format!("PrivateKey {{ public: PublicKey({}), .. }}", public.fingerprint()));
}

#[test]
fn keys_of_openssl_are_read_and_written_alike() {
    let key = PrivateKey::from_pem(OPENSSL_PRIVATE, None).unwrap();
    let public = PublicKey::from_pem(OPENSSL_PUBLIC).unwrap();
    assert_eq!(key.public_key(), public);
    assert_eq!(public.to_pem(), OPENSSL_PUBLIC);
    assert_eq!(public.fingerprint().hex(), OPENSSL_FINGERPRINT.trim());
}

#[test]
fn other_files_are_refused_by_name() {
    let key = PrivateKey::generate().unwrap();
    let error = PrivateKey::from_pem(&key.public_key().to_pem(), None).unwrap_err();
    assert!(error.to_string().starts_with("the file holds `PUBLIC KEY` and not a private key"), "{error}");
    let error = PublicKey::from_pem(&key.to_pem()).unwrap_err();
    assert!(error.to_string().starts_with("the file holds `PRIVATE KEY` and not a public key"), "{error}");
    assert!(matches!(PublicKey::from_pem(OTHER_CURVE), Err(KeyError::OtherKind(_))));
    assert!(matches!(PublicKey::from_pem("no key"), Err(KeyError::NotPem(_))));
    assert!(matches!(PublicKey::from_pem(&"x".repeat(PEM_BYTES_MAX + 1)), Err(KeyError::NotPem(_))));
    let mut compressed = key.public_key().to_der();
    compressed[26] = 2;
    assert!(matches!(PublicKey::from_pem(&write_pem(PUBLIC_TAG, compressed)), Err(KeyError::OtherKind(_))));
}

proptest! {
    #[test]
    fn no_file_brings_the_reader_down(text in "(-----BEGIN [A-Z ]{1,20}-----\n)?[ -~\n]{0,300}(-----END [A-Z ]{1,20}-----\n)?") {
        let _ = PrivateKey::from_pem(&text, Some(b"password"));
        let _ = PublicKey::from_pem(&text);
    }

    #[test]
    fn a_damaged_key_is_refused_or_is_another(position in 0_usize..91, value: u8) {
        let key = PublicKey::from_pem(OPENSSL_PUBLIC).unwrap();
        let mut der = key.to_der();
        prop_assume!(der[position] != value);
        der[position] = value;
        if let Ok(read) = PublicKey::from_pem(&write_pem(PUBLIC_TAG, der)) {
            prop_assert_ne!(read, key);
        }
    }
}
