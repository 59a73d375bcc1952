//! Pipelines from the command line to their end.
//! Never sleeps until something should have happened; it watches.

use std::io::{BufRead, BufReader};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::server::Server;
use crate::tool::Said;

/// Two steps, the second of which takes the first one's output.
pub const ECHO: &str = "
apiVersion: sandmill.dev/v1
kind: Pipeline
metadata: { name: echo }
spec:
  parameters:
    value: { type: integer, default: 5 }
  steps:
    first:
      component: programs/echo:1
      function: echo-u32
      arguments: { value: '${parameters.value}' }
    second:
      component: programs/echo:1
      function: add
      arguments: { left: '${steps.first.output}', right: 2 }
";

const TALK: &str = "
apiVersion: sandmill.dev/v1
kind: Pipeline
metadata: { name: talk }
spec:
  steps:
    talk: { component: 'programs/talk:1', function: run, cache: false }
";

const SPIN: &str = "
apiVersion: sandmill.dev/v1
kind: Pipeline
metadata: { name: spin }
spec:
  steps:
    spin: { component: 'programs/endless-loop:1', function: run }
    behind: { component: 'programs/noop:1', function: run, after: [spin] }
";

const COPY: &str = "
apiVersion: sandmill.dev/v1
kind: Pipeline
metadata: { name: copy }
spec:
  parameters:
    file: { type: artifact }
  steps:
    copy:
      component: programs/handles:1
      function: copy-artifact
      arguments: { input: '${parameters.file}' }
";

#[test]
fn a_pipeline_is_checked_run_and_shown() {
    let server = Server::start();
    server.push(&["echo"]);
    let tool = &server.tool;
    let file = tool.file("pipeline.yaml", ECHO);

    let checked = tool.json(&["pipeline", "check", &file]);
    assert_eq!(checked["steps"][1]["needs"], json!(["first"]));
    assert_eq!(checked["steps"][0]["function"]["parameters"][0], json!({ "name": "value", "type": "u32" }));
    assert!(tool.data(&["run", "list"]).lines().count() == 1, "checking starts nothing");

    let ended = tool.json(&["pipeline", "run", &file, "--watch", "--param", "value=40"]);
    assert_eq!((&ended["state"], &ended["pipeline"]), (&json!("succeeded"), &json!("echo")));
    let names: Vec<&Value> = ended["steps"].as_array().unwrap().iter().map(|step| &step["name"]).collect();
    assert_eq!(names, ["first", "second"]);
    assert!(ended["steps"].as_array().unwrap().iter().all(|step| step["cached"] == false && step["millis"].is_u64()));

    let run = ended["run"].as_str().unwrap();
    for name in [run, "latest", &run[..30]] {
        let shown = tool.json(&["run", "show", name]);
        assert_eq!((&shown["id"], &shown["status"]), (&ended["run"], &json!("succeeded")));
        assert_eq!(shown["steps"][1]["outputs"]["output"]["plain"], 42);
        assert_eq!(shown["parameters"]["value"]["plain"], 40);
    }
    let text = tool.data(&["run", "show", "latest"]);
    for expected in ["STEP", "succeeded", "second.output", "42", "value = 40"] {
        assert!(text.contains(expected), "{expected}:\n{text}");
    }

    let again = tool.run(&["pipeline", "run", &file, "--watch", "--param", "value=40"]);
    assert_eq!(again.code, Some(0), "{again:#?}");
    assert!(again.stderr.contains("cached") && again.stderr.contains("2 cached"), "{again:#?}");
    assert_eq!(again.stdout.trim().len(), 36, "stdout is the run's id: {again:#?}");
}

