//! Plans, events and a driver for this room's tests.
//! Never more than a test needs to say what happens.

use std::collections::BTreeMap;
use std::sync::Arc;

use host_base::{Code, Failure, FunctionSignature, Limits, NamedType, StepName, Usage, Value, ValueType};
use registry_oci::Digest;
use sdk_spec::{Grants, RetryPolicy, Span};
use serde_json::json;

use crate::{
    Argument, Call, Command, ComponentId, Each, Graph, Group, Plan, PlannedStep, RunEvent, RunState, StepStatus, Task,
    Trigger, Work, advance, start,
};

/// A plan of steps and what each needs. Every argument is an output `out` of a needed step.
pub(crate) fn plan(steps: &[(&str, &[&str])]) -> Plan {
    plan_of(graph(steps.iter().map(|(name, needs)| step(name, needs)).collect()))
}

pub(crate) fn plan_of(graph: Graph) -> Plan {
    Plan {
        pipeline: "sample".to_owned(),
        namespace: None,
        parameters: BTreeMap::new(),
        graph,
        kfp: None,
        deadline_millis: None,
    }
}

pub(crate) fn graph(mut tasks: Vec<Task>) -> Graph {
    tasks.sort_by(|left, right| left.name.cmp(&right.name));
    Graph { tasks, outputs: BTreeMap::new() }
}

/// A step and what it needs.
pub(crate) fn step(name: &str, needs: &[&str]) -> Task {
    task(name, needs, Work::Step(Box::new(planned(needs))))
}

pub(crate) fn task(name: &str, needs: &[&str], work: Work) -> Task {
    let needs = needs.iter().map(|needed| StepName::from(*needed)).collect();
    Task { name: StepName::from(name), needs, trigger: Trigger::AllSucceeded, when: None, work }
}

