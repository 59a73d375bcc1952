//! Collectives as functions of the host.
//! Never differs in its surface from its sibling `native.rs`.

use crate::bindings::sandmill::collective::collective as wit;

pub use wit::{Buffer, Error as CollectiveError, Membership, Reduction};
pub(super) use wit::{all_gather, all_reduce, barrier, broadcast, join};
