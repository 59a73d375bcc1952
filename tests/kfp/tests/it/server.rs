//! A node, and scripts that talk to it with the stock client.
//! Never shared between tests: each has a history of its own.

use std::ops::Deref;
use std::path::Path;

use serde_json::Value;

/// A node in a process of its own.
pub struct Server(tests_kit::Server);

impl Deref for Server {
    type Target = tests_kit::Server;

    fn deref(&self) -> &tests_kit::Server {
        &self.0
    }
}

impl Server {
    /// Starts a node on a new data folder.
    pub fn start() -> Self {
        Self(tests_kit::Server::start())
    }

    /// The same with more arguments.
    pub fn start_with(more: &[&str]) -> Self {
        Self(tests_kit::Server::start_with(more))
    }

    /// The same with variables of the node's own.
    pub fn start_with_variables(more: &[&str], variables: &[(&str, &str)]) -> Self {
        Self(tests_kit::Server::start_with_variables(more, variables))
    }

    /// Pushes the component that runs functions of Python; false where it cannot be built on this machine.
    pub fn push_python(&self) -> bool {
        self.0.push_python(host_pipeline::python::RUN_PYTHON_COMPONENT)
    }

    /// Runs a case with other parameters, and holds that it ends in this state.
    pub fn holds_case_as(&self, python: &Path, name: &str, parameters: &Value, state: &str) {
        self.holds_case_on(python, name, "", parameters, state);
    }

    /// The same of a case behind which a platform document stands, for what the SDK does not write down.
    pub fn holds_case_on(&self, python: &Path, name: &str, platform: &str, parameters: &Value, state: &str) {
        let cases = tempfile::tempdir().unwrap();
        let file = format!("{name}.yaml");
        let compiled = std::fs::read_to_string(tests_kfp::compiled_folder().join(&file)).unwrap();
        std::fs::write(cases.path().join(&file), compiled + platform).unwrap();
        let expected = serde_json::json!({
            "parameters": parameters, "state": state, "states": {}, "outputs": {}, "order": [], "refused": null,
        });
        std::fs::write(cases.path().join(format!("{name}.json")), expected.to_string()).unwrap();
        self.script(python, "cases.py", &[&cases.path().display().to_string()]);
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
        self.0.script(python, &Path::new(env!("CARGO_MANIFEST_DIR")).join("client").join(name), more)
    }
}
