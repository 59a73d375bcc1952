//! Plans with graphs in graphs: groups, loops over what is only known at run time, and steps that run
//! whatever happens.
//! Never a plan that no author could write: a reference leads to a sibling that is needed, or to an input.

use std::collections::{BTreeMap, BTreeSet};

use host_base::{FunctionSignature, Limits, NamedType, StepName, Value, ValueType};
use host_pipeline::condition::Expression;
use host_pipeline::{
    Argument, Call, ComponentId, Condition, Each, Graph, Group, Plan, PlannedStep, Task, Trigger, Work,
};
use registry_oci::Digest;
use sdk_spec::{Grants, RetryPolicy, Span};
use serde_json::json;

use crate::chance::Chance;
use crate::pipelines::{ITEMS, OUTPUT};

/// Graphs within graphs.
const DEPTH_MAX: u64 = 3;
/// Tasks of one graph.
const TASKS_MAX: u64 = 4;
/// What a graph inside another may be handed.
const INPUT: &str = "outer";
const ITEM: &str = "item";

pub(crate) fn random_nested_plan(chance: &mut Chance) -> Plan {
    let graph = random_graph(chance, 0, &[]);
    Plan {
        pipeline: "nested".to_owned(),
        namespace: None,
        parameters: BTreeMap::new(),
        graph,
        kfp: None,
        deadline_millis: None,
    }
}

fn random_graph(chance: &mut Chance, depth: u64, inputs: &[&str]) -> Graph {
    let mut tasks: Vec<Task> = Vec::new();
    for number in 0..chance.between(1, TASKS_MAX) {
        let task = random_task(chance, depth, number, &tasks, inputs);
        tasks.push(task);
    }
    let source = tasks[chance.below(tasks.len() as u64) as usize].name.clone();
    let outputs = BTreeMap::from([(OUTPUT.to_owned(), Argument::Output { step: source, output: OUTPUT.to_owned() })]);
    Graph { tasks, outputs }
}

fn random_task(chance: &mut Chance, depth: u64, number: u64, before: &[Task], inputs: &[&str]) -> Task {
    let needed: Vec<&Task> = before.iter().filter(|_| chance.percent(45)).collect();
    let trigger = if !needed.is_empty() && chance.percent(25) { Trigger::AllEnded } else { Trigger::AllSucceeded };
    let is_group = depth < DEPTH_MAX && chance.percent(35);
    let work = if is_group {
        Work::Graph(Box::new(random_group(chance, depth, &needed, trigger, inputs)))
    } else {
        Work::Step(Box::new(random_step(chance, &needed, trigger, inputs)))
    };
    let when = chance.percent(20).then(|| random_condition(chance, &needed, trigger, inputs));
    let needs: BTreeSet<StepName> = needed.iter().map(|task| task.name.clone()).collect();
    Task { name: StepName::from(format!("t{number}").as_str()), needs, trigger, when, work }
}

/// Holds for about half of all values.
fn random_condition(chance: &mut Chance, needed: &[&Task], trigger: Trigger, inputs: &[&str]) -> Condition {
    let arguments = arguments(needed, trigger, inputs);
    let value =
        chance.pick(&arguments).cloned().unwrap_or_else(|| Argument::Value(Value::Plain(json!(chance.below(2)))));
    let text = "string(inputs.parameter_values['x']) < '5'";
    let expression = Expression::parse(text).unwrap_or_else(|problem| panic!("{text}: {problem}"));
    Condition { inputs: BTreeMap::from([("x".to_owned(), value)]), expression }
}

/// What a task that needs these may refer to. One that runs whatever happens learns only how they ended.
fn arguments(needed: &[&Task], trigger: Trigger, inputs: &[&str]) -> Vec<Argument> {
    let inputs = inputs.iter().map(|input| Argument::Input((*input).to_owned()));
    let of_needed = |task: &&Task| match trigger {
        Trigger::AllSucceeded => Argument::Output { step: task.name.clone(), output: OUTPUT.to_owned() },
        Trigger::AllEnded => Argument::FirstOf(vec![
            Argument::Output { step: task.name.clone(), output: OUTPUT.to_owned() },
            Argument::FinalStatus { step: task.name.clone() },
        ]),
    };
    inputs.chain(needed.iter().map(of_needed)).collect()
}

fn random_group(chance: &mut Chance, depth: u64, needed: &[&Task], trigger: Trigger, inputs: &[&str]) -> Group {
    let handed = chance.pick(&arguments(needed, trigger, inputs)).cloned();
    let mut inner: Vec<&str> = handed.iter().map(|_| INPUT).collect();
    let each = chance.percent(60).then(|| Each {
        items: random_items(chance, needed, trigger),
        item: ITEM.to_owned(),
        parallel_max: chance.percent(50).then(|| chance.between(1, 2) as u32),
    });
    inner.extend(each.iter().map(|_| ITEM));
    let graph = random_graph(chance, depth + 1, &inner);
    let inputs = handed.into_iter().map(|handed| (INPUT.to_owned(), handed)).collect();
    Group { inputs, each, graph }
}

/// A list in the plan, or one that a step before gives.
fn random_items(chance: &mut Chance, needed: &[&Task], trigger: Trigger) -> Argument {
    let step = needed.iter().find(|task| trigger == Trigger::AllSucceeded && matches!(task.work, Work::Step(_)));
    match step {
        Some(step) => Argument::Output { step: step.name.clone(), output: ITEMS.to_owned() },
        None => Argument::Value(Value::Plain((0..chance.below(4)).map(|item| json!(item)).collect())),
    }
}

fn random_step(chance: &mut Chance, needed: &[&Task], trigger: Trigger, inputs: &[&str]) -> PlannedStep {
    let arguments = arguments(needed, trigger, inputs);
    let named = |name: String| NamedType { name, value_type: ValueType::U64 };
    let signature = FunctionSignature {
        name: "work".to_owned(),
        parameters: (0..arguments.len()).map(|index| named(format!("i{index}"))).collect(),
        outputs: vec![named(OUTPUT.to_owned())],
        fallible: true,
    };
    PlannedStep {
        component: ComponentId {
            reference: "work:1".to_owned(),
            manifest: Digest::sha256(b"manifest"),
            digest: Digest::sha256(b"work"),
            signer: None,
        },
        call: Call::Function { signature, arguments },
        grants: Grants::default(),
        limits: Limits::default(),
        retry: RetryPolicy {
            max_attempts: chance.between(1, 4) as u32,
            backoff: Span(chance.below(200)),
            ..RetryPolicy::default()
        },
        cache: false,
        cache_key: None,
    }
}
