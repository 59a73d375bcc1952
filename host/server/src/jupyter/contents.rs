//! Notebooks and files beside them: folders below one folder of the node's data.
//! Never outside of it, never by a link, and never half-written: a file is replaced whole or not at all.

use std::fs::Metadata;
use std::path::{Component, Path as FilePath, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use host_base::{Code, Failure};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Answer;
use super::body::{Body, OptionalBody};
use crate::router::Shared;

/// The folder below the data folder.
const FOLDER: &str = "notebooks";
/// Where earlier versions are, beside what they are versions of.
const CHECKPOINTS: &str = ".ipynb_checkpoints";
/// A larger file is refused; artifacts are for what is large.
const FILE_BYTES_MAX: u64 = 64 << 20;
/// There is one earlier version, as with Jupyter's own files.
const CHECKPOINT_ID: &str = "checkpoint";
const UNTITLED_MAX: u32 = 10_000;

/// How something is wanted.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    content: Option<u8>,
    format: Option<String>,
}

/// What is to be saved or made.
#[derive(Debug, Deserialize)]
pub(super) struct Model {
    #[serde(rename = "type")]
    kind: Option<String>,
    format: Option<String>,
    content: Option<Value>,
    path: Option<String>,
    ext: Option<String>,
    copy_from: Option<String>,
}

/// All that lies at the top.
pub(super) async fn root(State(shared): State<Shared>, Query(wanted): Query<Wanted>) -> Answer<Json<Value>> {
    blocking(move || tell(&shared, "", &wanted)).await
}

