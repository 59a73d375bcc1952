//! Promises about entries: positions, order, all or none.

use futures::future::join_all;
use serde_json::json;

use super::sample::{entry, finished, run, step, submitted};
use crate::encoding::{APPEND_ENTRIES_MAX, ENTRY_BYTES_MAX};
use crate::{Fact, LedgerError, RunFilter, SharedLedger};

/// Positions count from 1 over all runs, and an empty append takes none.
pub async fn positions_count_from_one_without_gaps(ledger: &SharedLedger) {
    let (a, b) = (run(1), run(2));
    assert_eq!(ledger.append(vec![submitted(&a, 1, "p"), entry(&a, 2, vec![])]).await.unwrap(), [1, 2]);
    assert_eq!(ledger.append(vec![]).await.unwrap(), [0_u64; 0]);
    assert_eq!(ledger.append(vec![submitted(&b, 3, "p")]).await.unwrap(), [3]);
    assert_eq!(ledger.append(vec![entry(&a, 4, vec![])]).await.unwrap(), [4]);
}

/// An append with one wrong entry leaves no trace and no gap.
pub async fn an_append_is_kept_whole_or_not_at_all(ledger: &SharedLedger) {
    let (a, b) = (run(1), run(2));
    ledger.append(vec![submitted(&a, 1, "p")]).await.unwrap();
    let before = (ledger.run(&a).await.unwrap(), ledger.steps(&a).await.unwrap());
    let wrong: [(Vec<_>, &str); 4] = [
        (vec![finished(&a, 2, "failed"), entry(&b, 2, vec![])], "does not introduce it"),
        (vec![finished(&a, 2, "failed"), submitted(&a, 2, "p")], "introduced a second time"),
        (vec![submitted(&b, 2, "p"), submitted(&b, 2, "p")], "introduced a second time"),
        (vec![entry(&b, 2, vec![step("load", "running", 1)])], "does not introduce it"),
    ];
    for (entries, reason) in wrong {
        let error = ledger.append(entries).await.unwrap_err();
        assert!(matches!(&error, LedgerError::Refused(why) if why.contains(reason)), "{error}");
        assert_eq!((ledger.run(&a).await.unwrap(), ledger.steps(&a).await.unwrap()), before);
        assert_eq!(ledger.run(&b).await.unwrap(), None);
        assert!(ledger.entries(&b, 0, 10).await.unwrap().is_empty());
    }
    assert_eq!(ledger.append(vec![submitted(&b, 3, "p")]).await.unwrap(), [2]);
}

/// Of appends made together, each stands in one piece, and the positions are all different.
pub async fn appends_at_the_same_time_keep_their_order_and_share_no_position(ledger: &SharedLedger) {
    const APPENDS: u64 = 200;
    let appends = (0..APPENDS).map(|number| {
        let run = run(number);
        ledger.append(vec![submitted(&run, 1, "p"), entry(&run, 2, vec![]), finished(&run, 3, "succeeded")])
    });
    let positions: Vec<Vec<u64>> = join_all(appends).await.into_iter().map(Result::unwrap).collect();
    for (number, got) in (0..).zip(&positions) {
        assert_eq!(got, &[number * 3 + 1, number * 3 + 2, number * 3 + 3], "calls in order, each in one piece");
        let entries = ledger.entries(&run(number), 0, 10).await.unwrap();
        assert_eq!(&entries.iter().map(|entry| entry.sequence).collect::<Vec<_>>(), got);
    }
}

/// A refused append fails alone, even where it was committed together with others.
pub async fn a_refused_append_leaves_its_neighbours_alone(ledger: &SharedLedger) {
    let appends = (0..60).map(|number| {
        let run = run(number);
        ledger.append(vec![if number % 7 == 3 { entry(&run, 1, vec![]) } else { submitted(&run, 1, "p") }])
    });
    let results = join_all(appends).await;
    let mut expected = 1;
    for (number, result) in (0..).zip(results) {
        if number % 7 == 3 {
            assert!(matches!(result, Err(LedgerError::Refused(_))), "{number}: {result:?}");
        } else {
            assert_eq!(result.unwrap(), [expected], "{number}");
            expected += 1;
        }
        assert_eq!(ledger.run(&run(number)).await.unwrap().is_some(), number % 7 != 3);
    }
}

/// Events and facts come back equal, to the last bit of a number.
pub async fn entries_come_back_as_they_went_in(ledger: &SharedLedger) {
    let a = run(1);
    let mut odd = entry(&a, u64::from(u32::MAX), vec![step("load", "running", 1)]);
    odd.event = json!({
        "z": 1, "a": [null, true, "ü\u{0}\"\\\n"], "float": 0.1 + 0.2, "small": 5e-324, "large": u64::MAX,
        "awkward": 1.000_000_000_000_000_2_f64, "negative": i64::MIN,
    });
    let metric = |value| Fact::Metric { step: "s".into(), name: "loss".into(), index: u64::MAX >> 1, value };
    odd.facts.extend([metric(Some(0.1 + 0.2)), metric(None), metric(Some(5e-324))]);
    ledger.append(vec![submitted(&a, 1, "p"), odd.clone()]).await.unwrap();
    let kept = ledger.entries(&a, 1, 1).await.unwrap().remove(0);
    assert_eq!((kept.sequence, &kept.run, kept.at_millis), (2, &odd.run, odd.at_millis));
    assert_eq!(kept.facts, odd.facts);
    assert_eq!(kept.event, odd.event);
    assert_eq!(kept.event.to_string(), odd.event.to_string(), "the keys as well keep their order");
}

/// Only entries of the run, only behind the position, at most as many as asked for.
pub async fn entries_are_read_behind_a_position(ledger: &SharedLedger) {
    let (a, b) = (run(1), run(2));
    ledger.append(vec![submitted(&a, 1, "p"), submitted(&b, 1, "p")]).await.unwrap();
    for at in 0..5 {
        ledger.append(vec![entry(&a, at, vec![]), entry(&b, at, vec![])]).await.unwrap();
    }
    let read = async |after, limit| {
        let entries = ledger.entries(&a, after, limit).await.unwrap();
        assert!(entries.iter().all(|entry| entry.run == a));
        entries.iter().map(|entry| entry.sequence).collect::<Vec<_>>()
    };
    assert_eq!(read(0, 100).await, [1, 3, 5, 7, 9, 11]);
    assert_eq!(read(3, 2).await, [5, 7]);
    assert_eq!(read(4, 1).await, [5]);
    assert_eq!(read(11, 100).await, [0_u64; 0]);
    assert!(ledger.entries(&run(3), 0, 100).await.unwrap().is_empty());
}

/// What is larger than a ledger takes is refused by name, and nothing of it is kept.
pub async fn what_is_past_its_size_is_refused(ledger: &SharedLedger) {
    let a = run(1);
    let mut large = submitted(&a, 1, "p");
    large.event = json!("x".repeat(ENTRY_BYTES_MAX));
    let error = ledger.append(vec![large]).await.unwrap_err();
    assert!(matches!(&error, LedgerError::Refused(why) if why.contains(&ENTRY_BYTES_MAX.to_string())), "{error}");
    let mut many = vec![submitted(&a, 1, "p")];
    many.resize(APPEND_ENTRIES_MAX + 1, entry(&a, 2, vec![]));
    let error = ledger.append(many).await.unwrap_err();
    assert!(matches!(&error, LedgerError::Refused(why) if why.contains(&APPEND_ENTRIES_MAX.to_string())), "{error}");
    assert!(ledger.runs(&RunFilter::default(), None, 10).await.unwrap().items.is_empty());
}
