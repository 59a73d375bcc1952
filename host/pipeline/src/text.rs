//! Values as text, where an output is filled into a longer text.
//! Never renders an artifact's content: a text cannot hold it.

use host_base::Value;

/// A string as it stands; a number, a list or an object as compact JSON, whole numbers without a
/// fraction; null as nothing; an artifact as its digest, also in a list.
#[must_use]
pub fn text_of(value: &Value) -> String {
    match value {
        Value::Plain(json) => text_of_json(json),
        Value::Artifact(artifact) => artifact.digest.to_string(),
        Value::List(_) => json_of(value).to_string(),
    }
}

/// The value as JSON, an artifact as its digest.
fn json_of(value: &Value) -> serde_json::Value {
    match value {
        Value::Plain(json) => json.clone(),
        Value::Artifact(artifact) => artifact.digest.to_string().into(),
        Value::List(items) => items.iter().map(json_of).collect(),
    }
}

pub(crate) fn text_of_json(json: &serde_json::Value) -> String {
    /// Above this, whole floats are no longer exact and are written as they are.
    const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
    match json {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < EXACT_MAX => {
                (float as i64).to_string()
            }
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
