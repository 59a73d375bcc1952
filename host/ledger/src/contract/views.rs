//! Promises about what is derived: steps, results, lineage, metrics, and that it can be derived again.

use host_base::{Code, Failure, RunId, Usage};
use serde_json::json;

use super::sample::{artifact, entry, finished, run, step, submitted};
use crate::{ArtifactUse, Fact, MetricPoint, RunFilter, SharedLedger, StepRecord};

async fn one_step(ledger: &SharedLedger, run: &RunId, name: &str) -> StepRecord {
    ledger.steps(run).await.unwrap().into_iter().find(|step| step.name == name).unwrap()
}

/// Status, attempts, times, failure, usage and outputs, and the run's count of ended steps.
pub async fn steps_follow_their_facts(ledger: &SharedLedger) {
    let a = run(1);
    ledger.append(vec![submitted(&a, 10, "p")]).await.unwrap();
    let names: Vec<String> = ledger.steps(&a).await.unwrap().into_iter().map(|step| step.name).collect();
    assert_eq!(names, ["load", "train"]);
    let load = one_step(ledger, &a, "load").await;
    assert_eq!((load.status.as_str(), load.attempts, load.started_at_millis), ("waiting", 0, None));

    let used = Usage { wall_micros: 7, cpu_ticks: 1, ..Usage::default() };
    let boom = Failure::new(Code::Trap, "unreachable").with_hint("look").retryable();
    let mut failing = step("load", "backoff", 1);
    if let Fact::Step { failure, usage, .. } = &mut failing {
        (*failure, *usage) = (Some(boom.clone()), Some(used));
    }
    ledger.append(vec![entry(&a, 11, vec![step("load", "running", 1)]), entry(&a, 12, vec![failing])]).await.unwrap();
    let load = one_step(ledger, &a, "load").await;
    assert_eq!((load.status.as_str(), load.attempts, load.started_at_millis), ("backoff", 1, Some(11)));
    assert_eq!((load.failure, load.usage, load.finished_at_millis), (Some(boom), Some(used), None));

    ledger.append(vec![entry(&a, 13, vec![step("load", "running", 2)])]).await.unwrap();
    let load = one_step(ledger, &a, "load").await;
    assert_eq!(
        (load.failure, load.usage, load.started_at_millis),
        (None, None, Some(11)),
        "a new attempt begins blank"
    );
    assert_eq!(ledger.run(&a).await.unwrap().unwrap().steps_finished, 0);

    ledger.append(vec![entry(&a, 14, vec![step("load", "succeeded", 2)])]).await.unwrap();
    let load = one_step(ledger, &a, "load").await;
    assert_eq!((load.finished_at_millis, load.outputs), (Some(14), Some(json!({ "table": { "plain": 1 } }))));
    assert_eq!(ledger.run(&a).await.unwrap().unwrap().steps_finished, 1);
    assert!(ledger.steps(&run(2)).await.unwrap().is_empty());

    for (behind, limit, expected) in
        [("", 1, &["load"][..]), ("", 9, &["load", "train"]), ("load", 9, &["train"]), ("train", 9, &[])]
    {
        let page = ledger.steps_behind(&a, behind, limit).await.unwrap();
        let names: Vec<&str> = page.iter().map(|step| step.name.as_str()).collect();
        assert_eq!(names, expected, "{limit} behind `{behind}`");
    }

    ledger.append(vec![entry(&a, 15, vec![Fact::StepsTotal { steps_total: 7 }])]).await.unwrap();
    assert_eq!(ledger.run(&a).await.unwrap().unwrap().steps_total, 7, "a loop's steps are known once its items are");
    let mut round = step("loop/0", "succeeded", 0);
    if let Fact::Step { kind, parent, .. } = &mut round {
        (*kind, *parent) = ("iteration".to_owned(), Some("loop".to_owned()));
    }
    ledger.append(vec![entry(&a, 16, vec![round])]).await.unwrap();
    let round = one_step(ledger, &a, "loop/0").await;
    assert_eq!((round.kind.as_str(), round.parent.as_deref()), ("iteration", Some("loop")));
    assert_eq!(ledger.run(&a).await.unwrap().unwrap().steps_finished, 1, "only steps that call something count");
}

