//! Schedules as callers see them: a document that is run again and again.
//! Never with their runs; each run says which firing it is.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::Value;
use crate::problem::Problem;

/// Next firings that a schedule shows.
pub const NEXT_FIRINGS_MAX: usize = 100;

/// A schedule to make.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateSchedule {
    /// Its name; need not be unique.
    pub name: String,
    /// The Pipeline document, YAML or JSON.
    pub document: String,
    /// What the document's parameters are set to. Texts may use `[[ScheduledTime]]`, `[[CurrentTime]]`,
    /// `[[Index]]` and `[[RunUUID]]`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, Value>,
    /// Name of the experiment that its runs go to; made where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experiment: Option<String>,
    /// When it fires.
    pub timing: Timing,
}

/// When a schedule fires.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Timing {
    /// Six fields in UTC, the seconds first; or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`, `@every 90s`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cron: Option<String>,
    /// Or: seconds between two firings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every_seconds: Option<u64>,
    /// Not before this, in milliseconds since 1970-01-01T00:00:00Z.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts_at_millis: Option<u64>,
    /// Not after this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at_millis: Option<u64>,
    /// Whether missed firings are made up for one by one; else only the latest of them is.
    pub catch_up: bool,
    /// Runs at work at once, from 1 to 10 (1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runs_at_once_max: Option<u32>,
    /// Whether it begins paused.
    pub paused: bool,
}

/// A schedule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Id of the experiment that its runs go to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experiment: Option<String>,
    /// When it fires.
    pub timing: Timing,
    /// When it was made, in milliseconds since 1970-01-01T00:00:00Z.
    pub created_at_millis: u64,
    /// The next times that it fires, should nothing hold it up.
    pub next_at_millis: Vec<u64>,
    /// Why its last firing made no run, where one did not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
}

/// All schedules, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Schedules {
    /// The schedules.
    pub items: Vec<Schedule>,
}

/// How much is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ScheduleQuery {
    /// Next firings to show, up to 100 (1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<usize>,
}
