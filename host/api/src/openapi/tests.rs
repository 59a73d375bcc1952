//! The document agrees with the file that is checked in, and with itself.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its file has to stop")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::*;

/// Set to `1`, the file is written anew instead of compared.
const UPDATE_VARIABLE: &str = "SANDMILL_UPDATE";

#[test]
fn the_checked_in_document_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let printed = serde_json::to_string_pretty(&openapi()).unwrap() + "\n";
    if std::env::var_os(UPDATE_VARIABLE).is_some_and(|value| value == "1") {
        fs::write(&path, &printed).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap();
    assert!(
        kept == printed,
        "host/api/openapi.json is old: write it with `{UPDATE_VARIABLE}=1 cargo test -p host-api openapi`"
    );
}

#[test]
fn every_reference_leads_somewhere() {
    fn references(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => {
                if let Some(Value::String(reference)) = fields.get("$ref") {
                    found.insert(reference.clone());
                }
                fields.values().for_each(|field| references(field, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let document = openapi();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

#[test]
fn paths_and_parameters_agree() {
    for route in ROUTES {
        let in_path: BTreeSet<&str> = route
            .path
            .split('/')
            .filter_map(|segment| segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')))
            .collect();
        let named: BTreeSet<&str> = route
            .parameters
            .iter()
            .filter(|parameter| parameter.place == Place::Path)
            .map(|parameter| parameter.name)
            .collect();
        assert_eq!(in_path, named, "{}", route.path);
    }
}

#[test]
fn operations_are_unique() {
    let ids: BTreeSet<&str> = ROUTES.iter().map(|route| route.id).collect();
    let operations: BTreeSet<_> = ROUTES.iter().map(|route| route.operation).collect();
    assert_eq!((ids.len(), operations.len()), (ROUTES.len(), ROUTES.len()));
}
