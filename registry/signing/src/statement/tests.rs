//! Statements name their subjects by hash, and provenance says what it was told.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use super::*;

#[test]
fn provenance_says_what_is_known_and_no_more() {
    let manifest = Digest::sha256(b"manifest");
    let known = Provenance {
        builder: "https://ci.example/runner".to_owned(),
        source: Some("git+https://example.org/train".to_owned()),
        revision: Some("abc".to_owned()),
        component: Some(Digest::sha256(b"component")),
    };
    let statement = Statement::provenance("acme/train", &manifest, &known);
    assert!(statement.is_about(&manifest) && !statement.is_about(&Digest::sha256(b"other")));
    assert!(!statement.signs(&manifest), "provenance is no signature");
    let read = Statement::parse(&statement.to_bytes()).unwrap();
    assert_eq!(read, statement);
    assert_eq!(read.predicate["runDetails"]["builder"]["id"], "https://ci.example/runner");
    assert_eq!(read.predicate["buildDefinition"]["resolvedDependencies"][0]["digest"]["gitCommit"], "abc");

    let unknown = Provenance { builder: "b".to_owned(), ..Provenance::default() };
    let statement = Statement::provenance("acme/train", &manifest, &unknown);
    assert!(statement.predicate["buildDefinition"].get("resolvedDependencies").is_none());
    assert_eq!(statement.to_bytes(), Statement::provenance("acme/train", &manifest, &unknown).to_bytes());
}

#[test]
fn a_statement_signs_only_its_own_subject() {
    let manifest = Digest::sha256(b"manifest");
    let text = format!(
        r#"{{"_type":"{STATEMENT_TYPE}","subject":[{{"digest":{{"sha256":"{}"}}}}],"predicateType":"{SIGNS}","predicate":{{}}}}"#,
        manifest.hex()
    );
    let statement = Statement::parse(text.as_bytes()).unwrap();
    assert!(statement.signs(&manifest));
    assert!(!statement.signs(&Digest::sha256(b"other")));
    let other_type = text.replace("Statement/v1", "Statement/v9");
    assert!(!Statement::parse(other_type.as_bytes()).unwrap().signs(&manifest));
}
