//! Rules of a Pipeline document that no schema holds: what excludes what, and what texts must read like.
//! Never looks at components.

use serde_json::Value as Json;

use crate::document::{Found, Read};
use crate::{Pipeline, StepSpec, reference};

/// Longest name of a pipeline, a parameter or a step, in characters: that of a DNS label.
pub const NAME_CHARACTERS_MAX: usize = 63;
/// Steps in one pipeline.
pub const STEPS_MAX: usize = 100_000;
/// Parameters of one pipeline.
pub const PARAMETERS_MAX: usize = 10_000;
/// Attempts of one step.
pub const ATTEMPTS_MAX: u32 = 100;
/// How many times longer each wait between attempts may be than the one before.
pub const BACKOFF_FACTOR_MAX: f64 = 10.0;
/// Longest text of a function of Python with what it needs, in bytes.
pub const SOURCE_BYTES_MAX: usize = 1 << 20;
/// Packages that one function of Python names.
pub const PACKAGES_MAX: usize = 100;
/// Longest wait or timeout: a year, in milliseconds.
pub const SPAN_MILLIS_MAX: u64 = 366 * 24 * 3_600_000;
/// The name of a pipeline or a step for editors; [`is_name`] is what decides.
pub(crate) const NAME_PATTERN: &str = "^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$";

/// The schema of a step's name.
pub(crate) fn step_names() -> Json {
    serde_json::json!({ "format": "name", "pattern": NAME_PATTERN })
}

/// The schema of a parameter's name; [`is_parameter_name`] is what decides.
pub(crate) fn parameter_names() -> Json {
    serde_json::json!({ "format": "parameter-name", "pattern": "^[a-zA-Z][a-zA-Z0-9_-]{0,62}$" })
}

/// The schema of names that Python code has; [`is_python_name`] is what decides.
pub(crate) fn python_names() -> Json {
    serde_json::json!({ "format": "python-name", "pattern": "^[a-zA-Z][a-zA-Z0-9_]{0,62}$" })
}

/// Whether this can name a pipeline or a step. Both become parts of addresses, hence a DNS label.
pub(crate) fn is_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && !name.ends_with('-')
        && name.len() <= NAME_CHARACTERS_MAX
        && name.bytes().all(allowed)
}

/// Whether this can name a parameter: people bring such names along from Python.
pub(crate) fn is_parameter_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.len() <= NAME_CHARACTERS_MAX
        && name.bytes().all(allowed)
}

/// Whether this can name a parameter or a result of a function of Python.
pub(crate) fn is_python_name(name: &str) -> bool {
    is_parameter_name(name) && !name.contains('-')
}

/// Finds all rules that the document breaks.
pub(crate) fn check(read: &Read<Pipeline>, found: &mut Found) {
    for (name, step) in &read.value.spec.steps {
        StepRules { read, name, found }.check(step);
    }
}

struct StepRules<'a> {
    read: &'a Read<Pipeline>,
    name: &'a str,
    found: &'a mut Found,
}

