//! Sessions of notebooks: list, end; and notebooks run from their first cell to their last.
//! Never speaks Jupyter's protocol; `jupyter` does.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use host_api::notebook::{CellError, RanNotebook, RunNotebook, Session, Sessions};
use host_executor::{SessionHandle, SessionState};

use crate::answer::Answer;
use crate::jupyter::component_of;
use crate::request::JsonBody;
use crate::router::Shared;

pub(crate) async fn list_sessions(State(shared): State<Shared>) -> Json<Sessions> {
    Json(Sessions { items: shared.executor.sessions().iter().map(to_wire).collect() })
}

pub(crate) async fn end_session(State(shared): State<Shared>, Path(session): Path<String>) -> Answer<StatusCode> {
    shared.executor.close_session(&session).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn run(
    State(shared): State<Shared>,
    JsonBody(asked): JsonBody<RunNotebook>,
) -> Answer<Json<RanNotebook>> {
    let kernel = component_of(asked.kernel.as_deref())?;
    let ran = shared.executor.run_notebook(asked.notebook, &asked.parameters, &kernel).await?;
    let error = ran.error.map(|(cell, report)| CellError {
        cell,
        name: report.name,
        message: report.message,
        traceback: report.traceback,
    });
    Ok(Json(RanNotebook { notebook: ran.notebook, cells_run: ran.cells_run, error }))
}

fn to_wire(handle: &SessionHandle) -> Session {
    let activity = handle.activity();
    let state = match handle.state() {
        SessionState::Idle => "idle",
        SessionState::Busy => "busy",
    };
    Session {
        id: handle.id().to_owned(),
        kernel: handle.kernel().to_owned(),
        state: state.to_owned(),
        connections: activity.connections as u64,
        began_at_millis: handle.began_millis(),
        used_at_millis: activity.last_millis,
    }
}
