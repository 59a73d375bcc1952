//! Conditions of a list, as clients write them: numbers or names, camelCase or snake_case.
//! Never decides what a key means; the list does.

use serde::{Deserialize, Deserializer, de};

use super::{Int64, Timestamp};

/// Conditions in one filter.
pub const PREDICATES_MAX: usize = 32;

/// Conditions that must all hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// The conditions.
    pub predicates: Vec<Predicate>,
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Predicate {
    /// How the field and the value are compared.
    #[serde(deserialize_with = "operation")]
    pub operation: Comparison,
    /// The field; `tags.NAME` means a tag.
    pub key: String,
    /// A text.
    #[serde(default, alias = "stringValue")]
    pub string_value: Option<String>,
    /// A number.
    #[serde(default, alias = "intValue")]
    pub int_value: Option<i64>,
    /// A larger number.
    #[serde(default, alias = "longValue")]
    pub long_value: Option<Int64>,
    /// A moment.
    #[serde(default, alias = "timestampValue")]
    pub timestamp_value: Option<Timestamp>,
    /// Texts, for `IN`.
    #[serde(default, alias = "stringValues")]
    pub string_values: Option<Values<String>>,
    /// Numbers, for `IN`.
    #[serde(default, alias = "intValues")]
    pub int_values: Option<Values<i64>>,
    /// Larger numbers, for `IN`.
    #[serde(default, alias = "longValues")]
    pub long_values: Option<Values<Int64>>,
}

/// A list of values.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Values<T> {
    /// The values.
    #[serde(default = "Vec::new")]
    pub values: Vec<T>,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The same.
    Equals,
    /// Not the same.
    NotEquals,
    /// More.
    GreaterThan,
    /// More or the same.
    GreaterThanEquals,
    /// Less.
    LessThan,
    /// Less or the same.
    LessThanEquals,
    /// One of several.
    In,
    /// The field holds the value somewhere.
    IsSubstring,
}

fn operation<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Comparison, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(u64),
        Name(String),
    }
    let either = Either::deserialize(deserializer)?;
    let known = match &either {
        Either::Number(number) => by_number(*number),
        Either::Name(name) => by_name(name).or_else(|| by_number(name.parse().ok()?)),
    };
    known.ok_or_else(|| {
        let given = match either {
            Either::Number(number) => number.to_string(),
            Either::Name(name) => name,
        };
        de::Error::custom(format!("`{given}` is no operation: expected EQUALS, NOT_EQUALS, GREATER_THAN, IN, …"))
    })
}

const fn by_number(number: u64) -> Option<Comparison> {
    Some(match number {
        1 => Comparison::Equals,
        2 => Comparison::NotEquals,
        3 => Comparison::GreaterThan,
        5 => Comparison::GreaterThanEquals,
        6 => Comparison::LessThan,
        7 => Comparison::LessThanEquals,
        8 => Comparison::In,
        9 => Comparison::IsSubstring,
        _ => return None,
    })
}

fn by_name(name: &str) -> Option<Comparison> {
    Some(match name {
        "EQUALS" => Comparison::Equals,
        "NOT_EQUALS" => Comparison::NotEquals,
        "GREATER_THAN" => Comparison::GreaterThan,
        "GREATER_THAN_EQUALS" => Comparison::GreaterThanEquals,
        "LESS_THAN" => Comparison::LessThan,
        "LESS_THAN_EQUALS" => Comparison::LessThanEquals,
        "IN" => Comparison::In,
        "IS_SUBSTRING" => Comparison::IsSubstring,
        _ => return None,
    })
}
