//! Where a server is: `http://127.0.0.1:8080`, with a path in front where a proxy adds one.
//! Never shown with the user and password that it may carry.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use thiserror::Error;
use url::{Host, Url};

/// A server's address.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(Url);

/// Why a text is no address of a server. The text itself may hold a password and is not repeated.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("this is no address of a server: {reason}")]
pub struct AddressError {
    reason: String,
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        // `host:port` would be read as a scheme and a path.
        let text = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let url = Url::parse(&text).map_err(|error| AddressError { reason: error.to_string() })?;
        let refuse = |reason: &str| Err(AddressError { reason: reason.to_owned() });
        match url.scheme() {
            "http" | "https" => {}
            other => return refuse(&format!("`{other}` is neither http nor https")),
        }
        if url.query().is_some() || url.fragment().is_some() {
            return refuse("it has a query or a fragment");
        }
        Ok(Self(url))
    }
}

impl Address {
    /// The address of one resource. The segments are escaped.
    pub(crate) fn at<'a>(&self, segments: impl IntoIterator<Item = &'a str>) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }

    /// Whether the server is on this machine, where no proxy is wanted.
    pub(crate) fn is_local(&self) -> bool {
        match self.0.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
            Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
            None => false,
        }
    }

    /// The server's host, as one writes it in front of a port.
    #[must_use]
    pub fn host(&self) -> String {
        self.0.host_str().unwrap_or_default().to_owned()
    }
}

/// Without user and password.
impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut url = self.0.clone();
        if !url.username().is_empty() || url.password().is_some() {
            // Only a URL without a host refuses these, and every address has one.
            let _ = url.set_username("redacted");
            let _ = url.set_password(None);
        }
        out.write_str(url.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]
    use super::*;

    #[test]
    fn addresses_are_read_as_people_write_them() {
        for (text, shown) in [
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("https://ml.example.org/sandmill/", "https://ml.example.org/sandmill"),
            ("http://me:secret@ml.example.org", "http://redacted@ml.example.org"),
        ] {
            let address: Address = text.parse().unwrap();
            assert_eq!(address.to_string(), shown);
            assert!(!format!("{address:?}").contains("secret"));
        }
        for text in ["", "ftp://example.org", "http://", "http://example.org?x=1"] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_refused_address_is_not_repeated() {
        let refusal = "http://me:secret@exa mple.org".parse::<Address>().unwrap_err();
        assert!(!refusal.to_string().contains("secret"), "{refusal}");
    }

    #[test]
    fn segments_are_escaped_and_appended() {
        let address: Address = "http://example.org/base/".parse().unwrap();
        assert_eq!(address.at(["api", "v1", "a/b?c"]).as_str(), "http://example.org/base/api/v1/a%2Fb%3Fc");
    }
}
