//! Points of the series that a run's steps reported.
//! Never an evaluation's result; that is an artifact.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A point of a series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetricPoint {
    /// Position among the run's points, counted from 1.
    pub sequence: u64,
    /// When it was reported, in milliseconds since 1970-01-01T00:00:00Z.
    pub at_millis: u64,
    /// The step.
    pub step: String,
    /// The series.
    pub name: String,
    /// Position on the series' axis.
    pub index: u64,
    /// The value; absent for NaN and infinities, which JSON cannot hold.
    pub value: Option<f64>,
}

/// Points, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetricPoints {
    /// The points.
    pub items: Vec<MetricPoint>,
    /// Ask again with `after` set to this for what is behind; absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

/// Which points to read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct MetricQuery {
    /// Only points behind this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    /// Points at most, up to 10,000 (10,000).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}
