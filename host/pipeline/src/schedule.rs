//! When a recurring run is due: by a pattern or every so many seconds, within a window, so many at once.
//! Never reads a clock and keeps no state: both are handed in, so that a restart decides the same.

mod macros;
mod pattern;

use host_base::{Millis, RunId};
use registry_oci::Digest;
use serde::{Deserialize, Serialize};

pub use macros::{FiringNames, fill};
pub use pattern::{Occurrences, PatternError, check_every};

/// Firings of one schedule that may be at work at once, whatever is asked for.
pub const RUNS_AT_ONCE_MAX: u32 = 10;
/// The longest wait between two firings, in seconds: a century, so that no time overflows.
pub const EVERY_SECONDS_MAX: u64 = 100 * 366 * 24 * 60 * 60;

/// What makes a schedule fire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "trigger", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Trigger {
    /// A pattern of six fields with the seconds first, or a name such as `@hourly`, in UTC.
    Cron {
        /// The pattern.
        pattern: String,
    },
    /// The same wait again and again, counted from the start or the last firing.
    Every {
        /// The wait.
        seconds: u64,
    },
}

/// When to fire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
    /// What makes it fire.
    pub trigger: Trigger,
    /// Not before this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at_millis: Option<Millis>,
    /// Not after this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at_millis: Option<Millis>,
    /// Whether firings that were missed are made up for, one by one; else only the latest of them is.
    pub catch_up: bool,
    /// Runs that may be at work at once, from 1 to [`RUNS_AT_ONCE_MAX`].
    pub runs_at_once_max: u32,
    /// Whether it fires at all.
    pub enabled: bool,
}

/// What is known of the firings so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fired {
    /// The time that the latest was due.
    pub last_scheduled_at_millis: Option<Millis>,
    /// How many there were.
    pub count: u64,
    /// How many of their runs have not ended.
    pub at_work: u32,
}

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Start a run, then ask again.
    Fire {
        /// The time that it is due.
        scheduled_at_millis: Millis,
        /// Counted from 1 over all firings.
        index: u64,
    },
    /// Nothing before this time.
    Wait {
        /// When to ask again.
        until_millis: Millis,
    },
    /// A firing is due once one of the schedule's runs has ended.
    Full,
    /// Nothing any more: it is paused, or past its end.
    Never,
}

impl Schedule {
    /// What to do at `now_millis`. `created_at_millis` stands in for a start that is not given.
    ///
    /// # Errors
    /// When the trigger cannot be read.
    pub fn due(&self, created_at_millis: Millis, fired: &Fired, now_millis: Millis) -> Result<Due, PatternError> {
        if !self.enabled {
            return Ok(Due::Never);
        }
        let occurrences = Occurrences::of(&self.trigger)?;
        let Some(mut slot) = self.after(&occurrences, self.counted_from(created_at_millis, fired)) else {
            return Ok(Due::Never);
        };
        if slot > now_millis {
            return Ok(Due::Wait { until_millis: slot });
        }
        if fired.at_work >= self.runs_at_once_max.clamp(1, RUNS_AT_ONCE_MAX) {
            return Ok(Due::Full);
        }
        if !self.catch_up {
            let latest = now_millis.min(self.ends_at_millis.unwrap_or(now_millis));
            slot = occurrences.latest(slot, latest);
        }
        Ok(Due::Fire { scheduled_at_millis: slot, index: fired.count + 1 })
    }

    /// The next times that it fires if nothing is missed, at most `count`.
    ///
    /// # Errors
    /// When the trigger cannot be read.
    pub fn next_times(
        &self,
        created_at_millis: Millis,
        fired: &Fired,
        now_millis: Millis,
        count: usize,
    ) -> Result<Vec<Millis>, PatternError> {
        if !self.enabled {
            return Ok(Vec::new());
        }
        let occurrences = Occurrences::of(&self.trigger)?;
        let first = self.after(&occurrences, self.counted_from(created_at_millis, fired));
        let first = first.map(|slot| if self.catch_up { slot } else { occurrences.latest(slot, now_millis) });
        Ok(std::iter::successors(first, |slot| self.after(&occurrences, *slot)).take(count).collect())
    }

    /// Slots behind this time count.
    fn counted_from(&self, created_at_millis: Millis, fired: &Fired) -> Millis {
        let start = self.starts_at_millis.unwrap_or(created_at_millis);
        fired.last_scheduled_at_millis.map_or(start, |last| last.max(start))
    }

    fn after(&self, occurrences: &Occurrences, millis: Millis) -> Option<Millis> {
        let slot = occurrences.after(millis)?;
        self.ends_at_millis.is_none_or(|end| slot <= end).then_some(slot)
    }
}

/// The id of the run that a firing starts: the same firing names the same run, however often it is
/// tried, so that no restart can start it twice.
#[must_use]
pub fn run_of_firing(schedule: &str, scheduled_at_millis: Millis) -> RunId {
    let digest = Digest::sha256(format!("{schedule}/{scheduled_at_millis}").as_bytes());
    let bits = u128::from_str_radix(&digest.hex()[..32], 16).unwrap_or_default();
    RunId::new(scheduled_at_millis, bits)
}

#[cfg(test)]
mod tests;