/// A step that is handed these, whatever it needs.
pub(crate) fn step_with(name: &str, needs: &[&str], arguments: Vec<Argument>) -> Task {
    let names: Vec<String> = (0..arguments.len()).map(|index| format!("p{index}")).collect();
    let mut planned = planned(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let Call::Function { arguments: given, .. } = &mut planned.call else { unreachable!("samples are functions") };
    *given = arguments;
    task(name, needs, Work::Step(Box::new(planned)))
}

/// The same task, which runs whatever becomes of what it needs.
pub(crate) fn whatever_happens(task: Task) -> Task {
    Task { trigger: Trigger::AllEnded, ..task }
}

pub(crate) fn output(step: &str, output: &str) -> Argument {
    Argument::Output { step: StepName::from(step), output: output.to_owned() }
}

pub(crate) fn plain(json: serde_json::Value) -> Argument {
    Argument::Value(Value::Plain(json))
}

/// A group of these tasks; its output `out` is that of its task `from`.
pub(crate) fn group(name: &str, needs: &[&str], from: &str, tasks: Vec<Task>) -> Task {
    let outputs = BTreeMap::from([("out".to_owned(), output(from, "out"))]);
    let graph = Graph { outputs, ..graph(tasks) };
    task(name, needs, Work::Graph(Box::new(Group { inputs: BTreeMap::new(), each: None, graph })))
}

/// The group once per item.
pub(crate) fn each(mut task: Task, items: Argument, parallel_max: Option<u32>) -> Task {
    let Work::Graph(group) = &mut task.work else { unreachable!("a step cannot be a loop") };
    group.each = Some(Each { items, item: "item".to_owned(), parallel_max });
    task
}

fn planned(needs: &[&str]) -> PlannedStep {
    let named = |name: &str| NamedType { name: name.to_owned(), value_type: ValueType::U32 };
    let signature = FunctionSignature {
        name: "work".to_owned(),
        parameters: needs.iter().map(|needed| named(needed)).collect(),
        outputs: vec![named("out")],
        fallible: true,
    };
    let argument = |needed: &&str| Argument::Output { step: StepName::from(*needed), output: "out".to_owned() };
    PlannedStep {
        component: ComponentId {
            reference: "sandmill/sample:1".to_owned(),
            manifest: Digest::sha256(b"manifest"),
            digest: Digest::sha256(b"component"),
            signer: None,
        },
        call: Call::Function { signature, arguments: needs.iter().map(argument).collect() },
        grants: Grants::default(),
        limits: Limits::default(),
        retry: RetryPolicy::default(),
        cache: true,
        cache_key: None,
    }
}

/// The plan with this many attempts for every step, 100 ms apart, then 200, then 250 at most.
pub(crate) fn with_attempts(mut plan: Plan, max_attempts: u32) -> Plan {
    for task in &mut plan.graph.tasks {
        let Work::Step(step) = &mut task.work else { continue };
        step.retry = RetryPolicy { max_attempts, backoff: Span(100), factor: 2.0, max_backoff: Span(250) };
    }
    plan
}

pub(crate) fn outputs() -> BTreeMap<String, Value> {
    BTreeMap::from([("out".to_owned(), Value::Plain(json!(1)))])
}

pub(crate) fn failure(code: Code) -> Failure {
    Failure::new(code, "it did not work").retryable()
}

pub(crate) fn submitted(plan: &Arc<Plan>) -> RunEvent {
    RunEvent::Submitted { plan: plan.clone() }
}

pub(crate) fn started(step: &str, attempt: u32) -> RunEvent {
    RunEvent::AttemptStarted { step: StepName::from(step), attempt }
}

pub(crate) fn succeeded(step: &str, attempt: u32) -> RunEvent {
    let step = StepName::from(step);
    RunEvent::AttemptSucceeded { step, attempt, outputs: outputs(), cache_key: None, usage: Usage::default() }
}

pub(crate) fn failed(step: &str, attempt: u32, code: Code) -> RunEvent {
    let step = StepName::from(step);
    RunEvent::AttemptFailed { step, attempt, failure: failure(code), usage: Usage::default() }
}

pub(crate) fn retry_due(step: &str) -> RunEvent {
    RunEvent::RetryDue { step: StepName::from(step) }
}

/// A command in a few letters: `start a 1`, `wait a 100`, `cancel a`, `finish failed`.
pub(crate) fn shown(command: &Command) -> String {
    match command {
        Command::StartAttempt { step, attempt, .. } => format!("start {step} {attempt}"),
        Command::WaitForRetry { step, delay_millis } => format!("wait {step} {delay_millis}"),
        Command::CancelAttempt { step } => format!("cancel {step}"),
        Command::FinishRun { status } => format!("finish {status:?}").to_lowercase(),
    }
}

/// A run that a test drives by hand; it remembers what happened.
pub(crate) struct Run {
    pub(crate) state: RunState,
    pub(crate) events: Vec<RunEvent>,
}

impl Run {
    /// A submitted run, and its first commands.
    pub(crate) fn submit(plan: Plan) -> (Self, Vec<String>) {
        let plan = Arc::new(plan);
        let mut run = Self { state: start(plan.clone()), events: Vec::new() };
        let commands = run.happen(submitted(&plan));
        (run, commands)
    }

    pub(crate) fn happen(&mut self, event: RunEvent) -> Vec<String> {
        let commands = advance(&mut self.state, &event).commands;
        self.events.push(event);
        commands.iter().map(shown).collect()
    }

    /// An attempt that begins and succeeds at once.
    pub(crate) fn succeed(&mut self, step: &str, attempt: u32) -> Vec<String> {
        assert!(self.happen(started(step, attempt)).is_empty());
        self.happen(succeeded(step, attempt))
    }

    /// An attempt that begins and fails at once.
    pub(crate) fn fail(&mut self, step: &str, attempt: u32, code: Code) -> Vec<String> {
        assert!(self.happen(started(step, attempt)).is_empty());
        self.happen(failed(step, attempt, code))
    }

    /// An attempt that begins and gives this.
    pub(crate) fn give(&mut self, step: &str, attempt: u32, json: serde_json::Value) -> Vec<String> {
        assert!(self.happen(started(step, attempt)).is_empty());
        let outputs = BTreeMap::from([("out".to_owned(), Value::Plain(json))]);
        let step = StepName::from(step);
        self.happen(RunEvent::AttemptSucceeded { step, attempt, outputs, cache_key: None, usage: Usage::default() })
    }

    /// An output of a step that succeeded.
    pub(crate) fn output(&self, step: &str) -> Option<Value> {
        self.state.step(&StepName::from(step))?.outputs.get("out").cloned()
    }

    pub(crate) fn status(&self, step: &str) -> StepStatus {
        self.state.step(&StepName::from(step)).map_or(StepStatus::Waiting, |step| step.status)
    }
}
