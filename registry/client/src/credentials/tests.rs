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

fn read(text: &[u8], registry: &str) -> Result<RegistryAuth, String> {
    in_file(parse(text)?, registry)
}

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
        assert!(read(FILE.as_bytes(), registry).unwrap() == expected, "{registry}");
    }
}

#[test]
fn broken_entries_are_named_without_their_content() {
    let error = read(FILE.as_bytes(), "broken.example").unwrap_err();
    assert!(error.contains("broken.example") && !error.contains("secret"), "{error}");
    let error = read(br#"{"auths": {"a": {"auth": 12345}}}"#, "a").unwrap_err();
    assert!(error.contains("line 1") && !error.contains("12345"), "{error}");
}

#[test]
fn a_registrys_own_helper_comes_before_the_one_for_all() {
    let text = br#"{"credsStore": "desktop", "credHelpers": {"ghcr.io": "gh", "https://index.docker.io/v1/": "hub"}}"#;
    let config = parse(text).unwrap();
    assert_eq!(helper_for(&config, "ghcr.io"), Some("gh"));
    assert_eq!(helper_for(&config, "docker.io"), Some("hub"));
    assert_eq!(helper_for(&config, "quay.io"), Some("desktop"));
    assert_eq!(helper_for(&parse(b"{}").unwrap(), "quay.io"), None);
    assert_eq!(server_name("docker.io"), "https://index.docker.io/v1/");
    assert_eq!(server_name("ghcr.io"), "ghcr.io");
}

proptest::proptest! {
    #[test]
    fn no_file_brings_the_reader_down(bytes: Vec<u8>, registry in "[a-z./:]{0,20}") {
        if let Ok(config) = parse(&bytes) {
            let _ = helper_for(&config, &registry);
            let _ = in_file(config, &registry);
        }
    }
}
