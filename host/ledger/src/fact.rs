//! What the views are made of. Every fact stands in an entry, so that the views can be rebuilt.
//! Never decides anything.

use host_base::{ArtifactRef, Failure, Usage};
use serde::{Deserialize, Serialize};

use crate::RunAttributes;

/// The kind of a step that calls a component; others only hold such.
pub const STEP_KIND: &str = "step";

/// One statement about an entry's run, true from the entry's time on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Fact {
    /// The run exists.
    Run {
        /// What sort of work it is: [`PIPELINE_KIND`], or another decider's.
        #[serde(default = "pipeline_kind", skip_serializing_if = "is_pipeline")]
        kind: String,
        /// The pipeline's name, or that of whatever else it carries out.
        pipeline: String,
        /// Parameters as JSON, for people.
        parameters: serde_json::Value,
        /// Number of steps.
        steps_total: u64,
        /// `running`.
        status: String,
    },
    /// The run's status changed. `finished` says that it is final.
    RunStatus {
        /// The new status.
        status: String,
        /// Whether the run has ended.
        finished: bool,
        /// What ended the run, where it was not its steps.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failure: Option<Failure>,
    },
    /// What people attach to the run is this from now on, all of it.
    RunAttributes(RunAttributes),
    /// A step of the run changed (or is made known).
    Step {
        /// The step.
        step: String,
        /// The new status.
        status: String,
        /// Attempts begun so far.
        attempt: u32,
        /// Whether an earlier result stood in.
        reused: bool,
        /// Whether the step has ended.
        finished: bool,
        /// The component's reference with its digest.
        component: String,
        /// Outputs as JSON, once there are any.
        outputs: Option<serde_json::Value>,
        /// Why the last attempt failed.
        failure: Option<Failure>,
        /// What the last attempt used.
        usage: Option<Usage>,
        /// `step`, or what holds steps: `group`, `loop`, `iteration`, `condition`.
        #[serde(default = "plain_step")]
        kind: String,
        /// What it is inside of; none in the outermost graph.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parent: Option<String>,
    },
    /// The run has come to have more steps: a loop's are known once its items are.
    StepsTotal {
        /// Number of steps.
        steps_total: u64,
    },
    /// The run made an artifact.
    ArtifactMade {
        /// By this step.
        step: String,
        /// As this output.
        output: String,
        /// The artifact.
        artifact: ArtifactRef,
    },
    /// The run used an artifact.
    ArtifactUsed {
        /// In this step.
        step: String,
        /// For this parameter.
        parameter: String,
        /// Digest of the artifact.
        digest: String,
    },
    /// A result that later runs may use again.
    CacheStored {
        /// The cache key.
        key: String,
        /// The step that made it.
        step: String,
        /// Outputs as JSON.
        outputs: serde_json::Value,
    },
    /// A point of a live series.
    Metric {
        /// The step that reported it.
        step: String,
        /// The series.
        name: String,
        /// Position on the series' axis.
        index: u64,
        /// The value; none stands for NaN or an infinity, which JSON cannot hold.
        value: Option<f64>,
    },
}

/// The kind of runs that carry out a pipeline.
pub const PIPELINE_KIND: &str = "pipeline";

/// What every run was before there were other kinds of work.
fn pipeline_kind() -> String {
    PIPELINE_KIND.to_owned()
}

fn is_pipeline(kind: &str) -> bool {
    kind == PIPELINE_KIND
}

/// What every step was before there were groups.
fn plain_step() -> String {
    STEP_KIND.to_owned()
}
