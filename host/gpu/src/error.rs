//! Why a device did not do what it was asked.
//! Never names a type of the crates that compute.

use host_base::{Code, Failure};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::protocol::Problem;

/// Why a device did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum DeviceError {
    /// Operations, elements or a backend that the device does not have. The device goes on.
    #[error("not supported: {0}")]
    Unsupported(String),
    /// An argument that cannot be meant. The device goes on.
    #[error("{0}")]
    InvalidArgument(String),
    /// A kernel that cannot be compiled. The device goes on.
    #[error("the kernel cannot be compiled: {}", .0.first().map_or("no reason was given", |problem| problem.message.as_str()))]
    InvalidKernel(Vec<Problem>),
    /// An operation that could not be carried out. The device is gone.
    #[error("an operation could not be carried out: {0}")]
    InvalidOperation(String),
    /// The guest's tensors or buffers would take more memory than granted. The device is gone.
    #[error("the step reached its device memory limit of {limit_bytes} bytes: {what}")]
    MemoryLimit {
        /// Bytes that were granted.
        limit_bytes: u64,
        /// What would have gone beyond them.
        what: String,
    },
    /// One submission took too long. The device is gone.
    #[error("one submission to the device took longer than {limit_millis} ms")]
    DeadlineExceeded {
        /// Milliseconds that one submission may take.
        limit_millis: u64,
    },
    /// The worker ended or the device was lost. The device is gone.
    #[error("the device was lost: {0}")]
    Lost(String),
}

impl DeviceError {
    /// Whether the device goes on working after it.
    #[must_use]
    pub const fn leaves_device(&self) -> bool {
        matches!(self, Self::Unsupported(_) | Self::InvalidArgument(_) | Self::InvalidKernel(_))
    }

    pub(crate) fn unexpected_answer() -> Self {
        Self::Lost("the worker gave an answer to another question".to_owned())
    }

    /// The end of a step: a code, what happened, and what to do next.
    #[must_use]
    pub fn failure(&self) -> Failure {
        let (code, hint) = match self {
            Self::MemoryLimit { .. } => {
                let hint = "use smaller batches, or raise `grants.device.memory` of the step, or for sessions of \
                            notebooks `sandmill up --notebook-device-memory-mib`";
                (Code::DeviceMemoryLimit, hint)
            }
            Self::DeadlineExceeded { .. } => {
                (Code::DeviceDeadline, "split the work: smaller tensors, or fewer operations between two reads")
            }
            Self::Lost(_) => {
                (Code::DeviceLost, "try again; a step that loses its device again and again makes it crash")
            }
            Self::Unsupported(_) | Self::InvalidArgument(_) | Self::InvalidKernel(_) | Self::InvalidOperation(_) => {
                (Code::DeviceOperation, "check the shapes and the types of what the step computes with")
            }
        };
        let failure = Failure::new(code, self.to_string()).with_hint(hint);
        if matches!(self, Self::Lost(_)) { failure.retryable() } else { failure }
    }
}