/// What had ended has not, and counts again once it ends again.
pub async fn a_run_that_is_tried_again_opens_anew(ledger: &SharedLedger) {
    let a = run(1);
    ledger.append(vec![submitted(&a, 1, "p")]).await.unwrap();
    let ended = vec![step("load", "succeeded", 1), step("train", "failed", 1)];
    ledger.append(vec![entry(&a, 2, ended), finished(&a, 3, "failed")]).await.unwrap();
    let record = ledger.run(&a).await.unwrap().unwrap();
    assert_eq!((record.status.as_str(), record.steps_finished, record.finished_at_millis), ("failed", 2, Some(3)));

    let reopened = Fact::RunStatus { status: "running".into(), finished: false, failure: None };
    ledger.append(vec![entry(&a, 4, vec![reopened, step("train", "waiting", 1)])]).await.unwrap();
    let record = ledger.run(&a).await.unwrap().unwrap();
    assert_eq!((record.status.as_str(), record.steps_finished, record.finished_at_millis), ("running", 1, None));
    assert_eq!(one_step(ledger, &a, "train").await.finished_at_millis, None);

    ledger.append(vec![entry(&a, 5, vec![step("train", "succeeded", 2)])]).await.unwrap();
    ledger.append(vec![entry(&a, 6, vec![step("train", "succeeded", 2)])]).await.unwrap();
    assert_eq!(ledger.run(&a).await.unwrap().unwrap().steps_finished, 2, "told twice, counted once");
    assert_eq!(one_step(ledger, &a, "train").await.finished_at_millis, Some(5));
}

/// Looked up by key alone, across runs.
pub async fn the_newest_cached_result_wins(ledger: &SharedLedger) {
    let result = |key: &str, number: u64| Fact::CacheStored {
        key: key.to_owned(),
        step: "load".to_owned(),
        outputs: json!({ "table": { "plain": number } }),
    };
    for number in 1..=3 {
        let run = run(number);
        ledger.append(vec![submitted(&run, 1, "p"), entry(&run, 2, vec![result("k", number)])]).await.unwrap();
    }
    ledger.append(vec![entry(&run(2), 3, vec![result("other", 9)])]).await.unwrap();
    let found = ledger.cached("k").await.unwrap().unwrap();
    assert_eq!((found.run, found.outputs), (run(3), json!({ "table": { "plain": 3 } })));
    assert_eq!(ledger.cached("other").await.unwrap().unwrap().run, run(2));
    assert!(ledger.cached("nothing").await.unwrap().is_none());
}

/// Newest first, each once however many attempts there were.
pub async fn uses_of_an_artifact_are_known(ledger: &SharedLedger) {
    let digest = artifact("one").digest.to_string();
    let used = |step: &str, parameter: &str| Fact::ArtifactUsed {
        step: step.to_owned(),
        parameter: parameter.to_owned(),
        digest: digest.clone(),
    };
    let (a, b) = (run(1), run(2));
    ledger.append(vec![submitted(&a, 1, "p"), submitted(&b, 1, "p")]).await.unwrap();
    ledger.append(vec![entry(&a, 2, vec![used("load", "rows"), used("load", "more")])]).await.unwrap();
    ledger
        .append(vec![entry(&b, 3, vec![used("load", "rows")]), entry(&a, 4, vec![used("load", "rows")])])
        .await
        .unwrap();
    let expected = [(&b, "rows"), (&a, "more"), (&a, "rows")].map(|(run, parameter)| ArtifactUse {
        run: run.clone(),
        step: "load".to_owned(),
        parameter: parameter.to_owned(),
    });
    assert_eq!(ledger.artifact_uses(&digest).await.unwrap(), expected);
    assert!(ledger.artifact_uses("sha256:00").await.unwrap().is_empty());
}

