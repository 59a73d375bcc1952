//! Whose certificates guests' https requests accept: roots that browsers trust, and those that the node was given.
//! Never skips the check of a certificate.

use std::path::PathBuf;
use std::sync::Arc;

use host_base::{Code, Failure};
use host_outgoing::read_roots;
use rustls::{ClientConfig, RootCertStore};
use tokio_rustls::TlsConnector;

/// One configuration for all requests of a node. `extra_roots` are PEM files of further certificate authorities.
pub(super) fn connector(extra_roots: &[PathBuf]) -> Result<TlsConnector, Failure> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.into() };
    for certificate in read_roots(extra_roots)? {
        let unusable = |error| Failure::new(Code::BadRequest, format!("a trusted certificate cannot be used: {error}"));
        roots.add(certificate).map_err(unusable)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Failure::new(Code::Internal, format!("TLS cannot be set up: {error}")))?;
    Ok(TlsConnector::from(Arc::new(builder.with_root_certificates(roots).with_no_client_auth())))
}
