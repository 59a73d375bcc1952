//! The append-only history of everything that happens, and the views derived from it.
//! Never knows what an entry means: the executor states the facts that views are made of.

pub mod entry;
pub mod fact;
pub mod ledger;
pub mod view;

pub use entry::{Entry, NewEntry, Sequence};
pub use fact::Fact;
pub use ledger::{Ledger, LedgerError, SharedLedger};
pub use view::{ArtifactRecord, ArtifactUse, CachedResult, LogLine, Page, RunFilter, RunRecord, StepRecord};
