//! What happens to a job. What comes from a worker says of which generation it is, so that late words of an earlier
//! one change nothing.
//! Never what follows from it.

use host_base::{ArtifactRef, Failure};
use registry_oci::Digest;

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names of the fields say what they are")]
pub enum Event {
    /// Data or a model was fetched.
    Fetched { uri: String, artifact: ArtifactRef },
    /// It could not be.
    FetchFailed { failure: Failure },
    /// A worker was started and knows its job.
    Ready { generation: u64, rank: u32 },
    /// A worker is back at the checkpoint.
    Restored { generation: u64, rank: u32 },
    /// The checkpoint is not whole, or a worker refused it.
    CheckpointUnusable { generation: u64, digest: Digest, failure: Failure },
    /// A worker made a step.
    Stepped { generation: u64, rank: u32, metrics: Vec<(String, f64)>, done: bool },
    /// A worker measured its state.
    Evaluated { generation: u64, rank: u32, metrics: Vec<(String, f64)> },
    /// The first worker wrote its state down, and that is durable.
    CheckpointWritten { generation: u64, artifact: ArtifactRef },
    /// The first worker wrote the model, and that is durable.
    ModelWritten { generation: u64, artifact: ArtifactRef },
    /// A worker failed. `alive` says that it can be called again.
    WorkerFailed { generation: u64, rank: u32, failure: Failure, alive: bool },
    /// It is time for a checkpoint.
    CheckpointDue,
    /// Someone wants the job to wait, with its state.
    SuspendRequested,
    /// Someone wants it to go on.
    ResumeRequested,
    /// Someone wants it to end.
    CancelRequested,
    /// The job's deadline is over.
    DeadlineReached,
}
