//! Which payloads go this way, and that none is put where another still is.

use super::{Area, PAYLOAD_BYTES_MIN, SLOT_BYTES};

#[test]
fn payloads_within_the_limits_have_a_slot() {
    let area = Area::new().expect("memory");
    for (bytes, has_slot) in [
        (0, false),
        (PAYLOAD_BYTES_MIN - 1, false),
        (PAYLOAD_BYTES_MIN, true),
        (SLOT_BYTES, true),
        (SLOT_BYTES + 1, false),
    ] {
        assert_eq!(area.slot_for(bytes).is_some(), has_slot, "{bytes}");
    }
}

#[test]
fn a_slot_is_free_once_the_request_was_answered_that_was_in_it_last() {
    let mut area = Area::new().expect("memory");
    let (mut freed_by, payload) = (Vec::new(), vec![1; PAYLOAD_BYTES_MIN]);
    for request in [3, 4, 9, 10] {
        let slot = area.slot_for(payload.len()).expect("it fits");
        freed_by.push((slot.offset_bytes(), slot.free_after));
        area.fill(slot, &payload, request).expect("memory");
    }
    let second = SLOT_BYTES as u64;
    assert_eq!(freed_by, [(0, 0), (second, 0), (0, 3), (second, 4)]);
}
