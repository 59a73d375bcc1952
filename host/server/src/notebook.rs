//! Sessions of notebooks, and notebooks that are run from their first cell to their last.
//! Never speaks Jupyter's protocol; `jupyter` does.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use host_api::notebook::{
    CellError, CreateSession, LostVariable, PausedState, RanNotebook, RunNotebook, Session, Sessions,
};
use host_base::Failure;
use host_executor::{NewSession, PausedSession, PlatformAccess, SessionHandle, SessionSettings, SessionState};

use crate::answer::Answer;
use crate::jupyter::component_of;
use crate::request::JsonBody;
use crate::router::Shared;
use crate::user::{OwnSession, User};

pub(crate) async fn create_session(
    State(shared): State<Shared>,
    user: User,
    JsonBody(asked): JsonBody<CreateSession>,
) -> Answer<(StatusCode, Json<Session>)> {
    let CreateSession { name, kernel, platform, environment, memory_bytes, device, paused } = asked;
    let settings = SessionSettings { name, environment, memory_bytes, device };
    let new = NewSession { settings, ..new_session(user, kernel.as_deref(), platform.as_deref())? };
    let session = if paused {
        let handle = shared.executor.open_session(new).await?;
        paused_to_wire(&*shared.executor.pause_session(handle.id()).await?)
    } else {
        to_wire(&shared.executor.begin_session(new).await?)
    };
    Ok((StatusCode::CREATED, Json(session)))
}

pub(crate) async fn list_sessions(State(shared): State<Shared>, user: User) -> Json<Sessions> {
    let mut items: Vec<Session> = shared.executor.sessions().iter().map(to_wire).collect();
    items.extend(shared.executor.paused_sessions().iter().map(|paused| paused_to_wire(paused)));
    items.retain(|session| user.may_use_session_of(&session.user));
    items.sort_by(|left, right| left.id.cmp(&right.id));
    Json(Sessions { items })
}

pub(crate) async fn get_session(
    State(shared): State<Shared>,
    OwnSession(session): OwnSession,
) -> Answer<Json<Session>> {
    if let Some(paused) = shared.executor.paused_session(&session) {
        return Ok(Json(paused_to_wire(&paused)));
    }
    Ok(Json(to_wire(&shared.executor.session(&session)?)))
}

pub(crate) async fn pause_session(
    State(shared): State<Shared>,
    OwnSession(session): OwnSession,
) -> Answer<Json<Session>> {
    Ok(Json(paused_to_wire(&*shared.executor.pause_session(&session).await?)))
}

pub(crate) async fn resume_session(
    State(shared): State<Shared>,
    OwnSession(session): OwnSession,
) -> Answer<Json<Session>> {
    Ok(Json(to_wire(&shared.executor.resume_session(&session).await?)))
}

pub(crate) async fn end_session(State(shared): State<Shared>, OwnSession(session): OwnSession) -> Answer<StatusCode> {
    shared.executor.close_session(&session).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn run(
    State(shared): State<Shared>,
    user: User,
    JsonBody(asked): JsonBody<RunNotebook>,
) -> Answer<Json<RanNotebook>> {
    let settings = SessionSettings {
        environment: asked.environment,
        memory_bytes: asked.memory_bytes,
        ..SessionSettings::default()
    };
    let new = NewSession { settings, ..new_session(user, asked.kernel.as_deref(), asked.platform.as_deref())? };
    let ran = shared.executor.run_notebook(asked.notebook, &asked.parameters, new).await?;
    let error = ran.error.map(|(cell, report)| CellError {
        cell,
        name: report.name,
        message: report.message,
        traceback: report.traceback,
    });
    Ok(Json(RanNotebook { notebook: ran.notebook, cells_run: ran.cells_run, error }))
}

/// A session of a user's, in the kernel of this name or reference.
pub(crate) fn new_session(user: User, kernel: Option<&str>, platform: Option<&str>) -> Result<NewSession, Failure> {
    let platform = platform.map(str::parse::<PlatformAccess>).transpose()?;
    Ok(NewSession { platform, ..NewSession::of(component_of(kernel)?, user.name) })
}

fn to_wire(handle: &SessionHandle) -> Session {
    let activity = handle.activity();
    Session {
        id: handle.id().to_owned(),
        name: handle.name().map(str::to_owned),
        user: handle.user().to_owned(),
        kernel: handle.kernel().to_owned(),
        state: state_name(handle).to_owned(),
        platform: handle.platform().name().to_owned(),
        connections: activity.connections as u64,
        began_at_millis: handle.began_millis(),
        used_at_millis: activity.last_millis,
        paused: None,
        waits_for: waits_for(handle).map(str::to_owned),
        died_of: handle.died_of().as_ref().map(reason),
    }
}

/// What a session waits for that takes a while.
pub(crate) fn waits_for(handle: &SessionHandle) -> Option<&'static str> {
    let compiled = "its kernel is compiled, once on this node: that takes seconds, and minutes for a large one";
    handle.is_being_compiled().then_some(compiled)
}

/// What a session does, as its states are called here and by Jupyter.
pub(crate) fn state_name(handle: &SessionHandle) -> &'static str {
    match handle.state() {
        SessionState::Starting => "starting",
        SessionState::Idle => "idle",
        SessionState::Busy => "busy",
        SessionState::Dead => "dead",
    }
}

/// A failure in one line, for people.
pub(crate) fn reason(failure: &Failure) -> String {
    let hint = failure.hint.as_ref().map_or(String::new(), |hint| format!(" ({hint})"));
    format!("{}: {}{hint}", failure.code, failure.message)
}

fn paused_to_wire(paused: &PausedSession) -> Session {
    let lost = |lost: &host_executor::LostVariable| LostVariable {
        name: lost.name.clone(),
        kind: lost.kind.clone(),
        reason: lost.reason.clone(),
    };
    Session {
        id: paused.id.clone(),
        name: paused.settings.name.clone(),
        user: paused.user.clone(),
        kernel: paused.kernel.clone(),
        state: "paused".to_owned(),
        platform: paused.platform.clone(),
        connections: 0,
        began_at_millis: paused.began_millis,
        used_at_millis: paused.paused_millis,
        paused: Some(PausedState { size_bytes: paused.state_bytes, lost: paused.lost.iter().map(lost).collect() }),
        waits_for: None,
        died_of: None,
    }
}
