//! The node itself: version, health, the interface's own description.
//! Never says which folders or hosts the node may use.

use axum::Json;
use axum::extract::State;
use host_api::node::{Health, Node};
use host_ledger::RunFilter;

use crate::answer::Answer;
use crate::router::Shared;

pub(crate) async fn get(State(shared): State<Shared>) -> Json<Node> {
    Json(Node { version: env!("CARGO_PKG_VERSION").to_owned(), registry: shared.info.registry.to_string() })
}

pub(crate) async fn health() -> Json<Health> {
    Json(Health { status: "ok".to_owned() })
}

pub(crate) async fn readiness(State(shared): State<Shared>) -> Answer<Json<Health>> {
    shared.executor.runs(&RunFilter::default(), None, 1).await?;
    Ok(health().await)
}

pub(crate) async fn open_api() -> Json<serde_json::Value> {
    Json(host_api::openapi())
}
