//! A few connections that only read, each used by one question at a time on a blocking thread.
//! Never waits for the writer: in WAL mode a reader sees the last commit.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use host_ledger::LedgerError;
use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::connection;

/// Questions answered at the same time; the next waits.
const READERS_MAX: usize = 4;

/// The reading connections.
#[derive(Debug)]
pub(crate) struct Readers {
    idle: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub(crate) fn open(file: &Path) -> Result<Self, LedgerError> {
        let idle = (0..READERS_MAX).map(|_| connection::open_reader(file)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { idle: Arc::new(Mutex::new(idle)), permits: Arc::new(Semaphore::new(READERS_MAX)) })
    }

    /// Asks a question on a blocking thread.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Connection) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let permit = self.permits.clone().acquire_owned().await.map_err(|_| closed())?;
        let idle = self.idle.clone();
        let answer = tokio::task::spawn_blocking(move || {
            let reader = Reader::take(idle, permit)?;
            question(reader.connection.as_ref().ok_or_else(closed)?)
        });
        answer.await.map_err(|error| LedgerError::Storage(format!("a reader stopped: {error}")))?
    }

    /// Waits for the questions under way, answers no more, and closes the connections.
    pub(crate) async fn close(&self) {
        if let Ok(_all) = self.permits.acquire_many(READERS_MAX as u32).await {
            self.permits.close();
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }
}

fn closed() -> LedgerError {
    LedgerError::Storage("the ledger is closed".to_owned())
}

/// A connection in use. It goes back even where the question panics.
struct Reader {
    connection: Option<Connection>,
    idle: Arc<Mutex<Vec<Connection>>>,
    /// Last, so that the connection is back before the next question may begin.
    _permit: OwnedSemaphorePermit,
}

impl Reader {
    fn take(idle: Arc<Mutex<Vec<Connection>>>, permit: OwnedSemaphorePermit) -> Result<Self, LedgerError> {
        let connection = idle.lock().unwrap_or_else(PoisonError::into_inner).pop().ok_or_else(closed)?;
        Ok(Self { connection: Some(connection), idle, _permit: permit })
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.extend(self.connection.take());
    }
}
