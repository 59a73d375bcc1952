//! A function of Python: its signature as the document says it, and its arguments.
//! Never reads the function's text.

use std::collections::BTreeSet;

use host_base::{ArtifactKind, FunctionSignature, NamedType, ValueType};
use sdk_spec::{PythonSpec, StepSpec, WitType};

use super::arguments;
use super::edges::Edges;
use super::expression::Expression;
use super::fit::{Place, fit};
use super::problems::Problems;
use crate::Call;
use crate::python::{PackageRequest, PythonCall, PythonFunction, SINGLE_RESULT};

/// The signature that a document gives a function.
pub(super) fn signature(function: &str, python: &PythonSpec) -> FunctionSignature {
    let named = |name: &str, wit: &WitType| NamedType { name: name.to_owned(), value_type: value_type(wit) };
    let parameters = python.parameters.iter().map(|(name, parameter)| named(name, &parameter.value_type)).collect();
    let outputs = match &python.result {
        Some(result) => vec![named(SINGLE_RESULT, result)],
        None => python.results.iter().map(|(name, result)| named(name, result)).collect(),
    };
    // Any code of Python may raise an exception.
    FunctionSignature { name: function.to_owned(), parameters, outputs, fallible: true }
}

pub(super) fn plan<'spec>(
    name: &str,
    spec: &'spec StepSpec,
    python: &PythonSpec,
    signature: &FunctionSignature,
    edges: &Edges<'spec>,
    needs: &mut BTreeSet<&'spec str>,
    problems: &mut Problems,
) -> Option<Call> {
    for parameter in &signature.parameters {
        let default = python.parameters.get(&parameter.name).and_then(|parameter| parameter.default.as_ref());
        if let Some(json) = default {
            let place = format!("step `{name}`, default of parameter `{}`", parameter.name);
            fit(&Place::root(&place), &Expression::Constant(json.clone()), &parameter.value_type, problems);
        }
    }
    let default = |parameter: &str| python.parameters.get(parameter)?.default.clone();
    let arguments = arguments::read_all(name, spec, signature, default, edges, needs, problems);
    let function = PythonFunction {
        name: signature.name.clone(),
        source: python.source.clone(),
        packages: PackageRequest { requirements: python.packages.clone(), indexes: Vec::new() },
        wheels: Vec::new(),
    };
    Some(Call::Python(Box::new(PythonCall { signature: signature.clone(), arguments, function })))
}

fn value_type(wit: &WitType) -> ValueType {
    let inner = |wit: &WitType| Box::new(value_type(wit));
    match wit {
        WitType::Bool => ValueType::Bool,
        WitType::U8 => ValueType::U8,
        WitType::U16 => ValueType::U16,
        WitType::U32 => ValueType::U32,
        WitType::U64 => ValueType::U64,
        WitType::S8 => ValueType::S8,
        WitType::S16 => ValueType::S16,
        WitType::S32 => ValueType::S32,
        WitType::S64 => ValueType::S64,
        WitType::F32 => ValueType::F32,
        WitType::F64 => ValueType::F64,
        WitType::Char => ValueType::Char,
        WitType::String => ValueType::String,
        WitType::List(item) => ValueType::List(inner(item)),
        WitType::Option(item) => ValueType::Option(inner(item)),
        WitType::Tuple(items) => ValueType::Tuple(items.iter().map(value_type).collect()),
        WitType::Record(fields) => {
            let field = |(name, wit): &(String, WitType)| NamedType { name: name.clone(), value_type: value_type(wit) };
            ValueType::Record(fields.iter().map(field).collect())
        }
        WitType::Enum(names) => ValueType::Enum(names.clone()),
        WitType::Artifact => ValueType::Artifact(ArtifactKind::Artifact),
        WitType::DataSet => ValueType::Artifact(ArtifactKind::DataSet),
        WitType::Model => ValueType::Artifact(ArtifactKind::Model),
        WitType::Metrics => ValueType::Artifact(ArtifactKind::Metrics),
    }
}

#[cfg(test)]
mod tests;
