//! What can be chosen about the client, every limit with its unit in the name.
//! Never holds a secret: only where the credentials file lies.

use std::path::PathBuf;
use std::str::FromStr;

use registry_oci::{MANIFEST_BYTES_MAX, is_registry, is_repository};

/// How to reach registries and how much to take from them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientConfig {
    /// Host and port of the node's own registry, which references without a registry mean.
    pub own_registry: Option<String>,
    /// Registries reached without TLS, by host or by host and port. Loopback hosts and the own registry always are.
    pub plain_http_hosts: Vec<String>,
    /// Registries reached with TLS although they are on this machine, by host or by host and port.
    pub tls_hosts: Vec<String>,
    /// PEM files of certificate authorities to trust besides the system's.
    pub trusted_roots: Vec<PathBuf>,
    /// Registries to ask before the one that a reference names, in this order.
    pub mirrors: Vec<Mirror>,
    /// A Docker configuration file with credentials; read anew each time a registry asks for some.
    pub credentials_file: Option<PathBuf>,
    /// Longest wait for a connection.
    pub connect_millis_max: u64,
    /// Longest wait for the next bytes, or for a registry to take the next.
    pub idle_millis_max: u64,
    /// Longest duration of one call of the client, repeats included.
    pub operation_millis_max: u64,
    /// Largest manifest, and largest list of tags.
    pub manifest_bytes_max: usize,
    /// Largest configuration of a component.
    pub config_bytes_max: usize,
    /// Largest component.
    pub component_bytes_max: u64,
    /// Largest layer of an artifact that is no component.
    pub artifact_bytes_max: u64,
    /// How often a request is made in all, where the registry cannot be reached or answers with a server error.
    pub attempts_max: u32,
    /// Wait before the first repeat; it doubles each time.
    pub backoff_millis_first: u64,
    /// Longest wait between repeats.
    pub backoff_millis_max: u64,
}

/// A registry that has what another one has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mirror {
    /// Host and port as they stand in references.
    pub of: String,
    /// Host and port of the mirror, with a path in front of repositories where it keeps them under one.
    pub at: String,
}

impl FromStr for Mirror {
    type Err = String;

    /// Reads `ghcr.io=mirror.internal:5000/ghcr`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused =
            || format!("`{text}` is no mirror: expected REGISTRY=MIRROR, such as ghcr.io=mirror.internal:5000/ghcr");
        let (of, at) = text.split_once('=').ok_or_else(refused)?;
        let (host, path) = at.split_once('/').map_or((at, None), |(host, path)| (host, Some(path)));
        if is_registry(of) && is_registry(host) && path.is_none_or(is_repository) {
            Ok(Self { of: of.to_owned(), at: at.to_owned() })
        } else {
            Err(refused())
        }
    }
}

impl Default for ClientConfig {
    /// No own registry, and credentials from where Docker keeps them for this user.
    fn default() -> Self {
        Self {
            own_registry: None,
            plain_http_hosts: Vec::new(),
            tls_hosts: Vec::new(),
            trusted_roots: Vec::new(),
            mirrors: Vec::new(),
            credentials_file: docker_config_file(),
            connect_millis_max: 5_000,
            idle_millis_max: 15_000,
            operation_millis_max: 10 * 60 * 1000,
            manifest_bytes_max: MANIFEST_BYTES_MAX,
            config_bytes_max: 1 << 20,
            component_bytes_max: 512 << 20,
            artifact_bytes_max: 64 << 30,
            attempts_max: 3,
            backoff_millis_first: 200,
            backoff_millis_max: 2_000,
        }
    }
}

fn docker_config_file() -> Option<PathBuf> {
    let folder = match std::env::var_os("DOCKER_CONFIG") {
        Some(folder) if !folder.is_empty() => PathBuf::from(folder),
        _ => std::env::home_dir()?.join(".docker"),
    };
    Some(folder.join("config.json"))
}
