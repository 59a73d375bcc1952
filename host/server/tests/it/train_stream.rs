//! The stream of a training job's events: complete, resumable, with lost workers and checkpoints in their places.
//! Never waits by the clock for a job; its events say when it has ended.

use host_api::event::{Position, StreamEvent};
use host_api::train_job::SubmitTrainJob;
use host_api::train_job::change::{JobChange, Points};
use host_client::Client;
use reqwest::StatusCode;

use crate::rig::Rig;

fn document(component: &str, lines: &str) -> String {
    format!(
        "apiVersion: sandmill.dev/v1\nkind: TrainJob\nmetadata: {{name: line}}\nspec:\n  \
         component: 'programs/{component}:1'\n{lines}"
    )
}

async fn submit(rig: &Rig, component: &str, lines: &str) -> String {
    rig.push(component).await;
    let request = SubmitTrainJob { document: document(component, lines), ..SubmitTrainJob::default() };
    rig.client.submit_train_job(&request).await.unwrap().job
}

async fn all(client: &Client, job: &str) -> Vec<StreamEvent> {
    let mut events = client.train_job_events(job, true);
    let mut found = Vec::new();
    while let Some(event) = events.next().await.unwrap() {
        found.push(event);
    }
    found
}

fn changes(events: &[StreamEvent]) -> Vec<&JobChange> {
    let changes = events.iter().filter_map(|event| match event {
        StreamEvent::Job(event) => Some(&event.change),
        _ => None,
    });
    changes.collect()
}

fn points<'a>(events: &'a [StreamEvent], series: &str) -> Vec<&'a Points> {
    let points = |event: &'a StreamEvent| match event {
        StreamEvent::Points(points) if points.step == series => Some(points),
        _ => None,
    };
    events.iter().filter_map(points).collect()
}

#[tokio::test]
async fn a_stream_tells_a_job_from_its_submission_to_its_model() {
    let rig = Rig::start().await;
    let lines = "  workers: 2\n  stepsMax: 30\n  evaluateEverySteps: 15\n  checkpoint: {everySteps: 10}\n";
    let job = submit(&rig, "train-line", lines).await;
    let live = all(&rig.client, &job).await;
    let told = changes(&live);
    assert!(matches!(told.first(), Some(JobChange::Submitted { workers: 2, suspended: false, .. })), "{told:?}");
    assert!(matches!(told.get(1), Some(JobChange::GroupBegan { generation: 1, size: 2, .. })), "{told:?}");
    let written: Vec<u64> = told
        .iter()
        .filter_map(|change| match change {
            JobChange::CheckpointWritten { checkpoint } => Some(checkpoint.step),
            _ => None,
        })
        .collect();
    assert_eq!(written, [10, 20], "{told:?}");
    assert!(
        matches!(told.last(), Some(JobChange::Finished { status, step: 30, model: Some(_), .. }) if status == "succeeded"),
        "{told:?}"
    );
    for worker in ["worker-0", "worker-1"] {
        let steps: Vec<u64> = points(&live, worker).iter().map(|points| points.index).collect();
        assert_eq!(steps, (1..=30).collect::<Vec<u64>>(), "{worker}");
    }
    assert_eq!(points(&live, "evaluation").len(), 2);
    assert!(live.iter().any(|event| matches!(event, StreamEvent::Log(line) if line.step == "worker-1")), "{live:?}");

    // Who comes later is told the same.
    let kept = |events: &[StreamEvent]| -> Vec<StreamEvent> {
        events
            .iter()
            .filter(|event| !matches!(event, StreamEvent::Log(_) | StreamEvent::Progress(_)))
            .cloned()
            .collect()
    };
    assert_eq!(kept(&live), kept(&all(&rig.client, &job).await));

    // What a page reads first names where the stream goes on, and its newest points.
    let detail = rig.client.train_job(&job).await.unwrap();
    let Some(StreamEvent::Job(last)) = live.iter().rev().find(|event| matches!(event, StreamEvent::Job(_))) else {
        panic!("{live:?}")
    };
    assert_eq!(detail.position.parse::<Position>().unwrap().history, last.sequence);
    let newest = detail.job.newest.unwrap();
    assert_eq!(newest.step, 30);
    assert_eq!(newest.metrics, points(&live, "worker-0").last().unwrap().values);
    rig.stop().await;
}

