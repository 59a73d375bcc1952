//! Every route of the table, asked and answered.
//! Never reads what was written but over HTTP.

use std::collections::{BTreeMap, BTreeSet};

use host_api::artifact::ArtifactKind;
use host_api::routes::{Method, Operation, ROUTES, Route};
use host_api::run::SubmitRequest;
use host_api::train_job::SubmitTrainJob;
use reqwest::header::{CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, ORIGIN, RANGE};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::rig::{Rig, one_step};

/// Asks for each operation once and checks the status that the table promises.
#[tokio::test]
async fn every_route_answers_as_the_table_says() {
    let rig = Rig::start().await;
    rig.push("noop").await;
    rig.push("train-line").await;
    let document = one_step("noop", "run");
    let request = SubmitRequest { document: document.clone(), ..SubmitRequest::default() };
    let run = rig.client.submit(&request).await.unwrap().run;
    finished(&rig, &run).await;
    let content = futures::stream::iter([Ok("content".into())]);
    let stored = rig.client.upload(ArtifactKind::Artifact, "text/plain", &BTreeMap::new(), None, content).await;
    let digest = stored.unwrap().digest;
    let folder = folder(&rig, &[("notes.md", b"# Notes")]).await;

    let schedule = rig.client.create_schedule(&serde_json::from_value(hourly(&document)).unwrap()).await.unwrap().id;

    let kept = json!({ "name": "kept", "document": document });
    let kept: Value = rig.post("/api/v1/pipelines", &kept).await;
    let (pipeline, version) = (kept["id"].as_str().unwrap(), kept["newest"]["id"].as_str().unwrap());

    let training = "apiVersion: sandmill.dev/v1\nkind: TrainJob\nmetadata: {name: line}\nspec: {component: 'programs/train-line:1', stepsMax: 3}\n";
    let job = trained(&rig, training).await;

    rig.push("kernel-words").await;
    let kernel = "programs/kernel-words:1";
    let session = rig.post("/api/v1/sessions", &json!({ "kernel": kernel })).await;
    let session = session["id"].as_str().unwrap();

    let mut asked = BTreeSet::new();
    for route in ROUTES {
        let digest = if route.path.contains("/files") { &folder } else { &digest };
        let path = route.path.replace("{run}", &run).replace("{digest}", digest).replace("{schedule}", &schedule);
        let path = path.replace("{step}", "one").replace("{pipeline}", pipeline).replace("{version}", version);
        let path = path.replace("{job}", &job).replace("{session}", session);
        let path = path.replace("{component}", "programs%2Fnoop:1").replace("{position}", "0");
        let http = reqwest::Client::new();
        let url = format!("http://{}{path}", rig.address);
        let mut request = match route.method {
            Method::Get => http.get(url),
            Method::Post => http.post(url),
            Method::Delete => http.delete(url),
        };
        request = match route.operation {
            Operation::CheckPipeline
            | Operation::SubmitRun
            | Operation::CreatePipeline
            | Operation::CreatePipelineVersion => request.json(&json!({ "document": document })),
            Operation::CheckTrainJob | Operation::SubmitTrainJob => request.json(&json!({ "document": training })),
            Operation::RunNotebook => {
                let notebook = json!({ "nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [] });
                request.json(&json!({ "notebook": notebook, "kernel": kernel }))
            }
            Operation::ListCallingPipelines => request.query(&[("component", &digest)]),
            Operation::UploadArtifact => request.body("content"),
            Operation::CreateSession => request.json(&json!({ "kernel": kernel })),
            Operation::CreateExperiment => request.json(&json!({ "name": "digits" })),
            Operation::SignIn => request.json(&json!({ "token": "nobody-has-one" })),
            Operation::CreateSchedule => request.json(&hourly(&document)),
            _ => request,
        };
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), expected_status(route), "{}", route.id);
        asked.insert(route.operation);
    }
    assert_eq!(asked.len(), ROUTES.len());
    rig.stop().await;
}

fn expected_status(route: &Route) -> StatusCode {
    match route.operation {
        // A run that has succeeded can be neither cancelled nor tried again; the answer says so.
        Operation::CancelRun | Operation::RetryRun => StatusCode::CONFLICT,
        // Nor can a training job that has.
        Operation::StopTrainJob | Operation::ResumeTrainJob | Operation::CancelTrainJob => StatusCode::CONFLICT,
        // A node without tokens signs nobody in.
        Operation::SignIn => StatusCode::CONFLICT,
        _ => StatusCode::from_u16(route.status).unwrap(),
    }
}

