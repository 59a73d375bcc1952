//! The sandbox: engine, admission, limits, typed calls, compiled-code cache.
//! Never knows a pipeline, a registry or a ledger; it is handed bytes, values and limits.

pub mod admission;
pub mod call;
pub mod capability;
pub mod config;
pub mod guest;
pub mod handles;
pub mod interface;
pub mod layout;
pub mod limits;
pub mod living;
pub mod log;
pub mod output;
pub mod prepared;
pub mod sandbox;
pub mod wit_package;

mod code_cache;
mod command;
mod compile;
mod deterministic;
mod engine;
mod failure;
mod function;
mod meter;
mod values;

pub use admission::{Need, ProvidedImport};
pub use call::{CallReport, CallRequest, CallTarget, Lent, LogStream, SharedObserver, StepContext, StepObserver};
pub use capability::{Capability, GuestSetup};
pub use config::SandboxConfig;
pub use guest::GuestState;
pub use layout::{
    CommandCall, FOLDER_MEDIA_TYPE, FileContent, InputFile, LAYOUT_FOLDER, LAYOUT_KEY, Mount, OutputFile, OutputKind,
    SharedFolder,
};
pub use living::{CallLimits, LivingGuest};
pub use prepared::PreparedComponent;
pub use sandbox::Sandbox;
