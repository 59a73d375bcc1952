//! HTTP that a node sends of its own accord: to package indexes, and to where importers point.
//! Never goes from https to http, and never takes a certificate that nobody vouches for.

mod clients;
mod roots;

pub use clients::{OutgoingClients, OutgoingConfig, innermost_reason, is_own_machine};
pub use roots::read_roots;
