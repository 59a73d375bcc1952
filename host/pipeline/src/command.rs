//! What the executor is to do next. A command is a value; nothing happens until it is carried out.
//! Never persisted: after a crash, commands are derived again from the events.

use std::collections::BTreeMap;

use host_base::{StepName, Value};

use crate::RunStatus;

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Attempt a step (or find an earlier result), and report `AttemptStarted` and how it ended, or `StepReused`.
    StartAttempt {
        /// The step.
        step: StepName,
        /// Counted from 1.
        attempt: u32,
        /// Its arguments, all references followed.
        inputs: ResolvedInputs,
    },
    /// Report `RetryDue` after the delay.
    WaitForRetry {
        /// The step.
        step: StepName,
        /// Milliseconds from now.
        delay_millis: u64,
    },
    /// Stop this step's attempt; it then ends with `AttemptFailed` (code `Cancelled`).
    CancelAttempt {
        /// The step.
        step: StepName,
    },
    /// Write `Finished`.
    FinishRun {
        /// How the run ended.
        status: RunStatus,
    },
}

/// A step's arguments with every reference followed.
#[derive(Clone, Debug, PartialEq)]
pub enum ResolvedInputs {
    /// For a function, of a component or of Python: one value per parameter, in order.
    Function {
        /// The arguments.
        arguments: Vec<Value>,
    },
    /// For a command.
    Command {
        /// Arguments behind the program's name.
        args: Vec<String>,
        /// Artifacts under `/inputs/NAME`.
        inputs: BTreeMap<String, Value>,
    },
    /// For a task of a compiled Kubeflow pipeline: what there is of its inputs.
    Kfp {
        /// By name; those that are missing are left out.
        inputs: BTreeMap<String, Value>,
    },
}
