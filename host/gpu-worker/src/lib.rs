//! What a device's worker process does: it reads requests from its input and carries them out, until the input ends.
//! Never knows whose they are, and holds nothing but what they brought.

mod adapter;
mod compute;
mod content;
mod element;
mod memory;
mod model;
mod panic_message;
mod processors;
mod serve;
mod tensors;

pub use serve::serve;
