//! What parses, what does not and with which words; parsing and printing are each other's inverse.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use proptest::prelude::*;

use super::*;

const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// A text, its registry, repository and tag, and whether it has a digest.
type Parts<'a> = (&'a str, Option<&'a str>, &'a str, Option<&'a str>, bool);

#[test]
fn parts_are_told_apart() {
    let with_digest = format!("ghcr.io/acme/train@{DIGEST}");
    let with_both = format!("localhost/acme/train:v1@{DIGEST}");
    let cases: &[Parts<'_>] = &[
        ("load-csv", None, "load-csv", None, false),
        ("digits/load-csv:1", None, "digits/load-csv", Some("1"), false),
        ("oci://digits/load-csv:1", None, "digits/load-csv", Some("1"), false),
        ("localhost:5000", None, "localhost", Some("5000"), false),
        ("localhost:5000/load-csv", Some("localhost:5000"), "load-csv", None, false),
        ("127.0.0.1:5000/a/b/c:x_Y.z-1", Some("127.0.0.1:5000"), "a/b/c", Some("x_Y.z-1"), false),
        ("[::1]:5000/a", Some("[::1]:5000"), "a", None, false),
        ("[::1]/a", Some("[::1]"), "a", None, false),
        ("Registry.Example/a__b/c--d:t", Some("Registry.Example"), "a__b/c--d", Some("t"), false),
        (&with_digest, Some("ghcr.io"), "acme/train", None, true),
        (&with_both, Some("localhost"), "acme/train", Some("v1"), true),
    ];
    for (text, registry, repository, tag, pinned) in cases {
        let reference: Reference = text.parse().unwrap();
        assert_eq!(reference.registry(), *registry, "{text}");
        assert_eq!(reference.repository(), *repository, "{text}");
        assert_eq!(reference.tag(), *tag, "{text}");
        assert_eq!(reference.digest().is_some(), *pinned, "{text}");
        assert_eq!(reference.to_string(), text.strip_prefix("oci://").unwrap_or(text));
    }
}

#[test]
fn a_digest_decides_and_latest_is_the_default() {
    let reference: Reference = "a/b".parse().unwrap();
    assert_eq!(reference.manifest_name(), "latest");
    let pinned = reference.with_digest(DIGEST.parse().unwrap());
    assert_eq!(pinned.manifest_name(), DIGEST);
    assert_eq!(pinned.to_string(), format!("a/b@{DIGEST}"));
}

#[test]
fn broken_references_name_the_part_and_the_rule() {
    let long = "a".repeat(256);
    let long_tag = format!("a:{}", "t".repeat(129));
    let cases = [
        ("", "names no repository"),
        (":tag", "names no repository"),
        ("localhost:5000/", "names no repository"),
        ("https://ghcr.io/a", "leave out the scheme"),
        ("Upper/case", "`Upper/case` is no repository"),
        ("a//b", "`a//b` is no repository"),
        ("../etc/passwd", "`..` is no registry"),
        ("a/../b", "is no repository"),
        ("a/.b", "is no repository"),
        ("a___b", "is no repository"),
        ("a._b", "is no repository"),
        ("a/b-", "is no repository"),
        ("a b", "is no repository"),
        ("a:", "`` is no tag"),
        ("a:-x", "`-x` is no tag"),
        ("a:b c", "`b c` is no tag"),
        ("ho_st.example/a", "`ho_st.example` is no registry"),
        ("host.example:99999/a", "is no registry"),
        ("[::zz]:1/a", "is no registry"),
        ("a@sha256:00", "64 lower-case hexadecimal digits"),
        ("a@", "is not a digest"),
        (&long, "256 bytes, more than 255"),
        (&long_tag, "is no tag"),
    ];
    for (text, expected) in cases {
        let error = text.parse::<Reference>().unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
        assert!(error.starts_with(&format!("`{text}`")), "{error}");
    }
}

#[test]
fn serde_refuses_what_parsing_refuses() {
    assert_eq!(serde_json::from_str::<Reference>("\"a/b:1\"").unwrap().to_string(), "a/b:1");
    assert!(serde_json::from_str::<Reference>("\"A\"").is_err());
    assert!(Reference::new(None, "ghcr.io/a", None, None).is_err(), "would be read back with a registry");
    assert!(Reference::new(Some("ghcr.io"), "a", Some("1"), None).is_ok());
}

proptest! {
    #[test]
    fn any_text_parses_or_fails_without_panic(text in "\\PC{0,60}") {
        if let Ok(reference) = text.parse::<Reference>() {
            prop_assert_eq!(reference.to_string().parse::<Reference>().unwrap(), reference);
        }
    }

    #[test]
    fn valid_parts_survive_printing(
        registry in proptest::option::of("[a-z]{1,8}\\.[a-z]{2,3}(:[1-9][0-9]{0,3})?"),
        repository in "[a-z0-9]{1,6}((__|_|-{1,3})[a-z0-9]{1,4}){0,2}(/[a-z0-9]{1,6}(\\.[a-z0-9]{1,3})?){0,3}",
        tag in proptest::option::of("[A-Za-z0-9_][A-Za-z0-9._-]{0,20}"),
    ) {
        prop_assume!(!repository.starts_with("localhost/"));
        let reference = Reference::new(registry.as_deref(), &repository, tag.as_deref(), None).unwrap();
        prop_assert_eq!(reference.to_string().parse::<Reference>().unwrap(), reference);
    }
}
