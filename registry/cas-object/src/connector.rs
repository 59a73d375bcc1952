//! Connections to a store that go where they were sent and nowhere else.
//! Never follows a redirect: whoever allowed the store's host did not allow the hosts that it names.

use std::time::Duration;

use object_store::client::{HttpClient, HttpConnector};
use object_store::{ClientOptions, Error};
use reqwest::{Certificate, Client, redirect};

/// Longest wait for a connection.
const CONNECT_TIME_MAX: Duration = Duration::from_secs(5);

/// What the store's client makes its connections with. It takes nothing from that client's own options.
#[derive(Debug)]
pub(crate) struct DirectConnector {
    /// Certificate authorities that are trusted besides the system's, as PEM.
    trusted: Vec<Vec<u8>>,
    request_time_max: Duration,
}

impl DirectConnector {
    pub(crate) fn new(trusted: &[Vec<u8>], request_time_max: Duration) -> Self {
        Self { trusted: trusted.to_vec(), request_time_max }
    }

    fn client(&self) -> reqwest::Result<Client> {
        let mut roots = Vec::new();
        for pem in &self.trusted {
            roots.extend(Certificate::from_pem_bundle(pem)?);
        }
        let builder = Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT_TIME_MAX)
            .timeout(self.request_time_max);
        if roots.is_empty() { builder.build() } else { builder.tls_certs_merge(roots).build() }
    }
}

impl HttpConnector for DirectConnector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let made = self.client().map_err(|error| Error::Generic { store: "S3", source: Box::new(error) })?;
        Ok(HttpClient::new(made))
    }
}
