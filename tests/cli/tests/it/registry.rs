//! `sandmill registry`: a registry alone, its folder, its settings, its garbage, and `kill -9` in the middle of a push.
//! Never through a client of ours: requests are written out.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::tool::{Tool, wait};

pub struct Registry {
    child: Child,
    /// What it said once it was ready.
    pub ready: Value,
    /// Host and port.
    pub address: String,
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Registry {
    /// Starts a registry on the folder `data` of the user's home.
    pub fn start(tool: &Tool, more: &[&str]) -> Self {
        let mut arguments = vec!["registry", "serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"];
        arguments.extend(more);
        let mut child = tool.command(&arguments).stderr(Stdio::inherit()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("the registry said `{line}`"));
        let address = ready["registry"].as_str().unwrap().to_owned();
        Self { child, ready, address }
    }

    /// Sends a request and gives the head of the answer.
    fn send(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> String {
        let mut connection = self.connect(method, path, headers, body.len());
        connection.write_all(body).unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        answer
    }

    /// The head is sent, and the body is to follow.
    fn connect(&self, method: &str, path: &str, headers: &str, body_bytes: usize) -> TcpStream {
        let mut connection = TcpStream::connect(&self.address).unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {body_bytes}\r\n{headers}\r\n",
            self.address
        );
        connection.write_all(head.as_bytes()).unwrap();
        connection
    }

    fn status(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> u16 {
        let answer = self.send(method, path, headers, body);
        answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("{answer}"))
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap(), signal).unwrap();
    }
}

/// SHA-256 of `content`, `sha256sum` says.
const CONTENT: &[u8] = b"content";
const DIGEST: &str = "sha256:ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73";

fn push_path(repository: &str) -> String {
    format!("/v2/{repository}/blobs/uploads/?digest={DIGEST}")
}

fn files_under(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_under(&path));
        } else if path.file_name().is_some_and(|name| name != "lock") {
            files.push(path.display().to_string());
        }
    }
    files
}

#[test]
fn a_registry_serves_alone_and_stops_cleanly() {
    let tool = Tool::alone();
    let mut registry = Registry::start(&tool, &[]);
    assert_eq!(registry.ready["url"], format!("http://{}", registry.address));
    assert_eq!(registry.status("GET", "/v2/", "", b""), 200);
    assert_eq!(registry.status("POST", &push_path("a"), "", CONTENT), 201);
    assert!(registry.send("GET", &format!("/v2/a/blobs/{DIGEST}"), "", b"").ends_with("\r\n\r\ncontent"));
    let said = tool.run(&["registry", "gc", "--data", "data"]);
    assert_eq!(said.code, Some(1), "the folder is in use: {said:#?}");
    registry.signal(Signal::TERM);
    assert_eq!(wait(&mut registry.child), Some(0));
}

/// Half of a blob was sent and nothing acknowledged; another blob was.
#[test]
fn kill_nine_in_the_middle_of_a_push_shows_no_half_and_loses_no_whole() {
    let tool = Tool::alone();
    let mut registry = Registry::start(&tool, &[]);
    assert_eq!(registry.status("POST", &push_path("a"), "", CONTENT), 201);
    let begun = registry.send("POST", "/v2/b/blobs/uploads/", "", b"");
    let upload = begun.lines().find_map(|line| line.strip_prefix("location: ")).unwrap().trim().to_owned();
    let mut half = registry.connect("PATCH", &upload, "", 64 << 20);
    half.write_all(&vec![7; 16 << 20]).unwrap();
    let blobs = tool.path().join("data/blobs");
    assert!(!files_under(&blobs.join("incoming")).is_empty(), "nothing of the upload reached the disk");
    registry.signal(Signal::KILL);
    assert_eq!(wait(&mut registry.child), None);

    let registry = Registry::start(&tool, &[]);
    assert!(files_under(&blobs.join("incoming")).is_empty(), "what was abandoned is cleared away");
    assert!(registry.send("GET", &format!("/v2/a/blobs/{DIGEST}"), "", b"").ends_with("\r\n\r\ncontent"));
    assert_eq!(registry.status("GET", &upload, "", b""), 404, "the client begins again");
    assert_eq!(files_under(&blobs.join("sha256")).len(), 1);
    assert_eq!(registry.status("POST", &push_path("b"), "", CONTENT), 201);
}

