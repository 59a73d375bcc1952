//! Tensors in a row, as workers share them: collected one by one, averaged together, given back in the same order.
//! Never of other elements than 32-bit floating point numbers.

#[cfg_attr(target_family = "wasm", path = "row/wasm.rs")]
#[cfg_attr(not(target_family = "wasm"), path = "row/native.rs")]
mod backend;

pub(crate) use backend::{Mean, Row};
