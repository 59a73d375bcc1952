//! From the route table to handlers.
//! Never has a route of its own: a row without a handler does not compile, nor does a handler without a row.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, State};
use axum::handler::Handler;
use axum::http::{HeaderMap, Method as HttpMethod, Uri};
use axum::middleware;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{self, MethodRouter};
use host_api::REQUEST_BYTES_MAX;
use host_api::routes::{Method, Operation, ROUTES, Route};
use host_base::{Code, Failure};
use host_executor::Executor;
use tokio_util::sync::CancellationToken;

use crate::answer::{Refusal, refuse_with};
use crate::jupyter::Notebooks;
use crate::login::Logins;
use crate::{
    NodeInfo, artifact, component, console, event, experiment, folder, guard, login, metric, node, notebook, pipeline,
    plan, run, schedule, step, token, train_job,
};

/// What every handler sees.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) executor: Executor,
    pub(crate) info: NodeInfo,
    /// Cancelled when the node stops.
    pub(crate) stopping: CancellationToken,
    /// Which notebooks are open in which kernels.
    pub(crate) notebooks: Notebooks,
    /// Browsers that signed in.
    pub(crate) logins: Logins,
    /// Whether only this machine can connect.
    pub(crate) local_only: bool,
}

/// All routes of the table.
pub(crate) fn router(shared: Shared) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        router = router.route(route.path, handler(route));
    }
    crate::jupyter::routes(crate::kfp::routes(router))
        // The console's own files are no secret; what they ask is a route.
        .route_layer(middleware::from_fn_with_state(shared.clone(), token::verify))
        .fallback(no_such_route)
        .method_not_allowed_fallback(no_such_method)
        .layer(DefaultBodyLimit::max(REQUEST_BYTES_MAX))
        .layer(middleware::from_fn_with_state(shared.clone(), guard::guard))
        .with_state(shared)
}

pub(crate) fn handler(route: &Route) -> MethodRouter<Shared> {
    match route.operation {
        Operation::CheckPipeline => on(route, pipeline::check),
        Operation::CreatePipeline => on(route, pipeline::create),
        Operation::ListPipelines => on(route, pipeline::list),
        Operation::GetPipeline => on(route, pipeline::get),
        Operation::DeletePipeline => on(route, pipeline::delete),
        Operation::CreatePipelineVersion => on(route, pipeline::create_version),
        Operation::ListPipelineVersions => on(route, pipeline::list_versions),
        Operation::GetPipelineVersion => on(route, pipeline::get_version),
        Operation::SubmitRun => on(route, run::submit),
        Operation::ListRuns => on(route, run::list),
        Operation::GetRun => on(route, run::get),
        Operation::GetRunPlan => on(route, plan::get),
        Operation::GetRunDocument => on(route, plan::document),
        Operation::GetRunStep => on(route, step::get),
        Operation::GetRunMetrics => on(route, metric::list),
        Operation::StreamRunEvents => on(route, event::stream),
        Operation::GetRunLogs => on(route, run::logs),
        Operation::CancelRun => on(route, run::cancel),
        Operation::RetryRun => on(route, run::retry),
        Operation::CreateExperiment => on(route, experiment::create),
        Operation::ListExperiments => on(route, experiment::list),
        Operation::CreateSession => on(route, notebook::create_session),
        Operation::ListSessions => on(route, notebook::list_sessions),
        Operation::GetSession => on(route, notebook::get_session),
        Operation::PauseSession => on(route, notebook::pause_session),
        Operation::ResumeSession => on(route, notebook::resume_session),
        Operation::EndSession => on(route, notebook::end_session),
        Operation::RunNotebook => on(route, notebook::run),
        Operation::CreateSchedule => on(route, schedule::create),
        Operation::ListSchedules => on(route, schedule::list),
        Operation::GetSchedule => on(route, schedule::get),
        Operation::PauseSchedule => on(route, schedule::pause),
        Operation::ResumeSchedule => on(route, schedule::resume),
        Operation::DeleteSchedule => on(route, schedule::delete),
        Operation::CheckTrainJob => on(route, train_job::check),
        Operation::SubmitTrainJob => on(route, train_job::submit),
        Operation::ListTrainJobs => on(route, train_job::list),
        Operation::GetTrainJob => on(route, train_job::get),
        Operation::GetTrainJobMetrics => on(route, train_job::metrics),
        Operation::GetTrainJobLogs => on(route, train_job::logs),
        Operation::StreamTrainJobEvents => on(route, train_job::event::stream),
        Operation::StopTrainJob => on(route, train_job::stop),
        Operation::ResumeTrainJob => on(route, train_job::resume),
        Operation::CancelTrainJob => on(route, train_job::cancel),
        Operation::ListArtifacts => on(route, artifact::list),
        Operation::UploadArtifact => on(route, artifact::upload),
        Operation::GetArtifact => on(route, artifact::get),
        Operation::GetArtifactContent => on(route, artifact::content),
        Operation::ListArtifactFiles => on(route, folder::list),
        Operation::GetArtifactFile => on(route, folder::content),
        Operation::ListComponents => on(route, component::list),
        Operation::GetComponent => on(route, component::get),
        Operation::ListCallingPipelines => on(route, component::callers),
        Operation::SignIn => on(route, login::sign_in),
        Operation::SignOut => on(route, login::sign_out),
        Operation::GetLogin => on(route, login::get),
        Operation::GetNode => on(route, node::get),
        Operation::GetNodeLoad => on(route, node::load),
        Operation::GetHealth => on(route, node::health),
        Operation::GetReadiness => on(route, node::readiness),
        Operation::GetOpenApi => on(route, node::open_api),
    }
}

pub(crate) fn on<T: 'static>(route: &Route, handler: impl Handler<T, Shared>) -> MethodRouter<Shared> {
    match route.method {
        Method::Get => routing::get(handler),
        Method::Post => routing::post(handler),
        Method::Delete => routing::delete(handler),
    }
}

/// What no row of the table answers: a page of the console, or nothing.
async fn no_such_route(
    State(shared): State<Shared>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    method: HttpMethod,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if let Some(page) = console::page(&method, &uri, &headers) {
        return login::from_address(&shared, address.ip(), &uri, &headers).unwrap_or(page);
    }
    let failure = Failure::new(Code::NotFound, format!("there is nothing under {}", uri.path()))
        .with_hint("GET /openapi.json lists every path");
    Refusal::from(failure).into_response()
}

async fn no_such_method(method: HttpMethod, uri: Uri) -> Response {
    let failure = Failure::new(Code::BadRequest, format!("{} does not take {method}", uri.path()))
        .with_hint("GET /openapi.json lists every path and its methods");
    refuse_with(axum::http::StatusCode::METHOD_NOT_ALLOWED, vec![failure])
}
