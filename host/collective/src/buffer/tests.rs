//! Buffers at their edges.
//! Never holds more than a few pieces.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;

#[test]
fn what_is_written_across_pieces_is_read_again() {
    let buffer = Buffer::zeros(2 * CHUNK_ELEMENTS + 3);
    assert_eq!(buffer.chunks(), 3);
    let values: Vec<f32> = (0..CHUNK_ELEMENTS + 2).map(|value| value as f32).collect();
    let offset = CHUNK_ELEMENTS as u64 - 1;
    buffer.write(offset, &values).unwrap();
    assert_eq!(buffer.read(offset, values.len()).unwrap(), values);
    assert_eq!(buffer.read(0, 1).unwrap(), [0.0]);
}

#[test]
fn bytes_and_numbers_are_the_same_buffer_bit_by_bit() {
    let buffer = Buffer::zeros(2 * CHUNK_ELEMENTS + 3);
    // A NaN keeps what it carries, too.
    let mut values: Vec<f32> = (0..CHUNK_ELEMENTS + 2).map(|value| value as f32 / 3.0).collect();
    values[7] = f32::from_bits(0x7fc0_1234);
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    let offset = CHUNK_ELEMENTS as u64 - 1;
    buffer.write_le_bytes(offset, &bytes).unwrap();
    let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&buffer.read(offset, values.len()).unwrap()), bits(&values));
    assert_eq!(buffer.read_le_bytes(offset, values.len()).unwrap(), bytes);
    let behind = OutOfRange { offset: offset + 3, count: values.len() as u64, elements: buffer.elements() as u64 };
    assert_eq!(buffer.read_le_bytes(offset + 3, values.len()), Err(behind));
    assert_eq!(buffer.write_le_bytes(offset + 3, &bytes), Err(behind));
    assert_eq!(buffer.read(0, 1).unwrap(), [0.0]);
}

#[test]
fn the_end_is_the_end() {
    let buffer = Buffer::of(&[1.0, 2.0, 3.0]);
    assert_eq!(buffer.read(1, 100).unwrap(), [2.0, 3.0]);
    assert_eq!(buffer.read(3, 1).unwrap(), [0.0; 0]);
    assert_eq!(buffer.read(4, 1), Err(OutOfRange { offset: 4, count: 0, elements: 3 }));
    assert_eq!(buffer.write(2, &[7.0, 8.0]), Err(OutOfRange { offset: 2, count: 2, elements: 3 }));
    assert_eq!(buffer.write(u64::MAX, &[7.0]), Err(OutOfRange { offset: u64::MAX, count: 1, elements: 3 }));
    assert_eq!(buffer.read(0, 3).unwrap(), [1.0, 2.0, 3.0]);
}

#[test]
fn a_buffer_may_be_empty() {
    let buffer = Buffer::zeros(0);
    assert_eq!((buffer.elements(), buffer.chunks()), (0, 0));
    buffer.write(0, &[]).unwrap();
    assert_eq!(buffer.read(0, 1).unwrap(), [0.0; 0]);
}
