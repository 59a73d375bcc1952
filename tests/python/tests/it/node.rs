//! A node that runs Python, and runs of documents on it through the command line.
//! Never shared between tests: each has a history of its own, and compiles CPython once.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tests_kit::Server;

/// What ends a test that cannot run here, with the reason.
pub type Skipped = String;

pub struct Node {
    server: Server,
    pub python: PathBuf,
    home: tempfile::TempDir,
}

impl Node {
    /// A node with the component that runs Python; none, with the reason, where there is no Python.
    pub fn start(arguments: &[&str]) -> Result<Self, Skipped> {
        Self::start_with(&tests_python::python()?, arguments)
    }

    /// The same where there is a Python.
    pub fn start_with(python: &Path, arguments: &[&str]) -> Result<Self, Skipped> {
        let server = Server::start_with(arguments);
        if !server.push_python(host_pipeline::python::RUN_PYTHON_COMPONENT) {
            return Err("run-python is not built here; `cargo xtask components run-python` says why".to_owned());
        }
        Ok(Self { server, python: python.to_owned(), home: tempfile::tempdir().unwrap() })
    }

    /// Pushes components of this workspace.
    pub fn push_components(&self, names: &[&str]) {
        for name in names {
            self.server.push_file(&tests_kit::guests::component_path(name), &format!("sandmill/{name}:0.1.0"));
        }
    }

    /// A file with the document of a pipeline.
    pub fn document(&self, file: &str, pipeline: &str) -> String {
        self.file(&format!("{pipeline}.yaml"), &tests_python::document(&self.python, file, pipeline))
    }

    /// A file in this node's home.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.home.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    /// Runs the tool against the node.
    pub fn tool(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(tests_kit::binary::path());
        command.args(arguments).env("SANDMILL_SERVER", &self.server.url).env("HOME", self.home.path());
        command.output().unwrap()
    }

    /// What the tool says where it has to succeed.
    pub fn said(&self, arguments: &[&str]) -> String {
        let made = self.tool(arguments);
        assert!(made.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&made.stderr));
        String::from_utf8(made.stdout).unwrap()
    }

    /// What the tool says on stderr where it has to fail.
    pub fn refused(&self, arguments: &[&str]) -> String {
        let made = self.tool(arguments);
        let told = String::from_utf8_lossy(&made.stderr).into_owned();
        assert!(!made.status.success(), "{arguments:?} succeeded: {told}");
        told
    }

    /// Runs a document to its end, and returns the run as it is shown.
    pub fn run(&self, document: &str, parameters: &[&str]) -> Value {
        let mut arguments = vec!["pipeline", "run", document, "--watch"];
        for parameter in parameters {
            arguments.extend(["--param", parameter]);
        }
        self.tool(&arguments);
        serde_json::from_str(&self.said(&["run", "show", "latest", "--json"])).unwrap()
    }
}

/// A step of a run as it is shown.
pub fn step<'run>(run: &'run Value, name: &str) -> &'run Value {
    let steps = run["steps"].as_array().unwrap_or_else(|| panic!("{run}"));
    steps.iter().find(|step| step["name"] == name).unwrap_or_else(|| panic!("no step {name} in {run}"))
}
