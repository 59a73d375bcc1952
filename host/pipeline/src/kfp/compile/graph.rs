//! Tasks of a graph: groups, loops, conditions, and where the graph's outputs come from.
//! Never lets a reference leave its graph: everything a task names is a sibling or an input.

use std::collections::{BTreeMap, BTreeSet};

use host_base::{StepName, Value};
use sdk_spec::kfp::{ComponentSpec, DagSpec, TaskSpec, TriggerStrategy};
use serde_json::Value as Json;

use super::arguments::Arguments;
use super::{DEPTH_MAX, Place, TASKS_MAX, Walk, invalid};
use crate::compile::cycle;
use crate::condition::Expression;
use crate::{Argument, Condition, Each, Graph, Group, Task, Trigger, Work};

impl<'run> Walk<'run> {
    pub(super) fn graph(&mut self, place: &Place<'run>, dag: &'run DagSpec) -> Graph {
        let mut tasks = Vec::with_capacity(dag.tasks.len());
        let mut waits: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (name, spec) in &dag.tasks {
            self.tasks += 1;
            if self.tasks > TASKS_MAX {
                break;
            }
            let (task, needs) = self.task(place, dag, name, spec);
            tasks.extend(task);
            waits.insert(name, needs);
        }
        if self.tasks == TASKS_MAX + 1 {
            // Counted once more, so that the outer graphs do not say it again.
            self.tasks += 1;
            let message = format!("the pipeline comes to more than {TASKS_MAX} tasks, loops counted once");
            self.problems.push(invalid(message, "use a loop in place of many tasks"));
        }
        let waits = waits.iter().map(|(name, needs)| (*name, needs.iter().map(String::as_str).collect())).collect();
        cycle::find(&waits, &mut self.problems);
        Graph { tasks, outputs: self.graph_outputs(place, dag) }
    }

    /// A task, and the siblings that it waits for; those are found even where the task cannot be made.
    fn task(
        &mut self,
        place: &Place<'run>,
        dag: &'run DagSpec,
        name: &'run str,
        spec: &'run TaskSpec,
    ) -> (Option<Task>, BTreeSet<String>) {
        let path = place.task(name);
        let mut needs = BTreeSet::new();
        for needed in &spec.dependent_tasks {
            if dag.tasks.contains_key(needed) {
                needs.insert(needed.clone());
            } else {
                let message = format!("task `{path}` waits for `{needed}`, which its graph does not have");
                self.problems.push(invalid(message, "compile the pipeline again"));
            }
        }
        let Some(component) = self.submission.package.pipeline.components.get(&spec.component_ref.name) else {
            let message = format!("task `{path}` names component `{}`, which does not exist", spec.component_ref.name);
            self.problems.push(invalid(message, "compile the pipeline again"));
            return (None, needs);
        };
        let arguments = self.arguments(place, dag, name, spec, component, &mut needs);
        let when = self.condition(&path, spec, &arguments);
        let work = self.work(place, name, spec, component, arguments);
        let strategy = spec.trigger_policy.as_ref().map(|policy| policy.strategy).unwrap_or_default();
        let trigger = match strategy {
            TriggerStrategy::AllUpstreamTasksCompleted => Trigger::AllEnded,
            _ => Trigger::AllSucceeded,
        };
        let names = needs.iter().map(|needed| StepName::from(needed.as_str())).collect();
        (work.map(|work| Task { name: StepName::from(name), needs: names, trigger, when, work }), needs)
    }

    fn condition(&mut self, path: &str, spec: &TaskSpec, arguments: &Arguments) -> Option<Condition> {
        let text = &spec.trigger_policy.as_ref()?.condition;
        if text.is_empty() {
            return None;
        }
        let expression = match Expression::parse(text) {
            Ok(expression) => expression,
            Err(reason) => {
                let message = format!("the condition of task `{path}` is not understood: {reason}; it is `{text}`");
                self.problems.push(invalid(message, "use comparisons of parameters, and, or, not"));
                return None;
            }
        };
        let mut inputs = BTreeMap::new();
        for name in expression.parameters() {
            match arguments.all.get(name) {
                Some(argument) => _ = inputs.insert(name.to_owned(), argument.clone()),
                None => {
                    let message = format!("the condition of task `{path}` looks at `{name}`, which it is not given");
                    self.problems.push(invalid(message, "compile the pipeline again"));
                }
            }
        }
        Some(Condition { inputs, expression })
    }

    fn work(
        &mut self,
        place: &Place<'run>,
        name: &'run str,
        spec: &'run TaskSpec,
        component: &'run ComponentSpec,
        arguments: Arguments,
    ) -> Option<Work> {
        let path = place.task(name);
        let Some(dag) = &component.dag else {
            if spec.parameter_iterator.is_some() || spec.artifact_iterator.is_some() {
                let message = format!("task `{path}` loops over a component that is no graph");
                self.problems.push(invalid(message, "put the task inside dsl.ParallelFor"));
                return None;
            }
            return self.executed(place, name, spec, component, arguments);
        };
        let component_name = spec.component_ref.name.as_str();
        if place.within.contains(&component_name) || place.within.len() >= DEPTH_MAX {
            let message =
                format!("component `{component_name}` contains itself, or graphs stand more than {DEPTH_MAX} deep");
            self.problems.push(invalid(message, "a loop cannot be made of a component inside itself"));
            return None;
        }
        let mut arguments = arguments;
        let each = self.each(&path, spec, &mut arguments);
        let mut known = arguments.known;
        if let Some(each) = &each {
            known.remove(&each.item);
        }
        self.defaults(component, &mut arguments.all, &mut known);
        let mut within = place.within.clone();
        within.push(component_name);
        let retry = spec.retry_policy.as_ref().or(place.retry);
        let inner = Place { path: format!("{path}/"), component, known, retry, within };
        let graph = self.graph(&inner, dag);
        Some(Work::Graph(Box::new(Group { inputs: arguments.all, each, graph })))
    }

