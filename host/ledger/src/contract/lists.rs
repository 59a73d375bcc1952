//! Promises about lists: order, pages, filters, tokens.

use futures::future::join_all;
use host_base::RunId;

use super::sample::{artifact, entry, finished, run, step, submitted};
use crate::{Fact, LedgerError, RunFilter, SharedLedger};

async fn submit(ledger: &SharedLedger, number: u64, pipeline: &str) -> RunId {
    let run = run(number);
    ledger.append(vec![submitted(&run, number, pipeline)]).await.unwrap();
    run
}

fn filter(pipeline: Option<&str>, status: Option<&str>) -> RunFilter {
    RunFilter { pipeline: pipeline.map(str::to_owned), status: status.map(str::to_owned), ..RunFilter::default() }
}

/// All pages of a list of runs, one behind the other.
async fn all_pages(ledger: &SharedLedger, filter: &RunFilter, limit: usize) -> Vec<RunId> {
    let (mut runs, mut token) = (Vec::new(), None);
    loop {
        let page = ledger.runs(filter, token.as_deref(), limit).await.unwrap();
        assert!(page.items.len() <= limit && (page.next.is_none() || page.items.len() == limit));
        runs.extend(page.items.into_iter().map(|record| record.id));
        token = page.next;
        if token.is_none() {
            return runs;
        }
    }
}

/// By introduction, not by id: a run with an older id that came later stands before.
pub async fn runs_are_listed_newest_first(ledger: &SharedLedger) {
    let page = ledger.runs(&RunFilter::default(), None, 10).await.unwrap();
    assert_eq!((page.items.len(), page.next), (0, None));
    let (a, c, b) = (submit(ledger, 1, "p").await, submit(ledger, 3, "p").await, submit(ledger, 2, "p").await);
    ledger.append(vec![finished(&a, 9, "succeeded")]).await.unwrap();
    assert_eq!(all_pages(ledger, &RunFilter::default(), 10).await, [b, c.clone(), a.clone()]);
    let record = ledger.run(&a).await.unwrap().unwrap();
    assert_eq!((record.pipeline.as_str(), record.status.as_str(), record.steps_total), ("p", "succeeded", 2));
    assert_eq!((record.submitted_at_millis, record.finished_at_millis), (1, Some(9)));
    assert_eq!(record.parameters, serde_json::json!({ "rows": 3, "ratio": 0.1 }));
    assert_eq!(ledger.run(&c).await.unwrap().unwrap().finished_at_millis, None);
    assert_eq!(ledger.run(&run(4)).await.unwrap(), None);
}

/// Runs that arrive between two pages are on neither, and push no run onto both.
pub async fn pages_have_no_holes_or_doubles_while_runs_arrive(ledger: &SharedLedger) {
    for number in 0..20 {
        submit(ledger, number, "p").await;
    }
    for limit in [1, 3, 7, 19, 20, 21] {
        let (mut seen, mut token) = (Vec::new(), None);
        let newest = all_pages(ledger, &RunFilter::default(), 1000).await;
        loop {
            let page = ledger.runs(&RunFilter::default(), token.as_deref(), limit).await.unwrap();
            seen.extend(page.items.into_iter().map(|record| record.id));
            token = page.next;
            let arriving = 1000 * limit as u64 + seen.len() as u64;
            join_all([submit(ledger, arriving, "p"), submit(ledger, 500_000 + arriving, "q")]).await;
            if token.is_none() {
                break;
            }
        }
        assert_eq!(seen, newest, "pages of {limit}");
    }
}

/// All conditions hold, on every page, also for runs whose status changed meanwhile.
pub async fn filters_hold_on_every_page(ledger: &SharedLedger) {
    for number in 0..30 {
        let run = submit(ledger, number, if number % 3 == 0 { "even" } else { "odd" }).await;
        if number % 2 == 0 {
            ledger.append(vec![finished(&run, 99, "failed")]).await.unwrap();
        }
    }
    let fitting = |fits: fn(u64) -> bool| (0..30).rev().filter(|number| fits(*number)).map(run).collect::<Vec<_>>();
    for limit in [1, 4, 100] {
        let listed = async |pipeline, status| all_pages(ledger, &filter(pipeline, status), limit).await;
        assert_eq!(listed(None, None).await, fitting(|_| true));
        assert_eq!(listed(Some("even"), None).await, fitting(|number| number % 3 == 0));
        assert_eq!(listed(None, Some("running")).await, fitting(|number| number % 2 == 1));
        assert_eq!(listed(Some("even"), Some("failed")).await, fitting(|number| number % 6 == 0));
        assert_eq!(listed(Some("nothing"), Some("failed")).await, fitting(|_| false));
        assert_eq!(listed(Some("' OR 1=1 --"), None).await, fitting(|_| false));
    }
}

