//! How far tags lead.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use registry_oci::media_types;

use super::*;

fn manifest(text: &str) -> Manifest {
    Manifest::parse(text.as_bytes(), None).unwrap()
}

fn descriptor(kind: &str, digest: &Digest) -> String {
    format!(r#"{{"mediaType":"{kind}","digest":"{digest}","size":1}}"#)
}

fn image(layer: &Digest, subject: Option<&Digest>) -> Manifest {
    let subject = subject.map(|subject| format!(",\"subject\":{}", descriptor(media_types::IMAGE_MANIFEST, subject)));
    let (config, layer) = (descriptor("a/config", &Digest::sha256(b"config")), descriptor("a/layer", layer));
    manifest(&format!(r#"{{"schemaVersion":2,"config":{config},"layers":[{layer}]{}}}"#, subject.unwrap_or_default()))
}

fn index(children: &[&Digest]) -> Manifest {
    let children: Vec<String> = children.iter().map(|child| descriptor(media_types::IMAGE_MANIFEST, child)).collect();
    manifest(&format!(r#"{{"schemaVersion":2,"manifests":[{}]}}"#, children.join(",")))
}

#[test]
fn tags_lead_through_indexes_and_to_what_is_about_them() {
    let digest = |name: &str| Digest::sha256(name.as_bytes());
    let mut reach = Reach::default();
    reach.add(digest("outer"), &index(&[&digest("inner")]));
    reach.add(digest("inner"), &index(&[&digest("image")]));
    reach.add(digest("image"), &image(&digest("layer"), None));
    reach.add(digest("signature"), &image(&digest("signed"), Some(&digest("image"))));
    reach.add(digest("note"), &image(&digest("noted"), Some(&digest("signature"))));
    reach.add(digest("lonely"), &image(&digest("lonely layer"), None));
    reach.add(digest("dangling"), &image(&digest("dangling layer"), Some(&digest("never pushed"))));
    reach.follow(vec![digest("outer"), digest("a tag to nowhere")]);

    let mut unreached = reach.unreached_manifests();
    unreached.sort_unstable();
    let mut expected = vec![digest("lonely"), digest("dangling")];
    expected.sort_unstable();
    assert_eq!(unreached, expected);
    let names = |reach: &Reach, name: &str| reach.named().contains(&digest(name));
    assert!(names(&reach, "lonely layer") && !names(&reach, "stray"));
    reach.forget(&[digest("lonely")]);
    assert!(!names(&reach, "lonely layer"), "a manifest that is gone needs nothing");
    for name in ["layer", "signed", "noted", "dangling layer"] {
        assert!(names(&reach, name), "{name}");
    }
}

#[test]
fn circles_end() {
    // Digests make a circle impossible to push, but the walk must not rely on it.
    let digest = |name: &str| Digest::sha256(name.as_bytes());
    let mut reach = Reach::default();
    reach.add(digest("a"), &index(&[&digest("b")]));
    reach.add(digest("b"), &index(&[&digest("a")]));
    reach.follow(vec![digest("a")]);
    assert!(reach.unreached_manifests().is_empty());
}
