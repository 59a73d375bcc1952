//! The OCI distribution API over content-addressed blobs.
//! Never holds a blob in memory: content streams between the connection and the blobs.

mod blobs;
mod body;
mod config;
mod error;
mod links;
mod manifests;
mod range;
mod referrers;
mod route;
mod server;
mod tags;
mod uploads;

pub use config::RegistryConfig;
pub use server::{OpenError, RegistryServer};
