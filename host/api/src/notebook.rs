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
    /// What it was called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whose it is; `local` where the node does not tell users apart.
    pub user: String,
    /// The reference of the component that is its kernel.
    pub kernel: String,
    /// `starting`, `idle`, `busy`, `paused` or `dead`.
    pub state: String,
    /// What its code may ask of the platform: `none`, `own`, `read` or `submit`.
    pub platform: String,
    /// How many are connected.
    pub connections: u64,
    /// When it began, in milliseconds since 1970-01-01T00:00:00Z.
    pub began_at_millis: u64,
    /// When it was last used.
    pub used_at_millis: u64,
    /// What is kept of it, while it is paused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<PausedState>,
    /// What it waits for, where that takes a while, while it is starting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<String>,
    /// What its kernel died of, while it is dead; restarting its kernel tries it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub died_of: Option<String>,
}

/// What is kept of a session that is paused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PausedState {
    /// The length of what its kernel wrote down.
    pub size_bytes: u64,
    /// What was defined and could not be written down; it is gone when the session is resumed.
    pub lost: Vec<LostVariable>,
}

/// A variable that does not survive a pause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LostVariable {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: String,
    /// Why.
    pub reason: String,
}

/// A session to begin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CreateSession {
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The reference of a component that is a kernel; the node's own Python where none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kernel: Option<String>,
    /// What its code may ask of the platform: `none`, `own`, `read` or `submit`; all that the node lets sessions have where
    /// nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// Environment variables of its code.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub environment: BTreeMap<String, String>,
    /// The memory that its guest may hold; the node's default where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_bytes: Option<u64>,
    /// Whether its code must be lent a device for tensors, or must not; where nothing is said, it is if the node lends
    /// sessions one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<bool>,
    /// Whether it is paused as soon as it has begun.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub paused: bool,
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
    /// What its code may ask of the platform: `none`, `own`, `read` or `submit`; all that the node lets sessions have where
    /// nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// Environment variables of its code.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub environment: BTreeMap<String, String>,
    /// The memory that its guest may hold; the node's default where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_bytes: Option<u64>,
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
