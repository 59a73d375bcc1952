//! What a component needs with Burn besides Burn: steps that several workers make together, the state of a training as
//! one checkpoint, and the weights of a module as an artifact.
//! Never says what is trained, and how.

#[cfg(target_family = "wasm")]
#[allow(clippy::all, missing_docs, unsafe_code, unused_qualifications, reason = "generated from WIT")]
mod bindings;
mod checkpoint;
mod gradients;
mod row;
#[cfg(test)]
mod tests;
mod training;
mod weights;

pub use training::{Training, check_learning_rate};
pub use weights::{WEIGHTS_MEDIA_TYPE, WeightsFile, WeightsHandle, save_weights};