#[test]
fn garbage_is_collected_by_hand_once_it_is_old() {
    let tool = Tool::alone();
    let registry = Registry::start(&tool, &[]);
    assert_eq!(registry.status("POST", &push_path("a"), "", CONTENT), 201);
    drop(registry);
    let young = tool.json(&["registry", "gc", "--data", "data"]);
    assert_eq!((young["links"].as_u64(), young["blobs"].as_u64()), (Some(0), Some(0)), "{young}");
    let settings = tool.file("registry.toml", "[garbage]\ngrace-minutes = 0\n");
    let old = tool.json(&["registry", "gc", "--data", "data", "--settings", &settings]);
    assert_eq!((old["links"].as_u64(), old["blobs"].as_u64(), old["bytes"].as_u64()), (Some(1), Some(1), Some(7)));
    assert!(files_under(&tool.path().join("data/blobs/sha256")).is_empty());
}

#[test]
fn users_push_and_the_anonymous_pull() {
    let tool = Tool::alone();
    // `ann` with the password `secret:word`, as `htpasswd -nbB -C 5` wrote it.
    let users = tool.file("users", "ann:$2y$05$uC5/NcWJVdVpGKCi81lt6uLnYRxo/f6boMa5lsO/DFZBLB9JlxT8O\n");
    let registry = Registry::start(&tool, &["--users", &users]);
    // Base64 of ann:secret:word.
    let ann = "Authorization: Basic YW5uOnNlY3JldDp3b3Jk\r\n";
    assert_eq!(registry.status("POST", &push_path("a"), "", CONTENT), 401);
    assert_eq!(registry.status("POST", &push_path("a"), ann, CONTENT), 201);
    assert_eq!(registry.status("GET", &format!("/v2/a/blobs/{DIGEST}"), "", b""), 200);
    assert_eq!(registry.status("GET", "/v2/", "", b""), 401);
    assert_eq!(registry.status("GET", "/v2/", ann, b""), 200);
}

#[test]
fn what_is_exposed_is_not_written_to_by_everybody() {
    let tool = Tool::alone();
    let mut child =
        tool.command(&["registry", "serve", "--json", "--data", "data", "--listen", "0.0.0.0:0"]).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let address = ready["registry"].as_str().unwrap().replace("0.0.0.0", "127.0.0.1");
    let registry = Registry { child, ready, address };
    let refused = registry.send("POST", &push_path("a"), "", CONTENT);
    assert!(refused.contains(" 401 ") && refused.contains("without a file of users"), "{refused}");
    assert_eq!(registry.status("GET", "/v2/a/tags/list", "", b""), 404, "everybody may pull");
}

#[test]
fn settings_that_make_no_sense_are_refused_with_their_place() {
    let tool = Tool::alone();
    let cases = [
        ("[acess]\n", "acess"),
        ("[access]\nusers = \"absent\"\n", "absent"),
        ("[tls]\ncertificate = \"no.crt\"\nkey = \"no.key\"\n", "no.crt"),
        ("[access]\ntoken-seconds = 0\n", "access.token-seconds"),
    ];
    for (text, expected) in cases {
        let settings = tool.file("registry.toml", text);
        let arguments = ["registry", "serve", "--data", "data", "--listen", "127.0.0.1:0", "--settings", &settings];
        let said = tool.run(&arguments);
        assert_ne!(said.code, Some(0), "{text}: {said:#?}");
        assert!(said.stderr.contains(expected), "{text}: {said:#?}");
    }
    let tls = tool.file("registry.toml", "[tls]\ncertificate = \"no.crt\"\nkey = \"no.key\"\n");
    let said = tool.run(&["up", "--data", "node", "--registry-settings", &tls]);
    assert!(said.code != Some(0) && said.stderr.contains("sandmill registry serve"), "{said:#?}");
}
