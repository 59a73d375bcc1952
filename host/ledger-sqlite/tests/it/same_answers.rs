//! Any history whatsoever, told to both ledgers: every question has the same answer in both, also
//! after a rebuild and after closing and opening again.

use host_base::{Code, Failure};
use host_ledger::contract::catalogue::{put, removed};
use host_ledger::contract::sample::{artifact, entry, finished, line, run, step, submitted};
use host_ledger::{
    CatalogueChange, Fact, Firing, Ledger, LedgerError, MemoryLedger, NewEntry, RunAttributes, RunFilter,
};
use host_ledger_sqlite::SqliteLedger;
use proptest::prelude::*;

const RUNS: u64 = 5;

/// Something that can be told to a ledger.
#[derive(Clone, Debug)]
enum Told {
    Append(Vec<NewEntry>),
    Upload(&'static str, u64),
    Lines(u64, Vec<&'static str>),
    Catalogue(u64, Vec<CatalogueChange>),
}

fn text() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["load", "train", "a", "ü\u{0}", ""])
}

fn fact() -> impl Strategy<Value = Fact> {
    let status = prop::sample::select(vec!["waiting", "running", "backoff", "succeeded", "failed"]);
    prop_oneof![
        4 => (text(), status, 0_u32..4).prop_map(|(name, status, attempt)| step(name, status, attempt)),
        1 => any::<bool>().prop_map(|finished| Fact::RunStatus {
            status: format!("{finished}"),
            finished,
            failure: finished.then(|| Failure::new(Code::DeadlineReached, "too late")),
        }),
        1 => (0_u64..9).prop_map(|steps_total| Fact::StepsTotal { steps_total }),
        1 => (text(), any::<bool>()).prop_map(|(name, removed)| Fact::RunAttributes(RunAttributes {
            experiment: Some(name.to_owned()),
            firing: Some(Firing { schedule: name.to_owned(), scheduled_at_millis: 1, index: 2 }),
            removed,
            ..RunAttributes::default()
        })),
        1 => (text(), text(), text()).prop_map(|(step, output, content)| Fact::ArtifactMade {
            step: step.to_owned(),
            output: output.to_owned(),
            artifact: artifact(content),
        }),
        1 => (text(), text(), text()).prop_map(|(step, parameter, content)| Fact::ArtifactUsed {
            step: step.to_owned(),
            parameter: parameter.to_owned(),
            digest: artifact(content).digest.to_string(),
        }),
        1 => (text(), any::<i64>()).prop_map(|(key, number)| Fact::CacheStored {
            key: key.to_owned(),
            step: "load".to_owned(),
            outputs: serde_json::json!({ "number": number }),
        }),
        1 => (any::<u64>(), prop::option::of(prop::num::f64::NORMAL)).prop_map(|(index, value)| Fact::Metric {
            step: "train".to_owned(),
            name: "loss".to_owned(),
            index,
            value,
        }),
    ]
}

fn new_entry() -> impl Strategy<Value = NewEntry> {
    let at = 0_u64..1000;
    prop_oneof![
        2 => (0..RUNS, at.clone(), text()).prop_map(|(number, at, name)| submitted(&run(number), at, name)),
        6 => (0..RUNS, at.clone(), prop::collection::vec(fact(), 0..4))
            .prop_map(|(number, at, facts)| entry(&run(number), at, facts)),
        1 => (0..RUNS, at).prop_map(|(number, at)| finished(&run(number), at, "succeeded")),
    ]
}

fn change() -> impl Strategy<Value = CatalogueChange> {
    let id = || prop::sample::select(vec!["1", "2", "3"]);
    prop_oneof![
        4 => (text(), id(), text(), text()).prop_map(|(kind, id, owner, name)| put(kind, id, owner, name)),
        1 => (text(), id()).prop_map(|(kind, id)| removed(kind, id)),
    ]
}

fn told() -> impl Strategy<Value = Told> {
    prop_oneof![
        6 => prop::collection::vec(new_entry(), 0..4).prop_map(Told::Append),
        1 => (text(), 0_u64..1000).prop_map(|(content, at)| Told::Upload(content, at)),
        1 => (0..RUNS, prop::collection::vec(text(), 0..3)).prop_map(|(number, texts)| Told::Lines(number, texts)),
        3 => (0_u64..1000, prop::collection::vec(change(), 0..3)).prop_map(|(at, changes)| Told::Catalogue(at, changes)),
    ]
}

