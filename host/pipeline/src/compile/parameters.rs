//! The run's parameters: given or by default, and of the type that the pipeline declares.
//! Never converts a value into another type, but for whole numbers written with a fraction of zero.

use std::collections::BTreeMap;

use host_base::{ArtifactKind, Code, Failure, Value};
use sdk_spec::{Parameter, ParameterType};
use serde_json::Value as Json;

use super::constant;
use super::problems::{Problems, unknown};

/// A declared parameter, and its value where that is known.
pub(super) struct KnownParameter {
    pub(super) parameter_type: ParameterType,
    pub(super) value: Option<Value>,
}

pub(super) type KnownParameters<'spec> = BTreeMap<&'spec str, KnownParameter>;

/// Brings declared and given parameters together. Without given ones, only the defaults are known.
pub(super) fn know<'spec>(
    declared: &'spec BTreeMap<String, Parameter>,
    given: Option<&BTreeMap<String, Value>>,
    problems: &mut Problems,
) -> KnownParameters<'spec> {
    for name in given.iter().flat_map(|given| given.keys()).filter(|name| !declared.contains_key(*name)) {
        problems.push_with(|| {
            let message = format!("the pipeline has no parameter `{name}`");
            unknown(Code::InvalidParameter, message, name, declared.keys().map(String::as_str), "parameters")
        });
    }
    let know_one = |(name, parameter): (&'spec String, &Parameter)| {
        let value = value_of(name, parameter, given, problems);
        (name.as_str(), KnownParameter { parameter_type: parameter.parameter_type, value })
    };
    declared.iter().map(know_one).collect()
}

fn value_of(
    name: &str,
    parameter: &Parameter,
    given: Option<&BTreeMap<String, Value>>,
    problems: &mut Problems,
) -> Option<Value> {
    let wanted = parameter.parameter_type;
    let default = parameter.default.as_ref().and_then(|default| match accept(wanted, &of_default(wanted, default)) {
        Ok(value) => Some(value),
        Err(got) => {
            let message = format!("the default of parameter `{name}` is {got}, but the parameter is {}", a(wanted));
            problems.push(Failure::new(Code::InvalidParameter, message).with_hint("change its type or its default"));
            None
        }
    });
    match (given.map(|given| given.get(name)), default) {
        (Some(Some(value)), _) => match accept(wanted, value) {
            Ok(value) => Some(value),
            Err(got) => {
                let message = format!("parameter `{name}` wants {}, but {got} was given", a(wanted));
                problems.push(with_type_hint(Failure::new(Code::InvalidParameter, message), name, wanted));
                None
            }
        },
        (_, Some(default)) => Some(default),
        (Some(None), None) if parameter.default.is_none() => {
            let message =
                format!("parameter `{name}` ({wanted}) is not given and has no default", wanted = type_name(wanted));
            let hint = format!("give it with --param {name}=VALUE, or declare a default for it");
            problems.push(Failure::new(Code::InvalidParameter, message).with_hint(hint));
            None
        }
        _ => None,
    }
}

fn with_type_hint(failure: Failure, name: &str, wanted: ParameterType) -> Failure {
    match artifact_kind(wanted) {
        Some(_) => failure.with_hint(format!("upload a file with --param {name}=@FILE, or name an artifact by digest")),
        None => failure.with_hint(format!("give {} with --param {name}=VALUE", a(wanted))),
    }
}

/// A default stands in a document as plain JSON; an artifact there has the form of a [`Value`].
fn of_default(wanted: ParameterType, default: &Json) -> Value {
    match (artifact_kind(wanted), serde_json::from_value(default.clone())) {
        (Some(_), Ok(value @ Value::Artifact(_))) => value,
        _ => Value::Plain(default.clone()),
    }
}

/// The value as the parameter's type has it, or what it is instead.
fn accept(wanted: ParameterType, value: &Value) -> Result<Value, String> {
    match (value, artifact_kind(wanted)) {
        (Value::Artifact(artifact), Some(kind)) if artifact.kind == kind || kind == ArtifactKind::Artifact => {
            let mut artifact = artifact.clone();
            artifact.kind = kind;
            Ok(Value::Artifact(artifact))
        }
        (Value::Artifact(artifact), _) => Err(format!("an artifact of kind {}", artifact.kind)),
        (Value::List(_), _) => Err("a list of artifacts".to_owned()),
        (Value::Plain(json), None) => accept_plain(wanted, json).ok_or_else(|| constant::describe(json)),
        (Value::Plain(json), Some(_)) => Err(constant::describe(json)),
    }
}

fn accept_plain(wanted: ParameterType, json: &Json) -> Option<Value> {
    let fits = match wanted {
        ParameterType::String => json.is_string(),
        ParameterType::Integer => return constant::whole(json).map(|whole| Value::Plain(whole.into())),
        ParameterType::Number => json.is_number(),
        ParameterType::Boolean => json.is_boolean(),
        ParameterType::List => json.is_array(),
        ParameterType::Object => json.is_object(),
        ParameterType::Artifact | ParameterType::DataSet | ParameterType::Model | ParameterType::Metrics => false,
    };
    fits.then(|| Value::Plain(json.clone()))
}

/// The artifact kind of a parameter, where it is one.
pub(super) const fn artifact_kind(parameter: ParameterType) -> Option<ArtifactKind> {
    match parameter {
        ParameterType::Artifact => Some(ArtifactKind::Artifact),
        ParameterType::DataSet => Some(ArtifactKind::DataSet),
        ParameterType::Model => Some(ArtifactKind::Model),
        ParameterType::Metrics => Some(ArtifactKind::Metrics),
        _ => None,
    }
}

/// The type's name, as documents write it.
pub(super) const fn type_name(parameter: ParameterType) -> &'static str {
    match parameter {
        ParameterType::String => "string",
        ParameterType::Integer => "integer",
        ParameterType::Number => "number",
        ParameterType::Boolean => "boolean",
        ParameterType::List => "list",
        ParameterType::Object => "object",
        ParameterType::Artifact => "artifact",
        ParameterType::DataSet => "data-set",
        ParameterType::Model => "model",
        ParameterType::Metrics => "metrics",
    }
}

/// The type's name with its article.
fn a(parameter: ParameterType) -> String {
    match parameter {
        ParameterType::Integer | ParameterType::Object | ParameterType::Artifact => {
            format!("an {}", type_name(parameter))
        }
        ParameterType::Metrics => "metrics".to_owned(),
        _ => format!("a {}", type_name(parameter)),
    }
}