/// One file or folder, or what there is of earlier versions.
pub(super) async fn read(
    State(shared): State<Shared>,
    Path(path): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Answer<Json<Value>> {
    blocking(move || match path.strip_suffix("/checkpoints") {
        Some(path) => checkpoints(&shared, path),
        None => tell(&shared, &path, &wanted),
    })
    .await
}

/// Replaces a file, or makes one or a folder.
pub(super) async fn save(
    State(shared): State<Shared>,
    Path(path): Path<String>,
    Body(model): Body<Model>,
) -> Answer<(StatusCode, Json<Value>)> {
    blocking(move || {
        let file = place(&shared, &path)?;
        let is_new = !file.exists();
        if model.kind.as_deref() == Some("directory") {
            std::fs::create_dir_all(&file).map_err(|error| storage(&path, &error))?;
        } else {
            write_whole(&file, &path, &bytes_of(&model)?)?;
        }
        let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
        Ok((status, Json(about(&shared, &path)?)))
    })
    .await
}

/// Makes something without a name yet, a copy, or an earlier version to go back to.
pub(super) async fn create(
    State(shared): State<Shared>,
    Path(path): Path<String>,
    OptionalBody(model): OptionalBody<Model>,
) -> Answer<(StatusCode, Json<Value>)> {
    blocking(move || {
        if let Some(path) = path.strip_suffix("/checkpoints") {
            return Ok((StatusCode::CREATED, Json(keep_checkpoint(&shared, path)?)));
        }
        if let Some((path, id)) = path.rsplit_once("/checkpoints/") {
            restore_checkpoint(&shared, path, id)?;
            return Ok((StatusCode::NO_CONTENT, Json(Value::Null)));
        }
        let Some(model) = model else { return Err(bad("nothing was said of what to make")) };
        let made = make_untitled(&shared, &path, &model)?;
        Ok((StatusCode::CREATED, Json(made)))
    })
    .await
}

/// The same at the top.
pub(super) async fn create_at_root(
    state: State<Shared>,
    model: OptionalBody<Model>,
) -> Answer<(StatusCode, Json<Value>)> {
    create(state, Path(String::new()), model).await
}

/// Gives something another path.
pub(super) async fn rename(
    State(shared): State<Shared>,
    Path(path): Path<String>,
    Body(model): Body<Model>,
) -> Answer<Json<Value>> {
    blocking(move || {
        let new_path = model.path.ok_or_else(|| bad("the new path is missing"))?;
        let (from, to) = (place(&shared, &path)?, place(&shared, &new_path)?);
        if to.exists() {
            return Err(Failure::new(Code::Conflict, format!("`{new_path}` is there already")));
        }
        std::fs::rename(&from, &to).map_err(|error| storage(&path, &error))?;
        Ok(Json(about(&shared, &new_path)?))
    })
    .await
}

/// Deletes something; a folder only once it is empty.
pub(super) async fn remove(State(shared): State<Shared>, Path(path): Path<String>) -> Answer<StatusCode> {
    blocking(move || {
        if let Some((path, _)) = path.rsplit_once("/checkpoints/") {
            let file = checkpoint_of(&place(&shared, path)?);
            std::fs::remove_file(file).map_err(|error| storage(path, &error))?;
            return Ok(StatusCode::NO_CONTENT);
        }
        let place = place(&shared, &path)?;
        let removed = if place.is_dir() {
            std::fs::remove_dir_all(place.join(CHECKPOINTS)).ok();
            std::fs::remove_dir(&place)
        } else {
            std::fs::remove_file(&place)
        };
        removed.map_err(|error| storage(&path, &error))?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// The place of a path, which is always below the folder and never a link.
fn place(shared: &Shared, path: &str) -> Result<PathBuf, Failure> {
    let root = shared.executor.data_folder().join(FOLDER);
    std::fs::create_dir_all(&root).map_err(|error| storage(path, &error))?;
    let mut place = root;
    for part in FilePath::new(path.trim_matches('/')).components() {
        match part {
            Component::Normal(name) if name != CHECKPOINTS => place.push(name),
            _ => return Err(bad(&format!("`{path}` is no plain path")).with_hint("write it without `..`")),
        }
        if place.is_symlink() {
            return Err(Failure::new(Code::NotFound, format!("`{path}` leads through a link")));
        }
    }
    Ok(place)
}

fn tell(shared: &Shared, path: &str, wanted: &Wanted) -> Result<Json<Value>, Failure> {
    let mut model = about(shared, path)?;
    if wanted.content == Some(0) {
        return Ok(Json(model));
    }
    let place = place(shared, path)?;
    if place.is_dir() {
        model["format"] = json!("json");
        model["content"] = entries(shared, path, &place)?;
        return Ok(Json(model));
    }
    let bytes = std::fs::read(&place).map_err(|error| storage(path, &error))?;
    let (format, content) = match (model["type"].as_str(), wanted.format.as_deref(), String::from_utf8(bytes)) {
        (Some("notebook"), _, Ok(text)) => match serde_json::from_str(&text) {
            Ok(notebook) => ("json", notebook),
            Err(error) => return Err(bad(&format!("`{path}` is no notebook: {error}"))),
        },
        (_, Some("base64"), Ok(text)) => ("base64", BASE64.encode(text).into()),
        (_, _, Ok(text)) => ("text", text.into()),
        (_, _, Err(binary)) => ("base64", BASE64.encode(binary.as_bytes()).into()),
    };
    model["format"] = json!(format);
    model["content"] = content;
    Ok(Json(model))
}

fn entries(shared: &Shared, path: &str, folder: &FilePath) -> Result<Value, Failure> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .map_err(|error| storage(path, &error))?
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort();
    let inside =
        |name: &String| if path.is_empty() { name.clone() } else { format!("{}/{name}", path.trim_matches('/')) };
    // What went away in between is not told of.
    Ok(names.iter().filter_map(|name| about(shared, &inside(name)).ok()).collect())
}

/// What is known of a file or folder, without its content.
fn about(shared: &Shared, path: &str) -> Result<Value, Failure> {
    let place = place(shared, path)?;
    let metadata = std::fs::symlink_metadata(&place).map_err(|error| storage(path, &error))?;
    let path = path.trim_matches('/');
    let name = path.rsplit('/').next().unwrap_or_default();
    let kind = match (metadata.is_dir(), name.ends_with(".ipynb")) {
        (true, _) => "directory",
        (false, true) => "notebook",
        (false, false) => "file",
    };
    let media_type = if kind == "file" { json!("text/plain") } else { Value::Null };
    let size = if metadata.is_dir() { Value::Null } else { json!(metadata.len()) };
    let modified = modified(&metadata);
    Ok(json!({
        "name": name, "path": path, "type": kind, "writable": true, "created": modified, "last_modified": modified,
        "mimetype": media_type, "size": size, "format": null, "content": null,
    }))
}

fn modified(metadata: &Metadata) -> String {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    super::moment(u64::try_from(since.as_millis()).unwrap_or(0))
}

fn bytes_of(model: &Model) -> Result<Vec<u8>, Failure> {
    let content = model.content.as_ref().ok_or_else(|| bad("the content is missing"))?;
    let bytes = match (model.kind.as_deref(), model.format.as_deref(), content) {
        (Some("notebook"), _, notebook) => {
            if !notebook["cells"].is_array() || !notebook["nbformat"].is_u64() {
                return Err(bad("the content is no notebook: it has no cells, or does not say its format"));
            }
            // As Jupyter writes them, so that differences are small.
            let mut text = serde_json::to_string_pretty(notebook).unwrap_or_default();
            text.push('\n');
            text.into_bytes()
        }
        (_, Some("base64"), Value::String(text)) => BASE64
            .decode(text.split_whitespace().collect::<String>())
            .map_err(|error| bad(&format!("the content is no base64: {error}")))?,
        (_, _, Value::String(text)) => text.clone().into_bytes(),
        _ => return Err(bad("the content of a file is text, or base64")),
    };
    if bytes.len() as u64 > FILE_BYTES_MAX {
        let length = bytes.len();
        let message = format!("{length} bytes; a file beside notebooks has at most {FILE_BYTES_MAX}");
        return Err(Failure::new(Code::TooLarge, message).with_hint("upload it as an artifact"));
    }
    Ok(bytes)
}

/// Held while a file is written: two who save the same one at once have the same unfinished file.
static WRITING: Mutex<()> = Mutex::new(());

/// Under another name first, and under its own once every byte is on the disk.
pub(super) fn write_whole(file: &FilePath, path: &str, bytes: &[u8]) -> Result<(), Failure> {
    let _alone = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let write = || -> std::io::Result<()> {
        let folder = file.parent().ok_or(std::io::ErrorKind::NotFound)?;
        let unfinished = folder.join(format!(".{}.part", file.file_name().unwrap_or_default().to_string_lossy()));
        std::fs::write(&unfinished, bytes)?;
        std::fs::File::open(&unfinished)?.sync_all()?;
        std::fs::rename(&unfinished, file)?;
        // What was answered for stays, also where the machine stops.
        std::fs::File::open(folder)?.sync_all()
    };
    write().map_err(|error| storage(path, &error))
}

fn make_untitled(shared: &Shared, folder: &str, model: &Model) -> Result<Value, Failure> {
    let kind = model.kind.as_deref().unwrap_or("file");
    let (stem, ending) = match (kind, model.ext.as_deref(), &model.copy_from) {
        (_, _, Some(source)) => {
            let name = source.rsplit('/').next().unwrap_or("copy");
            let (stem, ending) =
                name.rsplit_once('.').map_or((name, String::new()), |(stem, end)| (stem, format!(".{end}")));
            (format!("{stem}-Copy"), ending)
        }
        ("notebook", _, _) => ("Untitled".to_owned(), ".ipynb".to_owned()),
        ("directory", _, _) => ("Untitled Folder".to_owned(), String::new()),
        (_, ending, _) => ("untitled".to_owned(), ending.unwrap_or(".txt").to_owned()),
    };
    let folder = folder.trim_matches('/');
    for count in 0..UNTITLED_MAX {
        let number = if count == 0 { String::new() } else { count.to_string() };
        let path = format!("{folder}/{stem}{number}{ending}");
        let file = place(shared, &path)?;
        if file.exists() {
            continue;
        }
        match (&model.copy_from, kind) {
            (Some(source), _) => {
                let bytes = std::fs::read(place(shared, source)?).map_err(|error| storage(source, &error))?;
                write_whole(&file, &path, &bytes)?;
            }
            (None, "directory") => std::fs::create_dir(&file).map_err(|error| storage(&path, &error))?,
            (None, "notebook") => write_whole(&file, &path, empty_notebook().to_string().as_bytes())?,
            (None, _) => write_whole(&file, &path, &[])?,
        }
        return about(shared, &path);
    }
    Err(Failure::new(Code::Conflict, format!("there are {UNTITLED_MAX} of these without a name already")))
}

fn empty_notebook() -> Value {
    json!({ "cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5 })
}

fn checkpoint_of(file: &FilePath) -> PathBuf {
    let name = file.file_name().unwrap_or_default();
    file.with_file_name(CHECKPOINTS).join(name)
}

fn checkpoints(shared: &Shared, path: &str) -> Result<Json<Value>, Failure> {
    let kept = checkpoint_of(&place(shared, path)?);
    let known = std::fs::symlink_metadata(kept).ok();
    Ok(Json(known.iter().map(|metadata| json!({ "id": CHECKPOINT_ID, "last_modified": modified(metadata) })).collect()))
}

fn keep_checkpoint(shared: &Shared, path: &str) -> Result<Value, Failure> {
    let file = place(shared, path)?;
    let kept = checkpoint_of(&file);
    let bytes = std::fs::read(&file).map_err(|error| storage(path, &error))?;
    std::fs::create_dir_all(kept.parent().unwrap_or(&file)).map_err(|error| storage(path, &error))?;
    write_whole(&kept, path, &bytes)?;
    let metadata = std::fs::symlink_metadata(&kept).map_err(|error| storage(path, &error))?;
    Ok(json!({ "id": CHECKPOINT_ID, "last_modified": modified(&metadata) }))
}

fn restore_checkpoint(shared: &Shared, path: &str, id: &str) -> Result<(), Failure> {
    let file = place(shared, path)?;
    if id != CHECKPOINT_ID {
        return Err(Failure::new(Code::NotFound, format!("`{path}` has no earlier version `{id}`")));
    }
    let bytes = std::fs::read(checkpoint_of(&file)).map_err(|error| storage(path, &error))?;
    write_whole(&file, path, &bytes)
}

fn bad(message: &str) -> Failure {
    Failure::new(Code::BadRequest, message)
}

fn storage(path: &str, error: &std::io::Error) -> Failure {
    use std::io::ErrorKind;
    let code = match error.kind() {
        ErrorKind::NotFound => Code::NotFound,
        ErrorKind::DirectoryNotEmpty => Code::Conflict,
        ErrorKind::StorageFull => Code::StorageFull,
        _ => Code::StorageFailed,
    };
    Failure::new(code, format!("`{path}`: {error}"))
}

/// Files are read and written on threads for that.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Failure> + Send + 'static) -> Answer<T> {
    let done = tokio::task::spawn_blocking(work).await;
    let done = done.map_err(|error| Failure::new(Code::Internal, format!("working with files broke off: {error}")))?;
    Ok(done?)
}
