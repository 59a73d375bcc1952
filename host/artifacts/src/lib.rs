//! Typed references to content-addressed artifacts: put, write in pieces, read, look up.
//! Never knows who made an artifact or what for; that is the ledger's.

mod artifacts;
mod error;
mod writer;

pub use artifacts::Artifacts;
pub use error::ArtifactError;
pub use writer::ArtifactWriter;
