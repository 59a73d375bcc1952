//! Conditions on a task's inputs: the part of CEL that the Kubeflow SDK writes, and its neighbours.
//! Never calls anything, and never loops: reading and evaluating take time in the length of the text.

mod parse;
mod tokens;

use std::cmp::Ordering;
use std::collections::BTreeMap;

use host_base::{Code, Failure, Value};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::text::text_of_json;

/// A condition, read once when the plan is made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expression {
    /// Written there.
    Literal(Json),
    /// `inputs.parameter_values['NAME']`.
    Parameter(String),
    /// `!`.
    Not(Box<Expression>),
    /// `&&`.
    All(Vec<Expression>),
    /// `||`.
    Any(Vec<Expression>),
    /// One of the six comparisons.
    Compare {
        /// Which.
        with: Comparison,
        /// What stands left of it.
        left: Box<Expression>,
        /// What stands right of it.
        right: Box<Expression>,
    },
    /// `int(…)` and the like.
    Convert {
        /// To which type.
        to: Conversion,
        /// What is converted.
        of: Box<Expression>,
    },
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// A change of type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conversion {
    /// `int(…)`
    Int,
    /// `double(…)`
    Double,
    /// `string(…)`
    String,
    /// `bool(…)`
    Bool,
}

impl Expression {
    /// Reads a condition.
    ///
    /// # Errors
    /// What is not understood, with the character where that begins.
    pub fn parse(text: &str) -> Result<Self, String> {
        parse::parse(text)
    }

    /// The parameters that it looks at.
    #[must_use]
    pub fn parameters(&self) -> Vec<&str> {
        match self {
            Self::Literal(_) => Vec::new(),
            Self::Parameter(name) => vec![name],
            Self::Not(inner) | Self::Convert { of: inner, .. } => inner.parameters(),
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::parameters).collect(),
            Self::Compare { left, right, .. } => [left.parameters(), right.parameters()].concat(),
        }
    }
}

/// Whether a condition holds for these inputs. An input that is missing counts as null.
///
/// # Errors
/// Where types do not allow what is written: an order between text and a number, `int('x')`.
pub fn evaluate(expression: &Expression, inputs: &BTreeMap<String, Value>) -> Result<bool, Failure> {
    match value_of(expression, inputs)? {
        Json::Bool(holds) => Ok(holds),
        other => Err(mismatch(format!("the condition comes to {other}, which is neither true nor false"))),
    }
}

fn value_of(expression: &Expression, inputs: &BTreeMap<String, Value>) -> Result<Json, Failure> {
    Ok(match expression {
        Expression::Literal(json) => json.clone(),
        Expression::Parameter(name) => match inputs.get(name) {
            None => Json::Null,
            Some(Value::Plain(json)) => json.clone(),
            Some(_) => return Err(mismatch(format!("the condition looks at `{name}`, which is an artifact"))),
        },
        Expression::Not(inner) => (!evaluate(inner, inputs)?).into(),
        Expression::All(parts) => {
            for part in parts {
                if !evaluate(part, inputs)? {
                    return Ok(false.into());
                }
            }
            true.into()
        }
        Expression::Any(parts) => {
            for part in parts {
                if evaluate(part, inputs)? {
                    return Ok(true.into());
                }
            }
            false.into()
        }
        Expression::Compare { with, left, right } => {
            compare(*with, &value_of(left, inputs)?, &value_of(right, inputs)?)?.into()
        }
        Expression::Convert { to, of } => convert(*to, &value_of(of, inputs)?)?,
    })
}

fn compare(with: Comparison, left: &Json, right: &Json) -> Result<bool, Failure> {
    if matches!(with, Comparison::Equal | Comparison::NotEqual) {
        return Ok(equal(left, right) == (with == Comparison::Equal));
    }
    let order = match (left, right) {
        (Json::Number(_), Json::Number(_)) => number_order(left, right),
        (Json::String(left), Json::String(right)) => Some(left.cmp(right)),
        (Json::Bool(left), Json::Bool(right)) => Some(left.cmp(right)),
        _ => return Err(mismatch(format!("the condition puts {left} and {right} in order, which are of two types"))),
    };
    // No order at all exists only with a number that is none, which JSON cannot hold.
    Ok(order.is_some_and(|order| match with {
        Comparison::Less => order == Ordering::Less,
        Comparison::LessOrEqual => order != Ordering::Greater,
        Comparison::Greater => order == Ordering::Greater,
        _ => order != Ordering::Less,
    }))
}

/// Numbers are equal by value, whatever they are written as; values of two types are not.
fn equal(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Number(_), Json::Number(_)) => number_order(left, right) == Some(Ordering::Equal),
        (Json::Array(left), Json::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        _ => left == right,
    }
}

fn number_order(left: &Json, right: &Json) -> Option<Ordering> {
    match (left.as_i64(), right.as_i64()) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}

fn convert(to: Conversion, value: &Json) -> Result<Json, Failure> {
    /// Beyond this, a float is no whole number that 64 bits can hold.
    const WHOLE_MAX: f64 = 9.2e18;
    let converted = match (to, value) {
        (Conversion::String, Json::String(_) | Json::Number(_) | Json::Bool(_)) => {
            Some(Json::String(text_of_json(value)))
        }
        (Conversion::Bool, Json::Bool(_)) | (Conversion::Double, Json::Number(_)) => Some(value.clone()),
        (Conversion::Bool, Json::String(text)) => match text.to_ascii_lowercase().as_str() {
            "true" | "t" | "1" => Some(true.into()),
            "false" | "f" | "0" => Some(false.into()),
            _ => None,
        },
        (Conversion::Int, Json::Number(number)) => match number.as_f64() {
            Some(float) if number.is_f64() => (float.abs() < WHOLE_MAX).then(|| (float.trunc() as i64).into()),
            _ => Some(value.clone()),
        },
        (Conversion::Int, Json::String(text)) => text.trim().parse::<i64>().ok().map(Json::from),
        (Conversion::Double, Json::String(text)) => {
            text.trim().parse::<f64>().ok().and_then(serde_json::Number::from_f64).map(Json::Number)
        }
        _ => None,
    };
    converted.ok_or_else(|| {
        let wanted = match to {
            Conversion::Int => "a whole number",
            Conversion::Double => "a number",
            Conversion::String => "text",
            Conversion::Bool => "true or false",
        };
        mismatch(format!("the condition makes {wanted} of {value}, which cannot be"))
    })
}

fn mismatch(message: String) -> Failure {
    Failure::new(Code::TypeMismatch, message).with_hint("look at the values that the condition compares")
}

#[cfg(test)]
mod tests;
