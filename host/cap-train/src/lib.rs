//! Training: `sandmill:collective` and `sandmill:transfer` offered to guests, and guests that export `sandmill:train/trainable` called.
//! Never decides when a step is made; it makes one when asked.

mod collective;
mod trainee;
mod transfer;

pub use collective::CollectiveCapability;
pub use trainee::{Setting, Spec, Stepped, TRAINABLE, Trainee};
pub use transfer::TransferCapability;
