//! Sessions of notebooks, and notebooks that are run without one open, as callers see them.
//! Never what a session's cells said; that goes over Jupyter's own interface.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A session: a kernel that lives on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Session {
    /// Its id, by which Jupyter's interface knows its kernel too.
    pub id: String,
    /// The reference of the component that is its kernel.
    pub kernel: String,
    /// `idle` or `busy`.
    pub state: String,
    /// How many are connected.
    pub connections: u64,
    /// When it began, in milliseconds since 1970-01-01T00:00:00Z.
    pub began_at_millis: u64,
    /// When it was last used.
    pub used_at_millis: u64,
}

/// All sessions of a node.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sessions {
    /// By id.
    pub items: Vec<Session>,
}

/// A notebook to run from its first cell to its last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RunNotebook {
    /// The notebook, in Jupyter's form (nbformat 4).
    pub notebook: Value,
    /// Set in a cell behind the one that is tagged `parameters`, or else before all others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, Value>,
    /// The reference of a component that is a kernel; the node's own Python where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kernel: Option<String>,
}

/// A notebook that was run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RanNotebook {
    /// The notebook with what its cells gave; cells behind one that broke off have not been run.
    pub notebook: Value,
    /// Cells that were run.
    pub cells_run: u32,
    /// Which cell broke off, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<CellError>,
}

/// A cell that broke off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CellError {
    /// Its place among all cells, counted from 1.
    pub cell: u32,
    /// The error's kind.
    pub name: String,
    /// What it says.
    pub message: String,
    /// Lines for people.
    pub traceback: Vec<String>,
}
