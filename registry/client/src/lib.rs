//! Resolve, pull and push components at any registry that speaks the OCI distribution specification.
//! Never believes a registry: length, digest and layout are checked before anything is kept.

mod client;
mod config;
mod credentials;
mod error;
mod places;
mod pull;
mod push;
mod retry;
mod tags;
mod transport;
mod trouble;

pub use client::{RegistryClient, ResolvedComponent};
pub use config::ClientConfig;
pub use error::RegistryError;
