//! Ranges of both kinds, and what is none.

use super::*;

#[test]
fn ranges_are_cut_to_the_blob() {
    let cases = [
        (None, 10, Wanted::Whole),
        (Some("bytes=0-3"), 10, Wanted::Part(0..4)),
        (Some("bytes=4-"), 10, Wanted::Part(4..10)),
        (Some("bytes=-3"), 10, Wanted::Part(7..10)),
        (Some("bytes=-30"), 10, Wanted::Part(0..10)),
        (Some("bytes=5-18446744073709551615"), 10, Wanted::Part(5..10)),
        (Some("bytes=10-"), 10, Wanted::Unsatisfiable),
        (Some("bytes=12-15"), 10, Wanted::Unsatisfiable),
        (Some("bytes=-0"), 10, Wanted::Unsatisfiable),
        (Some("bytes=-1"), 0, Wanted::Unsatisfiable),
        (Some("bytes=3-2"), 10, Wanted::Whole),
        (Some("bytes=0-1,4-5"), 10, Wanted::Whole),
        (Some("bytes=-"), 10, Wanted::Whole),
        (Some("lines=0-1"), 10, Wanted::Whole),
    ];
    for (header, size_bytes, expected) in cases {
        assert_eq!(wanted(header, size_bytes), expected, "{header:?} of {size_bytes}");
    }
}

#[test]
fn chunks_name_both_ends() {
    assert_eq!(chunk("0-9"), Some(0..10));
    assert_eq!(chunk("bytes 10-19/20"), Some(10..20));
    assert_eq!(chunk("bytes=10-19"), Some(10..20));
    for broken in ["", "5", "9-0", "a-b", "-3", "3-"] {
        assert_eq!(chunk(broken), None, "{broken}");
    }
}
