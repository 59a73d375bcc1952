//! Content-addressed blobs: the port and its implementations.
//! Never knows what a blob means; media types and references live above.

mod blobs;
mod bounded;
#[cfg(any(test, feature = "contract-tests"))]
pub mod contract;
pub mod durable;
mod folder;
mod memory;
#[cfg(test)]
mod tests;
mod whole;

pub use blobs::{BlobError, BlobWriter, Blobs, SharedBlobs};
pub use bounded::BoundedBlobs;
pub use folder::FolderBlobs;
pub use memory::MemoryBlobs;
pub use whole::{put_bytes, read_all};
