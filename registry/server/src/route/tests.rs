//! Paths as clients write them, and names that must never become folders.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use axum::response::IntoResponse as _;

use super::*;

const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn repository(name: &str) -> Repository {
    Repository::parse(name).unwrap()
}

#[test]
fn paths_are_read_from_their_end() {
    let digest: Digest = DIGEST.parse().unwrap();
    let cases = [
        (format!("a/blobs/{DIGEST}"), Route::Blob(repository("a"), digest.clone())),
        ("a/b/blobs/uploads".to_owned(), Route::Uploads(repository("a/b"))),
        ("a/b/blobs/uploads/".to_owned(), Route::Uploads(repository("a/b"))),
        ("a/blobs/uploads/17".to_owned(), Route::Upload(repository("a"), "17".to_owned())),
        ("a/manifests/v1".to_owned(), Route::Manifest(repository("a"), ManifestName::Tag("v1".to_owned()))),
        (format!("a/manifests/{DIGEST}"), Route::Manifest(repository("a"), ManifestName::Digest(digest.clone()))),
        ("a/manifests/.no".to_owned(), Route::Manifest(repository("a"), ManifestName::Invalid(".no".to_owned()))),
        ("a/tags/list".to_owned(), Route::Tags(repository("a"))),
        (format!("a/referrers/{DIGEST}"), Route::Referrers(repository("a"), digest)),
        (
            "blobs/uploads/manifests/tags".to_owned(),
            Route::Manifest(repository("blobs/uploads"), ManifestName::Tag("tags".to_owned())),
        ),
    ];
    for (path, expected) in cases {
        assert_eq!(Route::parse(&path).unwrap(), expected, "{path}");
    }
}

#[test]
fn names_that_are_not_allowed_never_become_folders() {
    for path in [
        "../manifests/v1",
        "a/../../b/manifests/v1",
        "/manifests/v1",
        "a//b/tags/list",
        "_tags/manifests/v1",
        "A/tags/list",
        "manifests/v1",
        "a\\b/tags/list",
        "a\0/tags/list",
        "a/blobs/sha256:..",
        "a/blobs/../x",
        "a/referrers/latest",
        "a",
        "",
        "_catalog",
    ] {
        let error = Route::parse(path).unwrap_err();
        assert!(error.into_response().status().is_client_error(), "{path}");
    }
}
