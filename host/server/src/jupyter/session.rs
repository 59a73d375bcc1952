//! What Jupyter calls a session: a notebook's path beside the kernel that runs it.
//! Never lives longer than its kernel.

use std::collections::BTreeMap;
use std::path::{Path as FilePath, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use host_base::{Code, Failure};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::body::Body;
use super::contents::write_whole;
use super::{Answer, kernel};
use crate::notebook::new_session;
use crate::router::Shared;
use crate::user::{OwnSession, User};

/// The file below the data folder, by which a notebook finds its paused kernel after a restart of the node.
const FILE: &str = "open-notebooks.json";

/// Notebooks by the id of their kernel, which is their session's id too.
#[derive(Clone)]
pub(crate) struct Notebooks {
    open: Arc<Mutex<BTreeMap<String, Notebook>>>,
    file: PathBuf,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Notebook {
    path: String,
    name: String,
    kind: String,
}

/// What is asked of a new session, or changed of one.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    path: Option<String>,
    name: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    kernel: Option<WantedKernel>,
}

#[derive(Debug, Deserialize)]
struct WantedKernel {
    id: Option<String>,
    name: Option<String>,
}

impl Notebooks {
    /// What an earlier process knew.
    pub(crate) fn below(data_folder: &FilePath) -> Self {
        let file = data_folder.join(FILE);
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        // There may be none yet; and kernels are there without it.
        let open = serde_json::from_str(&text).unwrap_or_default();
        Self { open: Arc::new(Mutex::new(open)), file }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Notebook>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what is known, and writes it down.
    async fn change(&self, change: impl FnOnce(&mut BTreeMap<String, Notebook>)) -> Result<(), Failure> {
        let text = {
            let mut open = self.lock();
            change(&mut open);
            serde_json::to_string(&*open).unwrap_or_default()
        };
        let file = self.file.clone();
        let written = tokio::task::spawn_blocking(move || write_whole(&file, FILE, text.as_bytes())).await;
        written.map_err(|error| Failure::new(Code::Internal, format!("writing broke off: {error}")))?
    }
}

fn model(shared: &Shared, id: &str, notebook: &Notebook) -> Result<Value, Failure> {
    let kernel = kernel::model_of(shared, id)?;
    let Notebook { path, name, kind } = notebook;
    Ok(
        json!({ "id": id, "path": path, "name": name, "type": kind, "kernel": kernel, "notebook": { "path": path, "name": name } }),
    )
}

/// The user's sessions whose kernels are at work.
pub(super) async fn list(State(shared): State<Shared>, user: User) -> Json<Value> {
    let mut notebooks = shared.notebooks.lock();
    notebooks.retain(|id, _| is_there(&shared, id));
    let own = notebooks.iter().filter(|(id, _)| user.check_session(&shared, id).is_ok());
    Json(own.filter_map(|(id, notebook)| model(&shared, id, notebook).ok()).collect())
}

/// Begins one, with a kernel of its own or one that is there; a notebook that has one gets it again.
pub(super) async fn start(
    State(shared): State<Shared>,
    user: User,
    Body(wanted): Body<Wanted>,
) -> Answer<(StatusCode, Json<Value>)> {
    let path = wanted.path.unwrap_or_default();
    if let Some(id) = own_session_of(&shared, &user, &path) {
        return Ok((StatusCode::CREATED, Json(one(&shared, &id)?)));
    }
    let kernel = wanted.kernel.unwrap_or(WantedKernel { id: None, name: None });
    let handle = match kernel.id {
        Some(id) => {
            user.check_session(&shared, &id)?;
            shared.executor.resume_session(&id).await?
        }
        None => shared.executor.begin_session(new_session(user, kernel.name.as_deref(), None)?).await?,
    };
    let name = wanted.name.unwrap_or_default();
    let kind = wanted.kind.unwrap_or_else(|| "notebook".to_owned());
    let notebook = Notebook { path, name, kind };
    shared.notebooks.change(|open| drop(open.insert(handle.id().to_owned(), notebook))).await?;
    Ok((StatusCode::CREATED, Json(one(&shared, handle.id())?)))
}

/// One of them.
pub(super) async fn get(State(shared): State<Shared>, OwnSession(id): OwnSession) -> Answer<Json<Value>> {
    Ok(Json(one(&shared, &id)?))
}

/// Gives one another path or name, or another kernel.
pub(super) async fn change(
    State(shared): State<Shared>,
    user: User,
    OwnSession(id): OwnSession,
    Body(wanted): Body<Wanted>,
) -> Answer<Json<Value>> {
    let mut notebook = shared.notebooks.lock().get(&id).cloned().ok_or_else(|| missing(&id))?;
    notebook.path = wanted.path.unwrap_or(notebook.path);
    notebook.name = wanted.name.unwrap_or(notebook.name);
    notebook.kind = wanted.kind.unwrap_or(notebook.kind);
    let id = match wanted.kernel {
        Some(WantedKernel { id: Some(other), .. }) if other != id => {
            user.check_session(&shared, &other)?;
            kernel::model_of(&shared, &other)?;
            other
        }
        Some(WantedKernel { id: None, name: Some(name) }) => {
            let handle = shared.executor.begin_session(new_session(user, Some(&name), None)?).await?;
            shared.notebooks.change(|open| drop(open.remove(&id))).await?;
            shared.executor.close_session(&id).await.ok();
            handle.id().to_owned()
        }
        _ => id,
    };
    shared.notebooks.change(|open| drop(open.insert(id.clone(), notebook))).await?;
    Ok(Json(one(&shared, &id)?))
}

/// Ends one, with its kernel.
pub(super) async fn end(State(shared): State<Shared>, OwnSession(id): OwnSession) -> Answer<StatusCode> {
    one(&shared, &id)?;
    shared.notebooks.change(|open| drop(open.remove(&id))).await?;
    shared.executor.close_session(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The session that a user has in a notebook already. Others who opened the same notebook have their own.
fn own_session_of(shared: &Shared, user: &User, path: &str) -> Option<String> {
    let is_own =
        |id: &str| is_there(shared, id) && shared.executor.owner_of_session(id).is_some_and(|owner| owner == user.name);
    let open = shared.notebooks.lock();
    let mut known = open.iter().filter(|(_, notebook)| !path.is_empty() && notebook.path == path).map(|(id, _)| id);
    known.find(|id| is_own(id)).cloned()
}

/// Whether its kernel is at work, or paused.
fn is_there(shared: &Shared, id: &str) -> bool {
    kernel::model_of(shared, id).is_ok()
}

fn one(shared: &Shared, id: &str) -> Result<Value, Failure> {
    let notebook = shared.notebooks.lock().get(id).cloned().ok_or_else(|| missing(id))?;
    model(shared, id, &notebook)
}

fn missing(id: &str) -> Failure {
    Failure::new(Code::NotFound, format!("there is no session `{id}`")).with_hint("GET /api/sessions lists them")
}
