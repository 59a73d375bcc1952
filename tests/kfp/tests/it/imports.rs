//! Importers on a real node: content from web servers, a bucket and a registry.
//! Never from the internet; the servers are threads and children of this test.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex};

use serde_json::json;
use tests_kit::{S3Server, TlsServer};

use crate::server::Server;

/// A web server with `/rows.csv`, a way to elsewhere, and nothing more. Returns its address, and what was asked of it.
fn web() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let (heard, port) = (asked.clone(), address.clone());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that hangs up in the middle is no trouble of this test.
            let _ = answer(stream, &heard, &port);
        }
    });
    (address, asked)
}

fn answer(mut stream: TcpStream, asked: &Mutex<Vec<String>>, address: &str) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let path = lines.next().transpose()?.and_then(|line| line.split(' ').nth(1).map(str::to_owned)).unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    asked.lock().unwrap().push(path.clone());
    // The same server by a name that was not allowed.
    let elsewhere = address.replace("127.0.0.1", "localhost");
    let answer = match path.as_str() {
        "/rows.csv" => "200 OK\r\ncontent-type: text/csv\r\ncontent-length: 4\r\n\r\nrows".to_owned(),
        "/away" => format!("302 Found\r\nlocation: http://{elsewhere}/rows.csv\r\ncontent-length: 0\r\n\r\n"),
        _ => "404 Not Found\r\ncontent-length: 0\r\n\r\n".to_owned(),
    };
    stream.write_all(format!("HTTP/1.1 {}", answer.replacen("\r\n", "\r\nconnection: close\r\n", 1)).as_bytes())
}

#[test]
fn what_importers_name_is_content_to_steps() {
    let python = match tests_kfp::python().and_then(|python| Ok((python, tests_kfp::cases()?))) {
        Ok((python, _)) => python,
        Err(reason) => return tests_kfp::skip(&reason),
    };
    let (address, asked) = web();
    let server = Server::start_with(&["--allow-http", &address]);
    if !server.push_python() {
        return tests_kfp::skip("run-python is not built here");
    }
    let content = |path: &str| json!({ "uri": format!("http://{address}{path}"), "wanted": "rows" });
    let count = || asked.lock().unwrap().len();
    server.holds_case_as(&python, "importer-content", &content("/rows.csv"), "SUCCEEDED");
    server.holds_case_as(&python, "importer-content", &content("/rows.csv"), "SUCCEEDED");
    assert_eq!(count(), 1, "what was imported is not fetched again");
    server.holds_case_as(&python, "importer-to-workspace", &content("/rows.csv"), "SUCCEEDED");
    assert_eq!(count(), 2, "reimport fetches anew");
    server.holds_case_as(&python, "importer-content", &content("/nothing"), "FAILED");
    server.holds_case_as(&python, "importer-content", &content("/away"), "FAILED");
    assert_eq!(asked.lock().unwrap()[2..], ["/nothing", "/away"], "nothing is asked of a host that is not allowed");

    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "kept rows").unwrap();
    let reference = format!("{}/data/rows:1", server.registry);
    let artifact = |arguments: &[&str]| {
        let made = Command::new(tests_kit::binary::path())
            .args(["artifact", "--json", "--server", &server.url])
            .args(arguments)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        String::from_utf8(made.stdout).unwrap()
    };
    let put: serde_json::Value = serde_json::from_str(&artifact(&["put", &file.path().display().to_string()])).unwrap();
    artifact(&["push", put["digest"].as_str().unwrap(), &reference]);
    let content = json!({ "uri": format!("oci://{reference}"), "wanted": "kept rows" });
    server.holds_case_as(&python, "importer-content", &content, "SUCCEEDED");
    server.holds_cases(
        &python,
        &[
            "importer-bucket",
            "importer-constant",
            "importer-content",
            "importer-of-output",
            "importer-parameter",
            "importer-to-workspace",
        ],
    );
}

/// Python with the compiled cases, and a store whose bucket `data` has these objects; or why not.
fn python_and_bucket(objects: &[(&str, &str)]) -> Result<(PathBuf, S3Server), String> {
    let python = tests_kfp::python()?;
    tests_kfp::cases()?;
    let store = S3Server::start()?;
    store.put("data", b"");
    for (key, text) in objects {
        store.put(&format!("data/{key}"), text.as_bytes());
    }
    Ok((python, store))
}

