//! Opening, closing, opening again, and files that are not ours.

use host_ledger::contract::sample::{artifact, line, run, submitted};
use host_ledger::{Ledger as _, LedgerError};
use host_ledger_sqlite::SqliteLedger;

use crate::support::{fresh, integrity};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_is_there_after_closing_and_opening() {
    let (ledger, folder) = fresh();
    ledger.append(vec![submitted(&run(1), 1, "p")]).await.unwrap();
    ledger.append_logs(&run(1), vec![line("load", "not yet committed when the ledger closes")]).await.unwrap();
    ledger.record_upload(&artifact("a"), 2).await.unwrap();
    ledger.close().await.unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let left_over = entry.file_name().to_string_lossy().ends_with("-wal") && entry.metadata().unwrap().len() > 0;
        assert!(!left_over, "the write-ahead log is folded in");
    }
    let reopened = SqliteLedger::open(folder.path()).unwrap();
    assert_eq!(reopened.append(vec![submitted(&run(2), 3, "p")]).await.unwrap(), [2]);
    assert_eq!(reopened.logs(&run(1), None, 0, 10).await.unwrap().len(), 1);
    assert_eq!(reopened.artifacts(None, None, 10).await.unwrap().items.len(), 1);
    drop(reopened);
    assert_eq!(integrity(folder.path()), "ok");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_ledger_keeps_lines_that_still_waited() {
    let (ledger, folder) = fresh();
    ledger.append_logs(&run(1), vec![line("load", "a")]).await.unwrap();
    drop(ledger);
    let reopened = SqliteLedger::open(folder.path()).unwrap();
    assert_eq!(reopened.logs(&run(1), None, 0, 10).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_ledger_says_so() {
    let (ledger, _folder) = fresh();
    ledger.close().await.unwrap();
    let errors = [
        ledger.append(vec![submitted(&run(1), 1, "p")]).await.unwrap_err(),
        ledger.append_logs(&run(1), vec![line("load", "a")]).await.unwrap_err(),
        ledger.run(&run(1)).await.unwrap_err(),
        ledger.close().await.unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(&error, LedgerError::Storage(why) if why.contains("closed")), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_ledgers_never_share_a_folder() {
    let (ledger, folder) = fresh();
    let error = SqliteLedger::open(folder.path()).unwrap_err();
    assert!(error.to_string().contains("open in another process"), "{error}");
    ledger.close().await.unwrap();
    SqliteLedger::open(folder.path()).unwrap();
}

#[test]
fn what_is_no_ledger_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ledger.sqlite3"), "no database, but long enough to look like one".repeat(99))
        .unwrap();
    let error = SqliteLedger::open(folder.path()).unwrap_err();
    assert!(matches!(error, LedgerError::Corrupt(_)), "{error}");

    let file = tempfile::NamedTempFile::new().unwrap();
    let error = SqliteLedger::open(file.path()).unwrap_err();
    assert!(error.to_string().contains(&file.path().display().to_string()), "it names the place: {error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_that_cannot_be_read_is_named() {
    let (ledger, folder) = fresh();
    ledger.append(vec![submitted(&run(1), 1, "p")]).await.unwrap();
    ledger.close().await.unwrap();
    let connection = rusqlite::Connection::open(folder.path().join("ledger.sqlite3")).unwrap();
    connection.execute("UPDATE entries SET facts = '[{\"fact\":\"from-the-future\"}]'", []).unwrap();
    drop(connection);
    let reopened = SqliteLedger::open(folder.path()).unwrap();
    let error = reopened.entries(&run(1), 0, 10).await.unwrap_err();
    assert!(matches!(&error, LedgerError::Corrupt(why) if why.contains("from-the-future")), "{error}");
    assert!(matches!(reopened.rebuild_views().await, Err(LedgerError::Corrupt(_))));
    assert!(reopened.run(&run(1)).await.unwrap().is_some(), "a rebuild that fails leaves the views as they were");
}
