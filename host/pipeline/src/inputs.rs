//! What one attempt of a step is handed.
//! Never waits: an output that is not there yet means that there are no inputs yet.

use std::collections::BTreeMap;

use host_base::{ArtifactKind, FunctionSignature, Value, ValueType};

use crate::resolve::Scope;
use crate::text::text_of;
use crate::{Argument, Call, ResolvedInputs, RunState};

/// A step's inputs; none while a value that they refer to is missing, and none of a group.
#[must_use]
pub fn resolve_inputs(state: &RunState, index: usize) -> Option<ResolvedInputs> {
    let planned = state.planned(index)?;
    let scope = Scope { state, at: state.steps[index].parent };
    match &planned.call {
        Call::Function { signature, arguments } => function(scope, signature, arguments),
        Call::Python(call) => function(scope, &call.signature, &call.arguments),
        Call::Command { args, inputs, .. } => {
            let args = args.iter().map(|argument| scope.resolve(argument).map(|value| text_of(&value)));
            let inputs = inputs.iter().map(|(name, argument)| Some((name.clone(), scope.resolve(argument)?)));
            Some(ResolvedInputs::Command {
                args: args.collect::<Option<_>>()?,
                inputs: inputs.collect::<Option<BTreeMap<_, _>>>()?,
            })
        }
        Call::Kfp(call) => Some(ResolvedInputs::Kfp { inputs: present(scope, &call.inputs) }),
        Call::Import(import) => Some(ResolvedInputs::Kfp { inputs: present(scope, &import.inputs) }),
    }
}

fn function(scope: Scope<'_>, signature: &FunctionSignature, arguments: &[Argument]) -> Option<ResolvedInputs> {
    let types = signature.parameters.iter().map(|parameter| &parameter.value_type);
    let arguments = arguments.iter().zip(types).map(|(argument, wanted)| {
        let value = scope.resolve(argument)?;
        Some(as_kind(value, wanted))
    });
    Some(ResolvedInputs::Function { arguments: arguments.collect::<Option<_>>()? })
}

/// Inputs of a compiled pipeline may be missing: the component's own default stands in for them later.
fn present(scope: Scope<'_>, inputs: &BTreeMap<String, Argument>) -> BTreeMap<String, Value> {
    inputs.iter().filter_map(|(name, argument)| Some((name.clone(), scope.resolve(argument)?))).collect()
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