/// Reads the raw stream and gives each event's `id`.
async fn ids(rig: &Rig, job: &str, after: Option<&str>) -> (StatusCode, Vec<String>) {
    let mut request = reqwest::Client::new().get(format!("http://{}/api/v1/train-jobs/{job}/events", rig.address));
    if let Some(after) = after {
        request = request.header("last-event-id", after);
    }
    let response = request.send().await.unwrap();
    let status = response.status();
    let text = response.text().await.unwrap();
    (status, text.lines().filter_map(|line| line.strip_prefix("id: ")).map(str::to_owned).collect())
}

#[tokio::test]
async fn a_stream_of_a_job_goes_on_behind_any_event() {
    let rig = Rig::start().await;
    let job = submit(&rig, "train-line", "  stepsMax: 8\n  checkpoint: {everySteps: 3}\n").await;
    all(&rig.client, &job).await;
    let (status, whole) = ids(&rig, &job, None).await;
    assert_eq!(status, StatusCode::OK);
    assert!(whole.len() > 12, "{whole:?}");
    for (at, id) in whole.iter().enumerate() {
        let (status, rest) = ids(&rig, &job, Some(id)).await;
        assert_eq!(rest, whole[at + 1..], "behind {id}");
        let expected = if rest.is_empty() { StatusCode::NO_CONTENT } else { StatusCode::OK };
        assert_eq!(status, expected, "behind {id}");
    }
    // A job is no run of a pipeline, and a run is no job.
    let url = format!("http://{}/api/v1/runs/{job}/events", rig.address);
    assert_eq!(reqwest::get(url).await.unwrap().status(), StatusCode::NOT_FOUND);
    rig.stop().await;
}

#[tokio::test]
async fn a_lost_worker_and_the_group_behind_it_are_told() {
    let rig = Rig::start().await;
    let lines = "  settings: {fault: trap, again: true}\n  restart: {maxRestarts: 1}\n";
    let job = submit(&rig, "train-badly", lines).await;
    let live = all(&rig.client, &job).await;
    let told = changes(&live);
    let lost = told.iter().filter(|change| matches!(change, JobChange::WorkerLost { rank: 0, .. })).count();
    assert_eq!(lost, 2, "{told:?}");
    assert!(
        told.iter().any(|change| matches!(change, JobChange::GroupBegan { generation: 2, restarts: 1, .. })),
        "{told:?}"
    );
    assert!(
        matches!(told.last(), Some(JobChange::Finished { status, failure: Some(failure), .. })
            if status == "failed" && failure.code == "SM0509"),
        "{told:?}"
    );
    rig.stop().await;
}

#[tokio::test]
async fn a_document_is_checked_and_nothing_starts() {
    let rig = Rig::start().await;
    rig.push("train-line").await;
    let document = document("train-line", "  workers: 2\n  stepsMax: 30\n");
    let checked = rig.post("/api/v1/train-jobs:check", &serde_json::json!({ "document": document })).await;
    assert_eq!((&checked["name"], &checked["workers"], &checked["stepsMax"]), (&"line".into(), &2.into(), &30.into()));
    assert!(checked["component"].as_str().unwrap().starts_with("programs/train-line:1@sha256:"), "{checked}");
    assert!(rig.client.train_jobs(&Default::default()).await.unwrap().items.is_empty());
    let open = format!("{document}  dataSets: {{train: {{}}}}\n");
    let checked = rig.post("/api/v1/train-jobs:check", &serde_json::json!({ "document": open })).await;
    assert_eq!(checked["openDataSets"], serde_json::json!(["train"]));
    let url = format!("http://{}/api/v1/train-jobs:check", rig.address);
    let wrong = serde_json::json!({ "document": document.replace("workers", "wrokers") });
    let refused = reqwest::Client::new().post(url).json(&wrong).send().await.unwrap();
    assert!(refused.status().is_client_error());
    let said = refused.text().await.unwrap();
    assert!(said.contains("wrokers") && said.contains("workers"), "{said}");
    rig.stop().await;
}
