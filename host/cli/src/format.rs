//! Numbers as people read them.
//! Never used for JSON, where numbers stay numbers.

use host_base::Calendar;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A span of time in milliseconds: `480 ms`, `1.2 s`, `3 min 5 s`.
pub fn span(millis: u64) -> String {
    match millis {
        0..SECOND => format!("{millis} ms"),
        // Rounded down, so that nothing is shown as taking a minute that took less.
        SECOND..MINUTE => format!("{}.{} s", millis / SECOND, millis % SECOND / 100),
        MINUTE..HOUR => format!("{} min {} s", millis / MINUTE, millis % MINUTE / SECOND),
        HOUR..DAY => format!("{} h {} min", millis / HOUR, millis % HOUR / MINUTE),
        _ => format!("{} d {} h", millis / DAY, millis % DAY / HOUR),
    }
}

/// How long ago, roughly.
pub fn age(millis: u64) -> String {
    match millis {
        0..MINUTE => format!("{} s", millis / SECOND),
        MINUTE..HOUR => format!("{} min", millis / MINUTE),
        HOUR..DAY => format!("{} h", millis / HOUR),
        _ => format!("{} d", millis / DAY),
    }
}

/// A number of bytes: `512 B`, `1.5 KiB`.
pub fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if bytes < 1 << 10 {
        return format!("{bytes} B");
    }
    let power = ((bytes.ilog2() / 10) as usize).min(UNITS.len());
    let tenths = (u128::from(bytes) * 10) >> (10 * power);
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[power - 1])
}

/// A moment: `2026-11-24 03:20:11 UTC`.
pub fn moment(millis: u64) -> String {
    let Calendar { year, month, day, hour, minute, second } = Calendar::of(millis);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}

/// Digest without its algorithm, twelve digits: enough to recognise it by.
pub fn short_digest(digest: &str) -> &str {
    let hex = digest.split_once(':').map_or(digest, |(_, hex)| hex);
    hex.get(..12).unwrap_or(hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_ages() {
        let cases = [(0, "0 ms"), (999, "999 ms"), (1_240, "1.2 s"), (59_999, "59.9 s"), (185_000, "3 min 5 s")];
        for (millis, text) in cases {
            assert_eq!(span(millis), text);
        }
        assert_eq!(span(2 * HOUR + 3 * MINUTE), "2 h 3 min");
        assert_eq!(span(3 * DAY + HOUR), "3 d 1 h");
        assert_eq!((age(59_000), age(61_000), age(3 * DAY)), ("59 s".to_owned(), "1 min".to_owned(), "3 d".to_owned()));
    }

    #[test]
    fn sizes() {
        let cases = [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (5 << 20, "5.0 MiB")];
        for (size, text) in cases {
            assert_eq!(bytes(size), text);
        }
        assert_eq!(bytes(u64::MAX), "16777215.9 TiB");
    }

    #[test]
    fn moments() {
        assert_eq!(moment(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(moment(1_794_971_411_000), "2026-11-18 03:10:11 UTC");
    }

    #[test]
    fn digests_are_shortened_for_people() {
        assert_eq!(short_digest("sha256:0123456789abcdef"), "0123456789ab");
        assert_eq!(short_digest("abc"), "abc");
    }
}
