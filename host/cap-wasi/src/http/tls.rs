//! Whose certificates guests' https requests accept: roots that browsers trust, and those that the node was given.
//! Never skips the check of a certificate.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use host_base::{Code, Failure};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio_rustls::TlsConnector;

/// One configuration for all requests of a node. `extra_roots` are PEM files of further certificate authorities.
pub(super) fn connector(extra_roots: &[PathBuf]) -> Result<TlsConnector, Failure> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.into() };
    for file in extra_roots {
        add(&mut roots, file)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Failure::new(Code::Internal, format!("TLS cannot be set up: {error}")))?;
    Ok(TlsConnector::from(Arc::new(builder.with_root_certificates(roots).with_no_client_auth())))
}

fn add(roots: &mut RootCertStore, file: &Path) -> Result<(), Failure> {
    let unusable = |why: String| {
        Failure::new(Code::BadRequest, format!("the certificate file {} cannot be used: {why}", file.display()))
            .with_hint("name a PEM file with at least one CERTIFICATE block of a certificate authority")
    };
    let mut found = 0;
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unusable(error.to_string()))? {
        let certificate = certificate.map_err(|error| unusable(error.to_string()))?;
        roots.add(certificate).map_err(|error| unusable(error.to_string()))?;
        found += 1;
    }
    if found == 0 { Err(unusable("it holds no certificate".to_owned())) } else { Ok(()) }
}
