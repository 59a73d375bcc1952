//! Connections, and the rules that hold for every request on them.
//! Never sends anything by itself.

use std::error::Error as _;
use std::path::PathBuf;
use std::time::Duration;

use host_base::{Code, Failure};
use reqwest::{Certificate, Client, Method, RequestBuilder, redirect};
use url::{Host, Url};

use crate::read_roots;

/// How often one request may be sent elsewhere.
const REDIRECTS_MAX: usize = 5;
const USER_AGENT: &str = concat!("sandmill/", env!("CARGO_PKG_VERSION"));

/// How long to wait, and whom to trust.
#[derive(Clone, Debug)]
pub struct OutgoingConfig {
    /// Longest wait for a connection, in milliseconds.
    pub connect_millis_max: u64,
    /// Longest wait for the next bytes, in milliseconds.
    pub idle_millis_max: u64,
    /// PEM files of certificate authorities that are trusted besides the system's.
    pub trusted_roots: Vec<PathBuf>,
}

/// Connections to the world, and past any proxy to this machine itself.
pub struct OutgoingClients {
    usual: Client,
    direct: Client,
}

impl OutgoingClients {
    /// Connections; `allows` says of each address that a redirect leads to whether it may be followed.
    ///
    /// # Errors
    /// Where a certificate file cannot be used.
    pub fn new(
        config: &OutgoingConfig,
        allows: impl Fn(&Url) -> bool + Clone + Send + Sync + 'static,
    ) -> Result<Self, Failure> {
        // Installed once for the process; whoever came first has installed the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let setup = |error: reqwest::Error| Failure::new(Code::Internal, format!("HTTP cannot be set up: {error}"));
        let certificates: Vec<Certificate> = read_roots(&config.trusted_roots)?
            .iter()
            .map(|root| Certificate::from_der(root))
            .collect::<Result<_, _>>()
            .map_err(setup)?;
        let builder = || {
            let allows = allows.clone();
            let builder = Client::builder()
                .user_agent(USER_AGENT)
                .connect_timeout(Duration::from_millis(config.connect_millis_max))
                .read_timeout(Duration::from_millis(config.idle_millis_max))
                .redirect(redirect::Policy::custom(move |attempt| follow(&allows, attempt)));
            if certificates.is_empty() { builder } else { builder.tls_certs_merge(certificates.iter().cloned()) }
        };
        let usual = builder().build().map_err(setup)?;
        let direct = builder().no_proxy().build().map_err(setup)?;
        Ok(Self { usual, direct })
    }

    /// A request for what is at an address.
    pub fn get(&self, url: &Url) -> RequestBuilder {
        self.request(Method::GET, url)
    }

    /// A request of this method to an address.
    pub fn request(&self, method: Method, url: &Url) -> RequestBuilder {
        let client = if is_own_machine(url) { &self.direct } else { &self.usual };
        client.request(method, url.clone())
    }
}

fn follow(allows: &dyn Fn(&Url) -> bool, attempt: redirect::Attempt<'_>) -> redirect::Action {
    let was_secure = attempt.previous().iter().any(|url| url.scheme() == "https");
    if was_secure && attempt.url().scheme() != "https" {
        return attempt.error("it leads from https to http");
    }
    if !allows(attempt.url()) {
        return attempt.error("it leads to a host that this node's policy does not allow");
    }
    if attempt.previous().len() > REDIRECTS_MAX {
        return attempt.error("it leads from one place to the next without end");
    }
    attempt.follow()
}

/// Whether an address is this machine's own, which is reached past any proxy.
#[must_use]
pub fn is_own_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Why a request failed: the outer errors only say that it did.
#[must_use]
pub fn innermost_reason(error: &reqwest::Error) -> String {
    let Some(mut reason) = error.source() else { return error.to_string() };
    while let Some(source) = reason.source() {
        reason = source;
    }
    reason.to_string()
}
