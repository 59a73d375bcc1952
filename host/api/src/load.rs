//! What a node is at, and how much of its machine that takes.
//! Never a path of the machine, and never what another process uses.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A node's load, now and over the last hour.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NodeLoad {
    /// Processor cores that the node sees.
    pub cores: u32,
    /// Attempts that may be under way at once.
    pub attempts_at_once_max: u32,
    /// One every few seconds, oldest first; the last one is the newest.
    pub samples: Vec<LoadSample>,
    /// What is kept where, measured twice a minute.
    pub storage: Vec<StoragePlace>,
    /// What steps compute on that are granted a device.
    pub devices: NodeDevices,
}

/// What a node was at, at one time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LoadSample {
    /// When, in milliseconds since 1970-01-01T00:00:00Z.
    pub at_millis: u64,
    /// Cores in use since the sample before.
    pub cores_used: f64,
    /// Memory that the process holds.
    pub memory_bytes: u64,
    /// Attempts under way.
    pub attempts_running: u32,
    /// Attempts that wait for their turn.
    pub attempts_waiting: u32,
    /// Runs at work.
    pub runs: u32,
    /// Devices that steps have open.
    pub devices_open: u32,
    /// Bytes that those may take together.
    pub device_memory_granted_bytes: u64,
    /// Bytes that their tensors, buffers and weights take.
    pub device_memory_bytes: u64,
}

/// What steps compute on that are granted a device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NodeDevices {
    /// Bytes that one step may be granted; 0 where steps are granted no device.
    pub memory_bytes_max: u64,
    /// `cpu` where the processors compute, else the interface of the adapter that does, as `vulkan`. Null until it is
    /// known: the drivers are asked when the load is first looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backend: Option<String>,
    /// Graphics adapters that were found. Empty, once `backend` is known, where the machine has none.
    pub adapters: Vec<DeviceAdapter>,
    /// Why the drivers could not be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// A graphics adapter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeviceAdapter {
    /// As its driver calls it.
    pub name: String,
    /// The interface through which it is driven, as `vulkan`.
    pub driver_interface: String,
    /// Whether it is a program on the machine's processors.
    pub software: bool,
    /// Whether it is what tensors are computed on.
    pub used: bool,
}

/// How much is kept in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StoragePlace {
    /// `ledger`, `blobs`, `registry`, `copies` of others' components, compiled `code`.
    pub name: String,
    /// All files in it together.
    pub bytes: u64,
}
