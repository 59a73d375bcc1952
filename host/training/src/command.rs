//! What is to be done for a job.
//! Never how; the executor knows.

use host_base::ArtifactRef;

use crate::Checkpoint;

/// Something to do. Each ends in an event for every worker that it is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Fetch data or a model.
    Fetch {
        /// From here.
        uri: String,
    },
    /// Form a group of this size, start the guests of these ranks and tell them of their job; the others keep theirs
    /// and get a place in the new group.
    StartWorkers {
        /// The group's number.
        generation: u64,
        /// Workers in it.
        size: u32,
        /// Which of them are new guests.
        ranks: Vec<u32>,
    },
    /// Bring all workers back to this checkpoint, once its bytes are known to be whole.
    Restore {
        /// Of this group.
        generation: u64,
        /// What to go on from.
        checkpoint: Box<Checkpoint>,
    },
    /// Make one step with all workers.
    Step {
        /// Of this group.
        generation: u64,
    },
    /// Measure the state with all workers.
    Evaluate {
        /// Of this group.
        generation: u64,
    },
    /// Let the first worker write the state down.
    WriteCheckpoint {
        /// Of this group.
        generation: u64,
    },
    /// Let the first worker write the model.
    WriteModel {
        /// Of this group.
        generation: u64,
    },
    /// Dissolve the group, so that workers that wait for a lost one come back.
    Dissolve {
        /// Which group.
        generation: u64,
    },
    /// End all guests, whatever they do.
    StopWorkers,
    /// Forget a checkpoint that nothing goes on from any more.
    DropCheckpoint {
        /// Which.
        artifact: ArtifactRef,
    },
}
