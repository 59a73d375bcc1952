//! Types of values as documents write them, in the words of WIT: `list<option<s64>>`.
//! Never has a variant, a result or flags: components that use those carry their types themselves.

mod parse;

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use parse::{TYPE_BYTES_MAX, TYPE_DEPTH_MAX};

/// The type of a parameter or a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", extend("format" = "wit-type"))]
#[expect(missing_docs, reason = "each variant is the WIT type of the same name")]
pub enum WitType {
    Bool,
    U8,
    U16,
    U32,
    U64,
    S8,
    S16,
    S32,
    S64,
    F32,
    F64,
    Char,
    String,
    List(Box<WitType>),
    Option(Box<WitType>),
    Tuple(Vec<WitType>),
    /// Fields by name, in order.
    Record(Vec<(String, WitType)>),
    Enum(Vec<String>),
    Artifact,
    DataSet,
    Model,
    Metrics,
}

/// Why a text is no type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitTypeError {
    /// What is wrong, in one sentence without a full stop.
    pub problem: String,
    /// What to write instead.
    pub hint: Option<String>,
}

/// The types that stand for themselves.
static SIMPLE: [(&str, WitType); 17] = [
    ("bool", WitType::Bool),
    ("u8", WitType::U8),
    ("u16", WitType::U16),
    ("u32", WitType::U32),
    ("u64", WitType::U64),
    ("s8", WitType::S8),
    ("s16", WitType::S16),
    ("s32", WitType::S32),
    ("s64", WitType::S64),
    ("f32", WitType::F32),
    ("f64", WitType::F64),
    ("char", WitType::Char),
    ("string", WitType::String),
    ("artifact", WitType::Artifact),
    ("data-set", WitType::DataSet),
    ("model", WitType::Model),
    ("metrics", WitType::Metrics),
];

impl WitType {
    /// Reads a type.
    ///
    /// # Errors
    /// Where the text is none, is longer than [`TYPE_BYTES_MAX`] or nests deeper than [`TYPE_DEPTH_MAX`].
    pub fn parse(text: &str) -> Result<Self, WitTypeError> {
        parse::parse(text)
    }

    /// Whether it is a file rather than a value.
    #[must_use]
    pub const fn is_file(&self) -> bool {
        matches!(self, Self::Artifact | Self::DataSet | Self::Model | Self::Metrics)
    }
}

impl fmt::Display for WitType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let join = |items: Vec<String>| items.join(", ");
        match self {
            Self::List(item) => write!(out, "list<{item}>"),
            Self::Option(item) => write!(out, "option<{item}>"),
            Self::Tuple(items) => write!(out, "tuple<{}>", join(items.iter().map(ToString::to_string).collect())),
            Self::Record(fields) => {
                let fields = fields.iter().map(|(name, field)| format!("{name}: {field}")).collect();
                write!(out, "record {{ {} }}", join(fields))
            }
            Self::Enum(names) => write!(out, "enum {{ {} }}", join(names.clone())),
            simple => {
                let name = SIMPLE.iter().find(|(_, known)| known == simple).map(|(name, _)| *name);
                out.write_str(name.unwrap_or_default())
            }
        }
    }
}

impl TryFrom<String> for WitType {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).map_err(|error| error.problem)
    }
}

impl From<WitType> for String {
    fn from(wit_type: WitType) -> Self {
        wit_type.to_string()
    }
}

#[cfg(test)]
mod tests;
