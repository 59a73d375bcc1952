//! What can be asked of the history. Derived from facts, rebuilt at will.
//! Never written to but by the ledger itself.

use host_base::{ArtifactRef, Failure, Millis, RunId, Usage};
use serde::{Deserialize, Serialize};

use crate::fact::PIPELINE_KIND;

/// A run, without its steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunRecord {
    /// Its id.
    pub id: RunId,
    /// What sort of work it is.
    pub kind: String,
    /// The pipeline's name, or that of whatever else it carries out.
    pub pipeline: String,
    /// Parameters as JSON.
    pub parameters: serde_json::Value,
    /// How it is.
    pub status: String,
    /// When it was accepted.
    pub submitted_at_millis: Millis,
    /// When it ended.
    pub finished_at_millis: Option<Millis>,
    /// Number of steps that are known so far, without what only holds steps.
    pub steps_total: u64,
    /// Those that have ended.
    pub steps_finished: u64,
    /// What ended the run, where it was not its steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// What people attach to it.
    pub attributes: RunAttributes,
}

/// What people attach to a run beside what it carries out. It may change at any time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RunAttributes {
    /// The title that it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Id of the experiment that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub experiment: Option<String>,
    /// Who submitted it, where the node tells users apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submitter: Option<String>,
    /// The firing of a schedule that it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub firing: Option<Firing>,
    /// Whether it was put aside.
    #[serde(skip_serializing_if = "is_false")]
    pub archived: bool,
    /// Whether it was removed from the lists. Its history stays.
    #[serde(skip_serializing_if = "is_false")]
    pub removed: bool,
    /// What else the face that submitted it wants to be told again; opaque here.
    #[serde(skip_serializing_if = "serde_json::Value::is_null")]
    pub details: serde_json::Value,
}

/// Which firing of a schedule a run is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Firing {
    /// The schedule.
    pub schedule: String,
    /// The time that it was due.
    pub scheduled_at_millis: Millis,
    /// Counted from 1 over all firings of the schedule.
    pub index: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// A step of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepRecord {
    /// Its path: the author's name for it, behind those of what it is inside of.
    pub name: String,
    /// How it is.
    pub status: String,
    /// Attempts begun so far.
    pub attempts: u32,
    /// Whether an earlier result stood in.
    pub reused: bool,
    /// The component's reference with its digest.
    pub component: String,
    /// When its first attempt began, or an earlier result was taken.
    pub started_at_millis: Option<Millis>,
    /// When it ended.
    pub finished_at_millis: Option<Millis>,
    /// Outputs as JSON.
    pub outputs: Option<serde_json::Value>,
    /// Why its last attempt failed.
    pub failure: Option<Failure>,
    /// What its last attempt used.
    pub usage: Option<Usage>,
    /// `step`, or what holds steps: `group`, `loop`, `iteration`, `condition`.
    pub kind: String,
    /// What it is inside of; none in the outermost graph.
    pub parent: Option<String>,
}

/// A pipeline whose runs call a component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallingPipeline {
    /// Its name.
    pub pipeline: String,
    /// Its runs that call the component, also those that were removed from the lists.
    pub runs: u64,
    /// The newest of them.
    pub newest_run: RunId,
    /// When that was accepted.
    pub newest_at_millis: Millis,
}

/// Which runs to list. All conditions must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunFilter {
    /// Only of this kind of work; pipelines where none is named.
    pub kind: Option<String>,
    /// Only of this pipeline.
    pub pipeline: Option<String>,
    /// Only of this status.
    pub status: Option<String>,
    /// Only of this experiment.
    pub experiment: Option<String>,
    /// Only firings of this schedule.
    pub schedule: Option<String>,
    /// Only those that call the component of this digest.
    pub component: Option<String>,
    /// Only of this user's.
    pub submitter: Option<String>,
    /// Those that were removed as well.
    pub with_removed: bool,
}

impl RunFilter {
    /// The kind of work that is listed.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.kind.as_deref().unwrap_or(PIPELINE_KIND)
    }

    /// Whether a run is listed, as far as its record says: which components it calls, its steps know.
    #[must_use]
    pub fn fits(&self, record: &RunRecord) -> bool {
        let RunAttributes { experiment, submitter, firing, removed, .. } = &record.attributes;
        let schedule = firing.as_ref().map(|firing| &firing.schedule);
        self.kind() == record.kind
            && self.pipeline.as_ref().is_none_or(|pipeline| *pipeline == record.pipeline)
            && self.status.as_ref().is_none_or(|status| *status == record.status)
            && (self.experiment.is_none() || self.experiment == *experiment)
            && (self.submitter.is_none() || self.submitter == *submitter)
            && (self.schedule.is_none() || self.schedule.as_ref() == schedule)
            && (self.with_removed || !removed)
    }
}

/// A page of a list, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Ask with this for the page behind; none on the last page.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// How many items to read so that it shows whether a page is the last.
    #[must_use]
    pub fn look_ahead(limit: usize) -> usize {
        limit.max(1).saturating_add(1)
    }

    /// A page of `limit` items (at least one) out of what was found looking ahead, each with its position.
    pub fn cut<P: Copy>(mut found: Vec<(P, T)>, limit: usize, token: impl Fn(P) -> String) -> Self {
        let more = found.len() > limit.max(1);
        found.truncate(limit.max(1));
        let next = if more { found.last().map(|(position, _)| token(*position)) } else { None };
        Self { items: found.into_iter().map(|(_, item)| item).collect(), next }
    }
}

/// An artifact and who made it first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactRecord {
    /// The artifact.
    pub artifact: ArtifactRef,
    /// The run that made it; none for one that was uploaded.
    pub run: Option<RunId>,
    /// The step that made it.
    pub step: Option<String>,
    /// As which output.
    pub output: Option<String>,
    /// When.
    pub made_at_millis: Millis,
}

impl ArtifactRecord {
    /// The record of an artifact that someone uploaded.
    #[must_use]
    pub const fn uploaded(artifact: ArtifactRef, at_millis: Millis) -> Self {
        Self { artifact, run: None, step: None, output: None, made_at_millis: at_millis }
    }
}

/// Uses of an artifact in one answer.
pub const ARTIFACT_USES_MAX: usize = 1000;

/// A step that used an artifact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactUse {
    /// The run.
    pub run: RunId,
    /// The step.
    pub step: String,
    /// For which parameter.
    pub parameter: String,
}

/// An earlier result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CachedResult {
    /// The run that made it.
    pub run: RunId,
    /// Outputs as JSON.
    pub outputs: serde_json::Value,
}

/// A line of a step's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogLine {
    /// Position within the run, counted from 1.
    pub sequence: u64,
    /// When it was written.
    pub at_millis: Millis,
    /// The step that wrote it.
    pub step: String,
    /// In which attempt.
    pub attempt: u32,
    /// `stdout`, `stderr`, or the level: trace, debug, info, warn, error.
    pub stream: String,
    /// The text, without a line end.
    pub text: String,
}

/// A point of a live series that a step reported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MetricPoint {
    /// Position among the run's points, counted from 1.
    pub sequence: u64,
    /// When it was reported.
    pub at_millis: Millis,
    /// The step that reported it.
    pub step: String,
    /// The series.
    pub name: String,
    /// Position on the series' axis.
    pub index: u64,
    /// The value; none stands for NaN or an infinity, which JSON cannot hold.
    pub value: Option<f64>,
}
