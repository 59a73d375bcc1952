//! A function of Python as a step: its text, its packages and its types.
//! Never reads the text; whoever wrote the document says what types it has.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{WitType, rules};

/// A function of Python. The step's `function` is its name, and its component is one that runs Python.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PythonSpec {
    /// The text of a module that has the function, and everything that the function needs of its own module.
    #[schemars(length(min = 1))]
    pub source: String,
    /// Packages that the text imports, as pip reads them: `tabulate==0.9.0`. They are resolved, and pinned by digest,
    /// when a run is submitted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<String>,
    /// What the function takes, by the names of its parameters.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("propertyNames" = rules::python_names()))]
    pub parameters: BTreeMap<String, PythonParameter>,
    /// What the function returns, as the step's one output `output`. Left out with `results`, and where it returns
    /// nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<WitType>,
    /// What the function returns, where that has fields: one output for each, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("propertyNames" = rules::python_names()))]
    pub results: BTreeMap<String, WitType>,
}

/// One parameter of a function of Python.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PythonParameter {
    /// What values it takes, in the words of WIT: `s64`, `list<string>`, `option<artifact>`.
    #[serde(rename = "type")]
    pub value_type: WitType,
    /// Taken when the step has no such argument. One of option type may be left out without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<serde_json::Value>,
}

#[cfg(test)]
mod tests;
