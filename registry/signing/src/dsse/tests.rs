//! Envelopes open for the keys that signed them, and hold what was put in.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use proptest::prelude::*;

use super::*;

#[test]
fn the_signed_bytes_are_those_of_the_specification() {
    let signed = signed_bytes("http://example.com/HelloWorld", b"hello world");
    assert_eq!(signed, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
}

#[test]
fn an_envelope_opens_for_its_key_only() {
    let (key, other) = (PrivateKey::generate().unwrap(), PrivateKey::generate().unwrap());
    let envelope = Envelope::sign(&key, "text/plain", b"hello").unwrap();
    let read = Envelope::parse(&serde_json::to_vec(&envelope).unwrap()).unwrap();
    let (public, stranger) = (key.public_key(), other.public_key());
    assert_eq!(read.open([&stranger, &public]).unwrap(), (b"hello".to_vec(), &public));
    assert_eq!(read.open([&stranger]).unwrap_err(), EnvelopeError::OtherKey);

    let mut changed = read.clone();
    changed.payload = STANDARD.encode("hullo");
    assert_eq!(changed.open([&public]).unwrap_err(), EnvelopeError::OtherKey);
    let mut retyped = read;
    retyped.payload_type = "text/html".to_owned();
    assert_eq!(retyped.open([&public]).unwrap_err(), EnvelopeError::OtherKey);
}

#[test]
fn sizes_and_counts_are_limited() {
    assert!(matches!(Envelope::parse(&vec![b' '; ENVELOPE_BYTES_MAX + 1]), Err(EnvelopeError::Malformed(_))));
    let key = PrivateKey::generate().unwrap();
    let mut envelope = Envelope::sign(&key, "text/plain", b"hello").unwrap();
    envelope.signatures = vec![envelope.signatures[0].clone(); SIGNATURES_MAX];
    assert!(envelope.open([&key.public_key()]).is_ok());
    envelope.signatures.push(envelope.signatures[0].clone());
    assert!(matches!(envelope.open([&key.public_key()]), Err(EnvelopeError::Malformed(_))));
}

proptest! {
    #[test]
    fn no_bytes_bring_the_reader_down(bytes: Vec<u8>, payload in ".{0,50}", sig in ".{0,50}") {
        let _ = Envelope::parse(&bytes);
        let key = PrivateKey::generate().unwrap();
        let envelope = Envelope {
            payload_type: "t".to_owned(), payload, signatures: vec![EnvelopeSignature { keyid: None, sig }],
        };
        prop_assert!(envelope.open([&key.public_key()]).is_err());
    }
}