#[test]
fn runs_are_listed_by_page_pipeline_and_status() {
    let server = Server::start();
    server.push(&["echo"]);
    let tool = &server.tool;
    let file = tool.file("pipeline.yaml", ECHO);
    for value in ["1", "2", "3"] {
        tool.json(&["pipeline", "run", &file, "--watch", "--param", &format!("value={value}")]);
    }
    let first = tool.json(&["run", "list", "--limit", "2"]);
    let second = tool.json(&["run", "list", "--limit", "2", "--page", first["next"].as_str().unwrap()]);
    let values = |page: &Value| {
        let items = page["items"].as_array().unwrap().clone();
        items.iter().map(|run| run["parameters"]["value"]["plain"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!((values(&first), values(&second)), (vec![3, 2], vec![1]));
    assert_eq!(second.get("next"), None);
    assert!(values(&tool.json(&["run", "list", "--status", "failed"])).is_empty());
    assert!(values(&tool.json(&["run", "list", "--pipeline", "other"])).is_empty());
    let said = tool.run(&["run", "list", "--page", "nonsense"]);
    assert_eq!(said.code, Some(1), "{said:#?}");
    assert!(said.stderr.contains("nonsense"), "{said:#?}");
}

#[test]
fn logs_are_read_followed_and_filtered() {
    let server = Server::start();
    server.push(&["talk"]);
    let tool = &server.tool;
    let file = tool.file("pipeline.yaml", TALK);
    let run = tool.json(&["pipeline", "run", &file])["run"].as_str().unwrap().to_owned();
    let followed = tool.data(&["run", "logs", &run, "--follow"]);
    let read = tool.data(&["run", "logs", &run]);
    assert_eq!(followed, read);
    for expected in ["first line", "second line", "to stderr", "a message"] {
        assert!(read.contains(expected), "{expected}:\n{read}");
    }
    let lines: Vec<Value> =
        tool.data(&["run", "logs", &run, "--json"]).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().all(|line| line["step"] == "talk"), "{lines:?}");
    let said = tool.run(&["run", "logs", &run, "--step", "walk"]);
    assert_eq!(said.code, Some(4), "{said:#?}");
    assert!(said.stderr.contains("walk") && said.stderr.contains("talk"), "{said:#?}");
}

#[test]
fn files_are_uploaded_once_and_fetched_whole() {
    let server = Server::start();
    server.push(&["handles"]);
    let tool = &server.tool;
    let document = tool.file("pipeline.yaml", COPY);
    let content = "a,b\n1,2\n".repeat(100_000);
    let data = tool.file("data.csv", &content);
    let parameter = format!("file=@{data}");
    let first = tool.run(&["pipeline", "run", &document, "--watch", "--param", &parameter]);
    assert_eq!(first.code, Some(0), "{first:#?}");
    assert!(first.stderr.contains("uploaded"), "{first:#?}");
    let second = tool.run(&["pipeline", "run", &document, "--watch", "--param", &parameter]);
    assert!(second.code == Some(0) && !second.stderr.contains("uploaded"), "{second:#?}");

    let shown = tool.json(&["run", "show", "latest"]);
    let output = &shown["steps"][0]["outputs"]["output"]["artifact"];
    let digest = output["digest"].as_str().unwrap();
    let target = tool.path().join("copy.csv");
    tool.data(&["artifact", "get", digest, "--output", target.to_str().unwrap()]);
    assert_eq!(std::fs::read_to_string(&target).unwrap(), content);
    assert_eq!(tool.data(&["artifact", "get", digest]), content);

    let detail = tool.json(&["artifact", "show", digest]);
    assert_eq!(detail["uses"][0]["parameter"], "input", "{detail}");
    let listed = tool.json(&["artifact", "list"]);
    assert!(listed["items"].as_array().unwrap().iter().any(|item| item["digest"] == digest));
    let by_digest = tool.run(&["pipeline", "run", &document, "--watch", "--param", &format!("file={digest}")]);
    assert_eq!(by_digest.code, Some(0), "{by_digest:#?}");
    let none = format!("sha256:{}", "0".repeat(64));
    let said = tool.run(&["artifact", "get", &none]);
    assert_eq!(said.code, Some(4), "{said:#?}");
}

#[test]
fn uploads_keep_kind_media_type_and_metadata() {
    let server = Server::start();
    let tool = &server.tool;
    let file = tool.file("weights.bin", [0, 1, 2]);
    let put = tool.json(&[
        "artifact",
        "put",
        &file,
        "--kind",
        "model",
        "--media-type",
        "application/x-weights",
        "--metadata",
        "by=mé",
    ]);
    let shown = tool.json(&["artifact", "show", put["digest"].as_str().unwrap()]);
    assert_eq!((&shown["kind"], &shown["mediaType"]), (&json!("model"), &json!("application/x-weights")));
    assert_eq!((&shown["metadata"]["by"], &shown["sizeBytes"]), (&json!("mé"), &json!(3)));
}

#[test]
fn a_run_is_cancelled_and_tried_again() {
    let server = Server::start();
    server.push(&["endless-loop", "noop"]);
    let tool = &server.tool;
    let file = tool.file("pipeline.yaml", SPIN);
    let run = tool.json(&["pipeline", "run", &file])["run"].as_str().unwrap().to_owned();
    let said = tool.run(&["run", "retry", &run]);
    assert_eq!(said.code, Some(1), "a run at work is tried again: {said:#?}");
    tool.data(&["run", "cancel", &run]);
    let watched = tool.run(&["run", "watch", &run, "--json"]);
    assert_eq!(watched.code, Some(1), "{watched:#?}");
    let ended: Value = serde_json::from_str(&watched.stdout).unwrap();
    assert_eq!(ended["state"], "cancelled");

    tool.data(&["run", "retry", &run]);
    assert_eq!(tool.json(&["run", "show", &run])["status"], "running");
    tool.data(&["run", "cancel", &run]);
    assert_eq!(tool.run(&["run", "watch", &run]).code, Some(1));
    let said = tool.run(&["run", "cancel", &run]);
    assert_eq!(said.code, Some(1), "an ended run is cancelled: {said:#?}");
}

#[test]
fn interrupting_the_watching_leaves_the_run_alone() {
    let server = Server::start();
    server.push(&["endless-loop", "noop"]);
    let tool = &server.tool;
    let file = tool.file("pipeline.yaml", SPIN);
    let mut child = tool.command(&["pipeline", "run", &file, "--watch"]).spawn().unwrap();
    let mut talk = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("started") {
        line.clear();
        assert!(talk.read_line(&mut line).unwrap() > 0, "it ended before the step began");
    }
    kill_process(Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap(), Signal::INT).unwrap();
    let said = Said::of(child);
    assert_eq!(said.code, Some(130), "{said:#?}");
    assert_eq!(tool.json(&["run", "show", "latest"])["status"], "running");
    tool.data(&["run", "cancel", "latest"]);
}

/// A folder as the node keeps one, with a name that is there twice, and a link.
fn archive() -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, content) in [("data/rows.csv", "a,b\n1,2\n"), ("notes.txt", "one"), ("notes.txt", "two"), ("empty", "")]
    {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, name, content.as_bytes()).unwrap();
    }
    let mut link = tar::Header::new_ustar();
    link.set_entry_type(tar::EntryType::Symlink);
    link.set_size(0);
    archive.append_link(&mut link, "link", "/etc/passwd").unwrap();
    archive.into_inner().unwrap()
}