/// Runs and their pipelines by the digest of a component that they call, however many steps call it, on every page.
pub async fn who_calls_a_component_is_known(ledger: &SharedLedger) {
    let calls = |name: &str, digest: &str, status: &str| match step(name, status, 1) {
        Fact::Step { step, attempt, reused, finished, outputs, failure, usage, kind, parent, status, .. } => {
            let component = format!("registry.example/x@sha256:99@{digest}");
            Fact::Step { step, attempt, reused, finished, outputs, failure, usage, kind, parent, status, component }
        }
        other => other,
    };
    for number in 0..24 {
        let run = submit(ledger, number, ["a", "b", "c' OR 1=1"][number as usize % 3]).await;
        let mut facts = vec![calls("one", "sha256:01", "running"), calls("two", "sha256:01", "waiting")];
        facts.extend((number % 2 == 0).then(|| calls("even", "sha256:02", "waiting")));
        ledger.append(vec![entry(&run, number, facts)]).await.unwrap();
        // What is said again changes nothing.
        let again = vec![calls("one", "sha256:01", "succeeded")];
        ledger.append(vec![entry(&run, number + 1, again), finished(&run, number + 2, "succeeded")]).await.unwrap();
    }
    let calling = |digest: &str| RunFilter { component: Some(digest.to_owned()), ..RunFilter::default() };
    let fitting = |fits: fn(u64) -> bool| (0..24).rev().filter(|number| fits(*number)).map(run).collect::<Vec<_>>();
    for rebuilt in [false, true] {
        if rebuilt {
            ledger.rebuild_views().await.unwrap();
        }
        for limit in [1, 5, 100] {
            assert_eq!(all_pages(ledger, &calling("sha256:01"), limit).await, fitting(|_| true));
            assert_eq!(all_pages(ledger, &calling("sha256:02"), limit).await, fitting(|number| number % 2 == 0));
            assert_eq!(all_pages(ledger, &calling("sha256:99"), limit).await, []);
            let narrow = RunFilter { pipeline: Some("b".to_owned()), ..calling("sha256:02") };
            let both = fitting(|number| number % 2 == 0 && number % 3 == 1);
            assert_eq!(all_pages(ledger, &narrow, limit).await, both);
            let of = |pipeline: &str, runs, newest| (pipeline.to_owned(), runs, run(newest), newest);
            let expected = [of("a", 4, 18), of("b", 4, 22), of("c' OR 1=1", 4, 20)];
            assert_eq!(all_callers(ledger, "sha256:02", limit).await, expected);
            assert_eq!(all_callers(ledger, "sha256:03", limit).await, []);
        }
    }
    let error = ledger.calling_pipelines("sha256:01", Some("r1"), 10).await.unwrap_err();
    assert!(matches!(&error, LedgerError::BadPageToken(bad) if bad == "r1"), "{error}");
}

/// All pages of a list of pipelines that call a component.
async fn all_callers(ledger: &SharedLedger, component: &str, limit: usize) -> Vec<(String, u64, RunId, u64)> {
    let (mut found, mut token) = (Vec::new(), None);
    loop {
        let page = ledger.calling_pipelines(component, token.as_deref(), limit).await.unwrap();
        assert!(page.items.len() <= limit && (page.next.is_none() || page.items.len() == limit));
        found.extend(page.items.into_iter().map(|one| (one.pipeline, one.runs, one.newest_run, one.newest_at_millis)));
        token = page.next;
        if token.is_none() {
            return found;
        }
    }
}

