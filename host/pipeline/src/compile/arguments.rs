//! The arguments of a function: each parameter gets one, of its type.
//! Never fills in a value that nobody wrote, but for an optional parameter that is left out.

use std::collections::BTreeSet;

use host_base::{Code, Failure, FunctionSignature, Value, ValueType};
use sdk_spec::StepSpec;
use serde_json::Value as Json;

use super::edges::Edges;
use super::expression::read;
use super::fit::{Place, fit};
use super::problems::{Problems, unknown};
use crate::{Argument, Call};

pub(super) fn plan<'spec>(
    name: &str,
    spec: &'spec StepSpec,
    signature: &FunctionSignature,
    edges: &Edges<'spec>,
    needs: &mut BTreeSet<&'spec str>,
    problems: &mut Problems,
) -> Option<Call> {
    let arguments = read_all(name, spec, signature, |_| None, edges, needs, problems);
    Some(Call::Function { signature: signature.clone(), arguments })
}

/// One argument per parameter, in order; fewer where some are missing, which is then among the problems. `default` is
/// what stands in for one that the step leaves out.
pub(super) fn read_all<'spec>(
    name: &str,
    spec: &'spec StepSpec,
    signature: &FunctionSignature,
    default: impl Fn(&str) -> Option<Json>,
    edges: &Edges<'spec>,
    needs: &mut BTreeSet<&'spec str>,
    problems: &mut Problems,
) -> Vec<Argument> {
    let function = &signature.name;
    let parameters = signature.parameters.as_slice();
    for argument in spec.arguments.keys() {
        if !parameters.iter().any(|parameter| parameter.name == *argument) {
            problems.push_with(|| {
                let message = format!("step `{name}`: function `{function}` has no parameter `{argument}`");
                let names = parameters.iter().map(|parameter| parameter.name.as_str());
                unknown(Code::TypeMismatch, message, argument, names, "parameters of that function")
            });
            let place = format!("step `{name}`, argument `{argument}`");
            read(&place, &spec.arguments[argument], edges, needs, problems);
        }
    }
    let mut arguments = Vec::with_capacity(parameters.len());
    for parameter in parameters {
        match (spec.arguments.get(&parameter.name), default(&parameter.name), &parameter.value_type) {
            (Some(json), _, wanted) => {
                let place = format!("step `{name}`, argument `{}`", parameter.name);
                let expression = read(&place, json, edges, needs, problems);
                fit(&Place::root(&place), &expression, wanted, problems);
                arguments.push(expression.into_argument());
            }
            (None, Some(json), _) => arguments.push(Argument::Value(Value::Plain(json))),
            (None, None, ValueType::Option(_)) => arguments.push(Argument::Value(Value::Plain(Json::Null))),
            (None, None, wanted) => {
                let message = format!("step `{name}`: argument `{}` ({wanted}) is missing", parameter.name);
                let hint = format!("function `{function}` needs it; add it under arguments");
                problems.push(Failure::new(Code::TypeMismatch, message).with_hint(hint));
            }
        }
    }
    arguments
}
