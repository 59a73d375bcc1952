//! Values as they cross between JSON and the component model, by type.
//! Never rounds, truncates or guesses: what does not fit is refused with its place in the value.
//!
//! | WIT | JSON |
//! | --- | --- |
//! | integers, floats, `bool`, `string` | number, boolean, string; NaN and infinities as `"NaN"`, `"Infinity"`, `"-Infinity"` |
//! | `char` | a string of one character |
//! | `list`, `tuple` | array |
//! | `record` | object; a field that is an option may be left out |
//! | `option` | the value, or null |
//! | `enum`, `flags` | the name, an array of names |
//! | `variant` | the name, or an object with the name as its only key and the payload as its value |
//! | `result` | an object with `ok` or `err` as its only key |
//! | a resource of `sandmill:data` | no JSON: `Value::Artifact` |

pub(crate) mod lift;
pub(crate) mod lower;

use host_base::{Code, Failure};
use wasmtime::component::Val;

/// The failure that a step reports of itself. `sandmill:step/types.failure` is known by its shape. Where
/// the error has no place for whether another attempt may help, it may.
pub(crate) fn step_failure(error: Option<&Val>) -> Failure {
    let fields = match error {
        None => return Failure::new(Code::StepFailed, "the step failed without saying why").retryable(),
        Some(Val::String(message)) => return Failure::new(Code::StepFailed, message.clone()).retryable(),
        Some(Val::Record(fields)) => fields,
        Some(other) => {
            return Failure::new(Code::StepFailed, format!("the step failed with {}", lift::describe(other)))
                .retryable();
        }
    };
    let field = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value);
    let Some(Val::String(message)) = field("message") else {
        let told = lift::describe(&Val::Record(fields.clone()));
        return Failure::new(Code::StepFailed, format!("the step failed with {told}")).retryable();
    };
    let mut failure = Failure::new(Code::StepFailed, message.clone());
    if let Some(Val::Option(Some(hint))) = field("hint")
        && let Val::String(hint) = hint.as_ref()
    {
        failure = failure.with_hint(hint.clone());
    }
    failure.retryable = matches!(field("retryable"), Some(Val::Bool(true)));
    failure
}

/// What kind of JSON a value is, for messages.
fn json_kind(value: &serde_json::Value) -> &'static str {
    use serde_json::Value as Json;
    match value {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}
