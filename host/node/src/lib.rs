//! Composition root: one `NodeConfig` becomes a running node, built room by room in `node.rs`.
//! Never holds logic of its own, and no other crate builds rooms.

mod config;
mod data_folder;
mod node;
mod registry;

pub use config::{ContentStore, DeviceConfig, NodeConfig};
pub use data_folder::DataFolder;
pub use host_executor::{
    AllowedBucket, Executor, Given, JobInsight, Kept, KeptSource, PlatformAccess, Policy, SessionLimits, Trust,
    TrustByNamespace, VALUE_BYTES_MAX, registry_failure,
};
pub use host_gpu::Backend as DeviceBackend;
pub use host_ledger::{MetricPoint, RunFilter, RunRecord, StepRecord};
pub use host_server::Tokens;
pub use host_wheels::PythonIndex;
pub use node::{Addresses, Node};
pub use registry::{RegistryAlone, RegistryAloneConfig};
pub use registry_server::{
    Collected as CollectedGarbage, Settings as RegistrySettings, SettingsError as RegistrySettingsError, settings,
};
