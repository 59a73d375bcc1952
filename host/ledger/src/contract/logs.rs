//! Promises about log lines.

use futures::future::join_all;

use super::sample::{entry, line, run, submitted};
use crate::{LogLine, SharedLedger};

async fn texts(ledger: &SharedLedger, number: u64, step: Option<&str>, after: u64, limit: usize) -> Vec<(u64, String)> {
    let lines: Vec<LogLine> = ledger.logs(&run(number), step, after, limit).await.unwrap();
    lines.into_iter().map(|line| (line.sequence, line.text)).collect()
}

fn numbered(lines: &[(u64, &str)]) -> Vec<(u64, String)> {
    lines.iter().map(|(sequence, text)| (*sequence, (*text).to_owned())).collect()
}

/// From 1, without gaps, in the order of the calls, whatever sequence the caller wrote; visible at once.
pub async fn lines_are_numbered_within_their_run(ledger: &SharedLedger) {
    ledger.append(vec![submitted(&run(1), 1, "p"), submitted(&run(2), 1, "p")]).await.unwrap();
    let wrong = LogLine { sequence: 77, ..line("load", "a") };
    ledger.append_logs(&run(1), vec![wrong, line("train", "b")]).await.unwrap();
    assert_eq!(texts(ledger, 1, None, 0, 10).await, numbered(&[(1, "a"), (2, "b")]));
    ledger.append_logs(&run(2), vec![line("load", "x")]).await.unwrap();
    ledger.append_logs(&run(1), vec![]).await.unwrap();
    ledger.append_logs(&run(1), vec![line("load", "c\u{0}ü")]).await.unwrap();
    assert_eq!(texts(ledger, 1, None, 0, 10).await, numbered(&[(1, "a"), (2, "b"), (3, "c\u{0}ü")]));
    assert_eq!(texts(ledger, 2, None, 0, 10).await, numbered(&[(1, "x")]));
    let kept = ledger.logs(&run(2), None, 0, 1).await.unwrap().remove(0);
    assert_eq!(kept, LogLine { sequence: 1, ..line("load", "x") });

    let second = run(2);
    let many = (0..50).map(|number| ledger.append_logs(&second, vec![line("load", &number.to_string()); 3]));
    assert!(join_all(many).await.iter().all(Result::is_ok));
    let lines = texts(ledger, 2, None, 1, 1000).await;
    assert_eq!(lines.len(), 150);
    for (position, (sequence, text)) in lines.iter().enumerate() {
        assert_eq!((*sequence, text.as_str()), (position as u64 + 2, (position / 3).to_string().as_str()));
    }
}

/// Oldest first; a step's lines keep their numbers within the run.
pub async fn lines_are_read_behind_a_position_and_by_step(ledger: &SharedLedger) {
    ledger.append(vec![submitted(&run(1), 1, "p")]).await.unwrap();
    let lines = vec![line("load", "a"), line("train", "b"), line("load", "c"), line("train", "d"), line("load", "e")];
    ledger.append_logs(&run(1), lines).await.unwrap();
    assert_eq!(texts(ledger, 1, None, 2, 2).await, numbered(&[(3, "c"), (4, "d")]));
    assert_eq!(texts(ledger, 1, Some("load"), 0, 2).await, numbered(&[(1, "a"), (3, "c")]));
    assert_eq!(texts(ledger, 1, Some("load"), 3, 10).await, numbered(&[(5, "e")]));
    assert_eq!(texts(ledger, 1, Some("nothing"), 0, 10).await, numbered(&[]));
    assert_eq!(texts(ledger, 1, None, 5, 10).await, numbered(&[]));
    assert_eq!(texts(ledger, 9, None, 0, 10).await, numbered(&[]));
}

/// What was acknowledged counts at once, and each run only counts its own.
pub async fn a_run_knows_how_far_its_history_and_its_log_have_come(ledger: &SharedLedger) {
    let position = async |number| ledger.run_position(&run(number)).await.unwrap();
    assert_eq!(position(1).await, (0, 0));
    ledger.append(vec![submitted(&run(1), 1, "p"), submitted(&run(2), 1, "p")]).await.unwrap();
    assert_eq!((position(1).await, position(2).await), ((1, 0), (2, 0)));
    ledger.append_logs(&run(1), vec![line("load", "a"), line("train", "b")]).await.unwrap();
    ledger.append(vec![entry(&run(1), 2, vec![])]).await.unwrap();
    assert_eq!((position(1).await, position(2).await), ((3, 2), (2, 0)));
}
