//! Guest paths at their edges, and what named files become.
//! Never touches a disk.

use super::{FileContent, LAYOUT_FOLDER, LAYOUT_KEY, NAME_BYTES_MAX, PATH_BYTES_MAX, is_within, parts};
use host_base::{ArtifactKind, ArtifactRef, Code};
use registry_oci::Digest;

#[test]
fn plain_absolute_paths_are_taken_apart() {
    assert!(parts("/").is_ok_and(|names| names.is_empty()));
    assert_eq!(parts("/gcs/bucket/out put").ok(), Some(vec!["gcs", "bucket", "out put"]));
    assert!(parts(&format!("/{}", "n".repeat(NAME_BYTES_MAX))).is_ok());
    let longest = "/n".repeat(PATH_BYTES_MAX / 2);
    assert!(parts(&longest).is_ok());
}

#[test]
fn paths_that_could_lead_elsewhere_are_refused() {
    let long_name = format!("/{}", "n".repeat(NAME_BYTES_MAX + 1));
    let long_path = "/n".repeat(PATH_BYTES_MAX / 2 + 1);
    for path in ["", "a", "//", "/a/", "/a//b", "/..", "/a/../b", "/./a", "/a\\b", "/a\0", &long_name, &long_path] {
        assert_eq!(parts(path).map_err(|failure| failure.code), Err(Code::InvalidDocument), "{path:?}");
    }
}

#[test]
fn a_folder_holds_itself_and_what_lies_below() {
    assert!(is_within(&["tmp", "kfp"], &["tmp"]));
    assert!(is_within(&["tmp"], &["tmp"]));
    assert!(is_within(&["tmp"], &[]));
    assert!(!is_within(&["tmpfile"], &["tmp"]));
    assert!(!is_within(&["tmp"], &["tmp", "kfp"]));
}

#[test]
fn an_artifact_that_was_a_folder_is_one_again() {
    let mut artifact = ArtifactRef {
        digest: Digest::sha256(b""),
        kind: ArtifactKind::Artifact,
        media_type: "text/plain".to_owned(),
        size_bytes: 0,
        metadata: [].into(),
    };
    assert!(matches!(FileContent::of(artifact.clone()), FileContent::Artifact(_)));
    artifact.metadata.insert(LAYOUT_KEY.to_owned(), LAYOUT_FOLDER.to_owned());
    assert!(matches!(FileContent::of(artifact), FileContent::Folder(_)));
}
