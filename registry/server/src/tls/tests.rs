//! Files that are no certificate or no key.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use super::*;

#[test]
fn the_file_at_fault_is_named_and_nothing_of_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (absent, strange) = (folder.path().join("absent.pem"), folder.path().join("strange.pem"));
    std::fs::write(&strange, "-----BEGIN PRIVATE KEY-----\nsecret!\n-----END PRIVATE KEY-----\n").unwrap();
    for (certificate, key, expected) in [(&absent, &strange, "absent.pem"), (&strange, &absent, "absent.pem")] {
        let error = Tls::open(certificate, key).unwrap_err().to_string();
        assert!(error.contains(expected) || error.contains("strange.pem"), "{error}");
        assert!(!error.contains("secret!"), "{error}");
    }
}
