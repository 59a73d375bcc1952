//! From the route table to handlers.
//! Never has a route of its own: a row without a handler does not compile, nor does a handler without a row.

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::{Method as HttpMethod, Uri};
use axum::middleware;
use axum::routing::{self, MethodRouter};
use axum::{Router, response::Response};
use host_api::REQUEST_BYTES_MAX;
use host_api::routes::{Method, Operation, ROUTES, Route};
use host_base::{Code, Failure};
use host_executor::Executor;
use tokio_util::sync::CancellationToken;

use crate::answer::{Refusal, refuse_with};
use crate::{NodeInfo, artifact, event, experiment, guard, node, pipeline, run, schedule};

/// What every handler sees.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) executor: Executor,
    pub(crate) info: NodeInfo,
    /// Cancelled when the node stops.
    pub(crate) stopping: CancellationToken,
    /// Whether only this machine can connect.
    pub(crate) local_only: bool,
}

/// All routes of the table.
pub(crate) fn router(shared: Shared) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        router = router.route(route.path, handler(route));
    }
    crate::kfp::routes(router)
        .fallback(no_such_route)
        .method_not_allowed_fallback(no_such_method)
        .layer(DefaultBodyLimit::max(REQUEST_BYTES_MAX))
        .layer(middleware::from_fn_with_state(shared.clone(), guard::guard))
        .with_state(shared)
}

fn handler(route: &Route) -> MethodRouter<Shared> {
    match route.operation {
        Operation::CheckPipeline => on(route, pipeline::check),
        Operation::SubmitRun => on(route, run::submit),
        Operation::ListRuns => on(route, run::list),
        Operation::GetRun => on(route, run::get),
        Operation::StreamRunEvents => on(route, event::stream),
        Operation::GetRunLogs => on(route, run::logs),
        Operation::CancelRun => on(route, run::cancel),
        Operation::RetryRun => on(route, run::retry),
        Operation::CreateExperiment => on(route, experiment::create),
        Operation::ListExperiments => on(route, experiment::list),
        Operation::CreateSchedule => on(route, schedule::create),
        Operation::ListSchedules => on(route, schedule::list),
        Operation::GetSchedule => on(route, schedule::get),
        Operation::PauseSchedule => on(route, schedule::pause),
        Operation::ResumeSchedule => on(route, schedule::resume),
        Operation::DeleteSchedule => on(route, schedule::delete),
        Operation::ListArtifacts => on(route, artifact::list),
        Operation::UploadArtifact => on(route, artifact::upload),
        Operation::GetArtifact => on(route, artifact::get),
        Operation::GetArtifactContent => on(route, artifact::content),
        Operation::GetNode => on(route, node::get),
        Operation::GetHealth => on(route, node::health),
        Operation::GetReadiness => on(route, node::readiness),
        Operation::GetOpenApi => on(route, node::open_api),
    }
}

fn on<T: 'static>(route: &Route, handler: impl Handler<T, Shared>) -> MethodRouter<Shared> {
    match route.method {
        Method::Get => routing::get(handler),
        Method::Post => routing::post(handler),
        Method::Delete => routing::delete(handler),
    }
}

async fn no_such_route(uri: Uri) -> Refusal {
    Failure::new(Code::NotFound, format!("there is nothing under {}", uri.path()))
        .with_hint("GET /openapi.json lists every path")
        .into()
}

async fn no_such_method(method: HttpMethod, uri: Uri) -> Response {
    let failure = Failure::new(Code::BadRequest, format!("{} does not take {method}", uri.path()))
        .with_hint("GET /openapi.json lists every path and its methods");
    refuse_with(axum::http::StatusCode::METHOD_NOT_ALLOWED, vec![failure])
}
