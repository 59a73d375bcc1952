//! An argument as it was written, with its references followed.
//! Never holds a value of a run that has not been given.

use std::collections::{BTreeMap, BTreeSet};

use host_base::{StepName, Value, ValueType};
use sdk_spec::{ParameterType, Template, TemplatePart};
use serde_json::Value as Json;

use super::edges::{Edges, malformed};
use super::problems::Problems;
use crate::text::{text_of, text_of_json};
use crate::{Argument, TextPart};

/// Where an argument's value comes from.
pub(super) enum Expression {
    /// The document itself.
    Constant(Json),
    /// A parameter of the run; without a value where only the types are checked.
    Parameter { name: String, parameter_type: ParameterType, value: Option<Value> },
    /// An output of another step.
    Output { step: String, output: String, value_type: ValueType },
    /// Text with parameters or outputs filled in.
    Text(Vec<Expression>),
    /// A list with references in it.
    List(Vec<Expression>),
    /// An object with references in it.
    Object(BTreeMap<String, Expression>),
    /// Something with a problem of its own that has been reported.
    Unknown,
}

/// Reads one argument. The steps it refers to are added to `needs`.
pub(super) fn read<'spec>(
    place: &str,
    json: &Json,
    edges: &Edges<'spec>,
    needs: &mut BTreeSet<&'spec str>,
    problems: &mut Problems,
) -> Expression {
    match json {
        Json::String(text) => read_text(place, text, edges, needs, problems),
        Json::Array(items) => {
            let item = |(index, item)| read(&format!("{place}[{index}]"), item, edges, needs, problems);
            let items: Vec<Expression> = items.iter().enumerate().map(item).collect();
            if items.iter().all(Expression::is_constant) {
                Expression::Constant(items.into_iter().filter_map(Expression::into_constant).collect())
            } else {
                Expression::List(items)
            }
        }
        Json::Object(fields) => {
            let field = |(name, field): (&String, &Json)| {
                (name.clone(), read(&format!("{place}.{name}"), field, edges, needs, problems))
            };
            let fields: BTreeMap<String, Expression> = fields.iter().map(field).collect();
            if fields.values().all(Expression::is_constant) {
                let field = |(name, field): (String, Expression)| Some((name, field.into_constant()?));
                Expression::Constant(Json::Object(fields.into_iter().filter_map(field).collect()))
            } else {
                Expression::Object(fields)
            }
        }
        _ => Expression::Constant(json.clone()),
    }
}

fn read_text<'spec>(
    place: &str,
    text: &str,
    edges: &Edges<'spec>,
    needs: &mut BTreeSet<&'spec str>,
    problems: &mut Problems,
) -> Expression {
    match sdk_spec::reference::parse(text) {
        Ok(Template::Literal(literal)) => Expression::Constant(literal.into()),
        Ok(Template::Reference(reference)) => edges.follow(place, reference, needs, problems),
        Ok(Template::Mixed(parts)) => {
            let part = |part| match part {
                TemplatePart::Literal(literal) => Expression::Constant(literal.into()),
                TemplatePart::Reference(reference) => edges.follow(place, reference, needs, problems),
            };
            Expression::Text(parts.into_iter().map(part).collect())
        }
        Err(error) => {
            problems.push(malformed(place, &error));
            Expression::Unknown
        }
    }
}

impl Expression {
    const fn is_constant(&self) -> bool {
        matches!(self, Self::Constant(_))
    }

    fn into_constant(self) -> Option<Json> {
        match self {
            Self::Constant(json) => Some(json),
            _ => None,
        }
    }

    /// The argument as the plan keeps it: whatever is known now is a value.
    pub(super) fn into_argument(self) -> Argument {
        match self {
            Self::Constant(json) => Argument::Value(Value::Plain(json)),
            Self::Parameter { value, .. } => Argument::Value(value.unwrap_or(Value::Plain(Json::Null))),
            Self::Output { step, output, .. } => Argument::Output { step: StepName::from(step.as_str()), output },
            Self::Text(parts) => text_argument(parts),
            Self::List(items) => list_argument(items),
            Self::Object(fields) => object_argument(fields),
            Self::Unknown => Argument::Value(Value::Plain(Json::Null)),
        }
    }
}

/// Neighbouring literals become one, and a text without outputs becomes a value.
fn text_argument(parts: Vec<Expression>) -> Argument {
    let mut joined: Vec<TextPart> = Vec::new();
    for part in parts {
        match part {
            Expression::Output { step, output, .. } => {
                joined.push(TextPart::Output { step: StepName::from(step.as_str()), output });
            }
            Expression::Constant(json) => push_literal(&mut joined, &text_of_json(&json)),
            Expression::Parameter { value, .. } => {
                push_literal(&mut joined, &value.as_ref().map(text_of).unwrap_or_default());
            }
            // A text is read as literals and references; nothing else becomes a part of it.
            Expression::Text(_) | Expression::List(_) | Expression::Object(_) | Expression::Unknown => {}
        }
    }
    match joined.as_slice() {
        [] => Argument::Value(Value::Plain(String::new().into())),
        [TextPart::Literal(text)] => Argument::Value(Value::Plain(text.as_str().into())),
        _ => Argument::Text(joined),
    }
}

fn push_literal(joined: &mut Vec<TextPart>, literal: &str) {
    match joined.last_mut() {
        Some(TextPart::Literal(before)) => before.push_str(literal),
        _ => joined.push(TextPart::Literal(literal.to_owned())),
    }
}

fn list_argument(items: Vec<Expression>) -> Argument {
    let items: Vec<Argument> = items.into_iter().map(Expression::into_argument).collect();
    let known: Option<Vec<Json>> = items.iter().map(plain).collect();
    known.map_or(Argument::List(items), |known| Argument::Value(Value::Plain(known.into())))
}

fn object_argument(fields: BTreeMap<String, Expression>) -> Argument {
    let fields: BTreeMap<String, Argument> =
        fields.into_iter().map(|(name, field)| (name, field.into_argument())).collect();
    let known: Option<serde_json::Map<String, Json>> =
        fields.iter().map(|(name, field)| Some((name.clone(), plain(field)?))).collect();
    known.map_or(Argument::Object(fields), |known| Argument::Value(Value::Plain(Json::Object(known))))
}

fn plain(argument: &Argument) -> Option<Json> {
    match argument {
        Argument::Value(Value::Plain(json)) => Some(json.clone()),
        _ => None,
    }
}
