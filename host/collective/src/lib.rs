//! What the workers of a job do together: buffers of numbers, groups, and the operations over them.
//! Never knows wasm or a job: whoever makes a group says who belongs to it, and dissolves it.
//!
//! A [`Transport`] carries a group's operations. [`SameProcess`] is the one for workers of one process: it adds the
//! buffers up where they lie. One over a network implements the same trait.

mod buffer;
mod same_process;
mod seat;
mod transport;

pub use buffer::{Buffer, CHUNK_ELEMENTS, OutOfRange, SharedBuffer};
pub use same_process::SameProcess;
pub use seat::Seat;
pub use transport::{CollectiveError, Operation, Reduction, SharedTransport, Transport};