    /// A graph's own defaults stand in for inputs that are not given, or turn out to be missing.
    fn defaults(
        &mut self,
        component: &ComponentSpec,
        arguments: &mut BTreeMap<String, Argument>,
        known: &mut BTreeMap<String, Json>,
    ) {
        for (name, definition) in &component.input_definitions.parameters {
            let Some(default) = &definition.default_value else { continue };
            let default = Argument::Value(Value::Plain(default.clone()));
            match arguments.remove(name) {
                None => {
                    if let Argument::Value(Value::Plain(json)) = &default {
                        known.insert(name.clone(), json.clone());
                    }
                    arguments.insert(name.clone(), default);
                }
                Some(given @ Argument::Value(_)) => _ = arguments.insert(name.clone(), given),
                Some(given) => _ = arguments.insert(name.clone(), Argument::FirstOf(vec![given, default])),
            }
        }
    }

    /// What a task loops over. The list itself is not among the inputs of the iterations.
    fn each(&mut self, path: &str, spec: &TaskSpec, arguments: &mut Arguments) -> Option<Each> {
        let (list, raw, item) = match (&spec.parameter_iterator, &spec.artifact_iterator) {
            (Some(iterator), _) => {
                (iterator.items.input_parameter.as_deref(), iterator.items.raw.as_deref(), &iterator.item_input)
            }
            (None, Some(iterator)) => (Some(iterator.items.input_artifact.as_str()), None, &iterator.item_input),
            (None, None) => return None,
        };
        let items = match (list, raw) {
            (_, Some(raw)) => match serde_json::from_str::<Json>(raw) {
                Ok(items @ Json::Array(_)) => Some(Argument::Value(Value::Plain(items))),
                _ => None,
            },
            (Some(name), None) => arguments.all.remove(name),
            (None, None) => None,
        };
        let Some(items) = items else {
            let message = format!("task `{path}` loops over something that is neither a list nor one of its inputs");
            self.problems.push(invalid(message, "compile the pipeline again"));
            return None;
        };
        let limit = spec.iterator_policy.as_ref().map(|policy| policy.parallelism_limit).filter(|limit| *limit > 0);
        Some(Each { items, item: item.clone(), parallel_max: limit })
    }

    fn graph_outputs(&mut self, place: &Place<'run>, dag: &'run DagSpec) -> BTreeMap<String, Argument> {
        let mut outputs = BTreeMap::new();
        for (name, output) in &dag.outputs.parameters {
            let selectors = match (&output.value_from_parameter, &output.value_from_oneof) {
                (Some(one), _) => std::slice::from_ref(one),
                (None, Some(several)) => several.parameter_selectors.as_slice(),
                (None, None) => &[],
            };
            let selected = selectors.iter().map(|one| (&*one.producer_subtask, &*one.output_parameter_key)).collect();
            outputs.extend(self.graph_output(place, dag, name, selected));
        }
        for (name, output) in &dag.outputs.artifacts {
            let selectors = &output.artifact_selectors;
            let selected = selectors.iter().map(|one| (&*one.producer_subtask, &*one.output_artifact_key)).collect();
            outputs.extend(self.graph_output(place, dag, name, selected));
        }
        outputs
    }

    fn graph_output(
        &mut self,
        place: &Place<'run>,
        dag: &DagSpec,
        name: &str,
        selected: Vec<(&str, &str)>,
    ) -> Option<(String, Argument)> {
        let mut sources = Vec::new();
        for (task, output) in selected {
            if !dag.tasks.get(task).is_some_and(|spec| self.gives(spec, output)) {
                let at = place.shown();
                let message =
                    format!("output `{name}` of {at} comes from `{output}` of task `{task}`, which does not exist");
                self.problems.push(invalid(message, "compile the pipeline again"));
                return None;
            }
            sources.push(Argument::Output { step: StepName::from(task), output: output.to_owned() });
        }
        match sources.len() {
            0 => {
                self.problems
                    .push(invalid(format!("output `{name}` comes from nowhere"), "compile the pipeline again"));
                None
            }
            1 => Some((name.to_owned(), sources.remove(0))),
            _ => Some((name.to_owned(), Argument::FirstOf(sources))),
        }
    }

    /// Whether a task's component has an output of this name.
    pub(super) fn gives(&self, spec: &TaskSpec, output: &str) -> bool {
        let component = self.submission.package.pipeline.components.get(&spec.component_ref.name);
        // A component that is missing is told of where the task is.
        component.is_none_or(|component| {
            let given = &component.output_definitions;
            given.parameters.contains_key(output) || given.artifacts.contains_key(output)
        })
    }
}
