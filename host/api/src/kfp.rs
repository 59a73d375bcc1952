//! The REST interface of Kubeflow Pipelines, version v2beta1, as its own clients speak it.
//! Never a type of Sandmill's own interface: names, numbers and times are written the way protobuf does.

pub mod artifact;
pub mod error;
pub mod experiment;
pub mod filter;
pub mod pipeline;
pub mod recurring_run;
pub mod routes;
pub mod run;
mod scalar;
pub mod task;

pub use scalar::{Int64, Timestamp};

use serde::{Deserialize, Serialize};

/// Items on a page where a request names no number.
pub const PAGE_SIZE_DEFAULT: usize = 20;
/// Items on a page at most, whatever a request names.
pub const PAGE_SIZE_MAX: usize = 200;
/// Largest pipeline package in an upload.
pub const PACKAGE_BYTES_MAX: usize = 32 << 20;
/// Tags of a pipeline or a version.
pub const TAGS_MAX: usize = 20;

/// What the service says of itself, which a client asks for before anything else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Whether everybody has a namespace of their own. Here nobody has.
    pub multi_user: bool,
    /// Where pipelines are kept.
    pub pipeline_store: String,
}

/// Which part of a list, in which order. Everything is optional, and an empty text is as good as none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    /// The `next_page_token` of the page before.
    pub page_token: String,
    /// Items at most.
    pub page_size: Option<i64>,
    /// A field, with ` desc` behind it to begin at the other end.
    pub sort_by: String,
    /// Conditions as JSON, see [`filter::Filter`].
    pub filter: String,
    /// Only what belongs to this experiment.
    pub experiment_id: String,
    /// There are no namespaces here; taken and not heeded.
    pub namespace: String,
    /// Only what belongs to this run.
    pub run_id: String,
    /// Only what belongs to this task.
    pub task_id: String,
    /// Only what has to do with this artifact.
    pub artifact_id: String,
}

/// An answer that says nothing but that it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Empty {}