/// A folder of these files, uploaded.
async fn folder(rig: &Rig, files: &[(&str, &[u8])]) -> String {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *content).unwrap();
    }
    let archive = builder.into_inner().unwrap().into();
    let content = futures::stream::iter([Ok(archive)]);
    let kind = ArtifactKind::Artifact;
    rig.client.upload(kind, "application/x-tar", &BTreeMap::new(), None, content).await.unwrap().digest
}

#[tokio::test]
async fn files_of_a_folder_are_listed_and_read_by_where_they_stand() {
    let rig = Rig::start().await;
    let table: &[u8] = b"name,age\nAda,36\n";
    let digest = folder(&rig, &[("data/rows.csv", table), ("<b>.html", b"<script>"), ("notes.md", b"# Notes")]).await;
    let files = format!("/api/v1/artifacts/{digest}/files");
    let list = async |query: &str| -> Value { get(&rig, &format!("{files}{query}")).await.json().await.unwrap() };
    let all = list("").await;
    let told: Vec<_> =
        all["items"].as_array().unwrap().iter().map(|file| (&file["name"], &file["mediaType"])).collect();
    assert_eq!(told[0], (&json!("data/rows.csv"), &json!("text/csv")));
    assert_eq!(told[1..], [(&json!("<b>.html"), &json!("text/html")), (&json!("notes.md"), &json!("text/markdown"))]);
    let first = list("?limit=2").await;
    let rest = list(&format!("?page={}", first["next"].as_str().unwrap())).await;
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["items"][0]), (1, &all["items"][2]));

    let response = get(&rig, &format!("{files}/{}", all["items"][1]["position"])).await;
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!((header("content-type"), header("content-length")), ("text/html".to_owned(), "8".to_owned()));
    assert!(header("content-security-policy").starts_with("sandbox") && header("x-content-type-options") == "nosniff");
    assert_eq!(response.text().await.unwrap(), "<script>");
    let part = reqwest::Client::new().get(format!("http://{}{files}/0", rig.address)).header("range", "bytes=5-7");
    let part = part.send().await.unwrap();
    assert_eq!((part.status(), part.text().await.unwrap().as_str()), (StatusCode::PARTIAL_CONTENT, "age"));

    let content = futures::stream::iter([Ok("no folder".into())]);
    let other = rig.client.upload(ArtifactKind::Artifact, "text/plain", &BTreeMap::new(), None, content).await;
    let other = format!("/api/v1/artifacts/{}/files", other.unwrap().digest);
    for path in
        [other.clone(), format!("{other}/0"), format!("{files}/1"), format!("{files}/-1"), format!("{files}?page=x")]
    {
        assert_eq!(code(get(&rig, &path).await).await, (400, "SM0702".to_owned()), "{path}");
    }
    rig.stop().await;
}

