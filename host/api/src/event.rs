//! What the stream of a run's events carries; a training job is a run of another kind.
//! Never the persisted form of history: the server translates, so that the ledger's can grow.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::Value;
use crate::problem::Problem;
use crate::run::{LogLine, Usage};
use crate::train_job::change::{JobChange, JobEvent, Points};

/// One message of the stream. The name of the server-sent event is the `type`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum StreamEvent {
    /// Something that is in the run's history for good.
    History(HistoryEvent),
    /// A line of a step's log.
    Log(LogLine),
    /// How far a step has come. Not kept: who connects later does not see it.
    Progress(Progress),
    /// A point of a series that a step reported.
    Metric(Metric),
    /// Something that is in a training job's history for good.
    Job(JobEvent),
    /// What a worker of a training job measured in a step.
    Points(Points),
}

impl StreamEvent {
    /// The name of the server-sent event.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::History(_) => "history",
            Self::Log(_) => "log",
            Self::Progress(_) => "progress",
            Self::Metric(_) => "metric",
            Self::Job(_) => "job",
            Self::Points(_) => "points",
        }
    }

    /// Whether the run, or the job, has ended by an entry of its history; none of what is no such entry. What has ended
    /// can be made to go on.
    #[must_use]
    pub const fn has_ended(&self) -> Option<bool> {
        match self {
            Self::History(event) => Some(matches!(event.change, Change::Finished { .. })),
            Self::Job(event) => Some(matches!(event.change, JobChange::Finished { .. })),
            Self::Log(_) | Self::Progress(_) | Self::Metric(_) | Self::Points(_) => None,
        }
    }
}

/// Names of all server-sent events, as `StreamEvent::name` gives them.
pub const EVENT_NAMES: [&str; 6] = ["history", "log", "progress", "metric", "job", "points"];

/// An entry of a run's history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HistoryEvent {
    /// Its position in the ledger.
    pub sequence: u64,
    /// When it happened, in milliseconds since 1970-01-01T00:00:00Z.
    pub at_millis: u64,
    /// What happened.
    #[serde(flatten)]
    pub change: Change,
}

/// What happened to a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "change", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Change {
    /// The run was accepted. Always the first.
    Submitted {
        /// The pipeline's name.
        pipeline: String,
        /// Its steps.
        steps: Vec<String>,
    },
    /// An attempt began.
    AttemptStarted {
        /// Of this step.
        step: String,
        /// Counted from 1.
        attempt: u32,
    },
    /// An attempt succeeded, and with it the step.
    StepSucceeded {
        /// The step.
        step: String,
        /// Which attempt.
        attempt: u32,
        /// Its outputs by name.
        outputs: BTreeMap<String, Value>,
        /// What the attempt used.
        usage: Usage,
    },
    /// An earlier result stood in; no attempt was made.
    StepReused {
        /// The step.
        step: String,
        /// Its outputs by name.
        outputs: BTreeMap<String, Value>,
        /// The run that made them.
        source: String,
    },
    /// An attempt failed. Another follows where the step's retry policy says so.
    AttemptFailed {
        /// Of this step.
        step: String,
        /// Which attempt.
        attempt: u32,
        /// Why.
        failure: Problem,
        /// What the attempt used.
        usage: Usage,
    },
    /// The node stopped while the attempt was under way; it is made again.
    AttemptInterrupted {
        /// Of this step.
        step: String,
        /// Which attempt.
        attempt: u32,
    },
    /// The wait after a failed attempt is over.
    RetryDue {
        /// Of this step.
        step: String,
    },
    /// Someone asked for the run to end.
    CancelRequested,
    /// The run was still at work when its deadline was over; its steps are stopped.
    DeadlineReached,
    /// Someone asked for the run's failed steps to be tried again.
    RetryRequested,
    /// The run ended.
    Finished {
        /// `succeeded`, `failed` or `cancelled`.
        status: String,
    },
}

/// How far a step has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// The step.
    pub step: String,
    /// In the unit that the message names.
    pub done: u64,
    /// All there is, while known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// For people.
    pub message: String,
}

/// A point of a series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Metric {
    /// Its position in the ledger.
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

/// Where a stream begins and what it carries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct EventQuery {
    /// Go on behind this `id` of the stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Whether the stream carries the log (true).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logs: Option<bool>,
}

/// The `id` of a server-sent event: how far history and log have been read. Sent back as
/// `Last-Event-ID`, it makes the stream go on without a gap and without a repetition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Last entry of the history.
    pub history: u64,
    /// Last line of the log.
    pub log: u64,
}

impl fmt::Display for Position {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.history, self.log)
    }
}

/// A text that is no position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PositionError(pub String);

impl fmt::Display for PositionError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "`{}` is no position in a stream of events; send back an `id` of the stream", self.0)
    }
}

impl std::error::Error for PositionError {}

impl FromStr for Position {
    type Err = PositionError;

    fn from_str(text: &str) -> Result<Self, PositionError> {
        let parse = |digits: &str| digits.parse().map_err(|_| PositionError(text.to_owned()));
        let (history, log) = text.split_once('.').ok_or_else(|| PositionError(text.to_owned()))?;
        Ok(Self { history: parse(history)?, log: parse(log)? })
    }
}
