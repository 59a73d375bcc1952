//! Documents that were cut, spliced and rewritten at random: none may panic, and what is read is read again the same.
//! Never checks which error it is: the tables beside this file do.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use proptest::prelude::*;
use serde_json::Value;

use super::super::*;

const EMPTY: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Whole documents of each kind, to start from.
fn corpus() -> Vec<Value> {
    let descriptor = serde_json::json!({"mediaType": "application/wasm", "digest": EMPTY, "size": 0});
    vec![
        serde_json::json!({
            "schemaVersion": 2, "mediaType": media_types::IMAGE_MANIFEST, "artifactType": "t/a", "config": descriptor,
            "layers": [descriptor, descriptor], "subject": descriptor, "annotations": {"a": "b"},
        }),
        serde_json::json!({
            "schemaVersion": 2, "mediaType": media_types::IMAGE_INDEX, "manifests": [descriptor],
            "subject": descriptor, "annotations": null,
        }),
        serde_json::json!({"schemaVersion": 2, "config": descriptor, "layers": []}),
    ]
}

/// What may stand where something else stood.
fn strange() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,80}".prop_map(Value::from),
        Just(Value::from(EMPTY)),
        Just(serde_json::json!([])),
        Just(serde_json::json!([{}])),
        Just(serde_json::json!({"mediaType": "", "digest": EMPTY, "size": u64::MAX})),
    ]
}

/// Puts something in the place that `way` leads to, or takes away or doubles what stands there.
fn rewrite(value: &mut Value, way: &[usize], put: Option<Value>) {
    let Some((first, rest)) = way.split_first() else {
        *value = put.unwrap_or_default();
        return;
    };
    match value {
        Value::Object(map) if !map.is_empty() => {
            let key = map.keys().nth(first % map.len()).unwrap().clone();
            if rest.is_empty() && put.is_none() {
                map.remove(&key);
            } else {
                rewrite(&mut map[&key], rest, put);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let at = first % items.len();
            if rest.is_empty() && put.is_none() {
                items.push(items[at].clone());
            } else {
                rewrite(&mut items[at], rest, put);
            }
        }
        _ => *value = put.unwrap_or_default(),
    }
}

fn announced() -> impl Strategy<Value = Option<&'static str>> {
    prop::sample::select(vec![
        None,
        Some(media_types::IMAGE_MANIFEST),
        Some(media_types::IMAGE_INDEX),
        Some(media_types::DOCKER_MANIFEST),
        Some(media_types::JSON),
        Some("text/plain"),
    ])
}

/// Whatever was read says one thing only, to whoever reads it again.
fn is_read_again_the_same(bytes: &[u8], announced: Option<&str>) -> Result<(), TestCaseError> {
    let Ok(manifest) = Manifest::parse(bytes, announced) else { return Ok(()) };
    let written = match &manifest {
        Manifest::Image(image) => crate::canonical_json(image),
        Manifest::Index(index) => crate::canonical_json(index),
    };
    prop_assert_eq!(&Manifest::parse(&written, Some(manifest.media_type())).unwrap(), &manifest);
    let _ = (manifest.subject(), manifest.artifact_type(), manifest.annotations());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), announced in announced()) {
        is_read_again_the_same(&bytes, announced)?;
    }

    #[test]
    fn rewritten_documents_are_read_or_refused(
        which in 0..3_usize,
        changes in prop::collection::vec((prop::collection::vec(any::<usize>(), 0..4), prop::option::of(strange())), 1..5),
        announced in announced(),
    ) {
        let mut document = corpus()[which].clone();
        for (way, put) in changes {
            rewrite(&mut document, &way, put);
        }
        is_read_again_the_same(&serde_json::to_vec(&document).unwrap(), announced)?;
    }

    #[test]
    fn cut_and_spliced_documents_are_read_or_refused(
        (one, other) in (0..3_usize, 0..3_usize),
        (cut, rest) in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
        flipped in prop::option::of((any::<prop::sample::Index>(), any::<u8>())),
        announced in announced(),
    ) {
        let (one, other) = (corpus()[one].to_string().into_bytes(), corpus()[other].to_string().into_bytes());
        let mut spliced = [&one[..cut.index(one.len())], &other[rest.index(other.len())..]].concat();
        if let Some((at, with)) = flipped && !spliced.is_empty() {
            let at = at.index(spliced.len());
            spliced[at] ^= with;
        }
        is_read_again_the_same(&spliced, announced)?;
    }

    #[test]
    fn any_text_is_a_digest_or_refused(text in prop_oneof!["\\PC{0,140}", "(sha256|sha512|md5)?:[0-9a-fA-F]{60,130}"]) {
        if let Ok(digest) = text.parse::<Digest>() {
            prop_assert_eq!(digest.to_string(), text);
        }
    }
}
