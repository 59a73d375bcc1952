//! The document agrees with the file that is checked in, and with itself.
//! Never checks the document by the code that prints it.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its file has to stop")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::*;

#[test]
fn the_checked_in_document_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let printed = serde_json::to_string_pretty(&openapi()).unwrap() + "\n";
    if std::env::var_os("SANDMILL_UPDATE").is_some() {
        fs::write(&path, &printed).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == printed, "host/api/openapi.json is out of date: run `cargo xtask codegen`");
}

#[test]
fn every_reference_leads_somewhere() {
    fn references(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
                fields.values().for_each(|field| references(field, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let document = openapi();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(found.len() > 10, "{found:?}");
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

#[test]
fn a_query_becomes_parameters() {
    let document = openapi();
    let parameters = document.pointer("/paths/~1api~1v1~1runs/get/parameters").unwrap().as_array().unwrap();
    let names: BTreeSet<&str> = parameters.iter().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(names, BTreeSet::from(["component", "experiment", "limit", "page", "pipeline", "schedule", "status"]));
    assert!(document.pointer("/components/schemas/RunQuery").is_none());
}

#[test]
fn operations_are_unique() {
    let ids: BTreeSet<&str> = ROUTES.iter().map(|route| route.id).collect();
    let operations: BTreeSet<_> = ROUTES.iter().map(|route| route.operation).collect();
    assert_eq!((ids.len(), operations.len()), (ROUTES.len(), ROUTES.len()));
}
