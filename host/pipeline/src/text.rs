//! Values as text, where an output is filled into a longer text.
//! Never renders an artifact's content: a text cannot hold it.

use host_base::{Value, number};
use serde_json::Value as Json;

/// A string as it stands; a number, a list or an object as compact JSON, whole numbers without a
/// fraction; null as nothing; an artifact as its digest, also in a list.
#[must_use]
pub fn text_of(value: &Value) -> String {
    match value {
        Value::Plain(json) => text_of_json(json),
        Value::Artifact(artifact) => artifact.digest.to_string(),
        Value::List(_) => text_of_json(&json_of(value)),
    }
}

/// The value as JSON, an artifact as its digest.
fn json_of(value: &Value) -> Json {
    match value {
        Value::Plain(json) => json.clone(),
        Value::Artifact(artifact) => artifact.digest.to_string().into(),
        Value::List(items) => items.iter().map(json_of).collect(),
    }
}

pub(crate) fn text_of_json(json: &Json) -> String {
    match json {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => with_whole_numbers(other).to_string(),
    }
}

/// The same with every float that is a whole number as one.
fn with_whole_numbers(json: &Json) -> Json {
    match json {
        Json::Number(number) if number.is_f64() => match number::whole(json).map(i64::try_from) {
            Some(Ok(whole)) => whole.into(),
            _ => json.clone(),
        },
        Json::Array(items) => items.iter().map(with_whole_numbers).collect(),
        Json::Object(fields) => fields.iter().map(|(name, field)| (name.clone(), with_whole_numbers(field))).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests;
