//! The port: what carries a group's operations, and why they fail.
//! Never says how: workers of one process share memory, others a network.

use std::sync::Arc;

use async_trait::async_trait;
use thiserror::Error;

use crate::Buffer;

/// Why nothing came of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CollectiveError {
    /// A worker is gone, or the group was dissolved.
    #[error("the group's membership changed")]
    MembershipChanged,
    /// The others did not come in time.
    #[error("the other workers did not make the same call within {0} ms")]
    Deadline(u64),
    /// The workers' calls do not fit together.
    #[error("the workers' calls do not fit together: {0}")]
    Mismatch(String),
    /// An argument was refused, and nothing was done.
    #[error("{0}")]
    Invalid(String),
}

/// How numbers of several workers become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduction {
    /// Added up in the order of the ranks.
    Sum,
    /// The sum, divided by the number of workers.
    Mean,
    /// The smallest; NaN where there is one.
    Min,
    /// The largest; NaN where there is one.
    Max,
}

/// What one worker brings to an operation.
#[derive(Clone, Debug)]
pub enum Operation {
    /// Everybody's numbers become what they are together.
    AllReduce {
        /// The numbers.
        buffer: Arc<Buffer>,
        /// How they become one.
        reduction: Reduction,
    },
    /// Everybody's numbers become those of one worker.
    Broadcast {
        /// The numbers.
        buffer: Arc<Buffer>,
        /// Whose.
        root: u32,
    },
    /// Everybody gets everybody's numbers.
    AllGather {
        /// The worker's own numbers.
        input: Arc<Buffer>,
        /// Where all are put, in the order of the ranks.
        output: Arc<Buffer>,
    },
    /// Nothing but to have met.
    Barrier,
}

/// A group of workers. All make the same operations in the same order.
#[async_trait]
pub trait Transport: Send + Sync + 'static {
    /// How many workers there are.
    fn size(&self) -> u32;

    /// Counts the groups of one job.
    fn generation(&self) -> u64;

    /// Carries an operation out together with all others. A call that is dropped half-way dissolves the group.
    async fn run(&self, rank: u32, operation: Operation) -> Result<(), CollectiveError>;

    /// Ends the group: whoever waits in it is told that the membership changed, and so is who comes later.
    fn dissolve(&self);
}

/// How a group is held.
pub type SharedTransport = Arc<dyn Transport>;
