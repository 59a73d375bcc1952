//! Numbers that change while the step works, such as a loss.
//! Never the result of an evaluation: that is `Metrics`.

#[cfg(target_family = "wasm")]
pub use crate::bindings::sandmill::step::metric::report;
#[cfg(not(target_family = "wasm"))]
pub use crate::testing::write_point as report;
