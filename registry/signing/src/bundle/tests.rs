//! Bundles give their envelope back, and only bundles are read.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use proptest::prelude::*;

use super::*;
use crate::PrivateKey;

#[test]
fn a_bundle_gives_its_envelope_back() {
    let key = PrivateKey::generate().unwrap();
    let envelope = Envelope::sign(&key, media_types::IN_TOTO, b"{}").unwrap();
    let bytes = bundle_of(envelope.clone(), &key.public_key());
    assert_eq!(envelope_of_bundle(&bytes).unwrap(), envelope);
}

#[test]
fn what_is_no_bundle_is_refused() {
    for text in ["", "{}", r#"{"mediaType":"application/json"}"#] {
        assert!(matches!(envelope_of_bundle(text.as_bytes()), Err(BundleError::Malformed(_))), "{text}");
    }
    let keyless = r#"{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","messageSignature":{}}"#;
    assert_eq!(envelope_of_bundle(keyless.as_bytes()), Err(BundleError::NoEnvelope));
    assert!(matches!(envelope_of_bundle(&vec![b' '; ENVELOPE_BYTES_MAX + 1]), Err(BundleError::Malformed(_))));
}

proptest! {
    #[test]
    fn no_bytes_bring_the_reader_down(bytes: Vec<u8>, text in "\\{\"mediaType\":\"application/vnd.dev.sigstore.bundle\",.{0,100}\\}") {
        let _ = envelope_of_bundle(&bytes);
        let _ = envelope_of_bundle(text.as_bytes());
    }
}
