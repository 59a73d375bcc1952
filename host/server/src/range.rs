//! `Range` headers: one range of bytes.
//! Never several ranges at once; such a request is answered with the whole, as HTTP allows.

use std::ops::Range;

/// What a `Range` header asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// No header, or one that may be ignored.
    Whole,
    /// These bytes; never empty.
    Part(Range<u64>),
    /// Bytes that the content does not have.
    Unsatisfiable,
}

/// Reads the header against content of a given size.
pub(crate) fn wanted(header: Option<&str>, size_bytes: u64) -> Wanted {
    let Some(range) = header.and_then(|header| header.trim().strip_prefix("bytes=")) else { return Wanted::Whole };
    let Some((first, last)) = range.split_once('-').map(|(first, last)| (first.trim(), last.trim())) else {
        return Wanted::Whole;
    };
    let number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<u64>().ok())?;
    let range = match (number(first), number(last)) {
        // The last so many bytes.
        (None, Some(length)) if first.is_empty() => size_bytes.saturating_sub(length)..size_bytes,
        (Some(first), None) if last.is_empty() => first..size_bytes,
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(size_bytes),
        _ => return Wanted::Whole,
    };
    if range.is_empty() { Wanted::Unsatisfiable } else { Wanted::Part(range) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_http_says() {
        let cases = [
            (None, Wanted::Whole),
            (Some("bytes=0-0"), Wanted::Part(0..1)),
            (Some("bytes=2-5"), Wanted::Part(2..6)),
            (Some("bytes=2-"), Wanted::Part(2..10)),
            (Some("bytes=2-99"), Wanted::Part(2..10)),
            (Some("bytes=-3"), Wanted::Part(7..10)),
            (Some("bytes=-99"), Wanted::Part(0..10)),
            (Some("bytes=-0"), Wanted::Unsatisfiable),
            (Some("bytes=10-"), Wanted::Unsatisfiable),
            (Some("bytes=10-12"), Wanted::Unsatisfiable),
            (Some("bytes=5-2"), Wanted::Whole),
            (Some("bytes=0-1,4-5"), Wanted::Whole),
            (Some("bytes=+1-2"), Wanted::Whole),
            (Some("bytes=-"), Wanted::Whole),
            (Some("lines=1-2"), Wanted::Whole),
            (Some("bytes=0-18446744073709551615"), Wanted::Part(0..10)),
        ];
        for (header, expected) in cases {
            assert_eq!(wanted(header, 10), expected, "{header:?}");
        }
        assert_eq!(wanted(Some("bytes=0-"), 0), Wanted::Unsatisfiable);
    }
}
