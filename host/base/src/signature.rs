//! What a component says of itself: imports, functions, types. Read from the binary by the runtime,
//! checked against the wiring by the pipeline room; the two rooms meet only in these types.
//! Never touches wasm bytes.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ArtifactKind;

/// Everything a component imports and exports, as its binary says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ComponentInterface {
    /// Imported interfaces with versions, sorted: `wasi:io/streams@0.2.6`.
    pub imports: Vec<String>,
    /// Exported interfaces with versions, sorted.
    pub exports: Vec<String>,
    /// Exported functions that can be steps, sorted by name.
    pub functions: Vec<FunctionSignature>,
    /// Whether it exports `wasi:cli/run` and so is a command.
    pub command: bool,
}

/// One exported function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FunctionSignature {
    /// Kebab-case name; behind `interface/` and `#`… where it stands in an exported interface.
    pub name: String,
    /// Parameters in order.
    pub parameters: Vec<NamedType>,
    /// Outputs by name. A function that returns a record has one output per field; any other
    /// result is one output named `output`. The error side of a `result` is no output.
    pub outputs: Vec<NamedType>,
    /// Whether the function returns a `result`.
    pub fallible: bool,
}

/// A parameter, an output or a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NamedType {
    /// Kebab-case name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub value_type: ValueType,
}

/// A WIT type, as far as it can cross as a step's argument or output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each variant is the WIT type of the same name")]
pub enum ValueType {
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
    List(Box<ValueType>),
    Option(Box<ValueType>),
    Tuple(Vec<ValueType>),
    Record(Vec<NamedType>),
    Variant(Vec<Case>),
    Enum(Vec<String>),
    Flags(Vec<String>),
    Result {
        ok: Option<Box<ValueType>>,
        err: Option<Box<ValueType>>,
    },
    /// A resource of `sandmill:data`, owned or borrowed.
    Artifact(ArtifactKind),
    /// A type that no step argument can have (a foreign resource, a stream); carries its WIT name.
    Unsupported(String),
}

/// One case of a variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Case {
    /// Kebab-case name.
    pub name: String,
    /// What the case carries.
    pub payload: Option<ValueType>,
}

impl ComponentInterface {
    /// The function of this name.
    #[must_use]
    pub fn function(&self, name: &str) -> Option<&FunctionSignature> {
        self.functions.iter().find(|function| function.name == name)
    }
}

impl fmt::Display for ValueType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => out.write_str("bool"),
            Self::U8 => out.write_str("u8"),
            Self::U16 => out.write_str("u16"),
            Self::U32 => out.write_str("u32"),
            Self::U64 => out.write_str("u64"),
            Self::S8 => out.write_str("s8"),
            Self::S16 => out.write_str("s16"),
            Self::S32 => out.write_str("s32"),
            Self::S64 => out.write_str("s64"),
            Self::F32 => out.write_str("f32"),
            Self::F64 => out.write_str("f64"),
            Self::Char => out.write_str("char"),
            Self::String => out.write_str("string"),
            Self::List(item) => write!(out, "list<{item}>"),
            Self::Option(item) => write!(out, "option<{item}>"),
            Self::Tuple(items) => write!(out, "tuple<{}>", join(items.iter())),
            Self::Record(fields) => {
                let fields = fields.iter().map(|field| format!("{}: {}", field.name, field.value_type));
                write!(out, "record {{ {} }}", join(fields))
            }
            Self::Variant(cases) => write!(out, "variant {{ {} }}", join(cases.iter().map(Case::to_wit))),
            Self::Enum(names) => write!(out, "enum {{ {} }}", names.join(", ")),
            Self::Flags(names) => write!(out, "flags {{ {} }}", names.join(", ")),
            Self::Result { ok, err } => {
                let side = |side: &Option<Box<Self>>| side.as_ref().map_or("_".to_owned(), ToString::to_string);
                write!(out, "result<{}, {}>", side(ok), side(err))
            }
            Self::Artifact(kind) => write!(out, "{kind}"),
            Self::Unsupported(name) => out.write_str(name),
        }
    }
}

impl Case {
    fn to_wit(&self) -> String {
        match &self.payload {
            Some(payload) => format!("{}({payload})", self.name),
            None => self.name.clone(),
        }
    }
}

fn join(items: impl Iterator<Item = impl ToString>) -> String {
    items.map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}
