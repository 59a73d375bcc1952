//! The OCI distribution API over content-addressed blobs.
//! Never holds a blob in memory: content streams between the connection and the blobs.

mod access;
mod blobs;
mod body;
mod config;
mod error;
mod garbage;
mod gate;
mod links;
mod manifests;
mod range;
mod referrers;
mod route;
mod server;
pub mod settings;
mod tags;
mod tls;
mod uploads;

pub use access::{
    AccessConfig, Action, Challenge, PasswordFile, PasswordFileError, PatternError, RepositoryPattern, Rule, Who,
};
pub use config::RegistryConfig;
pub use garbage::{Collected, GarbageConfig, GarbageError, Untagged};
pub use server::{OpenError, RegistryServer};
pub use settings::{Settings, SettingsError, Storage};
pub use tls::{Tls, TlsError};
