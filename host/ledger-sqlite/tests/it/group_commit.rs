//! What durability costs: commits per append, appends per second.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::join_all;
use host_ledger::contract::sample::{entry, line, run, submitted};
use host_ledger::{Ledger as _, LedgerError};

use crate::support::fresh;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_appends_at_once_share_a_handful_of_commits() {
    let (ledger, _folder) = fresh();
    let before = ledger.commits();
    let appends = (0..1000).map(|number| {
        let run = run(number);
        ledger.append(vec![submitted(&run, 1, "p")])
    });
    assert!(join_all(appends).await.iter().all(Result::is_ok));
    let commits = ledger.commits() - before;
    eprintln!("1,000 appends at once: {commits} commits");
    assert!((1..=16).contains(&commits), "{commits} commits");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn appends_one_behind_the_other_cost_one_commit_each() {
    let (ledger, _folder) = fresh();
    let before = ledger.commits();
    for number in 0..20 {
        ledger.append(vec![submitted(&run(number), 1, "p"), entry(&run(number), 2, vec![])]).await.unwrap();
    }
    assert_eq!(ledger.commits() - before, 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_ride_along_and_cost_no_commit_of_their_own() {
    let (ledger, _folder) = fresh();
    let before = ledger.commits();
    for number in 0..50 {
        ledger.append_logs(&run(1), vec![line("load", &number.to_string())]).await.unwrap();
    }
    ledger.append(vec![submitted(&run(1), 1, "p")]).await.unwrap();
    let commits = ledger.commits() - before;
    // One where everything was queued within the 50 ms that lines wait; a busy machine may take longer.
    assert!(commits <= 3, "{commits} commits");
    assert_eq!(ledger.logs(&run(1), None, 0, 100).await.unwrap().len(), 50);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_that_nobody_waits_for_are_committed_by_themselves() {
    let (ledger, folder) = fresh();
    ledger.append_logs(&run(1), vec![line("load", "a"), line("load", "b")]).await.unwrap();
    // Another connection sees only what is committed, and does not hurry the ledger as `logs` would.
    let outside = rusqlite::Connection::open(folder.path().join("ledger.sqlite3")).unwrap();
    let began = Instant::now();
    let committed = || outside.query_row("SELECT count(*) FROM logs", [], |row| row.get::<_, i64>(0)).unwrap();
    while committed() < 2 {
        assert!(began.elapsed() < Duration::from_secs(10), "still not committed");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    eprintln!("lines were committed after {:?}", began.elapsed());
    assert_eq!(ledger.commits(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_appends_than_the_queue_holds_wait_their_turn() {
    let (ledger, _folder) = fresh();
    let runs: Vec<_> = (0..6000).map(run).collect();
    let appends = runs.iter().map(|run| ledger.append(vec![submitted(run, 1, "p")]));
    let mut positions: Vec<u64> = join_all(appends).await.into_iter().flat_map(Result::unwrap).collect();
    positions.sort_unstable();
    assert_eq!(positions, (1..=6000).collect::<Vec<_>>());
    assert!(ledger.commits() >= 6, "no commit holds more than 1,024 appends");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_that_goes_away_takes_nothing_with_it() {
    let (ledger, _folder) = fresh();
    for number in 0..200 {
        let run = run(number);
        let append = ledger.append(vec![submitted(&run, 1, "p")]);
        // Given up at a random moment: before it is queued, while it waits, or when it is done.
        let _ = tokio::time::timeout(Duration::from_micros(number * 20), append).await;
    }
    let last = ledger.append(vec![submitted(&run(1000), 1, "p")]).await.unwrap()[0];
    let mut kept = 1;
    for number in 0..200 {
        kept += ledger.entries(&run(number), 0, 10).await.unwrap().len() as u64;
    }
    assert_eq!(last, kept, "positions count what is kept, without gaps");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_append_among_hundreds_fails_alone() {
    let (ledger, _folder) = fresh();
    let appends = (0..500).map(|number| {
        let run = run(number);
        let bad = number % 50 == 7;
        ledger.append(vec![if bad { entry(&run, 1, vec![]) } else { submitted(&run, 1, "p") }])
    });
    let results = join_all(appends).await;
    let mut positions = Vec::new();
    for (number, result) in results.into_iter().enumerate() {
        match result {
            Ok(sequences) => positions.extend(sequences),
            Err(error) => assert!(number % 50 == 7 && matches!(error, LedgerError::Refused(_)), "{number}: {error}"),
        }
    }
    assert_eq!(positions, (1..=490).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn appends_per_second_are_measured() {
    let (ledger, _folder) = fresh();
    for tasks in [1, 64] {
        const APPENDS: u64 = 640;
        let (before, began) = (ledger.commits(), Instant::now());
        let work = (0..tasks).map(|task| {
            let ledger = Arc::clone(&ledger);
            tokio::spawn(async move {
                for number in 0..APPENDS / tasks {
                    let run = run(1_000_000 * tasks + 1000 * task + number);
                    ledger.append(vec![submitted(&run, 1, "p")]).await.unwrap();
                }
            })
        });
        join_all(work).await.into_iter().for_each(Result::unwrap);
        let per_second = APPENDS as f64 / began.elapsed().as_secs_f64();
        let commits = ledger.commits() - before;
        eprintln!("{tasks} tasks: {per_second:.0} appends/s, {commits} commits for {APPENDS} appends");
        assert!(commits <= APPENDS);
        assert!(tasks == 1 || commits * 4 <= APPENDS, "{commits} commits for {APPENDS} appends of {tasks} tasks");
    }
}
