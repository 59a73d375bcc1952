//! Arguments with every reference followed, within one graph of a run.
//! Never waits: what is not there yet, or never will be, is none.

use std::collections::BTreeMap;

use host_base::{Code, Failure, StepName, Value};
use serde_json::{Value as Json, json};

use crate::text::text_of;
use crate::{Argument, Graph, RunState, StepKind, StepStatus, TextPart};

/// The graph inside a group or a round, or the outermost one.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'state> {
    pub(crate) state: &'state RunState,
    pub(crate) at: Option<usize>,
}

/// What a whole run gives, as far as it has come.
#[must_use]
pub fn run_outputs(state: &RunState) -> BTreeMap<String, Value> {
    Scope { state, at: None }.outputs(&state.plan.graph)
}

impl Scope<'_> {
    /// What a graph gives. An output of what was skipped is none.
    pub(crate) fn outputs(&self, graph: &Graph) -> BTreeMap<String, Value> {
        let output = |(name, argument): (&String, _)| Some((name.clone(), self.resolve(argument)?));
        graph.outputs.iter().filter_map(output).collect()
    }

    pub(crate) fn resolve(&self, argument: &Argument) -> Option<Value> {
        match argument {
            Argument::Value(value) => Some(value.clone()),
            Argument::Output { step, output } => self.output(step, output).cloned(),
            Argument::Input(name) => self.input(name).cloned(),
            Argument::Text(parts) => {
                let mut text = String::new();
                for part in parts {
                    match part {
                        TextPart::Literal(literal) => text.push_str(literal),
                        TextPart::Argument(argument) => text.push_str(&text_of(&self.resolve(argument)?)),
                        TextPart::Output { step, output } => text.push_str(&text_of(self.output(step, output)?)),
                    }
                }
                Some(Value::Plain(text.into()))
            }
            Argument::List(items) => {
                let items = items.iter().map(|item| self.resolve(item)).collect::<Option<Vec<_>>>()?;
                Some(list(items))
            }
            Argument::Object(fields) => {
                let fields = fields.iter().map(|(name, field)| Some((name.clone(), plain(self.resolve(field)?)?)));
                Some(Value::Plain(Json::Object(fields.collect::<Option<_>>()?)))
            }
            Argument::Field { of, path } => field(self.resolve(of)?, path),
            Argument::FirstOf(arguments) => arguments.iter().find_map(|argument| self.resolve(argument)),
            Argument::FinalStatus { step } => self.final_status(step),
        }
    }

    fn output(&self, step: &StepName, output: &str) -> Option<&Value> {
        let step = self.state.sibling(self.at, step)?;
        (step.status == StepStatus::Succeeded).then(|| step.outputs.get(output)).flatten()
    }

    fn input(&self, name: &str) -> Option<&Value> {
        let Some(index) = self.at else { return self.state.plan.parameters.get(name) };
        let own = self.state.inside(self.at)?.inputs.get(name);
        let step = &self.state.steps[index];
        match own {
            None if step.kind == StepKind::Iteration => self.state.inside(step.parent)?.inputs.get(name),
            own => own,
        }
    }

    fn final_status(&self, name: &StepName) -> Option<Value> {
        let step = self.state.sibling(self.at, name)?;
        let state = match step.status {
            StepStatus::Succeeded => "SUCCEEDED",
            StepStatus::Failed => "FAILED",
            StepStatus::Skipped => "SKIPPED",
            StepStatus::Cancelled => "CANCELLED",
            StepStatus::Waiting | StepStatus::Running | StepStatus::Backoff => return None,
        };
        let error = match step.failure.as_ref().filter(|_| step.status != StepStatus::Succeeded) {
            Some(failure) => json!({ "code": number_of(failure.code), "message": failure.to_string() }),
            None => json!({}),
        };
        Some(Value::Plain(json!({
            "state": state,
            "pipelineTaskName": name,
            "pipelineJobResourceName": self.state.plan.pipeline,
            "error": error,
        })))
    }
}

/// The items of a loop.
pub(crate) fn items_of(step: &StepName, value: Option<Value>) -> Result<Vec<Value>, Failure> {
    let wrong = |got: &str| {
        Failure::new(Code::TypeMismatch, format!("loop `{step}` goes over a list, but got {got}"))
            .with_hint("give it a list, or text that is the JSON of one")
    };
    match value {
        Some(Value::List(items)) => Ok(items),
        Some(Value::Plain(Json::Array(items))) => Ok(items.into_iter().map(Value::Plain).collect()),
        Some(Value::Plain(Json::String(text))) => match serde_json::from_str(&text) {
            Ok(Json::Array(items)) => Ok(items.into_iter().map(Value::Plain).collect()),
            _ => Err(wrong("text that is none")),
        },
        Some(Value::Plain(Json::Object(_))) => Err(wrong("an object")),
        Some(Value::Plain(json)) => Err(wrong(&json.to_string())),
        Some(Value::Artifact(artifact)) => Err(wrong(&format!("an artifact of kind {}", artifact.kind))),
        None => Err(wrong("nothing: what it refers to has no such output")),
    }
}

/// A list of these values: JSON where all are plain.
pub(crate) fn list(items: Vec<Value>) -> Value {
    let is_plain = items.iter().all(|item| matches!(item, Value::Plain(_)));
    if is_plain { Value::Plain(items.into_iter().filter_map(plain).collect()) } else { Value::List(items) }
}

/// The value as JSON; none where an artifact is in it.
fn plain(value: Value) -> Option<Json> {
    match value {
        Value::Plain(json) => Some(json),
        Value::List(items) => items.into_iter().map(plain).collect(),
        Value::Artifact(_) => None,
    }
}

fn field(whole: Value, path: &[String]) -> Option<Value> {
    let Some((name, rest)) = path.split_first() else { return Some(whole) };
    let part = match whole {
        Value::Plain(Json::String(text)) => part(serde_json::from_str(&text).ok()?, name).map(Value::Plain),
        Value::Plain(json) => part(json, name).map(Value::Plain),
        Value::List(mut items) => {
            let index: usize = name.parse().ok().filter(|index| *index < items.len())?;
            Some(items.swap_remove(index))
        }
        Value::Artifact(_) => None,
    };
    field(part?, rest)
}

fn part(json: Json, name: &str) -> Option<Json> {
    match json {
        Json::Object(mut fields) => fields.remove(name),
        Json::Array(mut items) => {
            let index: usize = name.parse().ok().filter(|index| *index < items.len())?;
            Some(items.swap_remove(index))
        }
        _ => None,
    }
}

/// The number in a code's name, for readers that want a number: 501 of `SM0501`.
fn number_of(code: Code) -> u32 {
    code.as_str().trim_start_matches(|character: char| !character.is_ascii_digit()).parse().unwrap_or_default()
}

#[cfg(test)]
mod tests;
