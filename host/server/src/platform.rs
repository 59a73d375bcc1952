//! The node's own interface, as code of a session may ask it: the same handlers, and no others than it was granted.
//! Never gives more than a caller has, but for calls to endpoints that whoever runs the node granted to sessions.

mod endpoint;
pub(crate) mod own;

use std::sync::Arc;

use async_trait::async_trait;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::http::header::{CONTENT_TYPE, RANGE};
use axum::http::request::Builder;
use axum::http::{Method, Request, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Extension, Router};
use host_api::REQUEST_BYTES_MAX;
use host_api::artifact::METADATA_HEADER;
use host_api::routes::{Operation, ROUTES, Route};
use host_base::{Code, Failure};
use host_executor::{
    OfferPlatform, Platform, PlatformAccess, PlatformAnswer, PlatformContent, PlatformMethod, PlatformRequest,
};
use tower::Service as _;

use crate::answer::Refusal;
use crate::router::{Shared, handler, on};
use crate::user::User;

/// A larger answer is refused; artifacts are read in pieces.
pub(crate) const ANSWER_BYTES_MAX: usize = 16 << 20;

/// What sessions are lent.
pub(crate) fn offer(shared: Shared) -> OfferPlatform {
    Arc::new(move |access, user| {
        let narrowed = access == PlatformAccess::Own;
        let user = User::session_of(user, shared.info.tokens.is_some(), narrowed);
        Arc::new(Lent { router: router(shared.clone(), access, user) })
    })
}

struct Lent {
    router: Router,
}

/// How much a session has to be granted to ask for something; none where no session may.
const fn needed(operation: Operation) -> Option<PlatformAccess> {
    use Operation as O;
    match operation {
        O::CheckPipeline
        | O::CheckTrainJob
        | O::ListPipelines
        | O::GetPipeline
        | O::ListPipelineVersions
        | O::GetPipelineVersion
        | O::ListRuns
        | O::GetRun
        | O::GetRunPlan
        | O::GetRunDocument
        | O::GetRunStep
        | O::GetRunMetrics
        | O::GetRunLogs
        | O::ListExperiments
        | O::ListSchedules
        | O::GetSchedule
        | O::ListTrainJobs
        | O::GetTrainJob
        | O::GetTrainJobMetrics
        | O::GetTrainJobLogs
        | O::ListArtifacts
        | O::GetArtifact
        | O::GetArtifactContent
        | O::ListArtifactFiles
        | O::GetArtifactFile
        | O::ListComponents
        | O::GetComponent
        | O::ListCallingPipelines
        | O::GetNode => Some(PlatformAccess::Read),
        O::SubmitRun
        | O::CancelRun
        | O::RetryRun
        | O::CreatePipeline
        | O::CreatePipelineVersion
        | O::CreateExperiment
        | O::SubmitTrainJob
        | O::StopTrainJob
        | O::ResumeTrainJob
        | O::CancelTrainJob
        | O::UploadArtifact => Some(PlatformAccess::Submit),
        // What ends others' work, begins sessions out of a session, or never stops answering.
        O::DeletePipeline
        | O::CreateSession
        | O::ListSessions
        | O::GetSession
        | O::PauseSession
        | O::ResumeSession
        | O::EndSession
        | O::RunNotebook
        | O::CreateSchedule
        | O::PauseSchedule
        | O::ResumeSchedule
        | O::DeleteSchedule
        | O::StreamRunEvents
        | O::SignIn
        | O::SignOut
        | O::GetLogin
        | O::StreamTrainJobEvents
        | O::GetNodeLoad
        | O::GetHealth
        | O::GetReadiness
        | O::GetOpenApi => None,
    }
}

/// All routes of the table: with their handlers, or with a refusal.
fn router(shared: Shared, access: PlatformAccess, user: User) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        let answers = match needed(route.operation) {
            Some(_) if access == PlatformAccess::Own => own::handler(route, &shared, &user),
            Some(needed) if access.includes(needed) => handler(route),
            needed => on(route, move || async move { refuse(route, needed, access) }),
        };
        router = router.route(route.path, answers);
    }
    router
        .route(endpoint::PATH, post(endpoint::call))
        .fallback(nothing_here)
        .method_not_allowed_fallback(nothing_here)
        .layer(DefaultBodyLimit::max(REQUEST_BYTES_MAX))
        .layer(Extension(user))
        .with_state(shared)
}

fn refuse(route: &Route, needed: Option<PlatformAccess>, access: PlatformAccess) -> Response {
    let what = route.id;
    let failure = match needed {
        Some(needed) => {
            Failure::new(Code::GrantNotAllowed, format!("`{what}` needs `{needed}`, and this session has `{access}`"))
                .with_hint(format!("start the node with `sandmill up --notebook-platform {needed}`"))
        }
        None => Failure::new(Code::GrantNotAllowed, format!("`{what}` is not for the code of sessions"))
            .with_hint("do it with `sandmill`, or in the console"),
    };
    Refusal::from(failure).into_response()
}

async fn nothing_here(method: Method, uri: Uri) -> Response {
    let failure = Failure::new(Code::NotFound, format!("sessions cannot ask {method} {}", uri.path()))
        .with_hint("the node's /openapi.json lists every path");
    Refusal::from(failure).into_response()
}

#[async_trait]
impl Platform for Lent {
    async fn ask(&self, request: PlatformRequest) -> Result<PlatformAnswer, Failure> {
        let request = to_http(request)?;
        let mut router = self.router.clone();
        // On a task of its own, so that a defect in a handler ends that and nothing else.
        let answered = tokio::spawn(async move {
            let Ok(response) = router.call(request).await;
            let status = response.status().as_u16();
            let body = axum::body::to_bytes(response.into_body(), ANSWER_BYTES_MAX).await;
            (status, body)
        });
        let (status, body) = answered
            .await
            .map_err(|error| Failure::new(Code::Internal, format!("answering a session broke off: {error}")))?;
        let body = body.map_err(|error| {
            Failure::new(
                Code::TooLarge,
                format!("the answer cannot be handed over ({error}); at most {ANSWER_BYTES_MAX} bytes are"),
            )
            .with_hint("ask for less at once")
        })?;
        Ok(PlatformAnswer { status, body: body.to_vec() })
    }
}

fn to_http(request: PlatformRequest) -> Result<Request<Body>, Failure> {
    let PlatformRequest { method, path, content, bytes, metadata } = request;
    let method = match method {
        PlatformMethod::Get => Method::GET,
        PlatformMethod::Post => Method::POST,
    };
    let mut builder: Builder = Request::builder().method(method).uri(path);
    if let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty()) {
        builder = builder.header(RANGE, format!("bytes={}-{}", bytes.start, bytes.end - 1));
    }
    if let Some(metadata) = metadata {
        builder = builder.header(METADATA_HEADER, metadata);
    }
    let body = match content {
        Some(PlatformContent { media_type, body }) => {
            builder = builder.header(CONTENT_TYPE, media_type);
            Body::from(body)
        }
        None => Body::empty(),
    };
    builder.body(body).map_err(|error| {
        Failure::new(Code::BadRequest, format!("this is no request: {error}"))
            .with_hint("write a path such as /api/v1/runs")
    })
}
