//! Recurring runs.
//! Never with the runs that they made; a list of runs has them.

use serde::{Deserialize, Serialize};

use super::error::Status;
use super::run::Request;
use super::{Int64, Timestamp};

/// A recurring run. What a request leaves out is filled in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecurringRun {
    /// Its id.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub recurring_run_id: String,
    /// What it was asked for with.
    #[serde(flatten)]
    pub request: Request,
    /// Runs at work at once, from 1 to 10.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_concurrency: Option<Int64>,
    /// When it fires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<Trigger>,
    /// `ENABLE` or `DISABLE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When it was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// `ENABLED` or `DISABLED`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Why the last firing made no run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Status>,
    /// Whether missed firings are left out but for the latest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_catchup: Option<bool>,
    /// There are none here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

/// When it fires; one of the two.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Trigger {
    /// By a pattern.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cron_schedule: Option<CronSchedule>,
    /// Every so many seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub periodic_schedule: Option<PeriodicSchedule>,
}

/// A pattern and a window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CronSchedule {
    /// Not before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Timestamp>,
    /// Not after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_time: Option<Timestamp>,
    /// Six fields, the seconds first.
    pub cron: String,
}

/// A wait and a window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PeriodicSchedule {
    /// Not before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Timestamp>,
    /// Not after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_time: Option<Timestamp>,
    /// Seconds between two firings.
    pub interval_second: Int64,
}

impl Default for PeriodicSchedule {
    fn default() -> Self {
        Self { start_time: None, end_time: None, interval_second: Int64(0) }
    }
}

/// A page of recurring runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecurringRunList {
    /// The recurring runs. The one list whose key is in camelCase.
    #[serde(rename = "recurringRuns", skip_serializing_if = "Vec::is_empty")]
    pub recurring_runs: Vec<RecurringRun>,
    /// All there are.
    pub total_size: usize,
    /// For the page behind.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub next_page_token: String,
}
