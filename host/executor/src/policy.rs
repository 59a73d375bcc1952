//! What this node lets any step be granted at all.
//! Never grants anything itself: a step gets what its author asked for, if this allows it.

mod bucket;

use std::path::{Component, Path, PathBuf};

use host_base::{Code, Failure};
use host_notebook::PlatformAccess;
use sdk_spec::{ByteSize, DeviceGrant, FileAccess, FileGrant, Grants};
use url::Url;

pub use self::bucket::AllowedBucket;
pub(crate) use self::bucket::GOOGLE_ENDPOINT;

/// The node's own word on grants. Empty, the default, allows neither network nor files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Hosts that may be granted: `example.org`, `example.org:8443`, `*.example.org`, or `*` for all.
    pub http_hosts: Vec<String>,
    /// Folders (with all below them) that may be granted for reading.
    pub read_folders: Vec<PathBuf>,
    /// Folders (with all below them) that may be granted for reading and writing.
    pub write_folders: Vec<PathBuf>,
    /// Buckets that importers may read from.
    pub buckets: Vec<AllowedBucket>,
    /// Bytes that the tensors of one step may take on a device; 0 allows no devices.
    pub device_memory_bytes_max: u64,
    /// What code of notebooks' sessions may ask of this node.
    pub notebook_platform: PlatformAccess,
    /// Hosts that code of notebooks' sessions may call, written as for steps.
    pub notebook_http_hosts: Vec<String>,
    /// Bytes that the tensors of one session's code may take on a device; 0 lends sessions none.
    pub notebook_device_memory_bytes_max: u64,
}

impl Policy {
    /// Refuses a grant that goes beyond the policy, naming the grant and how to allow it.
    pub fn check(&self, step: &str, grants: &Grants) -> Result<(), Failure> {
        for host in &grants.http {
            if !self.allows_host(host) {
                return Err(refusal(step, &format!("HTTP to `{host}`"), &format!("--allow-http {host}")));
            }
        }
        grants.device.iter().try_for_each(|grant| self.check_device(step, *grant))?;
        grants.files.iter().try_for_each(|grant| self.check_folder(step, grant))
    }

    /// Whether requests may be sent to a host, with a port where it has one.
    pub(crate) fn allows_host(&self, host: &str) -> bool {
        self.http_hosts.iter().any(|allowed| covers_host(allowed, host))
    }

    /// The bucket of this name, where importers may read from it.
    pub(crate) fn allowed_bucket(&self, scheme: &str, bucket: &str) -> Option<&AllowedBucket> {
        self.buckets.iter().find(|allowed| allowed.is(scheme, bucket))
    }

    /// Whether code of sessions may call what is at an address.
    ///
    /// # Errors
    /// When its host was not named, or it is not spoken to over HTTP.
    pub(crate) fn check_session_host(&self, url: &Url) -> Result<(), Failure> {
        let host = url.host_str().filter(|_| ["http", "https"].contains(&url.scheme()));
        let Some(host) = host else {
            return Err(Failure::new(Code::BadRequest, format!("`{url}` is no address of an endpoint"))
                .with_hint("write one that begins with http:// or https://"));
        };
        let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        if self.notebook_http_hosts.iter().any(|allowed| covers_host(allowed, &host)) {
            return Ok(());
        }
        let message = format!("code of a session calls `{host}`, which this node does not let sessions call");
        Err(Failure::new(Code::GrantNotAllowed, message)
            .with_hint(format!("start the node with `sandmill up --notebook-http {host}`")))
    }

    /// The device that a session is lent, where it is lent one; `asked` says whether it must or must not be.
    ///
    /// # Errors
    /// When it must, and this node lends sessions none.
    pub(crate) fn session_device(&self, asked: Option<bool>) -> Result<Option<DeviceGrant>, Failure> {
        let memory = self.notebook_device_memory_bytes_max;
        match asked {
            Some(false) => Ok(None),
            Some(true) if memory == 0 => {
                let message = "a session asks for a device for tensors, and this node lends sessions none";
                Err(Failure::new(Code::GrantNotAllowed, message).with_hint(
                    "start the node with `sandmill up --notebook-device-memory-mib 256`, or do not ask for one",
                ))
            }
            _ => Ok((memory > 0).then_some(DeviceGrant { memory: ByteSize(memory) })),
        }
    }

    fn check_device(&self, step: &str, grant: DeviceGrant) -> Result<(), Failure> {
        if self.device_memory_bytes_max > 0 && grant.memory.0 <= self.device_memory_bytes_max {
            return Ok(());
        }
        let asked = String::from(grant.memory);
        let mebibytes = grant.memory.0.div_ceil(1 << 20);
        Err(refusal(step, &format!("a device with {asked} of memory"), &format!("--device-memory-mib {mebibytes}")))
    }

    fn check_folder(&self, step: &str, grant: &FileGrant) -> Result<(), Failure> {
        let folder = Path::new(&grant.host);
        let climbs = folder.components().any(|part| matches!(part, Component::ParentDir));
        if !folder.is_absolute() || climbs {
            let message =
                format!("step `{step}` asks for the folder `{}`, which is not a plain absolute path", grant.host);
            return Err(Failure::new(Code::GrantNotAllowed, message)
                .with_hint("write the folder from the root on, without `..`"));
        }
        // Links are followed before the comparison, or a link inside an allowed folder would lead out of it.
        let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let within = |allowed: &PathBuf| real.starts_with(allowed.canonicalize().as_ref().unwrap_or(allowed));
        let writable = self.write_folders.iter().any(within);
        let allowed = writable || (grant.access == FileAccess::Read && self.read_folders.iter().any(within));
        if allowed {
            return Ok(());
        }
        let (what, flag) = match grant.access {
            FileAccess::Read => ("reading", "--allow-files"),
            FileAccess::ReadWrite => ("reading and writing", "--allow-files-write"),
        };
        Err(refusal(step, &format!("{what} the folder `{}`", grant.host), &format!("{flag} {}", grant.host)))
    }
}

fn refusal(step: &str, what: &str, flag: &str) -> Failure {
    Failure::new(
        Code::GrantNotAllowed,
        format!("step `{step}` asks for {what}, which this node's policy does not allow"),
    )
    .with_hint(format!("start the node with `sandmill up {flag}`, or take the grant out of the pipeline"))
}

/// Whether everything that `asked` can mean is within `allowed`.
fn covers_host(allowed: &str, asked: &str) -> bool {
    if allowed == "*" || allowed.eq_ignore_ascii_case(asked) {
        return true;
    }
    let (allowed_name, allowed_port) = split_port(allowed);
    let (asked_name, asked_port) = split_port(asked);
    let port_fits = allowed_port.is_none() || allowed_port == asked_port;
    let name_fits = match allowed_name.strip_prefix("*.") {
        Some(domain) => asked_name.to_ascii_lowercase().ends_with(&format!(".{}", domain.to_ascii_lowercase())),
        None => allowed_name.eq_ignore_ascii_case(asked_name),
    };
    port_fits && name_fits
}

fn split_port(host: &str) -> (&str, Option<&str>) {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (name, Some(port)),
        _ => (host, None),
    }
}

#[cfg(test)]
mod tests;
