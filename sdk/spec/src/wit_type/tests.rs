//! Texts that are types, and texts that are none, each with what is said of it.
//! Never looks at a document.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use super::*;

#[test]
fn every_type_is_read_as_it_is_written() {
    let texts = [
        "bool",
        "u8",
        "s64",
        "f64",
        "char",
        "string",
        "data-set",
        "option<artifact>",
        "list<option<string>>",
        "tuple<u32, list<f32>>",
        "record { min-length: u32, words: list<string> }",
        "enum { k-nearest, random_forest }",
    ];
    for text in texts {
        assert_eq!(WitType::parse(text).unwrap().to_string(), text);
    }
}

#[test]
fn spaces_and_a_last_comma_do_not_count() {
    let read = WitType::parse(" record{a:u8 ,b : tuple< s8,s8 , >,} ").unwrap();
    assert_eq!(read.to_string(), "record { a: u8, b: tuple<s8, s8> }");
}

#[test]
fn what_is_no_type_is_told_with_what_was_meant() {
    let rows = [
        ("int", "`int` is no type", Some("did you mean `s64`?")),
        ("strin", "`strin` is no type", Some("did you mean `string`?")),
        ("dataset", "`dataset` is no type", Some("did you mean `data-set`?")),
        ("list", "expected `<` behind `list`, got the end of the type", None),
        ("list<u8", "expected `>` behind `list`, got the end of the type", None),
        ("u8 u8", "`u8` stands behind the end of the type `u8`", None),
        ("", "a type is missing at the end", None),
        ("record { a u8 }", "expected `:` behind `a`, got `u8`", None),
        ("record { a: u8, a: u8 }", "the record has two fields `a`", None),
        ("enum { a, a }", "the enum has two cases `a`", None),
        ("enum { 1 }", "expected the name of a case, got `1`", None),
        ("option<option<u8>>", "an option of an option says no more than one", None),
        (
            "list<model>",
            "a list holds plain values, not `model`",
            Some("give each file a parameter or a result of its own"),
        ),
        (
            "record { a: option<artifact> }",
            "a record holds plain values, not `option<artifact>`",
            Some("give each file a parameter or a result of its own"),
        ),
    ];
    for (text, problem, hint) in rows {
        let error = WitType::parse(text).unwrap_err();
        assert_eq!((error.problem.as_str(), error.hint.as_deref()), (problem, hint), "{text}");
    }
    let all = WitType::parse("x9_y").unwrap_err().hint.unwrap();
    assert!(all.starts_with("the types are bool, u8,") && all.ends_with("record, enum"), "{all}");
}

#[test]
fn a_type_has_a_depth_and_a_length() {
    let nested = |depth: usize| format!("{}u8{}", "list<".repeat(depth), ">".repeat(depth));
    assert!(WitType::parse(&nested(TYPE_DEPTH_MAX)).is_ok());
    let error = WitType::parse(&nested(TYPE_DEPTH_MAX + 1)).unwrap_err();
    assert_eq!(error.problem, "types stand more than 16 deep inside each other");
    let long = |bytes: usize| format!("u8{}", " ".repeat(bytes - 2));
    assert!(WitType::parse(&long(TYPE_BYTES_MAX)).is_ok());
    let error = WitType::parse(&long(TYPE_BYTES_MAX + 1)).unwrap_err();
    assert_eq!(error.problem, "the type has 8193 bytes; at most 8192 are read");
}
