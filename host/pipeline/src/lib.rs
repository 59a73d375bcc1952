//! Compiles a Pipeline document to a plan and advances a run through it.
//! Never does IO, never reads a clock, never touches wasm: the executor carries out its commands.

pub mod command;
pub mod event;
pub mod plan;
pub mod state;

pub use command::Command;
pub use event::RunEvent;
pub use plan::{Argument, Call, ComponentId, Plan, PlannedStep, TextPart};
pub use state::{RunState, RunStatus, StepState, StepStatus};
