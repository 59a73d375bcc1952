//! What a task is given: constants, inputs of its graph, outputs of its siblings, texts made of them.
//! Never asks whether a value fits; its type is known only when it is there.

use std::collections::{BTreeMap, BTreeSet};

use host_base::{StepName, Value};
use sdk_spec::kfp::{ComponentSpec, DagSpec, TaskArtifact, TaskParameter, TaskSpec};
use serde_json::Value as Json;

use super::{Place, Walk, invalid};
use crate::kfp::artifact::WORKSPACE;
use crate::kfp::placeholder::{Piece, Placeholder, pieces, text_of_value};
use crate::{Argument, TextPart};

/// What a task is given.
#[derive(Default)]
pub(super) struct Arguments {
    /// By name.
    pub(super) all: BTreeMap<String, Argument>,
    /// Those whose values are known already.
    pub(super) known: BTreeMap<String, Json>,
    /// Those whose text is finished only for an attempt.
    pub(super) late: Vec<String>,
    /// Whether one of them names the workspace.
    pub(super) workspace: bool,
}

impl<'run> Walk<'run> {
    pub(super) fn arguments(
        &mut self,
        place: &Place<'run>,
        dag: &'run DagSpec,
        name: &str,
        spec: &'run TaskSpec,
        component: &'run ComponentSpec,
        needs: &mut BTreeSet<String>,
    ) -> Arguments {
        let path = place.task(name);
        let mut arguments = Arguments::default();
        let mut constants = Vec::new();
        for (input, source) in &spec.inputs.parameters {
            match constant(source) {
                Some(json) => constants.push((input, json)),
                None => {
                    if let Some(argument) = self.parameter(place, dag, &path, input, source, needs) {
                        if let Argument::Input(outer) = &argument
                            && let Some(json) = place.known.get(outer)
                        {
                            arguments.known.insert(input.clone(), json.clone());
                        }
                        arguments.all.insert(input.clone(), argument);
                    }
                }
            }
        }
        for (input, source) in &spec.inputs.artifacts {
            if let Some(argument) = self.artifact(place, dag, &path, input, source, needs) {
                arguments.all.insert(input.clone(), argument);
            }
        }
        // Texts refer to the task's other inputs, so they come last.
        for (input, json) in constants {
            self.constant(name, input, json, &mut arguments);
        }
        self.missing_inputs(&path, spec, component, &arguments);
        arguments
    }

    fn parameter(
        &mut self,
        place: &Place<'run>,
        dag: &DagSpec,
        path: &str,
        input: &str,
        source: &TaskParameter,
        needs: &mut BTreeSet<String>,
    ) -> Option<Argument> {
        let argument = if let Some(output) = &source.task_output_parameter {
            self.output(dag, path, input, &output.producer_task, &output.output_parameter_key, needs)?
        } else if let Some(outer) = &source.component_input_parameter {
            self.outer(place, path, input, outer)?
        } else if let Some(status) = &source.task_final_status {
            if !dag.tasks.contains_key(&status.producer_task) {
                return self.nowhere(path, input);
            }
            needs.insert(status.producer_task.clone());
            Argument::FinalStatus { step: StepName::from(status.producer_task.as_str()) }
        } else if let Some(name) = source.runtime_value.as_ref().and_then(|value| value.runtime_parameter.as_ref()) {
            self.outer(place, path, input, name)?
        } else {
            return self.nowhere(path, input);
        };
        match selector(&source.parameter_expression_selector) {
            Some(None) => Some(argument),
            Some(Some(fields)) => Some(Argument::Field { of: Box::new(argument), path: fields }),
            None => {
                let text = &source.parameter_expression_selector;
                let message = format!("input `{input}` of task `{path}` selects `{text}`, which is not understood");
                self.problems.push(invalid(message, "fields of JSON are selected: parseJson(string_value)[\"KEY\"]"));
                None
            }
        }
    }

    fn artifact(
        &mut self,
        place: &Place<'run>,
        dag: &DagSpec,
        path: &str,
        input: &str,
        source: &TaskArtifact,
        needs: &mut BTreeSet<String>,
    ) -> Option<Argument> {
        if let Some(output) = &source.task_output_artifact {
            return self.output(dag, path, input, &output.producer_task, &output.output_artifact_key, needs);
        }
        match &source.component_input_artifact {
            Some(outer) => self.outer(place, path, input, outer),
            None => self.nowhere(path, input),
        }
    }

    fn output(
        &mut self,
        dag: &DagSpec,
        path: &str,
        input: &str,
        task: &str,
        output: &str,
        needs: &mut BTreeSet<String>,
    ) -> Option<Argument> {
        if !dag.tasks.get(task).is_some_and(|spec| self.gives(spec, output)) {
            let message =
                format!("input `{input}` of task `{path}` is `{output}` of task `{task}`, which does not exist");
            self.problems.push(invalid(message, "compile the pipeline again"));
            return None;
        }
        needs.insert(task.to_owned());
        Some(Argument::Output { step: StepName::from(task), output: output.to_owned() })
    }

    fn outer(&mut self, place: &Place<'run>, path: &str, input: &str, outer: &str) -> Option<Argument> {
        let takes = &place.component.input_definitions;
        if takes.parameters.contains_key(outer) || takes.artifacts.contains_key(outer) {
            return Some(Argument::Input(outer.to_owned()));
        }
        let message =
            format!("input `{input}` of task `{path}` is the input `{outer}` of its graph, which does not exist");
        self.problems.push(invalid(message, "compile the pipeline again"));
        None
    }

    fn nowhere(&mut self, path: &str, input: &str) -> Option<Argument> {
        let message = format!("input `{input}` of task `{path}` comes from nowhere");
        self.problems.push(invalid(message, "compile the pipeline again"));
        None
    }

