//! Certificate authorities that registries may be vouched for by, besides the system's.
//! Never takes a file of which a part cannot be used.

use std::path::PathBuf;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

/// A certificate, as both clients want it.
pub(crate) struct Root {
    pub(crate) certificate: reqwest::Certificate,
    pub(crate) der: Vec<u8>,
}

/// Reads every certificate of every file. Small files, read once for each route.
pub(crate) fn read(files: &[PathBuf]) -> Result<Vec<Root>, String> {
    let mut roots = Vec::new();
    for file in files {
        let unusable =
            |why: &dyn std::fmt::Display| format!("the certificate file {} cannot be used: {why}", file.display());
        let before = roots.len();
        for der in CertificateDer::pem_file_iter(file).map_err(|error| unusable(&error))? {
            let der = der.map_err(|error| unusable(&error))?.to_vec();
            let certificate = reqwest::Certificate::from_der(&der).map_err(|error| unusable(&error))?;
            roots.push(Root { certificate, der });
        }
        if roots.len() == before {
            return Err(unusable(&"it holds no certificate"));
        }
    }
    Ok(roots)
}
