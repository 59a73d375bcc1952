//! HTTP to registries: connections, authorisation, bodies with a limit.
//! Never reads a body without a limit, and never sends credentials to a host that they were not written for.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{Bytes, BytesMut};
use oci_distribution::RegistryOperation;
use oci_distribution::client::{Certificate, CertificateEncoding, ClientConfig as OciConfig, ClientProtocol};
use oci_distribution::secrets::RegistryAuth;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{RequestBuilder, Response, StatusCode};

use crate::places::{Place, Route};
use crate::trouble::Trouble;
use crate::{ClientConfig, RegistryError, credentials, roots};

/// How much of an error's body is read to be quoted.
const ERROR_BODY_BYTES_MAX: usize = 4 << 10;
/// Repositories whose authorisation is remembered; past that all are asked for again.
const AUTHORIZATIONS_MAX: usize = 1024;
/// Names and addresses are matched apart, so it takes three patterns to mean all.
const EVERY_HOST: &str = "*,0.0.0.0/0,::/0";
const USER_AGENT: &str = concat!("sandmill/", env!("CARGO_PKG_VERSION"));

/// Connections by route, made when first needed.
#[derive(Default)]
pub(crate) struct Transport {
    direct: OnceLock<Peer>,
    plain: OnceLock<Peer>,
    secure: OnceLock<Peer>,
    authorizations: Mutex<HashMap<AuthorizationKey, HeaderValue>>,
}

/// Registry, repository, and whether it is written to: a token for reading need not do for that.
type AuthorizationKey = (String, String, bool);

/// The two clients of one route: ours streams with limits, the protocol crate's authorises and pushes.
struct Peer {
    http: reqwest::Client,
    oci: oci_distribution::Client,
}

impl Transport {
    fn peer(&self, config: &ClientConfig, route: Route) -> Result<&Peer, RegistryError> {
        let cell = match route {
            Route::Direct => &self.direct,
            Route::Plain => &self.plain,
            Route::Secure => &self.secure,
        };
        if let Some(peer) = cell.get() {
            return Ok(peer);
        }
        let peer = Peer::new(config, route)?;
        Ok(cell.get_or_init(|| peer))
    }

    /// The protocol crate's client.
    pub(crate) fn oci(&self, config: &ClientConfig, route: Route) -> Result<&oci_distribution::Client, RegistryError> {
        Ok(&self.peer(config, route)?.oci)
    }

    /// A successful answer to a GET, with its body still to be read.
    pub(crate) async fn get(
        &self,
        config: &ClientConfig,
        place: &Place,
        url: &str,
        accept: &str,
    ) -> Result<Response, Trouble> {
        let ask = |http: &reqwest::Client| http.get(url).header(ACCEPT, accept);
        self.ask(config, place, RegistryOperation::Pull, StatusCode::OK, ask).await
    }

    /// The answer to a manifest that the registry took.
    pub(crate) async fn put_manifest(
        &self,
        config: &ClientConfig,
        place: &Place,
        media_type: &str,
        manifest: &Bytes,
    ) -> Result<Response, Trouble> {
        let url = place.manifest_url();
        let ask = |http: &reqwest::Client| http.put(&url).header(CONTENT_TYPE, media_type).body(manifest.clone());
        self.ask(config, place, RegistryOperation::Push, StatusCode::CREATED, ask).await
    }

    async fn ask(
        &self,
        config: &ClientConfig,
        place: &Place,
        operation: RegistryOperation,
        hoped_for: StatusCode,
        ask: impl Fn(&reqwest::Client) -> RequestBuilder,
    ) -> Result<Response, Trouble> {
        let http = &self.peer(config, place.route)?.http;
        let writes = matches!(operation, RegistryOperation::Push);
        let first = send(place, ask(http), self.known_authorization(place, writes)).await?;
        let response = if first.status() == StatusCode::UNAUTHORIZED {
            let Some(authorization) = self.authorize(config, place, operation).await? else {
                return Err(refusal(place, first).await);
            };
            self.remember_authorization(place, writes, authorization.clone());
            send(place, ask(http), Some(authorization)).await?
        } else {
            first
        };
        if response.status() == hoped_for { Ok(response) } else { Err(refusal(place, response).await) }
    }

    /// What the registry's challenge asks for, obtained with the credentials of the file.
    async fn authorize(
        &self,
        config: &ClientConfig,
        place: &Place,
        operation: RegistryOperation,
    ) -> Result<Option<HeaderValue>, Trouble> {
        let credentials = credentials::find(config.credentials_file.as_deref(), place).await?;
        let oci = self.oci(config, place.route)?;
        let token =
            oci.auth(&place.oci, &credentials, operation).await.map_err(|error| Trouble::of_oci(place, &error))?;
        let value = match (token, credentials) {
            (Some(token), _) | (None, RegistryAuth::Bearer(token)) => format!("Bearer {token}"),
            (None, RegistryAuth::Basic(user, password)) => {
                format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
            }
            (None, RegistryAuth::Anonymous) => return Ok(None),
        };
        let mut header = HeaderValue::from_str(&value)
            .map_err(|_| place.refused("its token has characters that no HTTP header can carry"))?;
        header.set_sensitive(true);
        Ok(Some(header))
    }

