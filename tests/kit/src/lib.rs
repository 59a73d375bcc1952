//! What tests share: guests and the binary found or built, an observer that records.
//! Never part of the product: no room but the tests may import it.

pub mod binary;
pub mod guests;
pub mod observer;
pub mod python_index;
pub mod server;

pub use observer::RecordingObserver;
pub use server::Server;
