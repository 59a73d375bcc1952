//! Content-addressed blobs: the port and its implementations.
//! Never knows what a blob means; media types and references live above.

mod blobs;
#[cfg(test)]
mod contract;
pub mod durable;
mod folder;
mod memory;
mod whole;

pub use blobs::{BlobError, BlobWriter, Blobs, SharedBlobs};
pub use folder::FolderBlobs;
pub use memory::MemoryBlobs;
pub use whole::{put_bytes, read_all};
