//! To write a pipeline in Rust: steps and parameters as handles, and a document out of them.
//! Never runs anything and never looks at components; a node does when the document is submitted.

mod argument;
mod parameter;
mod pipeline;
mod step;

pub use argument::{Argument, Reference, Text};
pub use parameter::{Parameter, ParameterKind, PlainKind, kinds};
pub use pipeline::Pipeline;
pub use step::{CallStep, CommandStep, Step};

pub use sdk_spec::{
    ByteSize, DocumentError, FileAccess, FileGrant, Grants, Pipeline as Document, Problem, ProblemKind, RetryPolicy,
    Span, StepLimits,
};

/// The examples of README.md are compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(test)]
mod tests;
