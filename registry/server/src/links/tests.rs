//! What is linked is found, after a reopening too; deleting a manifest takes its tags along.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use registry_oci::media_types;

use super::*;

fn repository(name: &str) -> Repository {
    Repository::parse(name).unwrap()
}

#[test]
fn links_survive_reopening_and_stay_in_their_repository() {
    let folder = tempfile::tempdir().unwrap();
    let links = Links::open(folder.path()).unwrap();
    let (outer, inner) = (repository("a"), repository("a/b"));
    let manifest = Descriptor::of(media_types::IMAGE_MANIFEST, b"manifest");
    links.add_blob(&inner, &Digest::sha256(b"blob"), Duration::ZERO).unwrap();
    links.add_manifest(&inner, &manifest, None, &["v2".to_owned(), "v1".to_owned()]).unwrap();

    let links = Links::open(folder.path()).unwrap();
    assert!(links.has_blob(&inner, &Digest::sha256(b"blob")).unwrap());
    assert!(!links.has_blob(&outer, &Digest::sha256(b"blob")).unwrap());
    assert_eq!(links.tags(&inner).unwrap().unwrap(), ["v1", "v2"]);
    assert_eq!(links.tags(&outer).unwrap(), None);
    assert_eq!(links.tag(&inner, "v1").unwrap().unwrap(), manifest.digest);
    assert_eq!(links.tag(&outer, "v1").unwrap(), None);
}

#[test]
fn deleting_a_manifest_takes_its_tags_and_its_reference_along() {
    let folder = tempfile::tempdir().unwrap();
    let links = Links::open(folder.path()).unwrap();
    let name = repository("a");
    let subject = Digest::sha256(b"subject");
    let (one, other) = (Descriptor::of("t/one", b"one"), Descriptor::of("t/other", b"other"));
    links.add_manifest(&name, &one, Some(&subject), &["x".to_owned(), "y".to_owned()]).unwrap();
    links.add_manifest(&name, &other, Some(&subject), &["z".to_owned()]).unwrap();
    assert_eq!(links.referrers(&name, &subject).unwrap().len(), 2);

    assert!(links.remove_manifest(&name, &one.digest).unwrap());
    assert!(!links.remove_manifest(&name, &one.digest).unwrap());
    assert_eq!(links.tags(&name).unwrap().unwrap(), ["z"]);
    assert_eq!(links.referrers(&name, &subject).unwrap(), [other]);
}

#[test]
fn what_a_crash_left_is_no_tag() {
    let folder = tempfile::tempdir().unwrap();
    let links = Links::open(folder.path()).unwrap();
    let name = repository("a");
    links.add_manifest(&name, &Descriptor::of("t/one", b"one"), None, &["x".to_owned()]).unwrap();
    fs::write(folder.path().join("repositories/a/_tags/.tmpHalf"), b"sha256:").unwrap();
    assert_eq!(links.tags(&name).unwrap().unwrap(), ["x"]);
}
