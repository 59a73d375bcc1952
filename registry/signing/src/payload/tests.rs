//! A signature vouches for one manifest and by one key, and for nothing else.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use proptest::prelude::*;

use super::*;

fn signed() -> (PrivateKey, Digest, Signature) {
    let key = PrivateKey::generate().unwrap();
    let manifest = Digest::sha256(b"manifest");
    let signature = Signature::make(&key, "ghcr.io/acme/train", &manifest, &BTreeMap::new()).unwrap();
    (key, manifest, signature)
}

#[test]
fn the_payload_reads_as_cosign_writes_it() {
    let (_, manifest, signature) = signed();
    let text = String::from_utf8(signature.payload().to_vec()).unwrap();
    assert_eq!(
        text,
        format!(
            r#"{{"critical":{{"identity":{{"docker-reference":"ghcr.io/acme/train"}},"image":{{"docker-manifest-digest":"{manifest}"}},"type":"cosign container image signature"}},"optional":null}}"#
        )
    );
}

#[test]
fn a_layer_carries_the_signature_there_and_back() {
    let (key, manifest, signature) = signed();
    let public = key.public_key();
    let read = Signature::from_layer(&signature.layer(), signature.payload().to_vec()).unwrap();
    assert_eq!(read, signature);
    assert_eq!(read.signer(&manifest, [&public]), Ok(&public));
}

#[test]
fn what_is_not_vouched_for_is_told_apart() {
    let (key, manifest, signature) = signed();
    let (public, other) = (key.public_key(), PrivateKey::generate().unwrap().public_key());
    assert_eq!(signature.signer(&manifest, [&other]), Err(SignatureProblem::OtherKey));
    assert_eq!(signature.signer(&manifest, []), Err(SignatureProblem::OtherKey));
    assert_eq!(signature.signer(&manifest, [&other, &public]), Ok(&public));
    let elsewhere = Digest::sha256(b"another manifest");
    assert_eq!(signature.signer(&elsewhere, [&public]), Err(SignatureProblem::OtherManifest(manifest.to_string())));

    let mut changed = signature.clone();
    changed.payload[20] ^= 1;
    assert_eq!(changed.signer(&manifest, [&public]), Err(SignatureProblem::OtherKey));
}

#[test]
fn a_signed_text_of_another_type_vouches_for_nothing() {
    let key = PrivateKey::generate().unwrap();
    let manifest = Digest::sha256(b"manifest");
    for payload in [
        "hello".to_owned(),
        format!(
            r#"{{"critical":{{"identity":{{"docker-reference":""}},"image":{{"docker-manifest-digest":"{manifest}"}},"type":"other"}}}}"#
        ),
    ] {
        let signature = Signature { signature: key.sign(payload.as_bytes()).unwrap(), payload: payload.into_bytes() };
        let problem = signature.signer(&manifest, [&key.public_key()]).unwrap_err();
        assert!(matches!(problem, SignatureProblem::Malformed(_)), "{problem}");
    }
}

#[test]
fn layers_without_a_usable_signature_are_refused() {
    let (_, _, signature) = signed();
    let payload = || signature.payload().to_vec();
    let mut layer = signature.layer();
    assert!(Signature::from_layer(&layer, vec![b' '; PAYLOAD_BYTES_MAX]).is_ok());
    assert!(Signature::from_layer(&layer, vec![b' '; PAYLOAD_BYTES_MAX + 1]).is_err());
    for text in ["no base64!".to_owned(), "A".repeat(SIGNATURE_CHARACTERS_MAX + 4)] {
        layer.annotations.insert(media_types::SIGNATURE_ANNOTATION.to_owned(), text);
        assert!(Signature::from_layer(&layer, payload()).is_err());
    }
    layer.annotations.clear();
    assert!(Signature::from_layer(&layer, payload()).is_err());
}

proptest! {
    #[test]
    fn no_payload_and_no_annotation_brings_the_reader_down(payload: Vec<u8>, written in ".{0,200}") {
        let key = PrivateKey::generate().unwrap();
        let mut layer = Descriptor::of(media_types::SIMPLE_SIGNING, &payload);
        layer.annotations.insert(media_types::SIGNATURE_ANNOTATION.to_owned(), written);
        if let Ok(signature) = Signature::from_layer(&layer, payload.clone()) {
            prop_assert!(signature.signer(&Digest::sha256(b"m"), [&key.public_key()]).is_err());
        }
        let signature = Signature { signature: key.sign(&payload).unwrap(), payload };
        prop_assert!(signature.signer(&Digest::sha256(b"m"), [&key.public_key()]).is_err());
    }
}
