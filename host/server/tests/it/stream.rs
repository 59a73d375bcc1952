//! The stream of a run's events: complete, resumable, and no reason for a node not to stop.
//! Never waits by the clock for a run; its events say when it has ended.

use host_api::event::{Change, StreamEvent};
use host_api::run::SubmitRequest;
use reqwest::StatusCode;

use crate::rig::{Rig, one_step};

async fn submit(rig: &Rig, component: &str) -> String {
    rig.push(component).await;
    let request = SubmitRequest { document: one_step(component, "run"), ..SubmitRequest::default() };
    rig.client.submit(&request).await.unwrap().run
}

async fn all(rig: &Rig, run: &str, with_logs: bool) -> Vec<StreamEvent> {
    let mut events = rig.client.events(run, with_logs);
    let mut found = Vec::new();
    while let Some(event) = events.next().await.unwrap() {
        found.push(event);
    }
    found
}

/// History and log, each in its order; how the two interleave is a matter of when they are read.
fn kept(events: &[StreamEvent]) -> (Vec<&StreamEvent>, Vec<&StreamEvent>) {
    let history = events.iter().filter(|event| matches!(event, StreamEvent::History(_) | StreamEvent::Metric(_)));
    (history.collect(), events.iter().filter(|event| matches!(event, StreamEvent::Log(_))).collect())
}

#[tokio::test]
async fn a_stream_tells_a_run_from_its_submission_to_its_end() {
    let rig = Rig::start().await;
    let run = submit(&rig, "talk").await;
    let live = all(&rig, &run, true).await;
    let changes: Vec<&Change> = live
        .iter()
        .filter_map(|event| match event {
            StreamEvent::History(event) => Some(&event.change),
            _ => None,
        })
        .collect();
    assert!(matches!(changes.first(), Some(Change::Submitted { steps, .. }) if steps == &["one"]), "{changes:?}");
    assert!(matches!(changes.last(), Some(Change::Finished { status }) if status == "succeeded"), "{changes:?}");
    assert!(changes.iter().any(|change| matches!(change, Change::StepSucceeded { .. })), "{changes:?}");
    let lines: Vec<&str> = live
        .iter()
        .filter_map(|event| match event {
            StreamEvent::Log(line) => Some(line.text.as_str()),
            _ => None,
        })
        .collect();
    assert!(lines.contains(&"first line") && lines.contains(&"to stderr"), "{lines:?}");

    // Who comes later is told the same, but for what is not kept.
    let later = all(&rig, &run, true).await;
    assert_eq!(kept(&live), kept(&later));
    assert!(later.iter().any(|event| matches!(event, StreamEvent::Metric(point) if point.name == "loss")), "{later:?}");
    assert!(all(&rig, &run, false).await.iter().all(|event| !matches!(event, StreamEvent::Log(_))));
    rig.stop().await;
}

/// Reads the raw stream and gives each event's `id`.
async fn ids(rig: &Rig, run: &str, after: Option<&str>) -> (StatusCode, Vec<String>) {
    let mut request = reqwest::Client::new().get(format!("http://{}/api/v1/runs/{run}/events", rig.address));
    if let Some(after) = after {
        request = request.header("last-event-id", after);
    }
    let response = request.send().await.unwrap();
    let status = response.status();
    let text = response.text().await.unwrap();
    (status, text.lines().filter_map(|line| line.strip_prefix("id: ")).map(str::to_owned).collect())
}

#[tokio::test]
async fn a_stream_goes_on_behind_any_event() {
    let rig = Rig::start().await;
    let run = submit(&rig, "talk").await;
    all(&rig, &run, true).await;
    let (status, whole) = ids(&rig, &run, None).await;
    assert_eq!(status, StatusCode::OK);
    assert!(whole.len() > 6, "{whole:?}");
    for (at, id) in whole.iter().enumerate() {
        let (status, rest) = ids(&rig, &run, Some(id)).await;
        assert_eq!(rest, whole[at + 1..], "behind {id}");
        let expected = if rest.is_empty() { StatusCode::NO_CONTENT } else { StatusCode::OK };
        assert_eq!(status, expected, "behind {id}");
    }
    rig.stop().await;
}

#[tokio::test]
async fn an_open_stream_does_not_keep_a_node_from_stopping() {
    let rig = Rig::start().await;
    let run = submit(&rig, "endless-loop").await;
    let mut events = rig.client.events(&run, true);
    while !matches!(
        events.next().await.unwrap(),
        Some(StreamEvent::History(event)) if matches!(event.change, Change::AttemptStarted { .. })
    ) {}
    let begun = std::time::Instant::now();
    rig.stop().await;
    assert!(begun.elapsed().as_secs() < 4, "it took {:?}", begun.elapsed());
}
