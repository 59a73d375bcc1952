//! What the SDK writes is read whole.
//! Never runs anything.

use sdk_spec::kfp::{Package, is_package};

/// Fewer would mean that a file of cases is not found any more.
const CASES_LEAST: usize = 60;

#[test]
fn every_compiled_pipeline_is_read_whole() {
    let cases = match tests_kfp::cases() {
        Ok(cases) => cases,
        Err(reason) => return tests_kfp::skip(reason),
    };
    assert!(cases.len() >= CASES_LEAST, "only {} cases", cases.len());
    for case in cases {
        assert!(is_package(&case.compiled), "{}", case.name);
        let package = Package::parse(&case.compiled).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        assert_eq!(package.pipeline.pipeline_info.name, case.name);
        let json = serde_json::to_value(&package).expect("JSON");
        assert_eq!(Package::from_json(&json), Ok(package), "{}", case.name);
    }
}
