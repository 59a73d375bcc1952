//! When memory is used again, and when it is not.

use super::{SPARE_BYTES_MAX, SPARE_BYTES_MIN, SpareContent};

/// Where the memory begins that a content of so many bytes is read into, once it was lent and given back.
fn after_reading(spare: &SpareContent, bytes: usize) -> usize {
    let mut content = spare.room_for(bytes);
    assert!(content.is_empty() && content.capacity() >= bytes);
    content.resize(bytes, 7);
    let lent = spare.lend(content);
    lent.as_ptr().addr()
}

#[test]
fn memory_of_a_content_that_was_read_is_used_for_the_next_and_what_was_in_it_is_gone() {
    let spare = SpareContent::default();
    let first = after_reading(&spare, SPARE_BYTES_MIN);
    let second = spare.room_for(SPARE_BYTES_MIN);
    assert_eq!(second.as_ptr().addr(), first);
    assert!(second.is_empty());
}

#[test]
fn memory_that_is_being_read_is_nobody_elses() {
    let spare = SpareContent::default();
    let lent = spare.lend(vec![1; SPARE_BYTES_MIN]);
    let other = spare.room_for(SPARE_BYTES_MIN);
    assert_ne!(other.as_ptr(), lent.as_ptr());
    assert_eq!(lent[0], 1);
}

#[test]
fn only_contents_within_the_limits_are_kept() {
    for (bytes, is_kept) in
        [(SPARE_BYTES_MIN - 1, false), (SPARE_BYTES_MIN, true), (SPARE_BYTES_MAX, true), (SPARE_BYTES_MAX + 1, false)]
    {
        let spare = SpareContent::default();
        after_reading(&spare, bytes);
        assert_eq!(spare.0.lock().expect("nobody panicked").is_some(), is_kept, "{bytes}");
    }
}

#[test]
fn a_larger_content_gets_memory_of_its_own() {
    let spare = SpareContent::default();
    after_reading(&spare, SPARE_BYTES_MIN);
    assert!(spare.room_for(2 * SPARE_BYTES_MIN).capacity() >= 2 * SPARE_BYTES_MIN);
}
