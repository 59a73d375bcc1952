//! Which entry is taken for which registry, and that nothing secret is told.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use super::*;

const FILE: &str = r#"{
    "auths": {
        "ghcr.io": {"auth": "dXNlcjpwYTpzcw=="},
        "https://index.docker.io/v1/": {"username": "hub", "password": "word"},
        "http://localhost:5000": {"auth": "dXNlcjpwYXNzAAA="},
        "token.example": {"registrytoken": "abc"},
        "helper.example": {},
        "broken.example": {"auth": "c2VjcmV0"}
    },
    "credsStore": "desktop"
}"#;

fn basic(user: &str, password: &str) -> RegistryAuth {
    RegistryAuth::Basic(user.to_owned(), password.to_owned())
}

#[test]
fn the_entry_of_the_host_is_taken() {
    let cases = [
        ("ghcr.io", basic("user", "pa:ss")),
        ("docker.io", basic("hub", "word")),
        ("localhost:5000", basic("user", "pass")),
        ("localhost:5001", RegistryAuth::Anonymous),
        ("evil.example", RegistryAuth::Anonymous),
        ("helper.example", RegistryAuth::Anonymous),
        ("token.example", RegistryAuth::Bearer("abc".to_owned())),
    ];
    for (registry, expected) in cases {
        assert!(in_file(FILE.as_bytes(), registry).unwrap() == expected, "{registry}");
    }
}

#[test]
fn broken_entries_are_named_without_their_content() {
    let error = in_file(FILE.as_bytes(), "broken.example").unwrap_err();
    assert!(error.contains("broken.example") && !error.contains("secret"), "{error}");
    let error = in_file(br#"{"auths": {"a": {"auth": 12345}}}"#, "a").unwrap_err();
    assert!(error.contains("line 1") && !error.contains("12345"), "{error}");
}
