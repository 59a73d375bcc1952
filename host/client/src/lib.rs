//! The typed caller of `host-api`: one method per operation, and a stream of events that resumes by itself.
//! Never prints and never reads the environment; whoever holds the client configures it.

mod address;
mod client;
mod content;
mod error;
mod events;
mod sse;

pub use address::{Address, AddressError};
pub use client::Client;
pub use content::Content;
pub use error::ClientError;
pub use events::RunEvents;
