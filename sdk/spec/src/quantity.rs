//! Sizes and spans of time as people write them: `256MiB`, `1.5s`.
//! Never accepts a bare number: a quantity without a unit is refused.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A number of bytes, written with a unit: B, kB, MB, GB, KiB, MiB, GiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", extend("format" = "byte-size", "pattern" = r"^[0-9]+(\.[0-9]+)? *(B|kB|MB|GB|KiB|MiB|GiB)$"))]
pub struct ByteSize(pub u64);

/// A span of time in milliseconds, written with a unit: ms, s, m, h.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", extend("format" = "span", "pattern" = r"^[0-9]+(\.[0-9]+)? *(ms|s|m|h)$"))]
pub struct Span(pub u64);

impl TryFrom<String> for ByteSize {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        const UNITS: [(&str, u64); 7] = [
            ("KiB", 1 << 10),
            ("MiB", 1 << 20),
            ("GiB", 1 << 30),
            ("kB", 1_000),
            ("MB", 1_000_000),
            ("GB", 1_000_000_000),
            ("B", 1),
        ];
        parse(&text, &UNITS)
            .map(Self)
            .ok_or_else(|| format!("`{text}` is not a size: write a number and a unit, such as 256MiB"))
    }
}

impl From<ByteSize> for String {
    fn from(size: ByteSize) -> Self {
        format_with(size.0, &[(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")], "B")
    }
}

impl TryFrom<String> for Span {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        const UNITS: [(&str, u64); 4] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];
        parse(&text, &UNITS)
            .map(Self)
            .ok_or_else(|| format!("`{text}` is not a span of time: write a number and a unit, such as 30s"))
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        format_with(span.0, &[(3_600_000, "h"), (60_000, "m"), (1_000, "s")], "ms")
    }
}

fn parse(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let (number, factor) = units.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, *factor)))?;
    let number = number.trim_end();
    if let Ok(whole) = number.parse::<u64>() {
        return whole.checked_mul(factor);
    }
    let number: f64 = number.parse().ok()?;
    let product = number * factor as f64;
    (number.is_finite() && number >= 0.0 && product < 1e18).then_some(product.round() as u64)
}

/// The largest unit that leaves no remainder.
fn format_with(number: u64, units: &[(u64, &str)], smallest: &str) -> String {
    let fitting = units.iter().find(|(factor, _)| number > 0 && number.is_multiple_of(*factor));
    match fitting {
        Some((factor, unit)) => format!("{}{unit}", number / factor),
        None => format!("{number}{smallest}"),
    }
}
