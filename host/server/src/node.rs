//! The node itself: version, health, the interface's own description.
//! Never says which folders or hosts the node may use.

use axum::Json;
use axum::extract::State;
use host_api::load::{DeviceAdapter, LoadSample, NodeDevices, NodeLoad, StoragePlace};
use host_api::node::{Health, Node};
use host_ledger::RunFilter;

use crate::answer::Answer;
use crate::router::Shared;

pub(crate) async fn get(State(shared): State<Shared>) -> Json<Node> {
    Json(Node { version: env!("CARGO_PKG_VERSION").to_owned(), registry: shared.info.registry.to_string() })
}

/// Samples of an hour, and what is kept.
pub(crate) async fn load(State(shared): State<Shared>) -> Json<NodeLoad> {
    let load = shared.executor.load().await;
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let sample = |sample: host_executor::LoadSample| LoadSample {
        at_millis: sample.at_millis,
        cores_used: sample.cores_used,
        memory_bytes: sample.memory_bytes,
        attempts_running: count(sample.attempts_running),
        attempts_waiting: count(sample.attempts_waiting),
        runs: count(sample.runs),
        devices_open: u32::try_from(sample.devices.open).unwrap_or(u32::MAX),
        device_memory_granted_bytes: sample.devices.granted_bytes,
        device_memory_bytes: sample.devices.taken_bytes,
    };
    Json(NodeLoad {
        cores: count(std::thread::available_parallelism().map_or(1, std::num::NonZero::get)),
        attempts_at_once_max: count(load.attempts_at_once_max),
        samples: load.samples.into_iter().map(sample).collect(),
        storage: load.storage.into_iter().map(|(name, bytes)| StoragePlace { name, bytes }).collect(),
        devices: devices(load.devices),
    })
}

fn devices(known: host_executor::NodeDevices) -> NodeDevices {
    let host_executor::NodeDevices { memory_bytes_max, machine, problem } = known;
    let Some(machine) = machine else {
        return NodeDevices { memory_bytes_max, problem, ..NodeDevices::default() };
    };
    let adapter = |(number, adapter): (usize, host_gpu::protocol::AdapterDescription)| DeviceAdapter {
        name: adapter.name,
        driver_interface: adapter.driver_interface,
        software: adapter.software,
        used: machine.chosen == Some(number),
    };
    let adapters: Vec<DeviceAdapter> = machine.adapters.into_iter().enumerate().map(adapter).collect();
    let backend = adapters.iter().find(|adapter| adapter.used).map(|used| used.driver_interface.clone());
    NodeDevices { memory_bytes_max, backend: Some(backend.unwrap_or_else(|| "cpu".to_owned())), adapters, problem }
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
