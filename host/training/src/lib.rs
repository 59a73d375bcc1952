//! Training jobs: compiles a TrainJob document to a plan, and advances a job event by event.
//! Never does IO, knows no time and touches no wasm: what is to be done is a command, what came of it the next event.
//!
//! A job has two parts of state. What its records say is kept, and is the same after a restart; where its workers are
//! is lost with the process, and the job then goes on from its last checkpoint. Both live and after a crash, the kept
//! part changes through [`Kept::apply`] alone.

mod advance;
mod command;
mod compile;
mod event;
pub mod plan;
mod record;
#[cfg(test)]
mod sample;
mod state;
mod watch;

pub use advance::{Advanced, INTERRUPTIONS_MAX, advance, kept, recover, start};
pub use command::Command;
pub use compile::{Given, compile, sources};
pub use event::Event;
pub use plan::{EarlyStop, Plan, PlannedSource, SourceAccess};
pub use record::{Checkpoint, Reason, Record};
pub use state::{JobState, JobStatus, Kept, Phase};
pub use watch::Watch;