async fn tell(ledger: &dyn Ledger, told: Told) -> Result<Vec<u64>, LedgerError> {
    match told {
        Told::Append(entries) => ledger.append(entries).await,
        Told::Upload(content, at) => ledger.record_upload(&artifact(content), at).await.map(|()| Vec::new()),
        Told::Lines(number, texts) => {
            let lines = texts.into_iter().map(|text| line("load", text)).collect();
            ledger.append_logs(&run(number), lines).await.map(|()| Vec::new())
        }
        Told::Catalogue(at, changes) => ledger.change_catalogue(at, changes).await.map(|()| Vec::new()),
    }
}

/// Every answer of a ledger, pages and tokens included, as text.
async fn answers(ledger: &dyn Ledger) -> String {
    let mut answers = Vec::new();
    let mut keep = |answer: &dyn std::fmt::Debug| answers.push(format!("{answer:#?}"));
    for status in [None, Some("running"), Some("succeeded")] {
        for pipeline in [None, Some("load")] {
            let (pipeline, status) = (pipeline.map(str::to_owned), status.map(str::to_owned));
            let filter = RunFilter { pipeline, status, ..RunFilter::default() };
            let first = ledger.runs(&filter, None, 2).await.unwrap();
            keep(&ledger.runs(&filter, first.next.as_deref(), 2).await.unwrap());
            keep(&first);
        }
    }
    for name in ["load", "train", ""] {
        let (named, with_removed) = (Some(name.to_owned()), name.is_empty());
        let of_experiment = RunFilter { experiment: named.clone(), with_removed, ..RunFilter::default() };
        let of_schedule = RunFilter { schedule: named, with_removed: !with_removed, ..RunFilter::default() };
        keep(&ledger.runs(&of_experiment, None, 9).await.unwrap());
        keep(&ledger.runs(&of_schedule, None, 9).await.unwrap());
        keep(&(ledger.catalogue(name, None).await.unwrap(), ledger.catalogue(name, Some("a")).await.unwrap()));
        keep(&ledger.catalogue_item(name, "2").await.unwrap());
    }
    for number in 0..RUNS {
        let run = run(number);
        keep(&(ledger.run(&run).await.unwrap(), ledger.steps(&run).await.unwrap()));
        keep(&ledger.steps_behind(&run, "load", 1).await.unwrap());
        keep(&(ledger.entries(&run, 0, 100).await.unwrap(), ledger.entries(&run, 3, 2).await.unwrap()));
        keep(&(ledger.logs(&run, None, 0, 100).await.unwrap(), ledger.logs(&run, Some("load"), 1, 2).await.unwrap()));
        keep(&(ledger.metrics(&run, 0, 100).await.unwrap(), ledger.artifacts(Some(&run), None, 2).await.unwrap()));
    }
    let first = ledger.artifacts(None, None, 2).await.unwrap();
    keep(&ledger.artifacts(None, first.next.as_deref(), 2).await.unwrap());
    keep(&first);
    for content in ["load", "train", "a", "ü\u{0}", ""] {
        let digest = artifact(content).digest.to_string();
        keep(&(ledger.artifact(&digest).await.unwrap(), ledger.artifact_uses(&digest).await.unwrap()));
        keep(&ledger.cached(content).await.unwrap());
    }
    keep(&ledger.unfinished_runs().await.unwrap());
    answers.join("\n")
}

async fn compare(history: Vec<Told>) {
    let folder = tempfile::tempdir().unwrap();
    let (memory, sqlite) = (MemoryLedger::new(), SqliteLedger::open(folder.path()).unwrap());
    for told in history {
        let (expected, got) = (tell(&memory, told.clone()).await, tell(&sqlite, told).await);
        let plain = |result: Result<Vec<u64>, LedgerError>| result.map_err(|error| error.to_string());
        assert_eq!(plain(got), plain(expected));
    }
    let expected = answers(&memory).await;
    assert_eq!(answers(&sqlite).await, expected);
    sqlite.rebuild_views().await.unwrap();
    assert_eq!(answers(&sqlite).await, expected, "after a rebuild");
    sqlite.close().await.unwrap();
    drop(sqlite);
    let reopened = SqliteLedger::open(folder.path()).unwrap();
    assert_eq!(answers(&reopened).await, expected, "after closing and opening");
    memory.rebuild_views().await.unwrap();
    assert_eq!(answers(&memory).await, expected, "after a rebuild in memory");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_ledgers_tell_the_same_of_any_history(history in prop::collection::vec(told(), 0..24)) {
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap().block_on(compare(history));
    }
}
