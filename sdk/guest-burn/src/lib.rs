//! What a trainable component that is written with Burn needs besides Burn: the mean of all workers' gradients, and
//! weights and optimizer as one checkpoint.
//! Never says what is trained, and how.

mod checkpoint;
mod gradients;
#[cfg(test)]
mod tests;

pub use checkpoint::{load_checkpoint, save_checkpoint};
pub use gradients::GradientMean;
