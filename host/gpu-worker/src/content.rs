//! A tensor's content as Burn holds it.
//! Never copied where it need not be: Burn copies whatever was allocated as bytes, since numbers may need a place that
//! bytes need not, and the content would be there twice meanwhile.

use burn_std::Bytes;

/// Every number begins at a multiple of this, and so does whatever an allocator gives for more than a few bytes.
const ALIGNMENT_BYTES_MAX: usize = 8;

/// The content, in the same memory where numbers can be in it.
pub fn bytes(content: Vec<u8>) -> Bytes {
    if content.as_ptr().addr().is_multiple_of(ALIGNMENT_BYTES_MAX) {
        Bytes::from_elems(content)
    } else {
        Bytes::from_bytes_vec(content)
    }
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn a_content_stays_where_it_is_and_is_all_there() {
        let content: Vec<u8> = (0..=255).collect();
        let begins_at = content.as_ptr().addr();
        let held = bytes(content.clone());
        assert_eq!(&held[..], &content[..]);
        let held = bytes(content);
        assert_eq!(held.as_ptr().addr(), begins_at);
    }
}
