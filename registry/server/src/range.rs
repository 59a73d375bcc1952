//! The two ways in which HTTP and the distribution specification write byte ranges.
//! Never answers more than one range.

#[cfg(test)]
mod tests;

use std::ops::Range;

/// What a `Range` header asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Everything: there is no header, or one that HTTP allows to ignore.
    Whole,
    /// These bytes.
    Part(Range<u64>),
    /// Nothing of what is there.
    Unsatisfiable,
}

/// Reads `bytes=first-last`, `bytes=first-` and `bytes=-length`.
pub(crate) fn wanted(header: Option<&str>, size_bytes: u64) -> Wanted {
    let Some((first, last)) = header.and_then(|header| header.strip_prefix("bytes=")?.split_once('-')) else {
        return Wanted::Whole;
    };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    match (number(first), number(last)) {
        (Some(first), _) if first >= size_bytes && (last.trim().is_empty() || number(last).is_some()) => {
            Wanted::Unsatisfiable
        }
        (Some(first), Some(last)) if first <= last => Wanted::Part(first..last.saturating_add(1).min(size_bytes)),
        (Some(first), None) if last.trim().is_empty() => Wanted::Part(first..size_bytes),
        (None, Some(0)) if first.trim().is_empty() => Wanted::Unsatisfiable,
        (None, Some(length)) if first.trim().is_empty() => {
            if size_bytes == 0 {
                Wanted::Unsatisfiable
            } else {
                Wanted::Part(size_bytes.saturating_sub(length)..size_bytes)
            }
        }
        _ => Wanted::Whole,
    }
}

/// Reads the `Content-Range` of a chunk: `first-last`, which some clients write as `bytes first-last/*`.
pub(crate) fn chunk(header: &str) -> Option<Range<u64>> {
    let text = header.strip_prefix("bytes").map_or(header, |rest| rest.trim_start_matches(['=', ' ']));
    let text = text.split_once('/').map_or(text, |(range, _)| range);
    let (first, last) = text.split_once('-')?;
    let (first, last) = (first.trim().parse::<u64>().ok()?, last.trim().parse::<u64>().ok()?);
    (first <= last).then(|| first..last.saturating_add(1))
}
