//! TLS by configuration: a certificate and its key from PEM files.
//! Never lets a slow handshake keep others waiting.

#[cfg(test)]
mod tests;

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use futures::StreamExt as _;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use rustls::ServerConfig;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// How long a handshake may take.
const HANDSHAKE_MILLIS_MAX: u64 = 10_000;
/// Handshakes under way at once; further connections wait with the system.
const HANDSHAKES_MAX: usize = 256;

/// A certificate and its key, ready to be used. Cloning shares them.
#[derive(Clone)]
pub struct Tls(Arc<ServerConfig>);

/// Why a certificate or a key is unusable.
#[derive(Debug, Error)]
pub enum TlsError {
    /// A file cannot be read, or is no PEM.
    #[error("{} is no PEM file that can be read: {problem}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// They do not belong together, or are of an unknown kind.
    #[error("the certificate {} and the key {} cannot be used: {source}", certificate.display(), key.display())]
    Pair {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
        /// Why.
        source: rustls::Error,
    },
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Tls")
    }
}

impl Tls {
    /// Reads a chain of certificates and the key of the first. Blocks.
    ///
    /// # Errors
    /// Where a file cannot be read, or the two do not belong together.
    pub fn open(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let unreadable = |path: &Path, error: pem::Error| {
            let problem = match error {
                pem::Error::Io(error) => error.to_string(),
                pem::Error::NoItemsFound => "it holds nothing of the kind that is wanted".to_owned(),
                // The rest may quote what was read, which may be a key.
                _ => "it is malformed".to_owned(),
            };
            TlsError::File { path: path.to_owned(), problem }
        };
        let chain: Result<Vec<_>, _> = CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect);
        let chain = chain.map_err(|error| unreadable(certificate, error))?;
        let private = PrivateKeyDer::from_pem_file(key).map_err(|error| unreadable(key, error))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, private))
            .map_err(|source| TlsError::Pair { certificate: certificate.to_owned(), key: key.to_owned(), source })?;
        Ok(Self(Arc::new(config)))
    }
}

type Handshake = BoxFuture<'static, Option<(TlsStream<TcpStream>, SocketAddr)>>;

/// A listener whose connections have been through their handshake.
pub(crate) struct TlsListener {
    inner: TcpListener,
    acceptor: TlsAcceptor,
    handshakes: FuturesUnordered<Handshake>,
}

impl TlsListener {
    pub(crate) fn new(inner: TcpListener, tls: Tls) -> Self {
        Self { inner, acceptor: TlsAcceptor::from(tls.0), handshakes: FuturesUnordered::new() }
    }

    fn begin(&self, connection: TcpStream, peer: SocketAddr) {
        let handshake = self.acceptor.accept(connection);
        self.handshakes.push(Box::pin(async move {
            match tokio::time::timeout(Duration::from_millis(HANDSHAKE_MILLIS_MAX), handshake).await {
                Ok(Ok(stream)) => Some((stream, peer)),
                Ok(Err(error)) => {
                    tracing::debug!(%error, %peer, "a handshake failed");
                    None
                }
                Err(_) => None,
            }
        }));
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            tokio::select! {
                Some(done) = self.handshakes.next(), if !self.handshakes.is_empty() => {
                    if let Some(ready) = done {
                        return ready;
                    }
                }
                // Axum's own way of accepting, which waits out the system's shortages.
                (connection, peer) = Listener::accept(&mut self.inner), if self.handshakes.len() < HANDSHAKES_MAX => {
                    if let Err(error) = connection.set_nodelay(true) {
                        tracing::debug!(%error, "a connection stays without TCP_NODELAY");
                    }
                    self.begin(connection, peer);
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.inner.local_addr()
    }
}
