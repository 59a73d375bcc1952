//! The interface of a Jupyter server, as far as its clients need one to use kernels and to keep notebooks.
//! Never keeps a session: the executor does, and what is here is only what Jupyter calls one beside its kernel.

mod body;
mod channels;
mod contents;
mod kernel;
mod kernelspec;
mod message;
mod session;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use host_base::calendar::Calendar;
use host_base::{Code, Failure, Millis};
use serde_json::{Value, json};

use crate::router::Shared;
use crate::user::User;

pub(crate) use kernelspec::component_of;
pub(crate) use session::Notebooks;

/// What a Jupyter server of this release understands; clients look at the first number.
const VERSION: &str = "2.17.0";

/// All routes, added to the others.
pub(crate) fn routes(router: Router<Shared>) -> Router<Shared> {
    router
        .route("/api", get(version))
        .route("/api/status", get(kernel::status))
        .route("/api/me", get(me))
        .route("/api/kernelspecs", get(kernelspec::specs))
        .route("/api/kernelspecs/{name}", get(kernelspec::spec))
        .route("/api/kernels", get(kernel::list).post(kernel::start))
        .route("/api/kernels/{id}", get(kernel::get).delete(kernel::end))
        .route("/api/kernels/{id}/interrupt", post(kernel::interrupt))
        .route("/api/kernels/{id}/restart", post(kernel::restart))
        .route("/api/kernels/{id}/variables", get(kernel::variables))
        .route("/api/kernels/{id}/channels", get(channels::open))
        .route("/api/sessions", get(session::list).post(session::start))
        .route("/api/sessions/{id}", get(session::get).patch(session::change).delete(session::end))
        .route("/api/terminals", get(no_terminals))
        .route("/api/contents", get(contents::root).post(contents::create_at_root))
        .route(
            "/api/contents/{*path}",
            get(contents::read)
                .put(contents::save)
                .patch(contents::rename)
                .delete(contents::remove)
                .post(contents::create),
        )
}

async fn version() -> Json<Value> {
    Json(json!({ "version": VERSION }))
}

async fn me(User { name, .. }: User) -> Json<Value> {
    let initials: String = name.chars().take(1).flat_map(char::to_uppercase).collect();
    let identity = json!({ "username": name, "name": name, "display_name": name, "initials": initials });
    Json(json!({ "identity": identity, "permissions": {} }))
}

async fn no_terminals() -> Json<Value> {
    Json(json!([]))
}

/// A moment as Jupyter's clients read one: some of them insist on the fraction of the second.
pub(crate) fn moment(millis: Millis) -> String {
    let to_the_second = Calendar::of(millis).rfc3339();
    format!("{}.{:03}000Z", to_the_second.trim_end_matches('Z'), millis % 1000)
}

/// A failure in the form in which Jupyter's clients expect one.
pub(crate) struct JupyterRefusal(Failure);

/// What a handler returns.
pub(crate) type Answer<T> = Result<T, JupyterRefusal>;

impl From<Failure> for JupyterRefusal {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

impl IntoResponse for JupyterRefusal {
    fn into_response(self) -> Response {
        let Self(failure) = self;
        let status = match failure.code {
            Code::NotFound => StatusCode::NOT_FOUND,
            Code::Conflict => StatusCode::CONFLICT,
            Code::BadRequest => StatusCode::BAD_REQUEST,
            code => {
                StatusCode::from_u16(host_api::problem::status_of(code)).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
        };
        let hint = failure.hint.clone().unwrap_or_default();
        (status, Json(json!({ "message": failure.message, "reason": hint, "code": failure.code.as_str() })))
            .into_response()
    }
}
