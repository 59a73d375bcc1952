//! Training jobs from outside: run, watched, shown, stopped, resumed, and refused.
//! Never looks into the data folder.

use serde_json::Value;

use crate::server::Server;
use crate::tool::Tool;

fn job(lines: &str) -> String {
    format!(
        "apiVersion: sandmill.dev/v1\nkind: TrainJob\nmetadata: {{name: line}}\nspec:\n  component: 'programs/train-line:1'\n{lines}"
    )
}

/// What `--json` printed, a line each.
fn lines(tool: &Tool, arguments: &[&str]) -> Vec<Value> {
    let said = tool.data(&[arguments, &["--json"]].concat());
    said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The job behind its events.
fn last_line(tool: &Tool, arguments: &[&str]) -> Value {
    let mut lines = lines(tool, arguments);
    let last = lines.pop().unwrap();
    assert!(lines.iter().all(|line| line["type"].is_string()) && last["type"].is_null(), "{lines:#?}");
    last
}

#[test]
fn a_job_is_run_watched_and_shown() {
    let server = Server::start();
    server.push(&["train-line"]);
    let tool = &server.tool;
    let file = tool.file("job.yaml", job("  workers: 2\n  stepsMax: 40\n  checkpoint: {everySteps: 10}\n"));
    let said = tool.run(&["train", "run", &file, "--watch", "--name", "a first try"]);
    assert_eq!(said.code, Some(0), "{said:#?}");
    assert!(said.stderr.contains("step 40/40") && said.stderr.contains("loss 0."), "{said:#?}");
    let shown = tool.json(&["train", "show", "latest"]);
    assert_eq!(
        (&shown["status"], &shown["reason"], &shown["step"]),
        (&"succeeded".into(), &"steps-max".into(), &40.into())
    );
    assert_eq!(shown["title"], "a first try");
    assert_eq!(shown["lastMetrics"].as_array().unwrap().len(), 2, "{shown:#}");
    let digest = shown["model"]["digest"].as_str().unwrap();
    assert_eq!(tool.json(&["artifact", "show", digest])["kind"], "model");
    let table = tool.data(&["train", "show", "latest"]);
    assert!(table.contains("worker-1") && table.contains("CHECKPOINT AT"), "{table}");
    assert!(tool.data(&["train", "list"]).contains("line"));
    assert!(tool.data(&["train", "logs", "latest", "--worker", "1"]).contains("worker 1 of 2"));
    assert_eq!(tool.run(&["train", "logs", "latest", "--worker", "2"]).code, Some(4));
    let (read, followed) =
        (tool.data(&["train", "logs", "latest"]), tool.data(&["train", "logs", "latest", "--follow"]));
    assert_eq!(read, followed);
    // Jobs are no runs of pipelines, and the other way round.
    assert!(tool.json(&["run", "list"])["items"].as_array().unwrap().is_empty());
    let id = shown["id"].as_str().unwrap();
    assert_eq!(tool.run(&["run", "show", id]).code, Some(4));
}

#[test]
fn data_is_given_as_a_file() {
    let server = Server::start();
    server.push(&["train-line"]);
    let tool = &server.tool;
    let rows: Vec<u8> = (0..50u32)
        .flat_map(|row| [row as f32 / 50.0, 0.5, -0.5, 1.0, row as f32 / 25.0])
        .flat_map(f32::to_le_bytes)
        .collect();
    let rows = tool.file("rows.bin", rows);
    let file = tool.file("job.yaml", job("  dataSets: {train: {}}\n  settings: {steps: 30}\n"));
    let said = tool.run(&["train", "run", &file]);
    assert_eq!(said.code, Some(1), "{said:#?}");
    assert!(said.stderr.contains("--data train=@FILE"), "{said:#?}");
    let detail = last_line(tool, &["train", "run", &file, "--watch", "--data", &format!("train=@{rows}")]);
    assert_eq!(detail["status"], "succeeded", "{detail:#}");
}

#[test]
fn a_job_that_is_stopped_is_resumed() {
    let server = Server::start();
    server.push(&["train-line"]);
    let tool = &server.tool;
    let file = tool.file("job.yaml", job("  settings: {steps: 3000}\n  checkpoint: {everySteps: 10}\n"));
    let id = tool.data(&["train", "run", &file]).trim().to_owned();
    assert_eq!(tool.json(&["train", "stop", &id])["state"], "suspending");
    let detail = last_line(tool, &["train", "watch", &id]);
    assert_eq!(detail["status"], "suspended", "{detail:#}");
    let detail = last_line(tool, &["train", "resume", &id, "--watch"]);
    assert_eq!((&detail["status"], &detail["step"]), (&"succeeded".into(), &3000.into()), "{detail:#}");
    // Whoever watches it later passes over the time at which it waited, and sees each step once.
    let lines = lines(tool, &["train", "watch", &id]);
    let steps = lines.iter().filter(|line| line["type"] == "points").map(|line| line["index"].as_u64().unwrap());
    assert!(steps.eq(1..=3000), "steps were left out or told twice");
    assert!(lines.iter().any(|line| line["type"] == "job" && line["change"] == "suspended"));
    let said = tool.run(&["train", "resume", &id]);
    assert!(said.code != Some(0) && said.stderr.contains("SM0703"), "{said:#?}");
}

#[test]
fn a_job_that_is_to_wait_from_the_start_waits_and_then_learns() {
    let server = Server::start();
    server.push(&["train-line"]);
    let tool = &server.tool;
    let file = tool.file("job.yaml", job("  suspend: true\n  stepsMax: 20\n"));
    let detail = last_line(tool, &["train", "run", &file, "--watch"]);
    assert_eq!((&detail["status"], &detail["generation"]), (&"suspended".into(), &0.into()), "{detail:#}");
    let detail = last_line(tool, &["train", "resume", "latest", "--watch"]);
    assert_eq!((&detail["status"], &detail["step"]), (&"succeeded".into(), &20.into()), "{detail:#}");
}

#[test]
fn what_failed_says_why() {
    let server = Server::start();
    server.push(&["train-badly"]);
    let tool = &server.tool;
    let lines = "  settings: {fault: trap, again: true}\n  restart: {maxRestarts: 1}\n";
    let file = tool.file("job.yaml", job(lines).replace("train-line", "train-badly"));
    let said = tool.run(&["train", "run", &file, "--watch"]);
    assert_eq!(said.code, Some(1), "{said:#?}");
    assert!(said.stderr.contains("SM0509") && said.stderr.contains("worker 0 was lost"), "{said:#?}");
    assert!(said.stderr.contains("a worker was lost; the job goes on"), "{said:#?}");
}

#[test]
fn manifests_of_kubeflow_are_run_and_refused_in_whole_sentences() {
    let server = Server::start();
    server.push(&["train-line"]);
    let tool = &server.tool;
    let manifest = "apiVersion: kubeflow.org/v1\nkind: PyTorchJob\nmetadata: {name: line}\nspec:\n  \
                    runPolicy: {cleanPodPolicy: None}\n  pytorchReplicaSpecs:\n    Master:\n      replicas: 2\n      \
                    template: {spec: {containers: [{name: pytorch, image: 'programs/train-line:1', args: ['--steps=20']}]}}\n";
    let file = tool.file("manifest.yaml", manifest);
    let said = tool.run(&["train", "run", &file, "--watch"]);
    assert_eq!(said.code, Some(0), "{said:#?}");
    assert!(said.stderr.contains("changes nothing here: spec.runPolicy.cleanPodPolicy"), "{said:#?}");
    let shown = tool.json(&["train", "show", "latest"]);
    assert_eq!((&shown["workers"], &shown["step"]), (&2.into(), &20.into()), "{shown:#}");
    let file = tool.file("manifest.yaml", manifest.replace("args:", "command: [python], args:"));
    let said = tool.run(&["train", "run", &file]);
    assert_eq!(said.code, Some(2), "{said:#?}");
    assert!(said.stderr.contains("a component has no command"), "{said:#?}");
}
