//! `sandmill up` on free ports of this machine, ended with its test.
//! Never shared between tests: each has a history of its own.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use host_ledger_sqlite::SqliteLedger;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;
use tests_kit::history;

/// A node in a process of its own.
pub struct Node {
    child: Child,
    /// Where it answers.
    pub url: String,
    data: TempDir,
    /// What it was started with beside its places.
    more: Vec<String>,
    /// By which the tool asks it, where it has tokens.
    token: Option<String>,
}

impl Node {
    /// Starts a node on a new data folder.
    pub fn start() -> Self {
        Self::start_on(tempfile::tempdir().unwrap(), Vec::new(), None)
    }

    /// Starts one that knows users, by the lines of their tokens, of whom the first is the tool's; the logins of their
    /// browsers hold for so long.
    pub fn start_with_users(users: &[(&str, &str)], login_seconds: f64) -> Self {
        let data = tempfile::tempdir().unwrap();
        let file = data.path().join("tokens");
        let lines: String = users.iter().map(|(name, token)| format!("{name} {token}\n")).collect();
        fs::write(&file, lines).unwrap();
        let hours = format!("{}", login_seconds / 3_600.0);
        let more = ["--tokens", file.to_str().unwrap(), "--sign-in-hours", &hours].map(str::to_owned);
        Self::start_on(data, more.to_vec(), users.first().map(|(_, token)| (*token).to_owned()))
    }

    fn start_on(data: TempDir, more: Vec<String>, token: Option<String>) -> Self {
        let (child, url) = start(data.path(), "127.0.0.1:0", &more);
        Self { child, url, data, more, token }
    }

    /// Starts a node whose ledger holds so many runs already.
    pub fn with_history(runs: u64) -> Self {
        let data = tempfile::tempdir().unwrap();
        let filled = async {
            let ledger = SqliteLedger::open(&data.path().join("node/ledger")).unwrap();
            history::fill(&ledger, runs).await.unwrap();
            ledger.close().await.unwrap();
        };
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(filled);
        Self::start_on(data, Vec::new(), None)
    }

    /// Ends the node as a power cut would, and starts it again at the same address.
    pub fn kill_and_start_again(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let address = self.url.trim_start_matches("http://").to_owned();
        (self.child, self.url) = start(self.data.path(), &address, &self.more);
    }

    /// Pushes built-in components as the demo does.
    pub fn push_components(&self, names: &[&str]) {
        for name in names {
            let reference = format!("sandmill/{name}:{}", env!("CARGO_PKG_VERSION"));
            self.push(&tests_kit::guests::component_path(name), &reference);
        }
    }

    /// Pushes test programs as `programs/NAME:1`.
    pub fn push_programs(&self, names: &[&str]) {
        for name in names {
            self.push(&tests_kit::guests::program_path(name), &format!("programs/{name}:1"));
        }
    }

    /// Pushes the component that runs Python; false, with the reason said, where it could not be built.
    pub fn push_python(&self) -> bool {
        self.push_python_as("sandmill/run-python")
    }

    /// The same under another name.
    pub fn push_python_as(&self, repository: &str) -> bool {
        let Some(file) = tests_kit::guests::python_component_path("run-python") else {
            eprintln!("skipped: run-python is not built; its packages could not be fetched");
            return false;
        };
        self.push(&file, &format!("{repository}:{}", env!("CARGO_PKG_VERSION")));
        true
    }

    fn push(&self, file: &Path, reference: &str) {
        self.tool(&["component", "push", file.to_str().unwrap(), reference]);
    }

    /// Runs a document to its end; gives the run's id.
    pub fn run(&self, document: &str) -> String {
        let file = self.data.path().join("document.yaml");
        fs::write(&file, document).unwrap();
        let said = self.tool(&["pipeline", "run", file.to_str().unwrap(), "--watch"]);
        said.trim_end().lines().next_back().unwrap().to_owned()
    }

    fn tool(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(tests_kit::binary::path());
        command.args(arguments).env("HOME", self.data.path()).env("SANDMILL_SERVER", &self.url);
        command.envs(self.token.as_ref().map(|token| ("SANDMILL_TOKEN", token)));
        let made = command.stdin(Stdio::null()).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(made.status.success(), "{arguments:?}: {}{}", text(&made.stdout), text(&made.stderr));
        text(&made.stdout)
    }

    /// Ends the node in order.
    pub fn end(mut self) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
        assert!(self.child.wait().unwrap().success(), "the node did not end in order");
    }
}

fn start(data: &Path, listen: &str, more: &[String]) -> (Child, String) {
    let folder: PathBuf = data.join("node");
    let mut child = Command::new(tests_kit::binary::path())
        .args(["up", "--json", "--listen", listen, "--registry-listen", "127.0.0.1:0", "--data"])
        .arg(folder)
        .args(more)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("the node said `{line}`"));
    (child, ready["server"].as_str().unwrap().to_owned())
}

impl Drop for Node {
    fn drop(&mut self) {
        // One that has ended already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