    /// A constant, in which the task's other inputs and the run's names may be filled in.
    fn constant(&mut self, task: &str, input: &str, json: &Json, arguments: &mut Arguments) {
        let Json::String(text) = json else {
            arguments.known.insert(input.to_owned(), json.clone());
            arguments.all.insert(input.to_owned(), Argument::Value(Value::Plain(json.clone())));
            return;
        };
        if let [Piece::Placeholder(Placeholder::InputParameter(other))] = pieces(text).as_slice() {
            if let Some(json) = arguments.known.get(other).cloned() {
                arguments.known.insert(input.to_owned(), json);
            }
            if let Some(argument) = arguments.all.get(other).cloned() {
                arguments.all.insert(input.to_owned(), argument);
            }
            return;
        }
        let mut parts = Vec::new();
        for piece in pieces(text) {
            let literal = match piece {
                Piece::Literal(text) | Piece::Unknown(text) => text.to_owned(),
                Piece::Placeholder(Placeholder::InputParameter(other)) => {
                    match (arguments.known.get(&other), arguments.all.get(&other)) {
                        (Some(json), _) => text_of_value(json),
                        (None, Some(argument)) => {
                            parts.push(TextPart::Argument(argument.clone()));
                            continue;
                        }
                        (None, None) => "null".to_owned(),
                    }
                }
                Piece::Placeholder(placeholder) => match self.named(task, &placeholder) {
                    Some(name) => {
                        arguments.workspace |= placeholder == Placeholder::Workspace;
                        name
                    }
                    None => {
                        arguments.late.push(input.to_owned());
                        "{{$.pipeline_task_uuid}}".to_owned()
                    }
                },
            };
            match parts.last_mut() {
                Some(TextPart::Literal(before)) => before.push_str(&literal),
                _ => parts.push(TextPart::Literal(literal)),
            }
        }
        let argument = match parts.as_slice() {
            [] => Argument::Value(Value::Plain(String::new().into())),
            [TextPart::Literal(whole)] => Argument::Value(Value::Plain(whole.clone().into())),
            _ => Argument::Text(parts),
        };
        if let Argument::Value(Value::Plain(json)) = &argument
            && !arguments.late.contains(&input.to_owned())
        {
            arguments.known.insert(input.to_owned(), json.clone());
        }
        arguments.all.insert(input.to_owned(), argument);
    }

    /// What a placeholder means that means the same for every attempt; none for the attempt's own id.
    fn named(&self, task: &str, placeholder: &Placeholder) -> Option<String> {
        Some(match placeholder {
            Placeholder::Workspace => WORKSPACE.to_owned(),
            Placeholder::PipelineRoot => self.names.pipeline_root.clone(),
            Placeholder::JobName => self.names.job_name.clone(),
            Placeholder::JobId => self.names.job_id.clone(),
            Placeholder::CreateTime => self.names.create_time.clone(),
            Placeholder::ScheduleTime => self.names.schedule_time.clone(),
            Placeholder::TaskName => task.to_owned(),
            Placeholder::TaskId => return None,
            // Only a program has these; in a value they are text like any other.
            _ => String::new(),
        })
    }

    /// Inputs without a default that the task does not give.
    fn missing_inputs(&mut self, path: &str, spec: &TaskSpec, component: &ComponentSpec, arguments: &Arguments) {
        let takes = &component.input_definitions;
        let item = spec.parameter_iterator.as_ref().map(|iterator| iterator.item_input.as_str());
        let item = item.or_else(|| spec.artifact_iterator.as_ref().map(|iterator| iterator.item_input.as_str()));
        let given = |name: &str| {
            spec.inputs.parameters.contains_key(name)
                || spec.inputs.artifacts.contains_key(name)
                || arguments.all.contains_key(name)
                || item == Some(name)
        };
        let parameters = takes.parameters.iter().filter(|(_, definition)| {
            let optional = definition.is_optional || definition.default_value.is_some();
            !optional && definition.parameter_type != sdk_spec::kfp::ParameterType::TaskConfig
        });
        let artifacts = takes.artifacts.iter().filter(|(_, definition)| !definition.is_optional);
        for name in parameters.map(|(name, _)| name).chain(artifacts.map(|(name, _)| name)) {
            if !given(name) {
                let message =
                    format!("task `{path}` is not given `{name}`, which component `{}` takes", spec.component_ref.name);
                self.problems.push(invalid(message, "give the task a value for it"));
            }
        }
    }
}

fn constant(source: &TaskParameter) -> Option<&Json> {
    source.runtime_value.as_ref().filter(|value| value.runtime_parameter.is_none()).map(|value| &value.constant)
}

/// The fields that a selector asks for: none for the whole, an error's none for what is not understood.
#[expect(clippy::option_option, reason = "outer: understood at all; inner: whether anything is selected")]
fn selector(text: &str) -> Option<Option<Vec<String>>> {
    if text.is_empty() {
        return Some(None);
    }
    let mut rest = text.strip_prefix("parseJson(string_value)")?;
    let mut fields = Vec::new();
    while !rest.is_empty() {
        let inner = rest.strip_prefix('[')?;
        let quote = inner.chars().next().filter(|quote| matches!(quote, '"' | '\''));
        let (field, after) = match quote {
            Some(quote) => {
                let inner = &inner[1..];
                let end = inner.find(quote)?;
                (&inner[..end], &inner[end + 1..])
            }
            None => {
                let end = inner.find(']')?;
                (&inner[..end], &inner[end..])
            }
        };
        fields.push(field.to_owned());
        rest = after.strip_prefix(']')?;
    }
    Some(Some(fields))
}