/// Tokens are checked, whatever the list holds.
pub async fn a_token_that_no_list_gave_out_is_refused(ledger: &SharedLedger) {
    submit(ledger, 1, "p").await;
    for token in ["", "0", "r", "rx", "r-1", "a1-1", "r99999999999999999999", "' OR 1=1"] {
        let error = ledger.runs(&RunFilter::default(), Some(token), 10).await.unwrap_err();
        assert!(matches!(&error, LedgerError::BadPageToken(bad) if bad == token), "{error}");
    }
    for token in ["", "a", "a1", "r1", "a1-x"] {
        let error = ledger.artifacts(None, Some(token), 10).await.unwrap_err();
        assert!(matches!(&error, LedgerError::BadPageToken(bad) if bad == token), "{error}");
    }
}

/// The order in which they are to be taken up again.
pub async fn unfinished_runs_are_listed_oldest_first(ledger: &SharedLedger) {
    let runs = [submit(ledger, 3, "p").await, submit(ledger, 1, "p").await, submit(ledger, 2, "p").await];
    assert_eq!(ledger.unfinished_runs().await.unwrap(), runs);
    ledger.append(vec![finished(&runs[1], 9, "succeeded")]).await.unwrap();
    assert_eq!(ledger.unfinished_runs().await.unwrap(), [runs[0].clone(), runs[2].clone()]);
    let reopened = Fact::RunStatus { status: "running".into(), finished: false, failure: None };
    ledger.append(vec![entry(&runs[1], 10, vec![reopened])]).await.unwrap();
    assert_eq!(ledger.unfinished_runs().await.unwrap(), runs);
}

/// One record per digest in the list of all, one per output in the list of a run.
pub async fn artifacts_are_listed_newest_first_with_their_first_maker(ledger: &SharedLedger) {
    let (a, b) = (submit(ledger, 1, "p").await, submit(ledger, 2, "p").await);
    let made = |run: &RunId, at, output: &str, content: &str| {
        let fact = Fact::ArtifactMade { step: "load".into(), output: output.into(), artifact: artifact(content) };
        entry(run, at, vec![fact])
    };
    ledger.record_upload(&artifact("uploaded"), 5).await.unwrap();
    ledger.append(vec![made(&a, 6, "x", "one"), made(&a, 7, "y", "two")]).await.unwrap();
    ledger
        .append(vec![made(&b, 8, "x", "one"), made(&b, 9, "y", "uploaded"), made(&b, 9, "z", "three")])
        .await
        .unwrap();
    ledger.record_upload(&artifact("uploaded"), 10).await.unwrap();
    ledger.record_upload(&artifact("two"), 10).await.unwrap();
    ledger.record_upload(&artifact("late"), 11).await.unwrap();
    ledger.record_upload(&artifact("later"), 11).await.unwrap();

    for limit in [1, 2, 100] {
        let listed = async |run: Option<&RunId>| {
            let (mut found, mut token) = (Vec::new(), None);
            loop {
                let page = ledger.artifacts(run, token.as_deref(), limit).await.unwrap();
                found.extend(page.items.into_iter().map(|record| (record.artifact, record.made_at_millis)));
                token = page.next;
                if token.is_none() {
                    return found;
                }
            }
        };
        let of = |expected: &[(&str, u64)]| expected.iter().map(|(c, at)| (artifact(c), *at)).collect::<Vec<_>>();
        let all = [("later", 11), ("late", 11), ("three", 9), ("two", 7), ("one", 6), ("uploaded", 5)];
        assert_eq!(listed(None).await, of(&all));
        assert_eq!(listed(Some(&a)).await, of(&[("two", 7), ("one", 6)]));
        assert_eq!(listed(Some(&b)).await, of(&[("three", 9), ("uploaded", 9), ("one", 8)]));
        assert_eq!(listed(Some(&run(3))).await, of(&[]));
    }
    let one = ledger.artifact(&artifact("one").digest.to_string()).await.unwrap().unwrap();
    assert_eq!((one.run.as_ref(), one.step.as_deref(), one.output.as_deref()), (Some(&a), Some("load"), Some("x")));
    let uploaded = ledger.artifact(&artifact("uploaded").digest.to_string()).await.unwrap().unwrap();
    assert_eq!((uploaded.run, uploaded.step, uploaded.made_at_millis), (None, None, 5));
    assert_eq!(ledger.artifact(&artifact("never").digest.to_string()).await.unwrap(), None);
}
