//! What tests share: guests found or built, an observer that records.
//! Never part of the product: no room but the tests may import it.

pub mod guests;
pub mod observer;

pub use observer::RecordingObserver;
