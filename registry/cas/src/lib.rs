//! Content-addressed blobs: the port and its implementations.
//! Never knows what a blob means; media types and references live above.

mod blobs;

pub use blobs::{BlobError, BlobWriter, Blobs, SharedBlobs};
