//! Sends one request: checks the grant, connects to an address that was checked, reads with limits.
//! Never connects by name: what was checked and what is connected to are the same address.

use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use ::http::uri::{PathAndQuery, Scheme};
use ::http::{Request, Response, Uri};
use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, timeout};
use tokio_rustls::TlsConnector;
use wasmtime_wasi_http::io::TokioIo;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody};

use super::allow::{AllowList, Permission};
use super::{HttpSettings, addresses};

/// A response and what drives its connection.
pub(super) type Sent = (Response<WasiBody>, Box<dyn Future<Output = Result<(), Error>> + Send>);

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Where a request goes.
struct Destination {
    host: String,
    port: u16,
    tls: bool,
}

impl Destination {
    fn of(uri: &Uri) -> Result<Self, Error> {
        let authority = uri.authority().ok_or(Error::HttpRequestUriInvalid)?;
        let tls = uri.scheme() == Some(&Scheme::HTTPS);
        let port = authority.port_u16().unwrap_or(if tls { 443 } else { 80 });
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self { host, port, tls })
    }
}

/// Sends the request. `refused` hears in words why it was not sent.
pub(super) async fn send(
    mut request: Request<WasiBody>,
    allowed: &AllowList,
    settings: &HttpSettings,
    options: Option<RequestOptions>,
    refused: impl Fn(String) + Sync,
) -> Result<Sent, Error> {
    let limits = &settings.limits;
    let destination = Destination::of(request.uri())?;
    let permission = allowed.permission(&destination.host, destination.port);
    if permission == Permission::Refused {
        let Destination { host, port, .. } = &destination;
        refused(format!("request to {host}:{port} refused: add `{host}:{port}` to `grants.http` to allow it"));
        return Err(Error::HttpRequestDenied);
    }
    let chosen = |choose: fn(&RequestOptions) -> Option<Duration>, max: Duration| {
        options.as_ref().and_then(choose).map_or(max, |chosen| chosen.min(max))
    };
    let connect_time = chosen(|options| options.connect_timeout, limits.connect_time_max);
    let first_byte_time = chosen(|options| options.first_byte_timeout, limits.first_byte_time_max);
    let between_bytes_time = chosen(|options| options.between_bytes_timeout, limits.between_bytes_time_max);

    let connected = timeout(connect_time, connect(&destination, permission, &settings.tls, refused)).await;
    let stream = connected.map_err(|_| Error::ConnectionTimeout)??;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    // Aborted when dropped, so a guest that is gone holds no connection.
    let connection = wasmtime_wasi::runtime::spawn(async move { connection.await.map_err(Error::from) });

    // The authority is said by the connection and the Host header; only a proxy is told it here.
    let path = request.uri().path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
    *request.uri_mut() = Uri::from(path);
    let response = timeout(first_byte_time, sender.send_request(request)).await;
    let response = response.map_err(|_| Error::ConnectionReadTimeout)??;
    let limited =
        response.map(|body| LimitedBody::new(body, limits.response_bytes_max, between_bytes_time).boxed_unsync());
    Ok((limited, Box::new(connection)))
}

async fn connect(
    destination: &Destination,
    permission: Permission,
    trust: &TlsConnector,
    refused: impl Fn(String),
) -> Result<Box<dyn Stream>, Error> {
    let Destination { host, port, tls } = destination;
    let found = tokio::net::lookup_host((host.as_str(), *port)).await;
    let found: Vec<SocketAddr> = found
        .map_err(|_| Error::DnsError { rcode: Some("the name is not known".to_owned()), info_code: None })?
        .collect();
    let may = |address: &SocketAddr| permission == Permission::AnyAddress || addresses::is_public(address.ip());
    let Some(first) = found.first() else { return Err(Error::DestinationNotFound) };
    let permitted: Vec<SocketAddr> = found.iter().copied().filter(may).collect();
    if permitted.is_empty() {
        refused(format!(
            "request to {host}:{port} refused: the name leads to {}, which is no public address; grant `{first}` itself to allow it",
            first.ip()
        ));
        return Err(Error::DestinationIpProhibited);
    }
    let stream = TcpStream::connect(permitted.as_slice()).await.map_err(Error::Connect)?;
    if !tls {
        return Ok(Box::new(stream));
    }
    let name = rustls::pki_types::ServerName::try_from(host.clone()).map_err(Error::InvalidDnsNameError)?;
    let stream = trust.connect(name, stream).await.map_err(Error::Tls)?;
    Ok(Box::new(stream))
}

/// A response's body that may be neither too long nor too slow.
struct LimitedBody {
    inner: Incoming,
    left_bytes: u64,
    max_bytes: u64,
    between_bytes_time: Duration,
    deadline: Pin<Box<Sleep>>,
}

impl LimitedBody {
    fn new(inner: Incoming, max_bytes: u64, between_bytes_time: Duration) -> Self {
        let deadline = Box::pin(tokio::time::sleep(between_bytes_time));
        Self { inner, left_bytes: max_bytes, max_bytes, between_bytes_time, deadline }
    }
}

impl Body for LimitedBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let frame = match Pin::new(&mut self.inner).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => frame,
            Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error.into()))),
            Poll::Ready(None) => return Poll::Ready(None),
            Poll::Pending => {
                return self.deadline.as_mut().poll(context).map(|()| Some(Err(Error::ConnectionReadTimeout)));
            }
        };
        let length_bytes = frame.data_ref().map_or(0, Bytes::len) as u64;
        let Some(left_bytes) = self.left_bytes.checked_sub(length_bytes) else {
            return Poll::Ready(Some(Err(Error::HttpResponseBodySize(Some(self.max_bytes)))));
        };
        self.left_bytes = left_bytes;
        let deadline = Instant::now() + self.between_bytes_time;
        self.deadline.as_mut().reset(deadline);
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
