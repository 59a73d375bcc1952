//! `sandmill up` on free ports, in a process of its own.
//! Never shared between tests: each has a history of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::{binary, guests};

/// A node in a process of its own; it is killed when this is dropped.
pub struct Server {
    child: Child,
    /// Where it answers.
    pub url: String,
    /// Where its registry answers, as references name it.
    pub registry: String,
    data: TempDir,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
}

impl Server {
    /// Starts a node on a new data folder.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same with more arguments.
    ///
    /// # Panics
    /// When the node does not start: no test could go on.
    #[must_use]
    pub fn start_with(more: &[&str]) -> Self {
        Self::start_with_variables(more, &[])
    }

    /// The same with variables of the node's own.
    ///
    /// # Panics
    /// When the node does not start.
    #[must_use]
    pub fn start_with_variables(more: &[&str], variables: &[(&str, &str)]) -> Self {
        let data = tempfile::tempdir().expect("a folder for the node");
        let arguments = more.iter().map(|&argument| argument.to_owned()).collect();
        let variables = variables.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self::start_in(data, arguments, variables)
    }

    /// Ends the node's process by `kill -9`, also while somebody else asks it.
    ///
    /// # Panics
    /// When it cannot be ended.
    pub fn kill(&self) {
        let killed = Command::new("kill").args(["-9", &self.child.id().to_string()]).status();
        assert!(killed.is_ok_and(|status| status.success()), "the node's process is ours and was there");
    }

    /// Starts a node again on the data folder of one that was killed; it listens elsewhere.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start_again(mut self) -> Self {
        // One that was killed already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
        // What this one leaves behind is the next one's.
        let data = std::mem::replace(&mut self.data, tempfile::tempdir().expect("a folder"));
        Self::start_in(data, std::mem::take(&mut self.arguments), std::mem::take(&mut self.variables))
    }

    fn start_in(data: TempDir, arguments: Vec<String>, variables: Vec<(String, String)>) -> Self {
        let mut child = Command::new(binary::path())
            .args(["up", "--json", "--listen", "127.0.0.1:0", "--registry-listen", "127.0.0.1:0", "--data"])
            .arg(data.path())
            .args(&arguments)
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the node's process");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("a pipe");
        BufReader::new(stdout).read_line(&mut line).expect("a line that says where it listens");
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("the node said `{line}`"));
        let text = |key: &str| ready[key].as_str().unwrap_or_else(|| panic!("no `{key}` in {ready}")).to_owned();
        Self { url: text("server"), registry: text("registry"), child, data, arguments, variables }
    }

    /// Pushes test programs to the node's registry as `programs/NAME:1`.
    pub fn push(&self, names: &[&str]) {
        for name in names {
            self.push_file(&guests::program_path(name), &format!("programs/{name}:1"));
        }
    }

    /// Pushes any component.
    ///
    /// # Panics
    /// When it is refused.
    pub fn push_file(&self, path: &Path, reference: &str) {
        let made = Command::new(binary::path())
            .args(["component", "push", "--server", &self.url])
            // A node with tokens asks for one here too.
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .arg(path)
            .arg(reference)
            .output()
            .expect("the command");
        assert!(made.status.success(), "{reference}: {}", String::from_utf8_lossy(&made.stderr));
    }

    /// Pushes the component that runs Python; false where it cannot be built on this machine.
    ///
    /// # Panics
    /// When it cannot be written down.
    pub fn push_python(&self, reference: &str) -> bool {
        let Some(component) = guests::python_component("run-python") else { return false };
        let path = self.data.path().join("run-python.wasm");
        std::fs::write(&path, component).expect("the component's file");
        self.push_file(&path, reference);
        true
    }

    /// Where the node keeps everything.
    #[must_use]
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Runs a script against the node's address, with more arguments behind it, and returns what it said.
    ///
    /// # Panics
    /// When it fails, with all that it said.
    pub fn script(&self, python: &Path, script: &Path, more: &[&str]) -> String {
        // A client that remembers something from elsewhere would not ask as a new one does.
        let made = Command::new(python)
            .args(["-B", "-W", "ignore"])
            .arg(script.file_name().expect("a file"))
            .arg(&self.url)
            .args(more)
            .env("HOME", self.data.path())
            .env("NO_PROXY", "127.0.0.1")
            .current_dir(script.parent().expect("a folder"))
            .output()
            .expect("the script");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let name = script.display();
        assert!(made.status.success(), "{name} failed:\n{}\n{}", text(&made.stdout), text(&made.stderr));
        text(&made.stdout)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
