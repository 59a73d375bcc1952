//! Policies that are read and refused, and what their patterns stand for.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use proptest::prelude::*;

use super::*;
use crate::ProblemKind;

const SOUND: &str = "\
apiVersion: sandmill.dev/v1
kind: Policy
metadata:
  name: production
spec:
  allowedRegistries: [own, ghcr.io/team]
  allowedImports: ['sandmill:*', 'wasi:io/*']
  requireSignature: true
  trustedKeys:
    - name: release
      publicKey: |
        -----BEGIN PUBLIC KEY-----
        AAAA
        -----END PUBLIC KEY-----
      repositories: [ghcr.io/team]
";

#[test]
fn a_sound_policy_is_read() {
    let policy = Policy::parse(SOUND).unwrap();
    assert!(policy.spec.require_signature);
    assert_eq!(policy.spec.trusted_keys[0].name, "release");
    let open = Policy::parse(&SOUND[..SOUND.find("  allowed").unwrap()].replace("spec:", "spec: {}")).unwrap();
    assert_eq!(open.spec, PolicySpec::default());
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let rows = [
        ("requireSignature: true", "requireSignatures: true", ProblemKind::UnknownKey, "spec.requireSignatures"),
        ("kind: Policy", "kind: Pipeline", ProblemKind::InvalidValue, "kind"),
        ("[own, ghcr.io/team]", "[own, 'ghcr']", ProblemKind::InvalidValue, "spec.allowedRegistries[1]"),
        ("[own, ghcr.io/team]", "['ghcr.io/*']", ProblemKind::InvalidValue, "spec.allowedRegistries[0]"),
        ("name: release", "name: Re lease", ProblemKind::InvalidValue, "spec.trustedKeys[0].name"),
        ("[ghcr.io/team]\n", "['']\n", ProblemKind::InvalidValue, "spec.trustedKeys[0].repositories[0]"),
    ];
    for (line, instead, kind, path) in rows {
        assert!(SOUND.contains(line), "{line}");
        let problems = Policy::parse(&SOUND.replace(line, instead)).unwrap_err().problems;
        assert!(
            problems.iter().any(|problem| problem.kind == kind && problem.path == path),
            "{instead}: {problems:#?}"
        );
    }
    let keyless = &SOUND[..SOUND.find("  trustedKeys").unwrap()];
    let problems = Policy::parse(keyless).unwrap_err().problems;
    assert_eq!(problems[0].path, "spec.requireSignature", "{problems:#?}");
}

#[test]
fn the_published_schema_is_that_of_the_types() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/policy.json");
    let schema = format!("{:#}\n", Policy::json_schema());
    if std::env::var_os("SANDMILL_UPDATE").is_some() {
        std::fs::write(path, &schema).unwrap();
    }
    let published = std::fs::read_to_string(path).unwrap();
    assert!(published == schema, "sdk/spec/schema/policy.json is out of date: run `cargo xtask codegen`");
}

#[test]
fn registries_are_covered_by_name_and_by_whole_parts_of_the_path() {
    let rows = [
        ("own", None, "a/b", true),
        ("own", Some("ghcr.io"), "a/b", false),
        ("own/a", None, "a/b", true),
        ("own/a", None, "ab", false),
        ("ghcr.io", Some("GHCR.io"), "a", true),
        ("ghcr.io/team", Some("ghcr.io"), "team/x/y", true),
        ("ghcr.io/team", Some("ghcr.io"), "team", true),
        ("ghcr.io/team", Some("ghcr.io"), "teammate/x", false),
        ("ghcr.io/team", Some("ghcr.io.evil.example"), "team/x", false),
        ("127.0.0.1:5000", Some("127.0.0.1:5000"), "a", true),
        ("127.0.0.1:5000", Some("127.0.0.1:5001"), "a", false),
    ];
    for (pattern, registry, repository, expected) in rows {
        assert_eq!(covers_repository(pattern, registry, repository), expected, "{pattern} {registry:?} {repository}");
    }
}

#[test]
fn imports_are_covered_by_pattern_and_version() {
    let rows = [
        ("wasi:io/*", "wasi:io/streams@0.2.6", true),
        ("wasi:io/streams", "wasi:io/streams@0.2.6", true),
        ("wasi:io/streams@0.2.6", "wasi:io/streams@0.2.6", true),
        ("wasi:io/streams@0.2.5", "wasi:io/streams@0.2.6", false),
        ("wasi:io/streams@0.2.*", "wasi:io/streams@0.2.6", true),
        ("wasi:*", "wasi:http/types@0.2.6", true),
        ("wasi:io/*", "wasi:http/types@0.2.6", false),
        ("*", "anything", true),
        ("a*b*c", "a-b-b-c", true),
        ("a*b*c", "a-c-b", false),
        ("ab*ba", "aba", false),
        ("", "wasi:io/streams", false),
    ];
    for (pattern, import, expected) in rows {
        assert_eq!(covers_import(pattern, import), expected, "{pattern} {import}");
    }
}

proptest! {
    #[test]
    fn a_name_covers_itself_and_every_pattern_ends(name in "[a-z:/@.0-9*]{0,30}", pattern in "[a-c*]{0,12}", text in "[a-c]{0,40}") {
        prop_assert!(covers_import(&name, &name));
        let _ = covers_import(&pattern, &text);
        let (open, longer) = ([&text, "*"].concat(), [text.as_str(), &pattern].concat());
        prop_assert!(covers_import(&open, &longer));
    }

    #[test]
    fn no_text_brings_the_reader_down(text in "[ -~\n]{0,300}") {
        let _ = Policy::parse(&text);
    }
}
