//! Compiles a Pipeline document to a plan and advances a run through it.
//! Never does IO, never reads a clock, never touches wasm: the executor carries out its commands.

mod advance;
mod cache_key;
pub mod command;
mod compile;
pub mod condition;
pub mod event;
mod inputs;
pub mod kfp;
mod layout;
mod outline;
pub mod plan;
pub mod python;
mod recover;
mod resolve;
mod retry;
#[cfg(test)]
mod sample;
pub mod schedule;
pub mod state;
mod text;

pub use advance::{Advanced, advance, start};
pub use cache_key::{cache_key, own_cache_key};
pub use command::{Command, ResolvedInputs};
pub use compile::{ResolvedComponent, check, compile, component_references, document_failures};
pub use event::RunEvent;
pub use host_base::{ComponentId, Signer};
pub use inputs::resolve_inputs;
pub use layout::{Collected, Layout, LayoutContent, LayoutFile, LayoutOutput, OutputShape, Workspace, outputs};
pub use plan::{Argument, Call, Condition, Each, Graph, Group, Plan, PlannedStep, Task, TextPart, Trigger, Work};
pub use recover::{Recovered, recover, replay};
pub use resolve::run_outputs;
pub use state::{RUN_STEPS_MAX, RunState, RunStatus, StepKind, StepState, StepStatus};
pub use text::text_of;
