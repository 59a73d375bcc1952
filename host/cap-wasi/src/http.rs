//! Outgoing HTTP, to granted hosts only.
//! Never uses a proxy, never follows a redirect, never connects where the grant does not reach.

mod addresses;
mod allow;
mod send;
mod tls;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use host_base::Failure;
use host_runtime::guest::GuestView;
use host_runtime::log::GuestLog;
use host_runtime::{GuestState, LogStream};
use tokio_rustls::TlsConnector;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks};

pub use allow::AllowList;

/// What one request may take.
#[derive(Clone, Debug)]
pub struct HttpLimits {
    /// Body of one response.
    pub response_bytes_max: u64,
    /// Looking up the name, connecting and the TLS handshake.
    pub connect_time_max: Duration,
    /// From the request until the response's head.
    pub first_byte_time_max: Duration,
    /// Between two pieces of the response's body.
    pub between_bytes_time_max: Duration,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            response_bytes_max: 4 << 30,
            connect_time_max: Duration::from_secs(10),
            first_byte_time_max: Duration::from_secs(60),
            between_bytes_time_max: Duration::from_secs(60),
        }
    }
}

/// How every request of a node is made. Cloning shares it.
#[derive(Clone)]
pub(crate) struct HttpSettings {
    limits: Arc<HttpLimits>,
    tls: TlsConnector,
}

impl HttpSettings {
    pub(crate) fn new(limits: HttpLimits, extra_roots: &[PathBuf]) -> Result<Self, Failure> {
        Ok(Self { limits: Arc::new(limits), tls: tls::connector(extra_roots)? })
    }
}

/// A guest's part: where it may send requests. By default, nowhere.
#[derive(Default)]
pub(crate) struct HttpContext {
    wasi: WasiHttpCtx,
    hooks: Hooks,
}

impl HttpContext {
    pub(crate) fn new(allowed: AllowList, settings: HttpSettings) -> Self {
        let hooks = Hooks { granted: Some((Arc::new(allowed), settings)), log: None };
        Self { wasi: WasiHttpCtx::default(), hooks }
    }
}

pub(crate) fn view(state: &mut GuestState) -> WasiHttpCtxView<'_> {
    let GuestView { own, services, table } = state.view::<HttpContext>();
    own.hooks.log.get_or_insert_with(|| services.log.clone());
    WasiHttpCtxView { hooks: &mut own.hooks, table, ctx: &mut own.wasi }
}

#[derive(Default)]
struct Hooks {
    /// None where the step was granted no host.
    granted: Option<(Arc<AllowList>, HttpSettings)>,
    log: Option<Arc<GuestLog>>,
}

impl WasiHttpHooks for Hooks {
    fn send_request(
        &mut self,
        request: ::http::Request<WasiBody>,
        options: Option<RequestOptions>,
        _: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Result<send::Sent, Error>> + Send> {
        let (granted, log) = (self.granted.clone(), self.log.clone());
        Box::new(async move {
            let (allowed, settings) = granted.ok_or(Error::HttpRequestDenied)?;
            let refused = |why: String| {
                // The guest sees a code only; whoever reads the log also learns what to do.
                if let Some(log) = &log {
                    log.write(LogStream::Warn, &why);
                }
            };
            send::send(request, &allowed, &settings, options, refused).await
        })
    }
}
