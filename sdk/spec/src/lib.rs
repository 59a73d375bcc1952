//! The documents that authors write: serde types and their JSON schema.
//! Never does IO, never resolves a reference, never knows what a host can do with a document.

pub mod grants;
pub mod limits;
pub mod pipeline;
pub mod quantity;

pub use grants::{FileAccess, FileGrant, Grants};
pub use limits::StepLimits;
pub use pipeline::{CommandSpec, Metadata, Parameter, ParameterType, Pipeline, PipelineSpec, RetryPolicy, StepSpec};
pub use quantity::{ByteSize, Span};
