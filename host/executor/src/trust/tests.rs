//! What a policy document refuses, and that each refusal names rule and document.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use registry_signing::PrivateKey;

use super::*;

fn trust(spec: &str) -> Trust {
    let text = format!("apiVersion: sandmill.dev/v1\nkind: Policy\nmetadata: {{ name: production }}\nspec: {spec}\n");
    Trust::new(Policy::parse(&text).unwrap(), "policy.yaml").unwrap()
}

fn reference(text: &str) -> Reference {
    text.parse().unwrap()
}

#[test]
fn without_rules_everything_may_run() {
    let open = trust("{}");
    assert!(open.check_registry(&reference("evil.example/a:1")).is_ok());
    assert!(open.check_imports("a:1", &["wasi:sockets/tcp@0.2.6".to_owned()]).is_ok());
}

#[test]
fn registries_and_imports_outside_the_lists_are_refused_by_rule_and_document() {
    let trust = trust("{ allowedRegistries: [own, ghcr.io/team], allowedImports: ['wasi:io/*'] }");
    assert!(trust.check_registry(&reference("a/b:1")).is_ok());
    assert!(trust.check_registry(&reference("ghcr.io/team/b:1")).is_ok());
    let failure = trust.check_registry(&reference("ghcr.io/other/b:1")).unwrap_err();
    assert_eq!(failure.code, Code::ComponentNotAllowed);
    for expected in ["ghcr.io/other/b:1", "`allowedRegistries`", "`production`", "policy.yaml"] {
        assert!(failure.message.contains(expected), "{failure}");
    }
    let imports = ["wasi:io/streams@0.2.6".to_owned(), "wasi:http/types@0.2.6".to_owned()];
    let failure = trust.check_imports("a:1", &imports).unwrap_err();
    assert_eq!(failure.code, Code::ComponentNotAllowed);
    assert!(failure.message.contains("wasi:http/types@0.2.6") && !failure.message.contains("streams"), "{failure}");
    assert!(failure.message.contains("`allowedImports`") && failure.hint.is_some(), "{failure}");
}

#[test]
fn keys_count_only_for_their_repositories() {
    let pem = PrivateKey::generate().unwrap().public_key().to_pem();
    let key = |name: &str, more: &str| format!("{{ name: {name}, publicKey: {pem:?}{more} }}");
    let keys = [key("all", ""), key("team", ", repositories: [ghcr.io/team]")].join(", ");
    let trust = trust(&format!("{{ trustedKeys: [{keys}] }}"));
    let names =
        |text: &str| trust.keys_for(&reference(text)).iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(names("ghcr.io/team/a:1"), ["all", "team"]);
    assert_eq!(names("ghcr.io/other/a:1"), ["all"]);
}

#[test]
fn a_key_that_cannot_be_read_is_named() {
    let text = "apiVersion: sandmill.dev/v1\nkind: Policy\nmetadata: { name: p }\nspec: { trustedKeys: [{ name: k, publicKey: no key }] }\n";
    let failure = Trust::new(Policy::parse(text).unwrap(), "p.yaml").unwrap_err();
    assert_eq!(failure.code, Code::InvalidDocument);
    assert!(failure.message.starts_with("p.yaml: the trusted key `k`"), "{failure}");
}

#[test]
fn each_namespace_has_its_own_document_and_others_share_one() {
    let of = |namespace: &str, registry: &str| {
        let text = format!(
            "apiVersion: sandmill.dev/v1\nkind: Policy\nmetadata: {{ name: p{namespace} }}\nspec: {{ allowedRegistries: [{registry}] }}\n"
        );
        Trust::new(Policy::parse(&text).unwrap(), format!("{registry}.yaml")).unwrap()
    };
    let all = TrustByNamespace::new([of("", "own"), of(", namespace: team-a", "ghcr.io")]).unwrap();
    let may = |namespace: Option<&str>, name: &str| all.of(namespace).unwrap().check_registry(&reference(name)).is_ok();
    assert!(may(None, "a/b:1") && may(Some("team-b"), "a/b:1"));
    assert!(may(Some("team-a"), "ghcr.io/b:1"));
    assert!(!may(Some("team-a"), "a/b:1") && !may(None, "ghcr.io/b:1"));
    assert!(TrustByNamespace::default().of(Some("team-a")).is_none());
    let failure = TrustByNamespace::new([of(", namespace: x", "own"), of(", namespace: x", "ghcr.io")]).unwrap_err();
    assert_eq!(failure.code, Code::Conflict);
    assert!(failure.message.contains("own.yaml") && failure.message.contains("`x`"), "{failure}");
}
