//! Names that are compatible, refusals that name the import and the grant.
//! Never needs a component: names alone decide.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;

const PROVIDED: [ProvidedImport; 4] = [
    ProvidedImport { interface: "sandmill:step/log@0.1", need: Need::Nothing },
    ProvidedImport { interface: "wasi:io/streams@0.2", need: Need::Nothing },
    ProvidedImport { interface: "wasi:http/outgoing-handler@0.2", need: Need::Http },
    ProvidedImport { interface: "acme:text/words@1", need: Need::Nothing },
];

fn admit_imports(imports: &[&str], http: &[&str]) -> Result<(), Failure> {
    let imports: Vec<String> = imports.iter().map(|import| (*import).to_owned()).collect();
    let grants = Grants { http: http.iter().map(|host| (*host).to_owned()).collect(), ..Grants::default() };
    admit(&PROVIDED, &imports, &grants)
}

#[test]
fn a_version_counts_up_to_what_may_break() {
    for (import, compatible) in [
        ("wasi:io/streams@0.2.0", "wasi:io/streams@0.2"),
        ("wasi:io/streams@0.2.12", "wasi:io/streams@0.2"),
        ("acme:text/words@1.4.7", "acme:text/words@1"),
        ("acme:text/words@0.0.3", "acme:text/words@0.0.3"),
        ("acme:text/words@0.3.0-rc.1", "acme:text/words@0.3.0-rc.1"),
        ("acme:text/words@1.0.0+build", "acme:text/words@1"),
        ("greet", "greet"),
    ] {
        assert_eq!(compatible_name(import), compatible, "{import}");
    }
}

#[test]
fn what_is_provided_is_admitted() {
    admit_imports(&[], &[]).unwrap();
    admit_imports(&["wasi:io/streams@0.2.9", "sandmill:step/log@0.1.0", "acme:text/words@1.9.0"], &[]).unwrap();
}

#[test]
fn another_major_version_is_unknown() {
    for import in ["wasi:io/streams@0.3.0", "acme:text/words@2.0.0", "wasi:io/streams@0.2.0-rc"] {
        assert_eq!(admit_imports(&[import], &[]).unwrap_err().code, Code::UnknownImport, "{import}");
    }
}

#[test]
fn a_missing_grant_is_named_with_its_import() {
    let import = "wasi:http/outgoing-handler@0.2.3";
    let failure = admit_imports(&["wasi:io/streams@0.2.9", import], &[]).unwrap_err();
    assert_eq!(failure.code, Code::ImportNotGranted);
    assert_eq!(failure.message, format!("the component imports `{import}` but the step is not granted `http`"));
    assert!(failure.hint.unwrap().contains("`grants.http`"));
    admit_imports(&[import], &["example.org"]).unwrap();
}

#[test]
fn a_name_close_to_a_provided_one_is_suggested_and_no_other() {
    let failure = admit_imports(&["sandmill:step/logs@0.1.0"], &[]).unwrap_err();
    assert!(failure.hint.unwrap().contains("`sandmill:step/log@0.1`"));
    let failure = admit_imports(&["other:thing/entirely@7.0.0"], &[]).unwrap_err();
    assert!(!failure.hint.unwrap().contains('`'));
}
