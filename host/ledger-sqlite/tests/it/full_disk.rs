//! A full disk: typed, survivable, and nothing acknowledged is lost.

use std::path::Path;
use std::process::Command;

use host_ledger::contract::sample::{entry, line, run, submitted};
use host_ledger::{Ledger, LedgerError, NewEntry, RunFilter};
use host_ledger_sqlite::{SqliteConfig, SqliteLedger};

use crate::support::integrity;

fn large(number: u64, bytes: usize) -> NewEntry {
    let mut large = submitted(&run(number), number, "p");
    large.event = serde_json::json!("x".repeat(bytes));
    large
}

/// Appends until the ledger is full; says how many were acknowledged.
async fn fill(ledger: &SqliteLedger, bytes: usize) -> (u64, LedgerError) {
    for number in 1..10_000 {
        match ledger.append(vec![large(number, bytes)]).await {
            Ok(sequences) => assert_eq!(sequences, [number]),
            Err(error) => return (number - 1, error),
        }
    }
    panic!("the ledger never became full");
}

async fn holds_exactly(ledger: &impl Ledger, runs: u64) {
    let page = ledger.runs(&RunFilter::default(), None, 100_000).await.unwrap();
    assert_eq!(page.items.len() as u64, runs);
    for number in 1..=runs {
        assert_eq!(ledger.entries(&run(number), 0, 10).await.unwrap()[0].sequence, number);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn past_its_size_the_ledger_refuses_what_does_not_fit_and_takes_what_does() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open_with(folder.path(), &SqliteConfig { file_bytes_max: 2 << 20 }).unwrap();
    let (kept, error) = fill(&ledger, 100_000).await;
    assert!(matches!(error, LedgerError::Full(_)), "{error}");
    assert!(kept > 5, "{kept}");
    holds_exactly(&ledger, kept).await;

    // Committed together with one that does not fit, the small ones still get through.
    let (small, big) = (run(20_000), run(20_001));
    let (first, second, third) = tokio::join!(
        ledger.append(vec![submitted(&small, 1, "p")]),
        ledger.append(vec![large(30_000, 500_000)]),
        ledger.append(vec![entry(&small, 2, vec![])]),
    );
    assert_eq!((first.unwrap(), third.unwrap()), (vec![kept + 1], vec![kept + 2]));
    assert!(matches!(second, Err(LedgerError::Full(_))));
    assert!(ledger.run(&big).await.unwrap().is_none());
    ledger.close().await.unwrap();
    drop(ledger);

    let larger = SqliteLedger::open(folder.path()).unwrap();
    assert_eq!(larger.append(vec![large(40_000, 500_000)]).await.unwrap(), [kept + 3]);
    drop(larger);
    assert_eq!(integrity(folder.path()), "ok");
}

/// A small file system of its own; unmounted when dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount(bytes: u64) -> Result<Self, String> {
        let folder = tempfile::tempdir().unwrap();
        let size = format!("size={bytes}");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder.path()).output();
        match mounted {
            Ok(output) if output.status.success() => Ok(Self(folder)),
            Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg("--lazy").arg(self.0.path()).status();
        assert!(unmounted.is_ok_and(|status| status.success()), "{} stays mounted", self.0.path().display());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_fails_appends_and_nothing_else() {
    let disk = match SmallDisk::mount(4 << 20) {
        Ok(disk) => disk,
        Err(reason) => {
            eprintln!("skipped: a small file system could not be mounted (needs root): {reason}");
            return;
        }
    };
    let ledger = SqliteLedger::open(disk.path()).unwrap();
    let (kept, error) = fill(&ledger, 50_000).await;
    eprintln!("full after {kept} appends: {error}");
    assert!(matches!(error, LedgerError::Full(_)), "{error}");
    holds_exactly(&ledger, kept).await;
    ledger.append_logs(&run(1), vec![line("load", &"y".repeat(1 << 20))]).await.unwrap();
    assert!(ledger.logs(&run(1), None, 0, 10).await.unwrap().is_empty(), "lost, and said so in the node's log");
    drop(ledger);

    let room = SqliteLedger::open(disk.path());
    if let Ok(ledger) = room {
        // Folding the log in may have freed some space; either way nothing is missing.
        holds_exactly(&ledger, kept).await;
    }
    let resized = Command::new("mount").args(["-o", "remount,size=64m"]).arg(disk.path()).status();
    assert!(resized.is_ok_and(|status| status.success()));
    let ledger = SqliteLedger::open(disk.path()).unwrap();
    holds_exactly(&ledger, kept).await;
    assert_eq!(ledger.append(vec![large(kept + 1, 500_000)]).await.unwrap(), [kept + 1]);
    drop(ledger);
    assert_eq!(integrity(disk.path()), "ok");
}
