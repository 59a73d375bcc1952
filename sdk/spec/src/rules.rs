//! Rules of a Pipeline document that its types alone do not hold: names, ranges, what excludes what.
//! Never looks at components.

use crate::document::{Problem, Read};
use crate::{Pipeline, StepSpec};

/// Longest name of a pipeline, a parameter or a step, in characters: that of a DNS label.
pub const NAME_CHARACTERS_MAX: usize = 63;
/// Steps in one pipeline.
pub const STEPS_MAX: usize = 100_000;
/// Attempts of one step.
pub const ATTEMPTS_MAX: u32 = 100;
/// How many times longer each wait between attempts may be than the one before.
pub const BACKOFF_FACTOR_MAX: f64 = 10.0;
/// Longest wait or timeout: a year, in milliseconds.
pub const SPAN_MILLIS_MAX: u64 = 366 * 24 * 3_600_000;

/// All rules that the document breaks.
pub(crate) fn problems(read: &Read<Pipeline>) -> Vec<Problem> {
    let pipeline = &read.value;
    let mut problems = Vec::new();
    problems.extend(name_problem(read, &["metadata", "name"], "pipeline", &pipeline.metadata.name));
    for name in pipeline.spec.parameters.keys() {
        problems.extend(name_problem(read, &["spec", "parameters", name], "parameter", name));
    }
    let steps = &pipeline.spec.steps;
    if steps.is_empty() || steps.len() > STEPS_MAX {
        let message = format!("a pipeline has 1 to {STEPS_MAX} steps, this one has {}", steps.len());
        problems.push(read.problem(&["spec", "steps"], message, None));
    }
    for (name, step) in steps {
        problems.extend(name_problem(read, &["spec", "steps", name], "step", name));
        step_problems(read, name, step, &mut problems);
    }
    problems
}

fn name_problem(read: &Read<Pipeline>, path: &[&str], what: &str, name: &str) -> Option<Problem> {
    let allowed = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-';
    let sound = name.starts_with(|first: char| first.is_ascii_lowercase())
        && !name.ends_with('-')
        && name.len() <= NAME_CHARACTERS_MAX
        && name.chars().all(allowed);
    let hint = format!(
        "use lower-case letters, digits and hyphens, at most {NAME_CHARACTERS_MAX}, a letter first and no hyphen last"
    );
    (!sound).then(|| read.problem(path, format!("`{name}` is no name for a {what}"), Some(hint)))
}

fn step_problems(read: &Read<Pipeline>, name: &str, step: &StepSpec, problems: &mut Vec<Problem>) {
    let mut refuse = |keys: &[&str], message: String, hint: &str| {
        let path: Vec<&str> = ["spec", "steps", name].into_iter().chain(keys.iter().copied()).collect();
        problems.push(read.problem(&path, message, Some(hint.to_owned())));
    };
    if step.component.trim().is_empty() {
        refuse(
            &["component"],
            "the component has no name".to_owned(),
            "write a reference such as sandmill/split-rows:0.1.0",
        );
    }
    if step.function.is_some() && step.command.is_some() {
        let message = "a step calls a function or is a command, not both".to_owned();
        refuse(&["command"], message, "take `function` or `command` out");
    }
    if !(1..=ATTEMPTS_MAX).contains(&step.retry.max_attempts) {
        let message = format!("{} attempts are not between 1 and {ATTEMPTS_MAX}", step.retry.max_attempts);
        refuse(&["retry", "maxAttempts"], message, "count the first attempt as 1");
    }
    if !(1.0..=BACKOFF_FACTOR_MAX).contains(&step.retry.factor) {
        let message = format!("the factor {} is not between 1 and {BACKOFF_FACTOR_MAX}", step.retry.factor);
        refuse(&["retry", "factor"], message, "1 keeps the wait as it is, 2 doubles it each time");
    }
    let spans = [
        (["retry", "backoff"].as_slice(), Some(step.retry.backoff), 0),
        (&["retry", "maxBackoff"], Some(step.retry.max_backoff), 0),
        (&["timeout"], step.timeout, 1),
        (&["limits", "cpu"], step.limits.cpu, 1),
    ];
    for (keys, span, least) in spans {
        if span.is_some_and(|span| !(least..=SPAN_MILLIS_MAX).contains(&span.0)) {
            refuse(
                keys,
                format!("the span is not between {least}ms and a year"),
                "write a number and a unit, such as 30s",
            );
        }
    }
    for (at, output) in
        step.command.iter().flat_map(|command| command.outputs.keys().chain(command.inputs.keys())).enumerate()
    {
        let plain = !output.is_empty() && !output.contains(['/', '\\', '\0']) && output != "." && output != "..";
        if !plain {
            let message = format!("`{output}` (number {at}) is no file name");
            refuse(&["command"], message, "inputs and outputs are plain names under /inputs and /outputs");
        }
    }
    for (keys, guest) in step.grants.files.iter().map(|grant| (["grants", "files"], &grant.guest)) {
        if !guest.starts_with('/') || guest.split('/').any(|part| part == "..") {
            refuse(&keys, format!("`{guest}` is no absolute path"), "mount folders under paths such as /data");
        }
    }
}
