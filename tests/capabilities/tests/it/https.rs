//! Requests over TLS: certificates are checked, and the node can be given further authorities.
//! Never leaves this machine: authority and server are the test's own.

use std::path::PathBuf;
use std::sync::Arc;

use host_base::Code;
use host_cap_wasi::WasiCapability;
use host_cap_wasi::http::HttpLimits;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::http_limits::sandbox;
use crate::programs::HTTP_GET;
use crate::support::{Ended, function};

/// A server with a certificate for `localhost`, and the PEM text of the authority behind it.
async fn serve() -> (String, String) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();

    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let private_key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private_key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A client that does not trust the certificate breaks the handshake off; the next one is served.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret").await;
            let _ = stream.shutdown().await;
        }
    });
    (format!("localhost:{port}"), issuer.pem())
}

async fn get(name: &str, host: &str, roots: &[PathBuf]) -> Ended {
    let call = function(HTTP_GET, "run").plain(json!(host)).plain(json!("/")).plain(json!(true));
    let sandbox = sandbox(name, HttpLimits::default(), roots);
    call.granted(|granted| granted.http = vec![host.to_owned()]).run_in(&sandbox).await
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused_and_a_given_authority_is_believed() {
    let (host, authority) = serve().await;
    let message = get("https-strange", &host, &[]).await.failure(Code::StepFailed).message;
    assert!(message.contains("Tls"), "{message}");

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authority.pem");
    std::fs::write(&file, authority).unwrap();
    let ended = get("https-trusted", &host, &[file]).await;
    assert_eq!(serde_json::to_value(ended.outputs()).unwrap()["body"]["plain"], json!("secret"));
}

#[tokio::test]
async fn a_file_that_holds_no_certificate_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let (empty, missing) = (folder.path().join("empty.pem"), folder.path().join("missing.pem"));
    std::fs::write(&empty, "nothing of the kind").unwrap();
    for file in [empty, missing] {
        let failure = WasiCapability::new(HttpLimits::default(), std::slice::from_ref(&file)).err().unwrap();
        assert_eq!(failure.code, Code::BadRequest);
        assert!(failure.message.contains(&*file.to_string_lossy()), "{}", failure.message);
    }
}
