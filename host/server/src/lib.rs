//! HTTP handlers: from a request of `host-api` to the executor's handle and back.
//! Never decides and never keeps anything; every answer is read from the executor.

mod answer;
mod artifact;
mod component;
mod console;
mod content;
mod event;
mod experiment;
mod folder;
mod guard;
mod jupyter;
mod kfp;
mod login;
mod metric;
mod node;
mod notebook;
mod pipeline;
mod plan;
mod platform;
mod range;
mod request;
mod router;
mod run;
mod schedule;
mod step;
mod token;
mod train_job;
mod user;
mod value;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt;
use host_executor::Executor;
use registry_server::RegistryServer;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use token::Tokens;

use crate::router::Shared;

/// How long requests under way may take once the node stops; what is left then is dropped.
const DRAIN_MILLIS_MAX: u64 = 5_000;

/// What the node says of itself beside its version.
#[derive(Clone)]
pub struct NodeInfo {
    /// Where the node's registry listens.
    pub registry: SocketAddr,
    /// That registry, to be asked for what it holds.
    pub distribution: RegistryServer,
    /// Who may ask; whoever can connect where there are none.
    pub tokens: Option<Arc<Tokens>>,
}

/// Answers requests until `shutdown` resolves. Streams of events then end at once, and other requests
/// have a few seconds to be done.
pub async fn serve(
    listener: TcpListener,
    executor: Executor,
    info: NodeInfo,
    shutdown: impl Future<Output = ()> + Send + 'static,
) {
    let stopping = CancellationToken::new();
    let local_only = listener.local_addr().is_ok_and(|address| address.ip().is_loopback());
    let shared = Shared {
        executor: executor.clone(),
        info,
        stopping: stopping.clone(),
        notebooks: jupyter::Notebooks::below(executor.data_folder()),
        logins: login::Logins::default(),
        local_only,
    };
    executor.offer_platform(Some(platform::offer(shared.clone())));
    let router = router::router(shared).into_make_service_with_connect_info::<SocketAddr>();
    // Events are small and awaited: they must not linger in the kernel for company.
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
    });
    let signal = stopping.clone();
    let server = axum::serve(listener, router).with_graceful_shutdown(async move {
        shutdown.await;
        signal.cancel();
    });
    let drained = async {
        stopping.cancelled().await;
        tokio::time::sleep(Duration::from_millis(DRAIN_MILLIS_MAX)).await;
    };
    tokio::select! {
        result = server => {
            if let Err(error) = result {
                tracing::error!(%error, "the server stopped accepting connections");
            }
        }
        () = drained => tracing::warn!(millis = DRAIN_MILLIS_MAX, "requests that were still under way are dropped"),
    }
    // What is lent holds the executor, which would hold itself.
    executor.offer_platform(None);
}
