//! Numbers and times the way protobuf writes them in JSON.
//! Never loses a digit: a 64-bit number is a text.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A 64-bit number: written as a text, read from a text or a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Int64(pub i64);

impl Serialize for Int64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Int64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Number(i64),
            Text(String),
        }
        match Either::deserialize(deserializer)? {
            Either::Number(number) => Ok(Self(number)),
            Either::Text(text) => {
                text.parse().map(Self).map_err(|_| de::Error::custom(format!("`{text}` is no number")))
            }
        }
    }
}

/// A moment, written as RFC 3339 in UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub millis: u64,
}

impl Timestamp {
    /// What stands where something has not ended.
    pub const EPOCH: Self = Self { millis: 0 };

    /// The moment of this many milliseconds since 1970.
    #[must_use]
    pub const fn new(millis: u64) -> Self {
        Self { millis }
    }

    /// The text form.
    #[must_use]
    pub fn text(self) -> String {
        let time = i64::try_from(self.millis).ok().and_then(DateTime::<Utc>::from_timestamp_millis);
        time.unwrap_or(DateTime::<Utc>::MAX_UTC).to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }

    /// Reads the text form.
    ///
    /// # Errors
    /// Why it is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let time = DateTime::parse_from_rfc3339(text)
            .map_err(|error| format!("`{text}` is no time such as 2026-01-31T09:00:00Z: {error}"))?;
        let millis = u64::try_from(time.timestamp_millis()).map_err(|_| format!("`{text}` is before 1970"))?;
        Ok(Self { millis })
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]
    use super::*;

    #[test]
    fn numbers_are_texts_and_read_from_both() {
        assert_eq!(serde_json::to_string(&Int64(i64::MAX)).unwrap(), "\"9223372036854775807\"");
        assert_eq!(serde_json::from_str::<Int64>("\"-5\"").unwrap(), Int64(-5));
        assert_eq!(serde_json::from_str::<Int64>("1").unwrap(), Int64(1));
        assert!(serde_json::from_str::<Int64>("\"five\"").is_err());
    }

    #[test]
    fn times_are_in_utc_and_read_from_any_zone() {
        assert_eq!(Timestamp::EPOCH.text(), "1970-01-01T00:00:00Z");
        assert_eq!(Timestamp::new(1_767_225_600_123).text(), "2026-01-01T00:00:00.123Z");
        assert_eq!(Timestamp::parse("2026-01-01T01:00:00+01:00").unwrap().millis, 1_767_225_600_000);
        assert!(Timestamp::parse("yesterday").is_err() && Timestamp::parse("1969-12-31T23:59:59Z").is_err());
    }
}
