//! The append-only history of everything that happens, and the views derived from it.
//! Never knows what an entry means: the executor states the facts that views are made of.

pub mod catalogue;
#[cfg(any(test, feature = "contract-tests"))]
pub mod contract;
pub mod derive;
pub mod encoding;
pub mod entry;
pub mod fact;
pub mod ledger;
pub mod memory;
pub mod page_token;
pub mod view;

pub use catalogue::{CatalogueChange, CatalogueItem};
pub use entry::{Entry, NewEntry, Sequence};
pub use fact::{Fact, PIPELINE_KIND, STEP_KIND};
pub use ledger::{Ledger, LedgerError, SharedLedger};
pub use memory::MemoryLedger;
pub use view::{
    ArtifactRecord, ArtifactUse, CachedResult, CallingPipeline, Firing, LogLine, MetricPoint, Page, RunAttributes,
    RunFilter, RunRecord, StepRecord,
};
