//! Run ids: shape, order, refusals.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use super::*;

#[test]
fn a_run_id_is_a_uuid_of_version_7() {
    let id = RunId::new(0x0199_1234_5678, u128::MAX);
    assert_eq!(id.as_str(), "01991234-5678-7fff-bfff-ffffffffffff");
    assert_eq!(RunId::new(0x0199_1234_5678, 0).as_str(), "01991234-5678-7000-8000-000000000000");
    assert_eq!(id.as_str().parse::<RunId>().unwrap(), id);
}

#[test]
fn run_ids_sort_by_time() {
    assert!(RunId::new(1, u128::MAX) < RunId::new(2, 0));
    assert!(RunId::new((1 << 48) - 2, u128::MAX) < RunId::new((1 << 48) - 1, 0));
}

#[test]
fn other_texts_are_refused_by_name() {
    for text in
        ["", "run-1", "01991234-5678-7fff-bfff-fffffffffff", "01991234-5678-7FFF-bfff-ffffffffffff", "../../etc/passwd"]
    {
        let error = text.parse::<RunId>().unwrap_err();
        assert!(error.to_string().contains(&format!("`{text}`")), "{error}");
    }
}
