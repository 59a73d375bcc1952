//! The port on SQLite: writes go to the writer's queue, questions to the readers.
//! Never touches the file itself.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use host_base::{ArtifactRef, Millis, RunId};
use host_ledger::{
    ArtifactRecord, ArtifactUse, CachedResult, CallingPipeline, CatalogueChange, CatalogueItem, Entry, Ledger,
    LedgerError, LogLine, MetricPoint, NewEntry, Page, RunFilter, RunRecord, Sequence, StepRecord, catalogue, encoding,
};

use crate::readers::Readers;
use crate::writer::{Job, Writer};
use crate::{connection, error, queries, schema};

/// The database's name within the ledger's folder.
const FILE_NAME: &str = "ledger.sqlite3";
/// Held while the ledger is open, so that two processes never write one history.
const LOCK_NAME: &str = "ledger.lock";

/// What can be set for one ledger.
#[derive(Clone, Debug)]
pub struct SqliteConfig {
    /// Size that the database file may grow to, in bytes. Past it, appends fail with [`LedgerError::Full`].
    pub file_bytes_max: u64,
}

impl Default for SqliteConfig {
    fn default() -> Self {
        Self { file_bytes_max: 256 << 30 }
    }
}

/// The ledger in a folder of this machine.
#[derive(Debug)]
pub struct SqliteLedger {
    writer: Writer,
    readers: Readers,
    file: PathBuf,
}

impl SqliteLedger {
    /// Opens the ledger in `folder`, or makes a new one there.
    ///
    /// # Errors
    /// [`LedgerError::Storage`] when the folder cannot be used or another process has the ledger
    /// open, [`LedgerError::Corrupt`] when the file is not one that this version reads.
    pub fn open(folder: &Path) -> Result<Self, LedgerError> {
        Self::open_with(folder, &SqliteConfig::default())
    }

    /// The same, with settings.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(folder: &Path, config: &SqliteConfig) -> Result<Self, LedgerError> {
        let shown = folder.display();
        std::fs::create_dir_all(folder).map_err(|error| error::file(&format!("creating {shown}"), &error))?;
        let lock = lock(folder)?;
        let file = folder.join(FILE_NAME);
        let mut connection = connection::open_writer(&file, config.file_bytes_max)?;
        schema::migrate(&mut connection)?;
        let readers = Readers::open(&file)?;
        let writer = Writer::start(connection, lock)?;
        Ok(Self { writer, readers, file })
    }

    /// Commits what is queued, folds the write-ahead log into the database and closes it. Everything
    /// asked afterwards fails. Dropping the ledger does the same, but reports no error.
    ///
    /// # Errors
    /// Those of the last commit or of the checkpoint; nothing that was acknowledged is lost by them.
    pub async fn close(&self) -> Result<(), LedgerError> {
        self.readers.close().await;
        self.writer.send(|reply| Job::Close { reply }).await
    }

    /// Transactions committed since the ledger was opened.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.writer.commits()
    }

    /// Where the database is.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }
}

fn lock(folder: &Path) -> Result<File, LedgerError> {
    let path = folder.join(LOCK_NAME);
    let failed = |error: &std::io::Error| error::file(&format!("locking {}", path.display()), error);
    let file = File::options().create(true).append(true).open(&path).map_err(|error| failed(&error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            let shown = folder.display();
            Err(LedgerError::Storage(format!("the ledger in {shown} is open in another process; stop that one first")))
        }
        Err(TryLockError::Error(error)) => Err(failed(&error)),
    }
}

