//! Which hosts a step may send requests to.
//! Never resolves a name: what a name leads to is checked when it is connected to.

use std::net::IpAddr;

use host_base::{Code, Failure};

/// Ports that a grant without a port stands for.
const USUAL_PORTS: [u16; 2] = [80, 443];

/// Granted hosts. Empty by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowList(Vec<Pattern>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    host: HostPattern,
    /// None stands for the usual ports.
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum HostPattern {
    Name(String),
    Address(IpAddr),
    /// `*.example.org`, held as `.example.org`.
    Under(String),
}

/// What a grant says of a destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Granted, as long as the name leads to a public address.
    Public,
    /// Granted by a grant that names this very address, or `localhost`: any address will do.
    AnyAddress,
    /// Not granted.
    Refused,
}

impl AllowList {
    /// Reads what stands under `grants.http`.
    ///
    /// # Errors
    /// When an entry is neither a host, a host with a port, nor `*.` before a host.
    pub fn parse(grants: &[String]) -> Result<Self, Failure> {
        grants.iter().map(|grant| parse(grant)).collect::<Result<_, _>>().map(Self)
    }

    /// Whether a request to this host (without brackets) and port may be sent.
    #[must_use]
    pub fn permission(&self, host: &str, port: u16) -> Permission {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let address = host.parse::<IpAddr>().ok();
        let matching = self.0.iter().filter(|pattern| {
            pattern.port.map_or_else(|| USUAL_PORTS.contains(&port), |granted| granted == port)
                && match &pattern.host {
                    HostPattern::Name(name) => *name == host,
                    HostPattern::Address(granted) => Some(*granted) == address,
                    HostPattern::Under(suffix) => host.len() > suffix.len() && host.ends_with(suffix.as_str()),
                }
        });
        let named = |pattern: &Pattern| match &pattern.host {
            HostPattern::Address(_) => Permission::AnyAddress,
            HostPattern::Name(name) if name == "localhost" => Permission::AnyAddress,
            _ => Permission::Public,
        };
        let permissions: Vec<Permission> = matching.map(named).collect();
        if permissions.contains(&Permission::AnyAddress) {
            Permission::AnyAddress
        } else {
            permissions.first().copied().unwrap_or(Permission::Refused)
        }
    }
}

fn parse(grant: &str) -> Result<Pattern, Failure> {
    let refuse = || {
        let message = format!("`grants.http`: `{grant}` names no host");
        Failure::new(Code::InvalidDocument, message)
            .with_hint("write example.org, example.org:8443, *.example.org, 192.0.2.1:8080 or [2001:db8::1]:8080")
    };
    if let Ok(address) = grant.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
        return Ok(Pattern { host: HostPattern::Address(address), port: None });
    }
    let (host, port) = match grant.rsplit_once(':') {
        Some((host, port)) => (host, Some(port.parse().ok().filter(|port| *port != 0).ok_or_else(refuse)?)),
        None => (grant, None),
    };
    if let Ok(address) = host.trim_start_matches('[').trim_end_matches(']').parse() {
        return Ok(Pattern { host: HostPattern::Address(address), port });
    }
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    match host.strip_prefix('*') {
        Some(suffix) if suffix.starts_with('.') && is_name(&suffix[1..]) => {
            Ok(Pattern { host: HostPattern::Under(suffix.to_owned()), port })
        }
        None if is_name(&host) => Ok(Pattern { host: HostPattern::Name(host), port }),
        _ => Err(refuse()),
    }
}

fn is_name(host: &str) -> bool {
    const NAME_BYTES_MAX: usize = 253;
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    host.len() <= NAME_BYTES_MAX && host.split('.').all(is_label)
}

#[cfg(test)]
mod tests;
