//! What a component that trains with Burn needs besides Burn: steps that several workers make together, the state of a
//! training as one checkpoint, and what a file of weights says of itself.
//! Never says what is trained, and how.

mod checkpoint;
mod gradients;
mod row;
mod safetensors;
#[cfg(test)]
mod tests;
mod training;

pub use safetensors::metadata;
pub use training::{Training, check_learning_rate};