/// In the order of the entries, numbered within the run; what JSON cannot hold is none.
pub async fn metrics_keep_their_order(ledger: &SharedLedger) {
    let (a, b) = (run(1), run(2));
    let point = |index: u64, value| Fact::Metric { step: "train".into(), name: "loss".into(), index, value };
    ledger.append(vec![submitted(&a, 1, "p"), submitted(&b, 1, "p")]).await.unwrap();
    ledger.append(vec![entry(&a, 2, vec![point(0, Some(0.3)), point(1, None)])]).await.unwrap();
    ledger
        .append(vec![entry(&b, 3, vec![point(0, Some(9.0))]), entry(&a, 4, vec![point(2, Some(0.1))])])
        .await
        .unwrap();
    let expected = |sequence, at_millis, index, value| MetricPoint {
        sequence,
        at_millis,
        step: "train".into(),
        name: "loss".into(),
        index,
        value,
    };
    let all = [expected(1, 2, 0, Some(0.3)), expected(2, 2, 1, None), expected(3, 4, 2, Some(0.1))];
    assert_eq!(ledger.metrics(&a, 0, 100).await.unwrap(), all);
    assert_eq!(ledger.metrics(&a, 1, 1).await.unwrap(), all[1..2]);
    assert_eq!(ledger.metrics(&b, 1, 100).await.unwrap(), []);
    assert_eq!(ledger.last_metrics(&a, 2).await.unwrap(), all[1..]);
    assert_eq!(ledger.last_metrics(&a, 100).await.unwrap(), all);
    assert_eq!(ledger.last_metrics(&run(3), 2).await.unwrap(), []);
}

/// Everything that can be asked is answered the same before and after.
pub async fn rebuilt_views_are_equal(ledger: &SharedLedger) {
    write_some_history(ledger).await;
    let before = everything(ledger).await;
    ledger.rebuild_views().await.unwrap();
    let after = everything(ledger).await;
    assert_eq!(after, before);
    assert!(before.contains("failed") && before.contains("uploaded first") && before.contains("loss"), "{before}");
    let next = run(1000);
    ledger.append(vec![submitted(&next, 1, "p")]).await.unwrap();
    assert_eq!(ledger.runs(&RunFilter::default(), None, 1).await.unwrap().items[0].id, next, "and life goes on");
}

async fn write_some_history(ledger: &SharedLedger) {
    let mut early = artifact("uploaded first");
    early.metadata.insert("name".into(), "uploaded first".into());
    ledger.record_upload(&early, 1).await.unwrap();
    for number in 0..12 {
        let run = run(number);
        let content = format!("content {}", number % 5);
        let facts = vec![
            step("load", "succeeded", 1),
            Fact::ArtifactMade { step: "load".into(), output: "table".into(), artifact: artifact(&content) },
            Fact::ArtifactUsed { step: "train".into(), parameter: "t".into(), digest: early.digest.to_string() },
            Fact::CacheStored { key: format!("k{}", number % 4), step: "load".into(), outputs: json!({ "n": number }) },
            Fact::Metric { step: "load".into(), name: "loss".into(), index: number, value: Some(0.1 * number as f64) },
        ];
        ledger.append(vec![submitted(&run, number, "p"), entry(&run, number + 1, facts)]).await.unwrap();
        ledger.record_upload(&artifact(&format!("content {}", number % 7)), number).await.unwrap();
        if number % 3 == 0 {
            ledger.append(vec![finished(&run, number + 2, "failed")]).await.unwrap();
        }
    }
}

async fn everything(ledger: &SharedLedger) -> String {
    let mut told = String::new();
    let mut tell = |what: &dyn std::fmt::Debug| told.push_str(&format!("{what:?}\n"));
    tell(&ledger.runs(&RunFilter::default(), None, 5).await.unwrap());
    tell(&ledger.runs(&RunFilter::default(), None, 100).await.unwrap());
    tell(&ledger.artifacts(None, None, 5).await.unwrap());
    let artifacts = ledger.artifacts(None, None, 100).await.unwrap();
    for record in &artifacts.items {
        tell(&ledger.artifact_uses(&record.artifact.digest.to_string()).await.unwrap());
        tell(&ledger.artifact(&record.artifact.digest.to_string()).await.unwrap());
    }
    tell(&artifacts);
    for number in 0..12 {
        let run = run(number);
        tell(&(ledger.run(&run).await.unwrap(), ledger.steps(&run).await.unwrap()));
        tell(&ledger.artifacts(Some(&run), None, 100).await.unwrap());
        tell(&(ledger.cached(&format!("k{number}")).await.unwrap(), ledger.metrics(&run, 0, 100).await.unwrap()));
    }
    tell(&ledger.unfinished_runs().await.unwrap());
    told
}
