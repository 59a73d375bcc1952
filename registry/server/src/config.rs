//! What can be chosen about the registry, every limit with its unit in the name.
//! Never says where it listens: whoever serves it brings the listener.

use std::path::PathBuf;

use crate::access::AccessConfig;
use crate::garbage::GarbageConfig;
use crate::tls::Tls;

/// Where the registry keeps its names, and how much it takes.
#[derive(Clone, Debug)]
pub struct RegistryConfig {
    /// Holds repositories, tags and links; created where it is missing. The bytes lie in the blobs.
    pub folder: PathBuf,
    /// Largest blob that is accepted.
    pub blob_bytes_max: u64,
    /// Uploads that may be open at once.
    pub uploads_max: usize,
    /// An upload that nobody touched for so long is given up.
    pub upload_idle_millis_max: u64,
    /// Longest wait for the next bytes of a request.
    pub body_idle_millis_max: u64,
    /// Who may do what; none lets everybody who reaches the listener do everything.
    pub access: Option<AccessConfig>,
    /// Certificate and key; none serves plain HTTP.
    pub tls: Option<Tls>,
    /// When garbage is collected, and what is.
    pub garbage: GarbageConfig,
    /// Requests under way when the server stops are given so long to end.
    pub drain_millis_max: u64,
}

impl RegistryConfig {
    /// The usual limits over this folder.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            blob_bytes_max: 10 << 30,
            uploads_max: 256,
            upload_idle_millis_max: 60 * 60 * 1000,
            body_idle_millis_max: 60_000,
            access: None,
            tls: None,
            garbage: GarbageConfig::default(),
            drain_millis_max: 5_000,
        }
    }
}
