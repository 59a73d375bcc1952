//! Certificate authorities that a node was told to trust, besides those that browsers do.
//! Never takes a file of which a part cannot be used.

use std::path::{Path, PathBuf};

use host_base::{Code, Failure};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

/// Every certificate of PEM files, in order.
///
/// # Errors
/// Where a file cannot be read, is not PEM, or holds no certificate.
pub fn read_roots(files: &[PathBuf]) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let mut roots = Vec::new();
    for file in files {
        let before = roots.len();
        for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unusable(file, &error))? {
            roots.push(certificate.map_err(|error| unusable(file, &error))?);
        }
        if roots.len() == before {
            return Err(unusable(file, &"it holds no certificate"));
        }
    }
    Ok(roots)
}

fn unusable(file: &Path, why: &dyn std::fmt::Display) -> Failure {
    Failure::new(Code::BadRequest, format!("the certificate file {} cannot be used: {why}", file.display()))
        .with_hint("name a PEM file with at least one CERTIFICATE block of a certificate authority")
}
