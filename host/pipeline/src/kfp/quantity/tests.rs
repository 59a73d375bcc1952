//! Amounts as they are written, and texts that are none.

use super::{bytes, cores};

#[test]
fn amounts_of_bytes() {
    for (text, expected) in [
        ("512Mi", Some(512 << 20)),
        ("1Gi", Some(1 << 30)),
        ("1G", Some(1_000_000_000)),
        ("0.5Gi", Some(1 << 29)),
        ("1e3", Some(1000)),
        ("100", Some(100)),
        ("1500m", Some(2)),
        ("0", None),
        ("", None),
        ("Mi", None),
        ("-1Gi", None),
        ("1GiB", None),
        ("much", None),
        ("inf", None),
    ] {
        assert_eq!(bytes(text), expected, "{text}");
    }
    assert_eq!(bytes("99999999E"), Some(u64::MAX), "an absurd amount is no small one");
}

#[test]
fn amounts_of_cores() {
    for (text, expected) in [("2", Some(2.0)), ("500m", Some(0.5)), ("0.25", Some(0.25)), ("0", None), ("two", None)] {
        assert_eq!(cores(text), expected, "{text}");
    }
}
