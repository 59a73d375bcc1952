//! What a step is told: its values, its artifacts, and where its outputs belong.
//! Never fills a placeholder into JSON text: values are settled first, and written down last.

use std::collections::BTreeMap;

use host_base::{Code, Failure, Value};
use sdk_spec::kfp::{ParameterInput, ParameterType};
use serde_json::{Value as Json, json};

use super::artifact::RuntimeArtifact;
use super::call::{ContainerCall, KfpInputs};
use super::placeholder::text_of_value;

/// The plain values of a call: what was given, defaults where nothing was, each of its declared type.
pub(super) fn values(call: &ContainerCall, inputs: &KfpInputs) -> Result<BTreeMap<String, Json>, Failure> {
    let mut values = BTreeMap::new();
    for (name, value) in inputs {
        let Value::Plain(json) = value else { continue };
        if call.takes.artifacts.contains_key(name) {
            continue;
        }
        let json = match call.takes.parameters.get(name) {
            // A value for another of the task's settings, or for a text that is made of it.
            None => json.clone(),
            Some(definition) if json.is_null() && definition.default_value.is_some() => continue,
            Some(definition) => typed(&call.task, name, definition, json)?,
        };
        values.insert(name.clone(), json);
    }
    for (name, definition) in &call.takes.parameters {
        if values.contains_key(name) {
            continue;
        }
        match &definition.default_value {
            Some(default) => _ = values.insert(name.clone(), typed(&call.task, name, definition, default)?),
            None if definition.is_optional || definition.parameter_type == ParameterType::TaskConfig => {}
            None => {
                let message = format!("task `{}` was given no `{name}`, which has no default", call.task);
                return Err(Failure::new(Code::InvalidParameter, message)
                    .with_hint("the task that makes it was skipped or failed; give the input a default"));
            }
        }
    }
    Ok(values)
}

/// A value as its type has it: text takes any value as JSON text, whole numbers lose their fraction.
pub(super) fn typed(task: &str, name: &str, definition: &ParameterInput, json: &Json) -> Result<Json, Failure> {
    let wanted = definition.parameter_type;
    if json.is_null() && definition.is_optional {
        return Ok(Json::Null);
    }
    if let Some(value) = of_type(wanted, json) {
        return Ok(value);
    }
    let message = format!("task `{task}` takes {} as `{name}`, and was given {}", words_for(wanted), shown(json));
    Err(Failure::new(Code::TypeMismatch, message).with_hint("look at what the task before it gives"))
}

/// The value in the form of a type; none where it is of another.
pub(super) fn of_type(wanted: ParameterType, json: &Json) -> Option<Json> {
    /// Above this, a float is no exact whole number.
    const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
    match (wanted, json) {
        (ParameterType::ParameterTypeEnumUnspecified | ParameterType::TaskConfig, _) => Some(json.clone()),
        (ParameterType::String, Json::String(_)) => Some(json.clone()),
        (ParameterType::String, Json::Null) => None,
        (ParameterType::String, other) => Some(text_of_value(other).into()),
        (ParameterType::NumberInteger, Json::Number(number)) => match number.as_f64() {
            Some(float) if number.is_f64() => {
                (float.fract() == 0.0 && float.abs() <= EXACT_MAX).then(|| (float as i64).into())
            }
            _ => Some(json.clone()),
        },
        (ParameterType::NumberDouble, Json::Number(_))
        | (ParameterType::Boolean, Json::Bool(_))
        | (ParameterType::List, Json::Array(_))
        | (ParameterType::Struct | ParameterType::TaskFinalStatus, Json::Object(_)) => Some(json.clone()),
        _ => None,
    }
}

/// A type in words.
pub(super) const fn words_for(parameter_type: ParameterType) -> &'static str {
    match parameter_type {
        ParameterType::NumberDouble => "a number",
        ParameterType::NumberInteger => "a whole number",
        ParameterType::String => "text",
        ParameterType::Boolean => "true or false",
        ParameterType::List => "a list",
        ParameterType::Struct => "an object",
        ParameterType::TaskFinalStatus => "how a task ended",
        ParameterType::TaskConfig => "a task's configuration",
        ParameterType::ParameterTypeEnumUnspecified => "any value",
    }
}

/// A value in a message, cut where it is long.
pub(super) fn shown(json: &Json) -> String {
    const CHARACTERS_MAX: usize = 60;
    let text = json.to_string();
    match text.char_indices().nth(CHARACTERS_MAX) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// The artifacts of a call, in Kubeflow's words; several where a list is taken.
pub(super) fn artifacts(
    call: &ContainerCall,
    inputs: &KfpInputs,
) -> Result<BTreeMap<String, Vec<RuntimeArtifact>>, Failure> {
    let mut artifacts = BTreeMap::new();
    for (name, value) in inputs {
        let found = match value {
            // An empty list says of nothing what it is a list of.
            Value::Plain(Json::Array(items)) if items.is_empty() && call.takes.artifacts.contains_key(name) => {
                Vec::new()
            }
            Value::Plain(_) => continue,
            Value::Artifact(one) => vec![RuntimeArtifact::of(one, name)],
            Value::List(items) => items.iter().filter_map(|item| one_of(item, name)).collect(),
        };
        artifacts.insert(name.clone(), found);
    }
    for (name, definition) in &call.takes.artifacts {
        if !definition.is_optional && !artifacts.contains_key(name) {
            let message = format!("task `{}` was given no artifact `{name}`", call.task);
            return Err(Failure::new(Code::InvalidParameter, message)
                .with_hint("the task that makes it was skipped or failed; make the input optional"));
        }
    }
    Ok(artifacts)
}

fn one_of(value: &Value, name: &str) -> Option<RuntimeArtifact> {
    match value {
        Value::Artifact(artifact) => Some(RuntimeArtifact::of(artifact, name)),
        _ => None,
    }
}

/// Where a call's outputs belong.
pub(super) struct Places {
    pub(super) output_file: String,
    pub(super) parameters: BTreeMap<String, String>,
    pub(super) artifacts: BTreeMap<String, RuntimeArtifact>,
}

/// The whole message. Empty parts are left out, as the SDK's own side does.
pub(super) fn message(
    values: &BTreeMap<String, Json>,
    artifacts: &BTreeMap<String, Vec<RuntimeArtifact>>,
    places: &Places,
) -> Json {
    let list =
        |all: &[RuntimeArtifact]| json!({ "artifacts": all.iter().map(RuntimeArtifact::to_json).collect::<Vec<_>>() });
    let mut inputs = serde_json::Map::new();
    if !values.is_empty() {
        inputs.insert("parameterValues".to_owned(), json!(values));
    }
    if !artifacts.is_empty() {
        let described = artifacts.iter().map(|(name, all)| (name.clone(), list(all))).collect();
        inputs.insert("artifacts".to_owned(), Json::Object(described));
    }
    let mut outputs = serde_json::Map::new();
    outputs.insert("outputFile".to_owned(), places.output_file.clone().into());
    if !places.parameters.is_empty() {
        let files =
            places.parameters.iter().map(|(name, path)| (name.clone(), json!({ "outputFile": path }))).collect();
        outputs.insert("parameters".to_owned(), Json::Object(files));
    }
    if !places.artifacts.is_empty() {
        let described = places.artifacts.iter().map(|(name, one)| (name.clone(), list(std::slice::from_ref(one))));
        outputs.insert("artifacts".to_owned(), Json::Object(described.collect()));
    }
    json!({ "inputs": inputs, "outputs": outputs })
}
