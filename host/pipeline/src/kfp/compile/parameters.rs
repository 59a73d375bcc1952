//! What a run is given, held against what the pipeline takes.
//! Never stops at the first mismatch: all of them are told, each with the parameter's name.

use std::collections::BTreeMap;

use host_base::{Code, Failure};
use sdk_spec::kfp::{InputDefinitions, ParameterInput};
use serde_json::Value as Json;

use crate::compile::problems::{Problems, unknown};
use crate::kfp::executor_input::{of_type, shown, words_for};

/// The values of the pipeline's parameters, defaults filled in. Without a run only defaults are known.
pub(super) fn know(
    takes: &InputDefinitions,
    given: Option<&BTreeMap<String, Json>>,
    problems: &mut Problems,
) -> BTreeMap<String, Json> {
    let mut known = BTreeMap::new();
    for (name, definition) in &takes.parameters {
        let value = given.and_then(|given| given.get(name)).filter(|json| !(json.is_null() && definition.is_optional));
        match value.or(definition.default_value.as_ref()) {
            Some(json) => match fit(name, definition, json) {
                Ok(json) => _ = known.insert(name.clone(), json),
                Err(failure) => problems.push(failure),
            },
            None if definition.is_optional || given.is_none() => {}
            None => problems.push(missing(name, definition)),
        }
    }
    for name in given.into_iter().flat_map(BTreeMap::keys).filter(|name| !takes.parameters.contains_key(*name)) {
        problems.push_with(|| {
            let message = format!("the pipeline has no parameter `{name}`");
            unknown(Code::InvalidParameter, message, name, takes.parameters.keys().map(String::as_str), "parameters")
        });
    }
    for (name, definition) in takes.artifacts.iter().filter(|(_, definition)| !definition.is_optional) {
        let _ = definition;
        problems.push(
            Failure::new(
                Code::InvalidParameter,
                format!("the pipeline takes the artifact `{name}`, which a run cannot be given"),
            )
            .with_hint("import it with dsl.importer inside the pipeline"),
        );
    }
    known
}

/// A value as the parameter takes it. Text is not made of other values here: who submits a run means what is sent.
fn fit(name: &str, definition: &ParameterInput, json: &Json) -> Result<Json, Failure> {
    use sdk_spec::kfp::ParameterType::String as Text;
    let wanted = definition.parameter_type;
    let fitting = if wanted == Text && !json.is_string() { None } else { of_type(wanted, json) };
    let Some(value) = fitting else {
        let message = format!("parameter `{name}` takes {}, and was given {}", words_for(wanted), shown(json));
        return Err(Failure::new(Code::InvalidParameter, message).with_hint("give it a value of that type"));
    };
    if !definition.literals.is_empty() && !definition.literals.contains(&value) {
        let choices: Vec<String> = definition.literals.iter().map(shown).collect();
        let message =
            format!("parameter `{name}` takes one of {}, and was given {}", choices.join(", "), shown(&value));
        return Err(Failure::new(Code::InvalidParameter, message).with_hint("choose one of them"));
    }
    Ok(value)
}

fn missing(name: &str, definition: &ParameterInput) -> Failure {
    let message = format!("parameter `{name}` is missing: {}, without a default", words_for(definition.parameter_type));
    Failure::new(Code::InvalidParameter, message).with_hint("give the run a value for it")
}
