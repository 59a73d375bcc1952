//! The documents that authors write: serde types and their JSON schema.
//! Never does IO, never resolves a reference, never knows what a host can do with a document.

pub mod document;
pub mod fetching;
pub mod grants;
pub mod kfp;
pub mod limits;
mod nearest;
mod node;
pub mod notebook;
pub mod pipeline;
pub mod policy;
pub mod python;
pub mod quantity;
pub mod reference;
mod rules;
mod shape;
pub mod train_job;
pub mod trainer;
mod wit_type;

pub use document::{DOCUMENT_BYTES_MAX, DocumentError, Problem, ProblemKind};
pub use grants::{DeviceGrant, FileAccess, FileGrant, Grants};
pub use limits::StepLimits;
pub use nearest::nearest;
pub use pipeline::{CommandSpec, Metadata, Parameter, ParameterType, Pipeline, PipelineSpec, RetryPolicy, StepSpec};
pub use policy::{Policy, PolicySpec, TrustedKey};
pub use python::{PythonParameter, PythonSpec};
pub use quantity::{ByteSize, Span};
pub use reference::{Reference, ReferenceError, Template, TemplatePart};
pub use train_job::TrainJob;
pub use wit_type::{TYPE_BYTES_MAX, TYPE_DEPTH_MAX, WitType, WitTypeError};
