//! The times that a trigger means, one behind the other. Patterns are robfig's: seconds first, `?` allowed.
//! Never knows a time zone but UTC.

use chrono::{DateTime, Utc};
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use host_base::Millis;
use thiserror::Error;

use super::{EVERY_SECONDS_MAX, Trigger};

/// Why a trigger cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PatternError {
    /// No pattern.
    #[error("`{pattern}` is no schedule: {reason}")]
    Pattern {
        /// What was given.
        pattern: String,
        /// Why not.
        reason: String,
    },
    /// A wait that is none, or longer than a life.
    #[error("a schedule fires every 1 to {EVERY_SECONDS_MAX} seconds, not every {0}")]
    Every(u64),
}

/// The times that a trigger means.
#[derive(Clone, Debug)]
pub enum Occurrences {
    /// By a pattern.
    Cron(Box<Cron>),
    /// By adding up.
    Every {
        /// The wait in milliseconds.
        millis: u64,
    },
}

impl Occurrences {
    /// Reads a trigger.
    ///
    /// # Errors
    /// When it means no times.
    pub fn of(trigger: &Trigger) -> Result<Self, PatternError> {
        match trigger {
            Trigger::Every { seconds } => Ok(Self::Every { millis: check_every(*seconds)? * 1000 }),
            Trigger::Cron { pattern } => match pattern.trim().strip_prefix("@every") {
                Some(wait) => {
                    let refused = |reason: String| PatternError::Pattern { pattern: pattern.clone(), reason };
                    Ok(Self::Every { millis: check_every(seconds_of(wait.trim()).map_err(refused)?)? * 1000 })
                }
                None => cron(pattern),
            },
        }
    }

    /// The first time behind this one; none where there is none ever.
    #[must_use]
    pub fn after(&self, millis: Millis) -> Option<Millis> {
        match self {
            Self::Every { millis: wait } => millis.checked_add(*wait),
            Self::Cron(cron) => {
                let found = cron.find_next_occurrence(&time(millis)?, false).ok()?;
                u64::try_from(found.timestamp_millis()).ok()
            }
        }
    }

    /// The last time not behind `latest`, where `slot` is one.
    #[must_use]
    pub fn latest(&self, slot: Millis, latest: Millis) -> Millis {
        match self {
            Self::Every { millis } => slot + latest.saturating_sub(slot) / millis * millis,
            Self::Cron(cron) => {
                let found = time(latest).and_then(|latest| cron.find_previous_occurrence(&latest, true).ok());
                let found = found.and_then(|found| u64::try_from(found.timestamp_millis()).ok());
                found.unwrap_or(slot).max(slot)
            }
        }
    }
}

/// A wait within its bounds.
///
/// # Errors
/// When it is not.
pub const fn check_every(seconds: u64) -> Result<u64, PatternError> {
    if seconds == 0 || seconds > EVERY_SECONDS_MAX { Err(PatternError::Every(seconds)) } else { Ok(seconds) }
}

fn cron(pattern: &str) -> Result<Occurrences, PatternError> {
    let refused = |reason: String| PatternError::Pattern { pattern: pattern.to_owned(), reason };
    let pattern = pattern.trim();
    if !pattern.starts_with('@') && pattern.split_whitespace().count() != 6 {
        let reason = "expected six fields (second, minute, hour, day of month, month, day of week), or @hourly, \
                      @daily, @weekly, @monthly, @yearly, @every 90s";
        return Err(refused(reason.to_owned()));
    }
    // The names stand for five fields to the parser, so that its seconds are not always required.
    let seconds = if pattern.starts_with('@') { Seconds::Optional } else { Seconds::Required };
    let parser = CronParser::builder().seconds(seconds).year(Year::Disallowed).sloppy_ranges(true).build();
    let cron = parser.parse(pattern).map_err(|error| refused(error.to_string()))?;
    let cron = Occurrences::Cron(Box::new(cron));
    // Such as the 31st of February.
    if cron.after(0).is_none() { Err(refused("it never comes".to_owned())) } else { Ok(cron) }
}

fn time(millis: Millis) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(i64::try_from(millis).ok()?)
}

/// Whole seconds of a duration in Go's words, such as `1h30m` or `90s`.
fn seconds_of(text: &str) -> Result<u64, String> {
    let refused = || format!("`{text}` is no duration such as 90s, 5m or 1h30m");
    let (mut seconds, mut digits) = (0_u64, String::new());
    for character in text.chars() {
        let unit = match character {
            '0'..='9' => {
                digits.push(character);
                continue;
            }
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => return Err(refused()),
        };
        let amount: u64 = digits.parse().map_err(|_| refused())?;
        digits.clear();
        seconds = amount.checked_mul(unit).and_then(|part| seconds.checked_add(part)).ok_or_else(refused)?;
    }
    if digits.is_empty() { Ok(seconds) } else { Err(refused()) }
}
