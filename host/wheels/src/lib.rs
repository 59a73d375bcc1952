//! Packages of Python for steps: resolved against an index, pinned by digest, fetched once, unpacked for guests.
//! Never runs anything of a package, and takes only wheels without native code: those that any Python can read.

mod archive;
mod config;
mod environment;
mod error;
mod fetch;
mod index;
mod metadata;
mod name;
mod page;
mod resolve;
mod wheels;

pub use config::{PythonIndex, WheelsConfig};
pub use environment::{BUNDLED, MARKERS};
pub use error::WheelError;
pub use wheels::Wheels;
