//! Arguments with every reference followed.
//! Never waits: an output that is not there yet means that there are no inputs yet.

use std::collections::BTreeMap;

use host_base::{ArtifactKind, StepName, Value, ValueType};

use crate::text::text_of;
use crate::{Argument, Call, PlannedStep, ResolvedInputs, RunState, StepStatus, TextPart};

/// A step's inputs; none while an output that they refer to is missing.
#[must_use]
pub fn resolve_inputs(state: &RunState, step: &PlannedStep) -> Option<ResolvedInputs> {
    match &step.call {
        Call::Function { signature, arguments } => {
            let types = signature.parameters.iter().map(|parameter| &parameter.value_type);
            let arguments = arguments.iter().zip(types).map(|(argument, wanted)| {
                let value = resolve(state, argument)?;
                Some(as_kind(value, wanted))
            });
            Some(ResolvedInputs::Function { arguments: arguments.collect::<Option<_>>()? })
        }
        Call::Command { args, inputs, .. } => {
            let args = args.iter().map(|argument| resolve(state, argument).map(|value| text_of(&value)));
            let inputs = inputs.iter().map(|(name, argument)| Some((name.clone(), resolve(state, argument)?)));
            Some(ResolvedInputs::Command {
                args: args.collect::<Option<_>>()?,
                inputs: inputs.collect::<Option<BTreeMap<_, _>>>()?,
            })
        }
    }
}

/// Any artifact may stand where the plain kind is wanted; the guest then holds it as that.
fn as_kind(value: Value, wanted: &ValueType) -> Value {
    match (value, wanted) {
        (value, ValueType::Option(inner)) => as_kind(value, inner),
        (Value::Artifact(mut artifact), ValueType::Artifact(ArtifactKind::Artifact)) => {
            artifact.kind = ArtifactKind::Artifact;
            Value::Artifact(artifact)
        }
        (value, _) => value,
    }
}

fn resolve(state: &RunState, argument: &Argument) -> Option<Value> {
    match argument {
        Argument::Value(value) => Some(value.clone()),
        Argument::Output { step, output } => find_output(state, step, output).cloned(),
        Argument::Text(parts) => {
            let mut text = String::new();
            for part in parts {
                match part {
                    TextPart::Literal(literal) => text.push_str(literal),
                    TextPart::Output { step, output } => text.push_str(&text_of(find_output(state, step, output)?)),
                }
            }
            Some(Value::Plain(text.into()))
        }
        Argument::List(items) => {
            let items = items.iter().map(|item| plain(resolve(state, item)?));
            Some(Value::Plain(items.collect::<Option<Vec<_>>>()?.into()))
        }
        Argument::Object(fields) => {
            let fields = fields.iter().map(|(name, field)| Some((name.clone(), plain(resolve(state, field)?)?)));
            Some(Value::Plain(serde_json::Value::Object(fields.collect::<Option<_>>()?)))
        }
    }
}

/// The type check lets no artifact into a list or an object.
fn plain(value: Value) -> Option<serde_json::Value> {
    match value {
        Value::Plain(json) => Some(json),
        Value::Artifact(_) => None,
    }
}

fn find_output<'state>(state: &'state RunState, step: &StepName, output: &str) -> Option<&'state Value> {
    let step = &state.steps[state.index(step)?];
    (step.status == StepStatus::Succeeded).then(|| step.outputs.get(output)).flatten()
}
