//! `sandmill up` on free ports, and scripts that talk to it with the stock client.
//! Never shared between tests: each has a history of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A node in a process of its own.
pub struct Server {
    child: Child,
    /// Where it answers.
    pub url: String,
    /// Where its registry answers, as references name it.
    pub registry: String,
    data: TempDir,
}

impl Server {
    /// Starts a node on a new data folder.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same with more arguments.
    pub fn start_with(more: &[&str]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut child = Command::new(tests_kit::binary::path())
            .args(["up", "--json", "--listen", "127.0.0.1:0", "--registry-listen", "127.0.0.1:0", "--data"])
            .arg(data.path())
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("the node said `{line}`"));
        let url = ready["server"].as_str().unwrap().to_owned();
        let registry = ready["registry"].as_str().unwrap().to_owned();
        Self { child, url, registry, data }
    }

    /// Pushes test programs to the node's registry as `programs/NAME:1`.
    pub fn push(&self, names: &[&str]) {
        for name in names {
            self.push_file(&tests_kit::guests::program_path(name), &format!("programs/{name}:1"));
        }
    }

    /// Pushes any component.
    pub fn push_file(&self, path: &Path, reference: &str) {
        let made = Command::new(tests_kit::binary::path())
            .args(["component", "push", "--server", &self.url])
            .arg(path)
            .arg(reference)
            .output()
            .unwrap();
        assert!(made.status.success(), "{reference}: {}", String::from_utf8_lossy(&made.stderr));
    }

    /// Pushes the component that runs functions of Python; false where it cannot be built on this machine.
    pub fn push_python(&self) -> bool {
        let Some(component) = tests_kit::guests::python_component("run-python") else { return false };
        let path = self.data.path().join("run-python.wasm");
        std::fs::write(&path, component).unwrap();
        self.push_file(&path, host_pipeline::kfp::RUN_PYTHON_COMPONENT);
        true
    }

    /// Runs a case with other parameters, and holds that it ends in this state.
    pub fn holds_case_as(&self, python: &Path, name: &str, parameters: &Value, state: &str) {
        let cases = tempfile::tempdir().unwrap();
        let compiled = tests_kfp::compiled_folder();
        std::fs::copy(compiled.join(format!("{name}.yaml")), cases.path().join(format!("{name}.yaml"))).unwrap();
        let expected = serde_json::json!({
            "parameters": parameters, "state": state, "states": {}, "outputs": {}, "order": [], "refused": null,
        });
        std::fs::write(cases.path().join(format!("{name}.json")), expected.to_string()).unwrap();
        self.script(python, "cases.py", &[&cases.path().display().to_string()]);
    }

    /// Where the node keeps everything.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Runs cases through the stock client and holds that each went as it should.
    pub fn holds_cases(&self, python: &Path, names: &[&str]) {
        let cases = tempfile::tempdir().unwrap();
        let folder = cases.path();
        for name in names {
            for file in [format!("{name}.yaml"), format!("{name}.json")] {
                std::fs::copy(tests_kfp::compiled_folder().join(&file), folder.join(&file)).unwrap();
            }
        }
        let said = self.script(python, "cases.py", &[&folder.display().to_string()]);
        for name in names {
            assert!(said.lines().any(|line| line == format!("ok {name}")), "{name} is missing:\n{said}");
        }
    }

    /// Runs one of the scripts in `client/` against the node; its last arguments are `more`.
    pub fn script(&self, python: &Path, name: &str, more: &[&str]) -> String {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("client");
        // A client that remembers a namespace from elsewhere would not ask as a new one does.
        let made = Command::new(python)
            .args(["-B", "-W", "ignore", name, &self.url])
            .args(more)
            .env("HOME", self.data.path())
            .env("NO_PROXY", "127.0.0.1")
            .current_dir(folder)
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
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
