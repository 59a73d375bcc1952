//! Where a reference leads: the registry's address, and what is asked for there.
//! Never opens a connection.

use std::fmt::Display;
use std::net::IpAddr;

use registry_oci::{Digest, Reference};

use crate::{ClientConfig, RegistryError};

/// How a registry is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// Without TLS and past any proxy: this machine.
    Direct,
    /// Without TLS, because the configuration says so.
    Plain,
    /// With TLS.
    Secure,
}

impl Route {
    pub(crate) const fn scheme(self) -> &'static str {
        match self {
            Self::Direct | Self::Plain => "http",
            Self::Secure => "https",
        }
    }
}

/// A reference with its registry filled in.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) route: Route,
    pub(crate) registry: String,
    pub(crate) reference: Reference,
    /// The reference as the protocol crate wants it, which also knows where Docker Hub really is.
    pub(crate) oci: oci_distribution::Reference,
}

impl Place {
    pub(crate) fn new(config: &ClientConfig, reference: &Reference) -> Result<Self, RegistryError> {
        let own = config.own_registry.as_deref();
        let registry = reference.registry().or(own).ok_or_else(|| RegistryError::UnusableReference {
            reference: reference.to_string(),
            reason: "it names no registry, and this client has no registry of its own".to_owned(),
        })?;
        let oci = oci_distribution::Reference::with_tag(
            registry.to_owned(),
            reference.repository().to_owned(),
            reference.tag_or_default().to_owned(),
        );
        let is_among = |hosts: &[String]| hosts.iter().any(|host| host == registry || host == host_of(registry));
        let route = if is_among(&config.tls_hosts) {
            Route::Secure
        } else if own == Some(registry) || is_loopback(host_of(registry)) {
            Route::Direct
        } else if is_among(&config.plain_http_hosts) {
            Route::Plain
        } else {
            Route::Secure
        };
        Ok(Self { route, registry: registry.to_owned(), reference: reference.clone(), oci })
    }

    /// Where to look for a reference: its registry's mirrors, and behind them the registry itself.
    pub(crate) fn candidates(config: &ClientConfig, reference: &Reference) -> Result<(Vec<Self>, Self), RegistryError> {
        let mirrors = config.mirrors.iter().filter(|mirror| reference.registry() == Some(&mirror.of));
        let mut places = Vec::new();
        for mirror in mirrors {
            let (host, path) = mirror.at.split_once('/').unwrap_or((&mirror.at, ""));
            let repository = format!("{path}/{}", reference.repository());
            let there = Reference::new(
                Some(host),
                repository.trim_start_matches('/'),
                reference.tag(),
                reference.digest().cloned(),
            );
            let there = there.map_err(|error| RegistryError::UnusableReference {
                reference: error.text,
                reason: error.problem.to_string(),
            })?;
            places.push(Self::new(config, &there)?);
        }
        Ok((places, Self::new(config, reference)?))
    }

    fn url(&self, tail: impl Display) -> String {
        let (scheme, host) = (self.route.scheme(), self.oci.resolve_registry());
        format!("{scheme}://{host}/v2/{}/{tail}", self.reference.repository())
    }

    pub(crate) fn manifest_url(&self) -> String {
        self.url(format_args!("manifests/{}", self.reference.manifest_name()))
    }

    pub(crate) fn blob_url(&self, digest: &Digest) -> String {
        self.url(format_args!("blobs/{digest}"))
    }

    pub(crate) fn referrers_url(&self, digest: &Digest) -> String {
        self.url(format_args!("referrers/{digest}"))
    }

    /// The same repository under another tag.
    pub(crate) fn with_tag(&self, config: &ClientConfig, tag: &str) -> Result<Self, RegistryError> {
        let (registry, repository) = (self.reference.registry(), self.reference.repository());
        let reference = Reference::new(registry, repository, Some(tag), None);
        Self::new(config, &reference.map_err(|error| self.protocol(error.to_string()))?)
    }

    /// The same repository at this manifest.
    pub(crate) fn with_digest(&self, config: &ClientConfig, digest: &Digest) -> Result<Self, RegistryError> {
        Self::new(config, &self.reference.clone().with_digest(digest.clone()))
    }

    pub(crate) fn tags_url(&self) -> String {
        self.url("tags/list")
    }

    pub(crate) fn not_found(&self) -> RegistryError {
        let reference = self.reference.to_string();
        let what = reference.strip_prefix(&format!("{}/", self.registry)).unwrap_or(&reference).to_owned();
        RegistryError::NotFound { registry: self.registry.clone(), what }
    }

