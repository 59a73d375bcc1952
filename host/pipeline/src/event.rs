//! What happens to a run. Persisted in the ledger as JSON, therefore only ever added to.
//! Never says what to do about it; `advance` does.

use std::collections::BTreeMap;
use std::sync::Arc;

use host_base::{Failure, RunId, StepName, Usage, Value};
use registry_oci::Digest;
use serde::{Deserialize, Serialize};

use crate::{Plan, RunStatus};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum RunEvent {
    /// The run was accepted. Always the first event.
    Submitted {
        /// What it carries out.
        plan: Arc<Plan>,
    },
    /// An attempt began.
    AttemptStarted {
        /// Of this step.
        step: StepName,
        /// Counted from 1 over the whole run, interrupted attempts included.
        attempt: u32,
    },
    /// An attempt succeeded, and with it the step.
    AttemptSucceeded {
        /// Of this step.
        step: StepName,
        /// Which attempt.
        attempt: u32,
        /// The step's outputs by name.
        outputs: BTreeMap<String, Value>,
        /// The key under which later runs may find the outputs; none where the step is not cached.
        cache_key: Option<Digest>,
        /// What the attempt used.
        usage: Usage,
    },
    /// An earlier result stood in; no attempt was made.
    StepReused {
        /// The step.
        step: StepName,
        /// The step's outputs by name.
        outputs: BTreeMap<String, Value>,
        /// The key they were found under.
        cache_key: Digest,
        /// The run that made them.
        source: RunId,
    },
    /// An attempt failed.
    AttemptFailed {
        /// Of this step.
        step: StepName,
        /// Which attempt.
        attempt: u32,
        /// Why.
        failure: Failure,
        /// What the attempt used.
        usage: Usage,
    },
    /// The node stopped while the attempt was under way; it does not count against the retry policy.
    AttemptInterrupted {
        /// Of this step.
        step: StepName,
        /// Which attempt.
        attempt: u32,
    },
    /// The wait after a failed attempt is over.
    RetryDue {
        /// Of this step.
        step: StepName,
    },
    /// Someone asked for the run to end.
    CancelRequested,
    /// The run was still at work when its deadline was over.
    DeadlineReached,
    /// Someone asked for a finished run's failed steps to be tried again.
    RetryRequested,
    /// The run ended. Nothing follows but `RetryRequested`.
    Finished {
        /// How.
        status: RunStatus,
    },
}