#[async_trait]
impl Ledger for SqliteLedger {
    async fn append(&self, entries: Vec<NewEntry>) -> Result<Vec<Sequence>, LedgerError> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        // Here and not in the writer's thread, so that many callers encode side by side.
        let encoded = encoding::encode(&entries)?;
        self.writer.send(|reply| Job::Append { entries, encoded, reply }).await
    }

    async fn entries(&self, run: &RunId, after: Sequence, limit: usize) -> Result<Vec<Entry>, LedgerError> {
        let run = run.clone();
        self.readers.read(move |connection| queries::entries(connection, &run, after, limit)).await
    }

    async fn run_position(&self, run: &RunId) -> Result<(Sequence, u64), LedgerError> {
        if self.writer.has_waiting_logs() {
            self.writer.send(|reply| Job::Flush { reply }).await?;
        }
        let run = run.clone();
        self.readers.read(move |connection| queries::run_position(connection, &run)).await
    }

    async fn runs(&self, filter: &RunFilter, page: Option<&str>, limit: usize) -> Result<Page<RunRecord>, LedgerError> {
        let (filter, page) = (filter.clone(), page.map(str::to_owned));
        self.readers.read(move |connection| queries::runs(connection, &filter, page.as_deref(), limit)).await
    }

    async fn calling_pipelines(
        &self,
        component: &str,
        page: Option<&str>,
        limit: usize,
    ) -> Result<Page<CallingPipeline>, LedgerError> {
        let (component, page) = (component.to_owned(), page.map(str::to_owned));
        self.readers
            .read(move |connection| queries::calling_pipelines(connection, &component, page.as_deref(), limit))
            .await
    }

    async fn run(&self, run: &RunId) -> Result<Option<RunRecord>, LedgerError> {
        let run = run.clone();
        self.readers.read(move |connection| queries::run(connection, &run)).await
    }

    async fn steps(&self, run: &RunId) -> Result<Vec<StepRecord>, LedgerError> {
        let run = run.clone();
        self.readers.read(move |connection| queries::steps(connection, &run)).await
    }

    async fn steps_behind(&self, run: &RunId, name: &str, limit: usize) -> Result<Vec<StepRecord>, LedgerError> {
        let (run, name) = (run.clone(), name.to_owned());
        self.readers.read(move |connection| queries::steps_behind(connection, &run, &name, limit)).await
    }

    async fn unfinished_runs(&self) -> Result<Vec<RunId>, LedgerError> {
        self.readers.read(queries::unfinished_runs).await
    }

    async fn cached(&self, key: &str) -> Result<Option<CachedResult>, LedgerError> {
        let key = key.to_owned();
        self.readers.read(move |connection| queries::cached(connection, &key)).await
    }

    async fn record_upload(&self, artifact: &ArtifactRef, at_millis: Millis) -> Result<(), LedgerError> {
        let artifact = artifact.clone();
        self.writer.send(|reply| Job::Upload { artifact, at_millis, reply }).await
    }

    async fn artifacts(
        &self,
        run: Option<&RunId>,
        page: Option<&str>,
        limit: usize,
    ) -> Result<Page<ArtifactRecord>, LedgerError> {
        let (run, page) = (run.cloned(), page.map(str::to_owned));
        self.readers.read(move |connection| queries::artifacts(connection, run.as_ref(), page.as_deref(), limit)).await
    }

    async fn artifact(&self, digest: &str) -> Result<Option<ArtifactRecord>, LedgerError> {
        let digest = digest.to_owned();
        self.readers.read(move |connection| queries::artifact(connection, &digest)).await
    }

    async fn artifact_uses(&self, digest: &str) -> Result<Vec<ArtifactUse>, LedgerError> {
        let digest = digest.to_owned();
        self.readers.read(move |connection| queries::artifact_uses(connection, &digest)).await
    }

    async fn append_logs(&self, run: &RunId, lines: Vec<LogLine>) -> Result<(), LedgerError> {
        if lines.is_empty() {
            return Ok(());
        }
        self.writer.send_logs(run.clone(), lines).await
    }

    async fn logs(
        &self,
        run: &RunId,
        step: Option<&str>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<LogLine>, LedgerError> {
        if self.writer.has_waiting_logs() {
            self.writer.send(|reply| Job::Flush { reply }).await?;
        }
        let (run, step) = (run.clone(), step.map(str::to_owned));
        self.readers.read(move |connection| queries::logs(connection, &run, step.as_deref(), after, limit)).await
    }

    async fn metrics(&self, run: &RunId, after: u64, limit: usize) -> Result<Vec<MetricPoint>, LedgerError> {
        let run = run.clone();
        self.readers.read(move |connection| queries::metrics(connection, &run, after, limit)).await
    }

    async fn last_metrics(&self, run: &RunId, limit: usize) -> Result<Vec<MetricPoint>, LedgerError> {
        let run = run.clone();
        self.readers.read(move |connection| queries::last_metrics(connection, &run, limit)).await
    }

    async fn change_catalogue(&self, at_millis: Millis, changes: Vec<CatalogueChange>) -> Result<(), LedgerError> {
        let encoded = catalogue::encode(&changes)?;
        self.writer.send(|reply| Job::Catalogue { at_millis, changes, encoded, reply }).await
    }

    async fn catalogue(&self, kind: &str, owner: Option<&str>) -> Result<Vec<CatalogueItem>, LedgerError> {
        let (kind, owner) = (kind.to_owned(), owner.map(str::to_owned));
        self.readers.read(move |connection| queries::catalogue(connection, &kind, owner.as_deref())).await
    }

    async fn catalogue_item(&self, kind: &str, id: &str) -> Result<Option<CatalogueItem>, LedgerError> {
        let (kind, id) = (kind.to_owned(), id.to_owned());
        self.readers.read(move |connection| queries::catalogue_item(connection, &kind, &id)).await
    }

    async fn rebuild_views(&self) -> Result<(), LedgerError> {
        self.writer.send(|reply| Job::Rebuild { reply }).await
    }
}
