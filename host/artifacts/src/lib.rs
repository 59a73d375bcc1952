//! Typed references to content-addressed artifacts: put, write in pieces, read, look up; and what files of weights say of
//! themselves.
//! Never knows who made an artifact or what for; that is the ledger's.

mod artifacts;
mod error;
mod weights;
mod writer;

pub use artifacts::Artifacts;
pub use error::ArtifactError;
pub use weights::{WEIGHTS_HEADER_BYTES_MAX, WeightsError, WeightsFile, WeightsHeader};
pub use writer::ArtifactWriter;
