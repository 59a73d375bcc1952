//! `sandmill up` on free ports, ended with its test.
//! Never shared between tests: each has a history of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::tool::{Tool, wait};

/// A node in a process of its own.
pub struct Server {
    child: Child,
    /// What it said once it was ready.
    pub ready: Value,
    /// A user of it.
    pub tool: Tool,
}

impl Server {
    /// Starts a node on a new data folder.
    pub fn start() -> Self {
        let home = Tool::alone();
        let data = home.path().join("data");
        Self::start_in(&data, &[]).keeping(home)
    }

    /// Starts a node on this data folder.
    pub fn start_in(data: &Path, more: &[&str]) -> Self {
        Self::start_with(data, more, &[], Stdio::inherit())
    }

    /// Starts a node on this data folder with these variables besides; what it says of itself goes to this place.
    pub fn start_with(data: &Path, more: &[&str], variables: &[(&str, &str)], log: Stdio) -> Self {
        let tool = Tool::alone();
        let mut arguments =
            vec!["up", "--json", "--listen", "127.0.0.1:0", "--registry-listen", "127.0.0.1:0", "--data"];
        arguments.push(data.to_str().unwrap());
        arguments.extend(more);
        let mut child = tool.command(&arguments).envs(variables.iter().copied()).stderr(log).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("the node said `{line}`"));
        let tool = Tool::with_server(ready["server"].as_str().unwrap());
        Self { child, ready, tool }
    }

    /// Keeps a folder for as long as the server lives.
    fn keeping(mut self, home: Tool) -> Self {
        self.tool.home = home.home;
        self
    }

    /// Pushes test programs to the node's registry as `programs/NAME:1`.
    pub fn push(&self, names: &[&str]) {
        for name in names {
            let path = tests_kit::guests::program_path(name);
            self.tool.data(&["component", "push", path.to_str().unwrap(), &format!("programs/{name}:1")]);
        }
    }

    /// Sends a signal and returns the exit code.
    pub fn end_with(mut self, signal: Signal) -> Option<i32> {
        self.signal(signal);
        wait(&mut self.child)
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        // A process that has ended already is as good.
        let _ = kill_process(pid, signal);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
