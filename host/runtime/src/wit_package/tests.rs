//! Packages there and back, and what a folder is found to need.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use super::*;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

const SHAPES: &str = "package team:shapes@1.2.0;\n/// A point.\ninterface points { record point { x: f64, y: f64 } }\n";
const USER: &str =
    "package team:user@0.1.0;\nworld user { import team:shapes/points@1.2.0; import other:log/log@0.3.1; }\n";

#[test]
fn what_is_used_and_not_there_is_missing() {
    let alone = folder(&[("user.wit", USER)]);
    let missing: Vec<String> = missing_packages(alone.path()).unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(missing, ["other:log@0.3.1", "team:shapes@1.2.0"]);

    let log =
        "package other:log@0.3.1;\ninterface log { use third:time/clock@2.0.0.{moment}; say: func(at: moment); }\n";
    let more = folder(&[("user.wit", USER), ("deps/shapes/package.wit", SHAPES), ("deps/log/package.wit", log)]);
    let missing: Vec<String> = missing_packages(more.path()).unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(missing, ["third:time@2.0.0"], "what a dependency needs is needed too");
}

#[test]
fn a_package_comes_back_with_its_documentation() {
    let shapes = folder(&[("shapes.wit", SHAPES)]);
    let (id, bytes) = encode_package(shapes.path()).unwrap();
    assert_eq!(id.to_string(), "team:shapes@1.2.0");
    assert_eq!(encode_package(shapes.path()).unwrap().1, bytes, "the same text gives the same bytes");
    let (again, text) = decode_package(&bytes).unwrap();
    assert_eq!(again, id);
    assert!(text.contains("/// A point.") && text.contains("record point"), "{text}");
    let copy = folder(&[("copy.wit", &text)]);
    assert_eq!(encode_package(copy.path()).unwrap().1, bytes, "and so does the text that came back");
}

#[test]
fn what_is_no_package_is_refused_with_its_place() {
    let broken = folder(&[("broken.wit", "package a:b;\ninterface c { d: funk(); }\n")]);
    let failure = missing_packages(broken.path()).unwrap_err();
    assert_eq!(failure.code, Code::InvalidDocument);
    assert!(failure.message.contains("broken.wit:2"), "{failure}");
    let failure = encode_package(folder(&[("user.wit", USER)]).path()).unwrap_err();
    assert!(failure.message.contains("team:shapes"), "{failure}");
    assert_eq!(decode_package(b"\0asm\x0d\0\x01\0").unwrap_err().code, Code::InvalidDocument);
    assert_eq!(decode_package(b"text").unwrap_err().code, Code::InvalidDocument);
}
