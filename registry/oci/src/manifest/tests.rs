//! What is read as which kind, and what is refused.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod fuzz;

use super::*;

const DESCRIPTOR: &str = r#"{"mediaType":"application/wasm","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":0}"#;

#[test]
fn an_image_is_read_and_unknown_fields_do_no_harm() {
    let text = format!(
        r#"{{"schemaVersion":2,"config":{DESCRIPTOR},"layers":[{DESCRIPTOR}],"annotations":null,"fromTheFuture":[1]}}"#
    );
    let manifest = Manifest::parse(text.as_bytes(), Some(media_types::IMAGE_MANIFEST)).unwrap();
    assert_eq!(manifest.media_type(), media_types::IMAGE_MANIFEST);
    assert_eq!(manifest.artifact_type(), Some("application/wasm"));
    let Manifest::Image(image) = manifest else { panic!("read as an index") };
    assert_eq!(image.layers.len(), 1);
    assert_eq!(image.layers[0].digest, Digest::sha256(b""));
}

#[test]
fn an_index_is_told_by_its_fields_where_nothing_else_says_so() {
    let text = format!(r#"{{"schemaVersion":2,"manifests":[{DESCRIPTOR}]}}"#);
    for announced in [None, Some(media_types::JSON), Some(media_types::IMAGE_INDEX)] {
        assert!(matches!(Manifest::parse(text.as_bytes(), announced).unwrap(), Manifest::Index(_)), "{announced:?}");
    }
}

#[test]
fn what_can_be_read_in_two_ways_is_refused() {
    let image = media_types::IMAGE_MANIFEST;
    let index = media_types::IMAGE_INDEX;
    let cases = [
        ("{".to_owned(), None, "malformed"),
        ("[]".to_owned(), None, "malformed"),
        (r#"{"schemaVersion":1}"#.to_owned(), None, "schema version 1"),
        (r#"{"schemaVersion":2}"#.to_owned(), None, "missing field `config`"),
        (r#"{"schemaVersion":2}"#.to_owned(), Some("text/html"), "`text/html` is neither"),
        (format!(r#"{{"schemaVersion":2,"mediaType":"{index}","manifests":[]}}"#), Some(image), "says of itself"),
        (
            format!(r#"{{"schemaVersion":2,"config":{DESCRIPTOR},"layers":[],"manifests":[]}}"#),
            None,
            "of an image and of an index",
        ),
        (
            r#"{"schemaVersion":2,"config":{"mediaType":"a","digest":"sha256:no","size":0},"layers":[]}"#.to_owned(),
            None,
            "lower-case hexadecimal",
        ),
        (format!(r#"{{"schemaVersion":2,"config":{}}}"#, DESCRIPTOR.replace(":0}", ":-1}")), None, "malformed"),
    ];
    for (text, announced, expected) in cases {
        let error = Manifest::parse(text.as_bytes(), announced).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
    let huge = vec![b' '; MANIFEST_BYTES_MAX + 1];
    assert!(matches!(Manifest::parse(&huge, None), Err(ManifestError::TooLarge(_))));
}
