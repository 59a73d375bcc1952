//! Pipelines of any shape, compiled the way a submitted document is, and what their steps compute.
//! Never runs a guest: a step's output is a number that its inputs determine.

use std::collections::BTreeMap;
use std::sync::Arc;

use host_base::{ComponentInterface, FunctionSignature, Limits, NamedType, Value, ValueType};
use host_pipeline::{ComponentId, Plan, ResolvedComponent, ResolvedInputs};
use registry_oci::Digest;
use sdk_spec::Pipeline;

use crate::chance::Chance;
use crate::graphs::random_nested_plan;

/// Steps of one pipeline.
const STEPS_MAX: u64 = 12;
/// Inputs of one step.
const INPUTS_MAX: usize = 3;
pub(crate) const OUTPUT: &str = "out";
/// A list that a loop may go over.
pub(crate) const ITEMS: &str = "items";

/// A plan of any kind.
pub(crate) fn random_plan(chance: &mut Chance) -> Arc<Plan> {
    if chance.percent(50) { Arc::new(random_nested_plan(chance)) } else { random_document(chance) }
}

/// A document with steps that need some of those before them, by their outputs or in order only.
pub(crate) fn random_document(chance: &mut Chance) -> Arc<Plan> {
    let steps = chance.between(1, STEPS_MAX);
    let mut text =
        "apiVersion: sandmill.dev/v1\nkind: Pipeline\nmetadata: { name: simulated }\nspec:\n  steps:\n".to_owned();
    for step in 0..steps {
        let mut needed: Vec<u64> = (0..step).filter(|_| chance.percent(35)).collect();
        let after = needed.split_off(needed.len().min(chance.between(0, INPUTS_MAX as u64) as usize));
        let arguments: Vec<String> = needed
            .iter()
            .enumerate()
            .map(|(input, needed)| format!("i{input}: '${{steps.s{needed}.{OUTPUT}}}'"))
            .collect();
        let after: Vec<String> = after.iter().map(|needed| format!("s{needed}")).collect();
        text += &format!(
            "    s{step}: {{ component: 'work-{}:1', arguments: {{ {} }}, after: [{}], retry: {{ maxAttempts: {}, backoff: {}ms, factor: {} }} }}\n",
            arguments.len(),
            arguments.join(", "),
            after.join(", "),
            chance.between(1, 4),
            chance.between(0, 200),
            chance.between(1, 3),
        );
    }
    let pipeline = Pipeline::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let plan = host_pipeline::compile(&pipeline, &components(), &BTreeMap::new(), &Limits::default());
    Arc::new(plan.unwrap_or_else(|failures| panic!("{failures:?}\n{text}")))
}

fn components() -> BTreeMap<String, ResolvedComponent> {
    let number = |name: String| NamedType { name, value_type: ValueType::U64 };
    let component = |inputs: usize| {
        let reference = format!("work-{inputs}:1");
        let work = FunctionSignature {
            name: "work".to_owned(),
            parameters: (0..inputs).map(|input| number(format!("i{input}"))).collect(),
            outputs: vec![number(OUTPUT.to_owned())],
            fallible: true,
        };
        let id = ComponentId {
            reference: reference.clone(),
            manifest: Digest::sha256(b"manifest"),
            digest: Digest::sha256(reference.as_bytes()),
            signer: None,
        };
        let interface = ComponentInterface { functions: vec![work], ..ComponentInterface::default() };
        (reference, ResolvedComponent { id, interface })
    };
    (0..=INPUTS_MAX).map(component).collect()
}

/// What a step gives for its inputs: always the same for the same ones.
pub(crate) fn outputs(step: &str, inputs: &ResolvedInputs) -> BTreeMap<String, Value> {
    let text = match inputs {
        ResolvedInputs::Function { arguments } => format!("{step} {arguments:?}"),
        ResolvedInputs::Command { args, inputs } => format!("{step} {args:?} {inputs:?}"),
        ResolvedInputs::Kfp { inputs } => format!("{step} {inputs:?}"),
    };
    let number = text.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()) % (1 << 48));
    let items = (0..number % 4).map(|item| serde_json::json!(number % 97 + item)).collect();
    BTreeMap::from([(OUTPUT.to_owned(), Value::Plain(number.into())), (ITEMS.to_owned(), Value::Plain(items))])
}