#[test]
fn the_files_of_a_folder_are_listed_and_fetched_one_by_one() {
    let server = Server::start();
    let tool = &server.tool;
    let folder = tool.file("folder.tar", archive());
    let put = tool.json(&["artifact", "put", &folder, "--media-type", "application/x-tar"]);
    let digest = put["digest"].as_str().unwrap();

    let listed = tool.json(&["artifact", "files", digest]);
    let names: Vec<&str> =
        listed["items"].as_array().unwrap().iter().map(|file| file["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["data/rows.csv", "notes.txt", "notes.txt", "empty", "link"]);
    let table = tool.data(&["artifact", "files", digest]);
    assert!(table.contains("POSITION") && table.contains("text/csv") && table.contains("no content"), "{table}");
    let first = tool.run(&["artifact", "files", digest, "--limit", "2"]);
    let token = first.stderr.split("--page ").nth(1).unwrap().trim();
    assert!(
        !first.stdout.contains("empty") && tool.data(&["artifact", "files", digest, "--page", token]).contains("empty")
    );

    assert_eq!(tool.data(&["artifact", "get", digest, "--file", "data/rows.csv"]), "a,b\n1,2\n");
    assert_eq!(tool.data(&["artifact", "get", digest, "--file", "empty"]), "");
    let target = tool.path().join("second.txt");
    let position = listed["items"][2]["position"].to_string();
    let told = tool.json(&["artifact", "get", digest, "--position", &position, "--output", target.to_str().unwrap()]);
    assert_eq!((&told["file"], &told["sizeBytes"]), (&"notes.txt".into(), &3.into()));
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "two");

    for (arguments, code, told) in [
        (&["--file", "notes.txt"][..], 2, format!("--position {position}")),
        (&["--file", "link"], 2, "has no content".to_owned()),
        (&["--file", "rows.csv"], 4, format!("sandmill artifact files {digest}")),
        (&["--position", "7"], 4, "no file at 7".to_owned()),
        (&["--position", "7", "--file", "empty"], 2, "cannot be used with".to_owned()),
    ] {
        let said = tool.run(&[&["artifact", "get", digest], arguments].concat());
        assert!(said.code == Some(code) && said.stderr.contains(&told), "{arguments:?}: {said:#?}");
    }
    let plain = tool.json(&["artifact", "put", &tool.file("plain.txt", "words")]);
    let said = tool.run(&["artifact", "files", plain["digest"].as_str().unwrap()]);
    assert!(said.code != Some(0) && said.stdout.is_empty(), "{said:#?}");
}
