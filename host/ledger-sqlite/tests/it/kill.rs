//! `kill -9` at random moments: whatever was acknowledged is there, positions have no gaps.
//! The process that is killed is this test binary, started again to run `appends_until_killed` alone.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use host_ledger::contract::sample::{entry, line, run, step, submitted};
use host_ledger::{Ledger as _, RunFilter};
use host_ledger_sqlite::SqliteLedger;

use crate::support::integrity;

const FOLDER_VARIABLE: &str = "SANDMILL_TEST_LEDGER_TO_KILL";
const KILLS: u64 = 12;
const TASKS: u64 = 6;

/// In the child, appends and prints acknowledged positions until it is killed; elsewhere, nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn appends_until_killed() {
    let Some(folder) = std::env::var_os(FOLDER_VARIABLE) else { return };
    let ledger = Arc::new(SqliteLedger::open(Path::new(&folder)).unwrap());
    let generation = ledger.runs(&RunFilter::default(), None, 1).await.unwrap().items.len() as u64
        * (1 + ledger.unfinished_runs().await.unwrap().len() as u64);
    let tasks = (0..TASKS).map(|task| {
        let ledger = Arc::clone(&ledger);
        tokio::spawn(async move {
            let run = run(generation * TASKS + task);
            let mut next = vec![submitted(&run, 1, "p")];
            for at in 2.. {
                let sequences = ledger.append(next).await.unwrap();
                let printed = sequences.iter().map(|sequence| format!("acknowledged {run} {sequence}\n"));
                std::io::stdout().write_all(printed.collect::<String>().as_bytes()).unwrap();
                ledger.append_logs(&run, vec![line("load", "text")]).await.unwrap();
                next = vec![entry(&run, at, vec![step("load", "running", at as u32)]), entry(&run, at, vec![])];
            }
        })
    });
    futures::future::join_all(tasks).await;
}

fn start_and_kill(folder: &Path, after: Duration) -> Vec<(String, u64)> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::appends_until_killed", "--nocapture", "--test-threads=1"])
        .env(FOLDER_VARIABLE, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).split(b'\n');
    let mut acknowledged = Vec::new();
    let mut read = |bytes: Vec<u8>| {
        let line = String::from_utf8(bytes).unwrap();
        // The first line may stand behind libtest's own words; the last one may be cut short, and is
        // then no acknowledgement that anyone saw.
        let Some((_, told)) = line.split_once("acknowledged ") else { return false };
        if let Some((run, sequence)) = told.split_once(' ') {
            acknowledged.push((run.to_owned(), sequence.parse::<u64>().unwrap_or_default()));
        }
        true
    };
    while !read(lines.next().expect("the child acknowledges something").unwrap()) {}
    std::thread::sleep(after);
    child.kill().unwrap();
    let mut rest: Vec<Vec<u8>> = lines.map(Result::unwrap).collect();
    rest.pop();
    for line in rest {
        read(line);
    }
    child.wait().unwrap();
    acknowledged
}

#[test]
fn kill_nine_at_random_moments_loses_nothing_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut acknowledged = Vec::new();
    for kill in 0..KILLS {
        let mut random = RandomState::new().build_hasher();
        random.write_u64(kill);
        let after = Duration::from_micros(random.finish() % 120_000);
        acknowledged.extend(start_and_kill(folder.path(), after));
        runtime.block_on(check(folder.path(), &acknowledged, after));
    }
    eprintln!("{KILLS} kills, {} acknowledged entries, none lost", acknowledged.len());
    assert!(acknowledged.len() as u64 > KILLS);
    assert_eq!(integrity(folder.path()), "ok");
}

async fn check(folder: &Path, acknowledged: &[(String, u64)], after: Duration) {
    let ledger = SqliteLedger::open(folder).unwrap();
    let runs = ledger.runs(&RunFilter::default(), None, 100_000).await.unwrap().items;
    let mut positions = Vec::new();
    for record in &runs {
        for entry in ledger.entries(&record.id, 0, 1_000_000).await.unwrap() {
            positions.push((entry.sequence, record.id.to_string()));
        }
    }
    positions.sort_unstable();
    let gapless = positions.iter().zip(1..).all(|((sequence, _), expected)| *sequence == expected);
    assert!(gapless, "positions have gaps (killed after {after:?})");
    for (run, sequence) in acknowledged {
        let found = usize::try_from(*sequence).ok().and_then(|at| positions.get(at.wrapping_sub(1)));
        assert_eq!(
            found.map(|(_, found)| found),
            Some(run),
            "entry {sequence} was acknowledged (killed after {after:?})"
        );
    }
    let before: Vec<_> = runs.iter().map(|record| format!("{record:?}")).collect();
    ledger.rebuild_views().await.unwrap();
    let rebuilt = ledger.runs(&RunFilter::default(), None, 100_000).await.unwrap().items;
    assert_eq!(rebuilt.iter().map(|record| format!("{record:?}")).collect::<Vec<_>>(), before);
}
