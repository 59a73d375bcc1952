//! Resolve, pull, push and sign components at any registry that speaks the OCI distribution specification.
//! Never believes a registry: length, digest and layout are checked before anything is kept.

mod artifacts;
mod client;
mod config;
mod credentials;
mod error;
mod next_page;
mod packages;
mod places;
mod pull;
mod push;
mod referrers;
mod retry;
mod roots;
mod signatures;
mod tags;
mod transport;
mod trouble;

pub use artifacts::ResolvedArtifact;
pub use client::{RegistryClient, ResolvedComponent};
pub use config::{ClientConfig, Mirror};
pub use error::RegistryError;
pub use packages::{OciMetadata, PackageConfig, PackagePlace, RegistryMapping, RegistryMetadata};
pub use signatures::{SIGNATURES_MAX, SignatureScheme};