    fn known_authorization(&self, place: &Place, writes: bool) -> Option<HeaderValue> {
        let known = self.authorizations.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&authorization_key(place, writes)).cloned()
    }

    fn remember_authorization(&self, place: &Place, writes: bool, authorization: HeaderValue) {
        let mut known = self.authorizations.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= AUTHORIZATIONS_MAX {
            known.clear();
        }
        known.insert(authorization_key(place, writes), authorization);
    }
}

fn authorization_key(place: &Place, writes: bool) -> AuthorizationKey {
    (place.registry.clone(), place.reference.repository().to_owned(), writes)
}

impl Peer {
    fn new(config: &ClientConfig, route: Route) -> Result<Self, RegistryError> {
        // Installed once for the process; whoever came first has installed the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let setup = |reason: String| RegistryError::Setup { reason };
        let connect_timeout = Duration::from_millis(config.connect_millis_max);
        let mut http = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(connect_timeout)
            .read_timeout(Duration::from_millis(config.idle_millis_max));
        if route == Route::Direct {
            http = http.no_proxy();
        }
        let mut extra_root_certificates = Vec::new();
        if route == Route::Secure && !config.trusted_roots.is_empty() {
            let roots = roots::read(&config.trusted_roots).map_err(setup)?;
            http = http.tls_certs_merge(roots.iter().map(|root| root.certificate.clone()));
            extra_root_certificates.extend(
                roots.into_iter().map(|root| Certificate { encoding: CertificateEncoding::Der, data: root.der }),
            );
        }
        // An own proxy for no host at all is this crate's way to switch off those of the environment.
        let no_proxy = (route == Route::Direct).then(|| EVERY_HOST.to_owned());
        let oci = oci_distribution::Client::try_from(OciConfig {
            protocol: if route == Route::Secure { ClientProtocol::Https } else { ClientProtocol::Http },
            // One request per blob: its progress is watched while it is sent.
            use_monolithic_push: true,
            platform_resolver: None,
            connect_timeout: Some(connect_timeout),
            extra_root_certificates,
            user_agent: USER_AGENT,
            http_proxy: no_proxy.as_ref().map(|_| "http://127.0.0.1:1".to_owned()),
            no_proxy,
            ..OciConfig::default()
        })
        .map_err(|error| setup(error.to_string()))?;
        Ok(Self { http: http.build().map_err(|error| setup(error.to_string()))?, oci })
    }
}

async fn send(
    place: &Place,
    mut request: RequestBuilder,
    authorization: Option<HeaderValue>,
) -> Result<Response, Trouble> {
    if let Some(authorization) = authorization {
        request = request.header(AUTHORIZATION, authorization);
    }
    request.send().await.map_err(|error| Trouble::of_request(place, &error))
}

async fn refusal(place: &Place, mut response: Response) -> Trouble {
    let mut words = BytesMut::new();
    while words.len() < ERROR_BODY_BYTES_MAX
        && let Ok(Some(piece)) = response.chunk().await
    {
        words.extend_from_slice(&piece[..piece.len().min(ERROR_BODY_BYTES_MAX - words.len())]);
    }
    let words = error_message(&words).unwrap_or_else(|| String::from_utf8_lossy(&words).into_owned());
    Trouble::of_status(place, response.status(), Some(response.headers()), &words)
}

/// The message inside the specification's error body.
fn error_message(body: &[u8]) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    let first = body.get("errors")?.get(0)?;
    let text = |key: &str| first.get(key)?.as_str().map(str::to_owned);
    match (text("code"), text("message")) {
        (Some(code), Some(message)) => Some(format!("{code}: {message}")),
        (code, message) => message.or(code),
    }
}

/// A whole body, or an error as soon as it is known to be larger than `bytes_max`.
pub(crate) async fn read_body(
    place: &Place,
    mut response: Response,
    what: &str,
    bytes_max: usize,
) -> Result<Bytes, Trouble> {
    let too_large = || Trouble::Lasting(place.too_large(what, bytes_max as u64));
    if response.content_length().is_some_and(|length| length > bytes_max as u64) {
        return Err(too_large());
    }
    let mut body = BytesMut::new();
    while let Some(piece) = response.chunk().await.map_err(|error| Trouble::of_request(place, &error))? {
        if body.len() + piece.len() > bytes_max {
            return Err(too_large());
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}
