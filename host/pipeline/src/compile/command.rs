//! The arguments and files of a command.
//! Never lets an artifact's bytes into an argument: an artifact there becomes the path of a file.

use std::collections::{BTreeMap, BTreeSet};

use host_base::{Code, Failure, ValueType};
use sdk_spec::StepSpec;
use serde_json::Value as Json;

use super::edges::Edges;
use super::expression::{Expression, read};
use super::fit::{artifact_in, describe};
use super::parameters;
use super::problems::Problems;
use crate::{Argument, Call};

/// Where a command finds its inputs.
const INPUTS: &str = "/inputs";

pub(super) fn plan<'spec>(
    name: &str,
    spec: &'spec StepSpec,
    edges: &Edges<'spec>,
    needs: &mut BTreeSet<&'spec str>,
    problems: &mut Problems,
) -> Option<Call> {
    if let Some(argument) = spec.arguments.keys().next() {
        let message = format!("step `{name}` is a command and takes no argument `{argument}`");
        problems.push(
            Failure::new(Code::InvalidDocument, message)
                .with_hint("write command.args for its arguments and command.inputs for artifacts"),
        );
    }
    let command = spec.command.clone().unwrap_or_default();
    let mut inputs = BTreeMap::new();
    for (input, text) in &command.inputs {
        let place = format!("step `{name}`, input `{input}`");
        let expression = read(&place, &Json::from(text.as_str()), edges, needs, problems);
        match is_artifact(&expression) {
            Some(false) => {
                let message = format!("{place} wants an artifact, but {}", describe(&expression));
                let hint = "refer to an artifact, or pass the value in command.args";
                problems.push(Failure::new(Code::TypeMismatch, message).with_hint(hint));
            }
            Some(true) | None => drop(inputs.insert(input.clone(), expression.into_argument())),
        }
    }
    let mut args = Vec::with_capacity(command.args.len());
    for (index, text) in command.args.iter().enumerate() {
        let place = format!("step `{name}`, command.args[{index}]");
        let expression = read(&place, &Json::from(text.as_str()), edges, needs, problems);
        args.push(in_text(&place, expression, &mut inputs, problems).into_argument());
    }
    Some(Call::Command { args, inputs, outputs: command.outputs })
}

/// The expression as text, with every artifact replaced by the path of a file; the file becomes an input.
fn in_text(
    place: &str,
    expression: Expression,
    inputs: &mut BTreeMap<String, Argument>,
    problems: &mut Problems,
) -> Expression {
    let parts = match expression {
        Expression::Text(parts) => parts,
        other => vec![other],
    };
    Expression::Text(parts.into_iter().map(|part| as_file(place, part, inputs, problems)).collect())
}

fn as_file(
    place: &str,
    expression: Expression,
    inputs: &mut BTreeMap<String, Argument>,
    problems: &mut Problems,
) -> Expression {
    if is_artifact(&expression) != Some(true) {
        return expression;
    }
    if matches!(expression, Expression::Output { value_type: ValueType::Option(_), .. }) {
        let message = format!("{place} needs an artifact that is always there, but {}", describe(&expression));
        problems.push(Failure::new(Code::TypeMismatch, message));
        return Expression::Unknown;
    }
    let file = file_name(&expression);
    let argument = expression.into_argument();
    let known = inputs.iter().find(|(_, known)| **known == argument).map(|(name, _)| name.clone());
    let file = known.unwrap_or_else(|| {
        inputs.insert(file.clone(), argument);
        file
    });
    Expression::Constant(format!("{INPUTS}/{file}").into())
}

/// Dots keep these apart from the names that authors give to inputs.
fn file_name(expression: &Expression) -> String {
    match expression {
        Expression::Parameter { name, .. } => format!("parameters.{name}"),
        Expression::Output { step, output, .. } => format!("steps.{step}.{output}"),
        _ => String::new(),
    }
}

/// Whether the expression is an artifact; none where it is not known what it is.
fn is_artifact(expression: &Expression) -> Option<bool> {
    match expression {
        Expression::Unknown => None,
        Expression::Parameter { parameter_type, .. } => Some(parameters::artifact_kind(*parameter_type).is_some()),
        Expression::Output { value_type, .. } => Some(artifact_in(value_type).is_some()),
        _ => Some(false),
    }
}
