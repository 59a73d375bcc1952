//! What tests share: guests and the binary found or built, an observer that records.
//! Never part of the product: no room but the tests may import it.

pub mod binary;
pub mod guests;
pub mod history;
pub mod observer;
pub mod python_index;
pub mod s3_server;
pub mod server;
pub mod tls_server;

pub use observer::RecordingObserver;
pub use s3_server::S3Server;
pub use server::Server;
pub use tls_server::TlsServer;