impl StepRules<'_> {
    /// Reports a problem with the value under these keys of the step.
    fn refuse(&mut self, keys: &[&str], message: String, hint: impl Into<String>) {
        if !self.found.is_full() {
            let path: Vec<&str> = ["spec", "steps", self.name].into_iter().chain(keys.iter().copied()).collect();
            let problem = self.read.problem(&path, message, Some(hint.into()));
            self.found.push(problem);
        }
    }

    fn check(&mut self, step: &StepSpec) {
        if step.function.is_some() && step.command.is_some() {
            let message = "a step calls a function or is a command, not both".to_owned();
            self.refuse(&["command"], message, "take `function` or `command` out");
        }
        if step.command.is_some() && !step.arguments.is_empty() {
            let message = "a command takes no arguments by name".to_owned();
            self.refuse(&["arguments"], message, "write them as text under command.args");
        }
        self.python(step);
        self.spans(step);
        self.files(step);
        for (argument, json) in &step.arguments {
            self.references(&["arguments", argument], json);
        }
        for (keys, text) in step.command.iter().flat_map(|command| &command.inputs) {
            self.text(&["command", "inputs", keys], text);
        }
        for (index, text) in step.command.iter().flat_map(|command| &command.args).enumerate() {
            self.text(&["command", "args", &index.to_string()], text);
        }
        if step.after.iter().any(|after| after == self.name) {
            self.refuse(&["after"], format!("step `{}` waits for itself", self.name), "take it out");
        }
    }

    fn python(&mut self, step: &StepSpec) {
        let Some(python) = &step.python else { return };
        if step.command.is_some() {
            let message = "a step is a function of Python or a command, not both".to_owned();
            self.refuse(&["python"], message, "take `python` or `command` out");
        }
        if step.function.is_none() {
            let message = "it is not said which function of the text is the step".to_owned();
            self.refuse(&["python"], message, "add `function:` to the step");
        }
        if python.result.is_some() && !python.results.is_empty() {
            let message = "a function gives one result or several, not both".to_owned();
            self.refuse(&["python", "results"], message, "take `result` or `results` out");
        }
        if python.results.len() == 1 && python.results.contains_key("output") {
            let message = "one result under the name `output` is one that has no fields".to_owned();
            self.refuse(&["python", "results"], message, "write `result` with its type, or name the field otherwise");
        }
        if python.source.len() > SOURCE_BYTES_MAX {
            let message = format!("the text has {} bytes; at most {SOURCE_BYTES_MAX} are taken", python.source.len());
            self.refuse(&["python", "source"], message, "put what is large into a package or an artifact");
        }
        if python.packages.len() > PACKAGES_MAX {
            let message = format!("{} packages are named; at most {PACKAGES_MAX} are taken", python.packages.len());
            self.refuse(
                &["python", "packages"],
                message,
                "name those that the text imports; what they need comes along",
            );
        }
    }

    fn spans(&mut self, step: &StepSpec) {
        let spans = [
            (["retry", "backoff"].as_slice(), Some(step.retry.backoff), 0),
            (&["retry", "maxBackoff"], Some(step.retry.max_backoff), 0),
            (&["timeout"], step.timeout, 1),
            (&["limits", "cpu"], step.limits.cpu, 1),
        ];
        for (keys, span, least) in spans {
            if span.is_some_and(|span| !(least..=SPAN_MILLIS_MAX).contains(&span.0)) {
                let message = format!("the span is not between {least}ms and a year");
                self.refuse(keys, message, "write a number and a unit, such as 30s");
            }
        }
    }

    fn files(&mut self, step: &StepSpec) {
        let is_file_name = |name: &str| !matches!(name, "" | "." | "..") && !name.contains(['/', '\\', '\0']);
        if let Some(command) = &step.command {
            for (folder, names) in [("inputs", &command.inputs), ("outputs", &command.outputs)] {
                for name in names.keys().filter(|name| !is_file_name(name)) {
                    let hint = format!("it is the name of a file under /{folder}");
                    self.refuse(&["command", folder, name], format!("`{name}` is no file name"), hint);
                }
            }
        }
        for (index, grant) in step.grants.files.iter().enumerate() {
            if !grant.guest.starts_with('/') || grant.guest.split('/').any(|part| part == "..") {
                let keys = ["grants", "files", &index.to_string(), "guest"];
                self.refuse(
                    &keys,
                    format!("`{}` is no absolute path", grant.guest),
                    "mount folders under paths such as /data",
                );
            }
        }
    }

    fn references(&mut self, keys: &[&str], json: &Json) {
        match json {
            Json::String(text) => self.text(keys, text),
            Json::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.references(&[keys, &[&index.to_string()]].concat(), item);
                }
            }
            Json::Object(fields) => {
                for (name, field) in fields {
                    self.references(&[keys, &[name]].concat(), field);
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, keys: &[&str], text: &str) {
        if let Err(error) = reference::parse(text) {
            self.refuse(keys, error.problem, error.hint);
        }
    }
}
