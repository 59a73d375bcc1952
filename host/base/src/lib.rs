//! What every host room shares: ids, values, signatures, grants' checked form, limits, failures.
//! Never does IO, never names wasmtime, SQL or HTTP.

pub mod artifact;
pub mod calendar;
pub mod clock;
pub mod component;
pub mod error_pages;
pub mod failure;
pub mod id;
pub mod limits;
pub mod media_type;
pub mod number;
pub mod signature;
pub mod usage;
pub mod value;
pub mod wheel;

pub use artifact::{ArtifactKind, ArtifactRef};
pub use calendar::Calendar;
pub use clock::{Clock, Millis, SystemClock};
pub use component::{ComponentId, Signer};
pub use failure::{Code, Failure};
pub use id::{RunId, StepName};
pub use limits::Limits;
pub use signature::{ComponentInterface, FunctionSignature, NamedType, ValueType};
pub use usage::Usage;
pub use value::Value;
pub use wheel::Wheel;
