//! The port: what every ledger offers.
//! Never acknowledges an entry before it is durable.

use std::sync::Arc;

use async_trait::async_trait;
use host_base::{ArtifactRef, Millis, RunId};
use thiserror::Error;

use crate::{
    ArtifactRecord, ArtifactUse, CachedResult, CallingPipeline, CatalogueChange, CatalogueItem, Entry, LogLine,
    MetricPoint, NewEntry, Page, RunFilter, RunRecord, Sequence, StepRecord,
};

/// Why the history could not be read or written.
#[derive(Clone, Debug, Error)]
pub enum LedgerError {
    /// The disk is full; nothing of the batch was kept.
    #[error("the ledger's disk is full: {0}")]
    Full(String),
    /// The storage failed; nothing of the batch was kept.
    #[error("the ledger's storage failed: {0}")]
    Storage(String),
    /// The history holds what this version does not understand.
    #[error("the ledger holds an entry that cannot be read: {0}")]
    Corrupt(String),
    /// The append breaks a rule of the history (a fact about a run that was never introduced, an
    /// entry past its limit); nothing of the batch was kept, and trying again will not help.
    #[error("the ledger refused an append: {0}")]
    Refused(String),
    /// Another item of the catalogue has this name; nothing of the batch was kept.
    #[error("there is a {kind} `{name}` already")]
    NameTaken {
        /// What it is.
        kind: String,
        /// The name.
        name: String,
    },
    /// The page token is not one that a list gave out.
    #[error("`{0}` is not a page token of this list")]
    BadPageToken(String),
}

/// The history and its views. One ledger serves a whole node.
#[async_trait]
pub trait Ledger: Send + Sync + 'static {
    /// Appends entries in order, all or none, and returns their positions once they are durable.
    /// Concurrent calls are committed together; order between two calls is the order of the calls.
    /// The first entry of a run introduces it with [`crate::Fact::Run`], and no later one does.
    async fn append(&self, entries: Vec<NewEntry>) -> Result<Vec<Sequence>, LedgerError>;

    /// Entries of one run behind `after`, oldest first, at most `limit`.
    async fn entries(&self, run: &RunId, after: Sequence, limit: usize) -> Result<Vec<Entry>, LedgerError>;

    /// How far a run's history and its log have come: the last entry and the last line, 0 where there is none.
    async fn run_position(&self, run: &RunId) -> Result<(Sequence, u64), LedgerError>;

    /// Runs, newest first, without those that were removed unless asked for. `page` is the `next` of the page before.
    async fn runs(&self, filter: &RunFilter, page: Option<&str>, limit: usize) -> Result<Page<RunRecord>, LedgerError>;

    /// Pipelines whose runs call the component of this digest, sorted by name.
    async fn calling_pipelines(
        &self,
        component: &str,
        page: Option<&str>,
        limit: usize,
    ) -> Result<Page<CallingPipeline>, LedgerError>;

    /// One run.
    async fn run(&self, run: &RunId) -> Result<Option<RunRecord>, LedgerError>;

    /// A run's steps, sorted by name.
    async fn steps(&self, run: &RunId) -> Result<Vec<StepRecord>, LedgerError>;

    /// A run's steps behind the one of this name, sorted by name, at most `limit`.
    async fn steps_behind(&self, run: &RunId, name: &str, limit: usize) -> Result<Vec<StepRecord>, LedgerError>;

    /// Runs that have not ended, oldest first.
    async fn unfinished_runs(&self) -> Result<Vec<RunId>, LedgerError>;

    /// The newest result under a cache key.
    async fn cached(&self, key: &str) -> Result<Option<CachedResult>, LedgerError>;

    /// Records an artifact that someone uploaded. Recording it again changes nothing.
    async fn record_upload(&self, artifact: &ArtifactRef, at_millis: Millis) -> Result<(), LedgerError>;

    /// Artifacts, newest first: all of them, each with who made it first; or what one run made.
    async fn artifacts(
        &self,
        run: Option<&RunId>,
        page: Option<&str>,
        limit: usize,
    ) -> Result<Page<ArtifactRecord>, LedgerError>;

    /// One artifact.
    async fn artifact(&self, digest: &str) -> Result<Option<ArtifactRecord>, LedgerError>;

    /// Steps that used an artifact, newest first, at most 1000.
    async fn artifact_uses(&self, digest: &str) -> Result<Vec<ArtifactUse>, LedgerError>;

    /// Keeps log lines (their `sequence` is ignored and given out here). Durable soon, not at once;
    /// a later `logs` shows them all the same.
    async fn append_logs(&self, run: &RunId, lines: Vec<LogLine>) -> Result<(), LedgerError>;

    /// A run's log lines behind `after`, also of one step only, oldest first, at most `limit`.
    async fn logs(
        &self,
        run: &RunId,
        step: Option<&str>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<LogLine>, LedgerError>;

    /// A run's metric points behind `after`, oldest first, at most `limit`.
    async fn metrics(&self, run: &RunId, after: u64, limit: usize) -> Result<Vec<MetricPoint>, LedgerError>;

    /// A run's last metric points, oldest first, at most `limit`.
    async fn last_metrics(&self, run: &RunId, limit: usize) -> Result<Vec<MetricPoint>, LedgerError>;

    /// Changes the catalogue in order, all or none; durable when this returns.
    async fn change_catalogue(&self, at_millis: Millis, changes: Vec<CatalogueChange>) -> Result<(), LedgerError>;

    /// Items of one kind, also of one owner only, in the order in which they were introduced.
    async fn catalogue(&self, kind: &str, owner: Option<&str>) -> Result<Vec<CatalogueItem>, LedgerError>;

    /// One item.
    async fn catalogue_item(&self, kind: &str, id: &str) -> Result<Option<CatalogueItem>, LedgerError>;

    /// Throws the views away and derives them from the history again.
    async fn rebuild_views(&self) -> Result<(), LedgerError>;
}

/// How the rooms above hold the ledger.
pub type SharedLedger = Arc<dyn Ledger>;
