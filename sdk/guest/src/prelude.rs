//! What a file with steps needs: `use sdk_guest::prelude::*;`.
//! Never holds anything of its own.

#[cfg(feature = "http")]
pub use crate::http;
#[cfg(feature = "table")]
pub use crate::table::{self, TableWriter};
pub use crate::{
    Artifact, ClassScores, ConfusionMatrix, Context, DataSet, Description, Failure, Handle, Metrics, Model, Result,
    collective, context, log, metric, progress, step,
};