#[test]
fn what_importers_name_in_a_bucket_is_content_to_steps() {
    let (python, store) =
        match python_and_bucket(&[("rows/b.csv", "2"), ("rows/more/a.csv", "1"), ("rows.csv", "rows")]) {
            Ok(found) => found,
            Err(reason) => return tests_kfp::skip(&reason),
        };
    let server = Server::start_with_variables(
        &["--allow-bucket", &format!("minio://data={}", store.endpoint)],
        &[("AWS_ACCESS_KEY_ID", "key"), ("AWS_SECRET_ACCESS_KEY", "secret")],
    );
    if !server.push_python() {
        return tests_kfp::skip("run-python is not built here");
    }
    let content = |uri: &str, wanted: &str| json!({ "uri": uri, "wanted": wanted });
    server.holds_case_as(&python, "importer-bucket", &content("minio://data/rows.csv", "rows"), "SUCCEEDED");
    server.holds_case_as(
        &python,
        "importer-bucket",
        &content("minio://data/rows", "b.csv=2 more/a.csv=1"),
        "SUCCEEDED",
    );
    server.holds_case_as(
        &python,
        "importer-bucket",
        &content("minio://data/rows/", "b.csv=2 more/a.csv=1"),
        "SUCCEEDED",
    );
    server.holds_case_as(&python, "importer-bucket", &content("minio://data/nothing", "rows"), "FAILED");
}

/// What the SDK drops where it is said of an importer: its variables, by keys of the secret `store`.
const WITH_SECRET: &str = "---
platforms:
  kubernetes:
    deploymentSpec:
      executors:
        exec-importer:
          secretAsEnv:
          - secretName: store
            keyToEnv:
            - {secretKey: id, envVar: AWS_ACCESS_KEY_ID}
            - {secretKey: key, envVar: AWS_SECRET_ACCESS_KEY}
            - {secretKey: place, envVar: AWS_ENDPOINT_URL}
";

#[test]
fn an_importer_opens_a_bucket_with_the_secret_that_the_platform_document_names() {
    let (python, store) = match python_and_bucket(&[("rows/b.csv", "2"), ("rows/more/a.csv", "1")]) {
        Ok(found) => found,
        Err(reason) => return tests_kfp::skip(&reason),
    };
    let (id, key) = store.lock();
    let host = store.endpoint.trim_start_matches("http://");
    let own = [("AWS_ACCESS_KEY_ID", id.as_str()), ("AWS_SECRET_ACCESS_KEY", &key)];
    let server = Server::start_with_variables(&["--allow-http", host], &own);
    if !server.push_python() {
        return tests_kfp::skip("run-python is not built here");
    }
    let set = |key: &str| {
        let values = [format!("id={id}"), format!("key={key}"), format!("place={}", store.endpoint)];
        let set = Command::new(tests_kit::binary::path())
            .args(["secret", "set", "store"])
            .args(values)
            .arg("--data")
            .arg(server.data())
            .status();
        assert!(set.unwrap().success());
    };
    let content = json!({ "uri": "s3://data/rows", "wanted": "b.csv=2 more/a.csv=1" });
    let holds = |state: &str| server.holds_case_on(&python, "importer-bucket", WITH_SECRET, &content, state);
    set("of some other store");
    holds("FAILED");
    set(&key);
    holds("SUCCEEDED");
    // The result counts for the secret as it was: with another one, the store is asked again.
    set("of some other store");
    holds("FAILED");
}

#[test]
fn importers_trust_the_authorities_that_the_node_was_given() {
    let python = match tests_kfp::python().and_then(|python| Ok((python, tests_kfp::cases()?))) {
        Ok((python, _)) => python,
        Err(reason) => return tests_kfp::skip(&reason),
    };
    let TlsServer { host, authority } = TlsServer::start("200 OK\r\ncontent-length: 4\r\n\r\nrows");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), authority).unwrap();
    let trust = file.path().display().to_string();
    let content = json!({ "uri": format!("https://{host}/rows.csv"), "wanted": "rows" });
    for (more, state) in [(&["--trust-ca", trust.as_str()][..], "SUCCEEDED"), (&[], "FAILED")] {
        let server = Server::start_with(&[&["--allow-http", &host], more].concat());
        if !server.push_python() {
            return tests_kfp::skip("run-python is not built here");
        }
        server.holds_case_as(&python, "importer-content", &content, state);
    }
}
