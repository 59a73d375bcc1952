//! Where a run stands. Derived from its events alone.
//! Never persisted and never changed but by `advance`.

use std::collections::BTreeMap;
use std::sync::Arc;

use host_base::{Failure, StepName, Value};
use serde::{Deserialize, Serialize};

use crate::Plan;

/// How a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunStatus {
    /// Steps are waiting or at work.
    Running,
    /// Someone asked for the run to end, and attempts are still stopping.
    Cancelling,
    /// Every step succeeded.
    Succeeded,
    /// At least one step failed for good.
    Failed,
    /// The run was ended on request.
    Cancelled,
}

/// How a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepStatus {
    /// A step that it needs has not succeeded yet.
    Waiting,
    /// An attempt is under way.
    Running,
    /// An attempt failed, and the wait before the next is on.
    Backoff,
    /// It has outputs.
    Succeeded,
    /// Its last attempt failed.
    Failed,
    /// A step that it needs failed.
    Skipped,
    /// The run was cancelled before the step ended.
    Cancelled,
}

/// Where a run stands.
#[derive(Clone, Debug, PartialEq)]
pub struct RunState {
    /// What it carries out.
    pub plan: Arc<Plan>,
    /// How the run is.
    pub status: RunStatus,
    /// Each step, in the plan's order.
    pub steps: Vec<StepState>,
    /// Which steps need a step, by index into `steps`: the plan's edges the other way round.
    pub(crate) dependents: Vec<Vec<usize>>,
    /// Steps that have not ended.
    pub(crate) unfinished: usize,
}

/// Where a step stands.
#[derive(Clone, Debug, PartialEq)]
pub struct StepState {
    /// The step.
    pub name: StepName,
    /// How it is.
    pub status: StepStatus,
    /// Attempts begun so far.
    pub attempts: u32,
    /// Attempts that failed and count against the retry policy.
    pub failures: u32,
    /// Its outputs, once it succeeded.
    pub outputs: BTreeMap<String, Value>,
    /// Whether the outputs are an earlier result.
    pub reused: bool,
    /// Why its last attempt failed.
    pub failure: Option<Failure>,
    /// Needed steps that have not succeeded yet.
    pub(crate) waiting_for: usize,
    /// Whether the attempt under way has been reported as begun.
    pub(crate) begun: bool,
}

impl RunState {
    /// The step of this name.
    #[must_use]
    pub fn step(&self, name: &StepName) -> Option<&StepState> {
        self.index(name).map(|index| &self.steps[index])
    }

    /// Where a step stands in `steps`.
    #[must_use]
    pub fn index(&self, name: &StepName) -> Option<usize> {
        self.steps.binary_search_by(|step| step.name.cmp(name)).ok()
    }
}

impl StepState {
    pub(crate) const fn waiting(name: StepName, waiting_for: usize) -> Self {
        Self {
            name,
            status: StepStatus::Waiting,
            attempts: 0,
            failures: 0,
            outputs: BTreeMap::new(),
            reused: false,
            failure: None,
            waiting_for,
            begun: false,
        }
    }

    /// The number of the attempt that is under way or would be next.
    pub(crate) const fn current_attempt(&self) -> u32 {
        if self.begun { self.attempts } else { self.attempts.saturating_add(1) }
    }
}

impl RunStatus {
    /// Whether nothing more happens by itself.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

impl StepStatus {
    /// Whether nothing more happens to the step in this run.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Skipped | Self::Cancelled)
    }
}
