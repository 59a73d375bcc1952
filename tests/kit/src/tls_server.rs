//! A web server with a certificate that only its own authority vouches for.
//! Never leaves this machine.

use std::net::TcpListener;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// Where it listens, and who vouches for it.
pub struct TlsServer {
    /// `localhost` with its port.
    pub host: String,
    /// The authority's certificate as PEM.
    pub authority: String,
}

impl TlsServer {
    /// Answers every request with these words, such as `200 OK\r\ncontent-length: 0\r\n\r\n`, until the process ends.
    ///
    /// # Panics
    /// When it cannot be set up.
    #[must_use]
    pub fn start(answer: &'static str) -> Self {
        let mut authority = CertificateParams::new(Vec::new()).expect("parameters");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer =
            CertifiedIssuer::self_signed(authority, KeyPair::generate().expect("a key")).expect("an authority");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let acceptor = acceptor(&issuer);
        std::thread::spawn(move || serve(listener, &acceptor, answer));
        Self { host: format!("localhost:{port}"), authority: issuer.pem() }
    }
}

fn acceptor(issuer: &CertifiedIssuer<'_, KeyPair>) -> TlsAcceptor {
    let key = KeyPair::generate().expect("a key");
    let parameters = CertificateParams::new(vec!["localhost".to_owned()]).expect("parameters");
    let certificate = parameters.signed_by(&key, issuer).expect("a certificate");
    let private_key = PrivateKeyDer::try_from(key.serialize_der()).expect("a private key");
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions of TLS")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private_key)
        .expect("a certificate with its key");
    TlsAcceptor::from(Arc::new(config))
}

fn serve(listener: TcpListener, acceptor: &TlsAcceptor, answer: &'static str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        listener.set_nonblocking(true).expect("a listener");
        let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
        while let Ok((stream, _)) = listener.accept().await {
            // A client that does not trust the certificate breaks the handshake off; the next one is served.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(format!("HTTP/1.1 {answer}").as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
}
