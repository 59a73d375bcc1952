//! Heads of METADATA files.

use super::read;

#[test]
fn needs_are_read_from_the_head_only() {
    let text = "Metadata-Version: 2.1\nName: a\nRequires-Python: >=3.8\nRequires-Dist: b (>=1)\nrequires-dist: c>=2;\n  extra == 'more'\nKeywords: x\n\nRequires-Dist: d\n";
    let metadata = read(text).expect("metadata");
    let names: Vec<String> = metadata.requirements.iter().map(|requirement| requirement.name.to_string()).collect();
    assert_eq!(names, ["b", "c"]);
    assert_eq!(metadata.python.expect("a range").to_string(), ">=3.8");
}

#[test]
fn a_need_that_is_none_is_named() {
    let error = read("Requires-Dist: b >>> 1\n").expect_err("no requirement");
    assert!(error.contains("b >>> 1"), "{error}");
}
