//! Words stand beside the functions that they are of, whichever section they are in; what is none changes nothing.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use wit_component::ComponentEncoder;
use wit_parser::PackageMetadata;

use super::*;
use crate::interface::{interface, wit};

/// A module that exports two functions which do nothing.
const MODULE: [&[u8]; 6] = [
    b"\0asm\x01\0\0\0",
    // One type, two functions of it.
    b"\x01\x04\x01\x60\0\0",
    b"\x03\x03\x02\0\0",
    b"\x07\x17\x02\x0bcount-lines\0\0",
    b"\x05other\0\x01",
    b"\x0a\x07\x02\x02\0\x0b\x02\0\x0b",
];

/// A component that exports two functions, with these custom sections in its module.
fn component(sections: &[(&str, &[u8])]) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let text = "package a:b; world w { export count-lines: func(); export other: func(); }";
    let package = resolve.push_str("w.wit", text).unwrap();
    let world = resolve.select_world(&[package], None).unwrap();
    let mut module = MODULE.concat();
    sections.iter().for_each(|(name, data)| append(&mut module, name, data));
    wit_component::embed_component_metadata(&mut module, &resolve, world, wit_component::StringEncoding::UTF8).unwrap();
    ComponentEncoder::default().module(&module).unwrap().encode().unwrap()
}

/// A custom section as both modules and components have them.
fn append(binary: &mut Vec<u8>, name: &str, data: &[u8]) {
    let length = |mut length: usize| {
        let mut bytes = Vec::new();
        while length > 0x7f {
            bytes.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
            length >>= 7;
        }
        bytes.push(u8::try_from(length).unwrap());
        bytes
    };
    let content = [length(name.len()), name.as_bytes().to_vec(), data.to_vec()].concat();
    binary.push(0);
    binary.extend(length(content.len()));
    binary.extend(content);
}

#[test]
fn the_words_of_steps_stand_above_them() {
    let (first, second) = ("count-lines\u{1f} Counts.\n\n    code\n\u{1e}", "other\u{1f} Not.\u{1e}");
    // As linkers leave it: one section, one record behind the other.
    let bytes = component(&[(SECTION, format!("{first}{second}").as_bytes())]);
    let text = wit(&bytes).unwrap();
    assert!(text.contains("/// Counts.\n  ///\n  ///    code\n  export count-lines: func();"), "{text}");
    assert!(text.contains("/// Not.\n  export other: func();"), "{text}");
}

#[test]
fn the_standard_section_is_read_too() {
    let mut bytes = component(&[]);
    let docs = br#"{"worlds":{"root":{"func_exports":{"other":{"docs":"Else."}}}}}"#;
    append(&mut bytes, PackageMetadata::SECTION_NAME, &[&[1], &docs[..]].concat());
    assert!(wit(&bytes).unwrap().contains("/// Else."));
}

#[test]
fn what_is_no_documentation_changes_nothing() {
    let plain = wit(&component(&[])).unwrap();
    let long = format!("{}\u{1e}other\u{1f} Too far.\u{1e}", "x".repeat(SECTION_BYTES_MAX));
    for data in [&b"\xff\xfe\x1f\x1e"[..], b"", b"nobody\x1fwords\x1e", b"other\x1f \x1e", b"other", long.as_bytes()] {
        let bytes = component(&[(SECTION, data)]);
        assert_eq!(wit(&bytes).unwrap(), plain);
        assert_eq!(interface(&bytes).unwrap().functions.len(), 2);
    }
}

#[test]
fn words_cannot_end_their_comment() {
    let bytes = component(&[(SECTION, "other\u{1f} One.\r\nexport evil: func();\u{1e}".as_bytes())]);
    let text = wit(&bytes).unwrap();
    assert!(text.contains("/// export evil: func();") && !text.contains("\n  export evil"), "{text}");
}