/// A training job that has succeeded.
async fn trained(rig: &Rig, document: &str) -> String {
    let request = SubmitTrainJob { document: document.to_owned(), ..SubmitTrainJob::default() };
    let job = rig.client.submit_train_job(&request).await.unwrap().job;
    while rig.client.train_job(&job).await.unwrap().job.status != "succeeded" {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    job
}

/// A schedule that does not fire while a test runs.
fn hourly(document: &str) -> Value {
    json!({ "name": "hourly", "document": document, "timing": { "everySeconds": 3600 } })
}

async fn finished(rig: &Rig, run: &str) {
    let mut events = rig.client.events(run, false);
    while events.next().await.unwrap().is_some() {}
}

async fn get(rig: &Rig, path: &str) -> Response {
    reqwest::get(format!("http://{}{path}", rig.address)).await.unwrap()
}

async fn code(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    (status, body["errors"][0]["code"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn what_cannot_be_answered_has_a_status_and_a_code() {
    let rig = Rig::start().await;
    let no_run = "019a5c1e-7f3a-7c3e-9d52-0b1c2d3e4f50";
    let no_digest = format!("sha256:{}", "0".repeat(64));
    let cases = [
        ("/nowhere".to_owned(), 404, "SM0701"),
        ("/api/v1/runs/7".to_owned(), 400, "SM0702"),
        (format!("/api/v1/runs/{no_run}"), 404, "SM0701"),
        (format!("/api/v1/runs/{no_run}/logs"), 404, "SM0701"),
        (format!("/api/v1/runs/{no_run}/events"), 404, "SM0701"),
        (format!("/api/v1/runs/{no_run}/events?after=x"), 400, "SM0702"),
        ("/api/v1/runs?limit=many".to_owned(), 400, "SM0702"),
        ("/api/v1/runs?colour=red".to_owned(), 400, "SM0702"),
        ("/api/v1/runs?page=nonsense".to_owned(), 400, "SM0702"),
        ("/api/v1/artifacts/abc".to_owned(), 400, "SM0702"),
        (format!("/api/v1/train-jobs/{no_run}"), 404, "SM0701"),
        (format!("/api/v1/train-jobs/{no_run}/metrics"), 404, "SM0701"),
        ("/api/v1/train-jobs/7/logs".to_owned(), 400, "SM0702"),
        (format!("/api/v1/artifacts/{no_digest}"), 404, "SM0603"),
        (format!("/api/v1/artifacts/{no_digest}/content"), 404, "SM0603"),
        ("/api/v1/pipelines:check".to_owned(), 405, "SM0702"),
    ];
    for (path, status, expected) in cases {
        assert_eq!(code(get(&rig, &path).await).await, (status, expected.to_owned()), "{path}");
    }
    rig.stop().await;
}

#[tokio::test]
async fn bodies_that_are_not_understood_are_refused() {
    let rig = Rig::start().await;
    let url = format!("http://{}/api/v1/runs", rig.address);
    let http = reqwest::Client::new();
    let post =
        |body: String, media_type: &'static str| http.post(&url).header(CONTENT_TYPE, media_type).body(body).send();
    let cases = [
        (post("{}".to_owned(), "text/plain"), 400, "SM0702"),
        (post("{".to_owned(), "application/json"), 400, "SM0702"),
        (post("{\"document\": \"\", \"extra\": 1}".to_owned(), "application/json"), 400, "SM0702"),
        (post(json!({ "document": "a: [" }).to_string(), "application/json"), 422, "SM0101"),
        (post(" ".repeat(host_api::REQUEST_BYTES_MAX + 1), "application/json"), 413, "SM0705"),
    ];
    for (request, status, expected) in cases {
        assert_eq!(code(request.await.unwrap()).await, (status, expected.to_owned()));
    }
    rig.stop().await;
}

#[tokio::test]
async fn content_is_served_in_ranges_and_never_trusted() {
    let rig = Rig::start().await;
    let http = reqwest::Client::new();
    let url = format!("http://{}/api/v1/artifacts", rig.address);
    let upload = http.post(&url).header(CONTENT_TYPE, "text/html").body("<script>alert(1)</script>");
    let stored: Value = upload.send().await.unwrap().json().await.unwrap();
    let digest = stored["digest"].as_str().unwrap();
    let content = || http.get(format!("{url}/{digest}/content"));

    let whole = content().send().await.unwrap();
    assert_eq!(whole.headers()[CONTENT_TYPE], "text/html");
    assert!(whole.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap().starts_with("sandbox"));
    let tag = whole.headers()[ETAG].clone();
    assert_eq!(whole.text().await.unwrap(), "<script>alert(1)</script>");

    let part = content().header(RANGE, "bytes=1-6").send().await.unwrap();
    assert_eq!(
        (part.status(), part.headers()[CONTENT_RANGE].to_str().unwrap()),
        (StatusCode::PARTIAL_CONTENT, "bytes 1-6/25")
    );
    assert_eq!(part.text().await.unwrap(), "script");
    let past = content().header(RANGE, "bytes=25-").send().await.unwrap();
    assert_eq!(past.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    let held = content().header(IF_NONE_MATCH, tag).send().await.unwrap();
    assert_eq!(held.status(), StatusCode::NOT_MODIFIED);
    rig.stop().await;
}

#[tokio::test]
async fn pages_of_others_cannot_change_anything() {
    let rig = Rig::start().await;
    let url = format!("http://{}/api/v1/artifacts", rig.address);
    let http = reqwest::Client::new();
    let foreign = http.post(&url).header(ORIGIN, "https://example.org").body("x").send().await.unwrap();
    assert_eq!(code(foreign).await, (400, "SM0702".to_owned()));
    let own = http.post(&url).header(ORIGIN, format!("http://{}", rig.address)).body("x").send().await.unwrap();
    assert_eq!(own.status(), StatusCode::CREATED);
    rig.stop().await;
}
