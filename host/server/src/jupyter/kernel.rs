//! Kernels: which there are, begun and ended.
//! Never runs anything: that goes over a kernel's channels.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use host_base::{Code, Failure};
use host_executor::{PausedSession, SessionHandle};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Answer;
use super::body::OptionalBody;
use super::kernelspec::name_of;
use crate::jupyter::moment;
use crate::notebook::{new_session, reason, state_name, waits_for};
use crate::router::Shared;
use crate::user::{OwnSession, User};

/// What is asked of a new kernel.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    /// A kernel's name, or the reference of a component that is one.
    name: Option<String>,
}

/// How busy everything is.
pub(super) async fn status(State(shared): State<Shared>) -> Json<Value> {
    let sessions = shared.executor.sessions();
    let last = sessions.iter().map(|session| session.activity().last_millis).max();
    let last = last.map(moment);
    let connections: usize = sessions.iter().map(|session| session.activity().connections).sum();
    let started = sessions.iter().map(SessionHandle::began_millis).min().map(moment);
    Json(json!({ "kernels": sessions.len(), "connections": connections, "last_activity": last, "started": started }))
}

/// The user's kernels at work, and those that are paused.
pub(super) async fn list(State(shared): State<Shared>, user: User) -> Json<Value> {
    let paused = shared.executor.paused_sessions();
    let paused = paused.iter().filter(|paused| user.may_use_session_of(&paused.user));
    let sessions = shared.executor.sessions();
    let sessions = sessions.iter().filter(|session| user.may_use_session_of(session.user()));
    Json(sessions.map(model).chain(paused.map(|paused| paused_model(paused))).collect())
}

/// Begins one.
pub(super) async fn start(
    State(shared): State<Shared>,
    user: User,
    OptionalBody(wanted): OptionalBody<Wanted>,
) -> Answer<(StatusCode, Json<Value>)> {
    let wanted = wanted.unwrap_or_default();
    let handle = shared.executor.begin_session(new_session(user, wanted.name.as_deref(), None)?).await?;
    Ok((StatusCode::CREATED, Json(model(&handle))))
}

/// One of them.
pub(super) async fn get(State(shared): State<Shared>, OwnSession(id): OwnSession) -> Answer<Json<Value>> {
    Ok(Json(model_of(&shared, &id)?))
}

/// Ends one.
pub(super) async fn end(State(shared): State<Shared>, OwnSession(id): OwnSession) -> Answer<StatusCode> {
    shared.executor.close_session(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks the cell under way to stop.
pub(super) async fn interrupt(State(shared): State<Shared>, OwnSession(id): OwnSession) -> Answer<StatusCode> {
    if shared.executor.paused_session(&id).is_none() {
        shared.executor.session(&id)?.interrupt();
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Puts a new kernel in its place.
pub(super) async fn restart(State(shared): State<Shared>, OwnSession(id): OwnSession) -> Answer<Json<Value>> {
    let handle = shared.executor.resume_session(&id).await?;
    handle.restart().await?;
    Ok(Json(model(&handle)))
}

/// One at work, or one that is paused.
pub(super) fn model_of(shared: &Shared, id: &str) -> Result<Value, Failure> {
    match shared.executor.paused_session(id) {
        Some(paused) => Ok(paused_model(&paused)),
        None => Ok(model(&shared.executor.session(id)?)),
    }
}

/// A kernel that is resumed once somebody connects. Jupyter has no word for that.
fn paused_model(paused: &PausedSession) -> Value {
    json!({
        "id": paused.id, "name": name_of(&paused.kernel), "last_activity": moment(paused.paused_millis),
        "execution_state": "unknown", "connections": 0,
    })
}

/// What was defined in one, once it is idle. Jupyter has no such request; its clients are served without it.
pub(super) async fn variables(State(shared): State<Shared>, OwnSession(id): OwnSession) -> Answer<Json<Value>> {
    let found = shared.executor.resume_session(&id).await?.variables().await;
    let over = || Failure::new(Code::NotFound, format!("session `{id}` is over")).with_hint("begin another one");
    let variables = found.ok_or_else(over)??;
    let told = variables.iter().map(|one| json!({ "name": one.name, "type": one.kind, "summary": one.summary }));
    Ok(Json(told.collect()))
}

/// A kernel as Jupyter tells of one.
pub(super) fn model(handle: &SessionHandle) -> Value {
    let activity = handle.activity();
    let mut model = Map::new();
    model.insert("id".into(), handle.id().into());
    model.insert("name".into(), name_of(handle.kernel()).into());
    model.insert("last_activity".into(), moment(activity.last_millis).into());
    model.insert("execution_state".into(), state_name(handle).into());
    if let Some(what) = waits_for(handle) {
        model.insert("reason".into(), what.into());
    }
    if let Some(failure) = handle.died_of() {
        model.insert("reason".into(), reason(&failure).into());
    }
    model.insert("connections".into(), activity.connections.into());
    Value::Object(model)
}