    pub(crate) fn unreachable(&self, reason: impl Into<String>) -> RegistryError {
        RegistryError::Unreachable { registry: self.registry.clone(), reason: reason.into() }
    }

    pub(crate) fn protocol(&self, reason: impl Into<String>) -> RegistryError {
        RegistryError::Protocol { registry: self.registry.clone(), reason: reason.into() }
    }

    pub(crate) fn refused(&self, reason: impl Into<String>) -> RegistryError {
        RegistryError::Refused { registry: self.registry.clone(), reason: reason.into() }
    }

    pub(crate) fn too_large(&self, what: impl Into<String>, bytes_max: u64) -> RegistryError {
        RegistryError::TooLarge { registry: self.registry.clone(), what: what.into(), bytes_max }
    }

    pub(crate) fn not_a_component(&self, reason: impl Display) -> RegistryError {
        RegistryError::NotAComponent { reference: self.reference.to_string(), reason: reason.to_string() }
    }

    pub(crate) fn mismatch(&self, what: impl Into<String>, expected: &Digest, actual: Digest) -> RegistryError {
        let registry = self.registry.clone();
        RegistryError::DigestMismatch { registry, what: what.into(), expected: expected.clone(), actual }
    }
}

fn host_of(registry: &str) -> &str {
    match registry.rsplit_once(':') {
        // The colons of an address in brackets are not the port's.
        Some((host, port)) if !port.ends_with(']') => host,
        _ => registry,
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    //! Which registries go without TLS.

    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use super::*;

    #[test]
    fn only_named_and_local_registries_go_without_tls() {
        let config = ClientConfig {
            own_registry: Some("node.internal:5000".to_owned()),
            plain_http_hosts: vec!["plain.example".to_owned(), "other.example:81".to_owned()],
            ..ClientConfig::default()
        };
        let cases = [
            ("a/b", Route::Direct),
            ("node.internal:5000/a", Route::Direct),
            ("localhost/a", Route::Direct),
            ("localhost:5000/a", Route::Direct),
            ("127.8.0.1:5000/a", Route::Direct),
            ("[::1]:5000/a", Route::Direct),
            ("plain.example/a", Route::Plain),
            ("plain.example:8080/a", Route::Plain),
            ("other.example:81/a", Route::Plain),
            ("other.example:82/a", Route::Secure),
            ("ghcr.io/a", Route::Secure),
            ("128.0.0.1/a", Route::Secure),
            ("[::2]/a", Route::Secure),
            ("localhost.evil.example/a", Route::Secure),
        ];
        for (text, route) in cases {
            let place = Place::new(&config, &text.parse().unwrap()).unwrap();
            assert_eq!(place.route, route, "{text}");
        }
        let place = Place::new(&config, &"docker.io/acme/a:1".parse().unwrap()).unwrap();
        assert_eq!(place.manifest_url(), "https://index.docker.io/v2/acme/a/manifests/1");
    }

    #[test]
    fn mirrors_come_first_and_only_for_their_registry() {
        let mirrors = ["ghcr.io=127.0.0.1:5001/ghcr", "ghcr.io=mirror.example", "quay.io=127.0.0.1:5002"];
        let config = ClientConfig {
            mirrors: mirrors.iter().map(|text| text.parse().unwrap()).collect(),
            ..ClientConfig::default()
        };
        let urls = |text: &str| -> Vec<String> {
            let (mirrors, origin) = Place::candidates(&config, &text.parse().unwrap()).unwrap();
            mirrors.iter().chain([&origin]).map(Place::manifest_url).collect()
        };
        assert_eq!(
            urls("ghcr.io/a/b:1"),
            [
                "http://127.0.0.1:5001/v2/ghcr/a/b/manifests/1",
                "https://mirror.example/v2/a/b/manifests/1",
                "https://ghcr.io/v2/a/b/manifests/1",
            ]
        );
        assert_eq!(urls("localhost:1/a:1"), ["http://localhost:1/v2/a/manifests/1"]);
        for text in ["", "ghcr.io", "ghcr.io=", "=mirror.example", "ghcr.io=mirror.example/UPPER", "a b=c.d"] {
            assert!(text.parse::<crate::Mirror>().is_err(), "{text}");
        }
    }

    #[test]
    fn without_an_own_registry_a_reference_must_name_one() {
        let error = Place::new(&ClientConfig::default(), &"a/b:1".parse().unwrap()).unwrap_err();
        assert!(error.to_string().contains("a/b:1"), "{error}");
        assert!(matches!(error, RegistryError::UnusableReference { .. }));
    }
}
