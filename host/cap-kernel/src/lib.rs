//! Kernels: `sandmill:kernel/session` offered to guests, and guests that export `sandmill:kernel/kernel` called.
//! Never decides when a session ends, and never speaks a notebook's protocol.

mod kernel;
mod line;
mod session;

pub use kernel::{Completeness, Completions, Description, ErrorReport, KERNEL, Kernel, Lost, STATE, Saved, Variable};
pub use line::{Bundle, CELL_OUTPUT_BYTES_MAX, Question, Said, SessionLine, TextStream};
pub use session::KernelCapability;
