//! The Pipeline document.
//! Never resolves components or types; that is `host/pipeline`'s work.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{DocumentError, Grants, PythonSpec, Span, StepLimits, document, rules};

/// A pipeline: steps, and how the outputs of some are the arguments of others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pipeline {
    /// Always `sandmill.dev/v1`.
    pub api_version: ApiVersion,
    /// Always `Pipeline`.
    pub kind: Kind,
    /// Name and description.
    pub metadata: Metadata,
    /// Parameters and steps.
    pub spec: PipelineSpec,
}

/// The version of the document format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ApiVersion {
    /// The only one so far.
    #[serde(rename = "sandmill.dev/v1")]
    V1,
}

/// What the document describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Kind {
    /// A pipeline.
    Pipeline,
}

/// Name and description.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Metadata {
    /// Lower-case letters, digits and hyphens, at most 63, beginning with a letter.
    #[schemars(extend("format" = "name", "pattern" = rules::NAME_PATTERN))]
    pub name: String,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whose it is, named as a name is. A policy holds for the pipelines of its namespace; one without a namespace holds
    /// for all that have no policy of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "name", "pattern" = rules::NAME_PATTERN))]
    pub namespace: Option<String>,
}

/// Parameters and steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PipelineSpec {
    /// What a run can be given, by name: letters, digits, hyphens and underscores, at most 63, a letter first.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("maxProperties" = rules::PARAMETERS_MAX, "propertyNames" = rules::parameter_names()))]
    pub parameters: BTreeMap<String, Parameter>,
    /// The steps, by name: lower-case letters, digits and hyphens, at most 63, beginning with a letter.
    /// Their order has no meaning.
    #[schemars(extend("minProperties" = 1, "maxProperties" = rules::STEPS_MAX, "propertyNames" = rules::step_names()))]
    pub steps: BTreeMap<String, StepSpec>,
}

/// One parameter of a pipeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Parameter {
    /// What values it takes.
    #[serde(rename = "type")]
    pub parameter_type: ParameterType,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Taken when a run does not give the parameter. A parameter without a default must be given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<serde_json::Value>,
}

/// What values a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ParameterType {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// A list of JSON values.
    List,
    /// A JSON object.
    Object,
    /// A file, uploaded or named by digest.
    Artifact,
    /// A table made by an earlier run.
    DataSet,
    /// Trained weights made by an earlier run.
    Model,
    /// What an evaluation found in an earlier run.
    Metrics,
}

/// One step: a function of a component, a component that is a command, or a function of Python.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StepSpec {
    /// OCI reference, with a tag or a digest: `registry.example.org/team/split-rows:1.0.0`. Without a
    /// registry (`sandmill/split-rows:0.1.0`) it is looked up in the node's own.
    #[schemars(length(min = 1))]
    pub component: String,
    /// The exported function to call. May be left out where the component exports just one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    /// For a component that is a command (exports `wasi:cli/run`): its arguments and files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<CommandSpec>,
    /// For a component that runs Python: the text that has the function, and the function's types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub python: Option<PythonSpec>,
    /// The function's arguments by parameter name. A value that is wholly `${…}` is a reference:
    /// `${parameters.NAME}`, `${steps.STEP.OUTPUT}`. Inside longer text a reference is filled in as
    /// text; `$${` stands for a literal `${`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub arguments: BTreeMap<String, serde_json::Value>,
    /// Steps to wait for besides those that the arguments name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
    /// What the step may reach.
    #[serde(default, skip_serializing_if = "is_default")]
    pub grants: Grants,
    /// What an attempt may use up.
    #[serde(default, skip_serializing_if = "is_default")]
    pub limits: StepLimits,
    /// Wall time of one attempt (1h).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Span>,
    /// What happens after a failed attempt. Attempts that the node itself broke off do not count, and
    /// what no attempt can escape (a missing grant, a type that does not fit) is not tried again.
    #[serde(default, skip_serializing_if = "is_default")]
    pub retry: RetryPolicy,
    /// Whether an earlier result for the same component, arguments and grants may be used again.
    /// Left out: yes, unless the step's grants let it reach outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<bool>,
}

/// What a command sees.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CommandSpec {
    /// Arguments behind the program's name. References to plain values are filled in as text.
    pub args: Vec<String>,
    /// Artifacts to find under `/inputs/NAME`, each a reference.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub inputs: BTreeMap<String, String>,
    /// Files that the command must leave under `/outputs/NAME`, each with its media type. They are
    /// the step's outputs.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub outputs: BTreeMap<String, String>,
}

/// What happens after a failed attempt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RetryPolicy {
    /// Attempts in all, the first included, 1 to 100.
    #[schemars(range(min = 1, max = rules::ATTEMPTS_MAX))]
    pub max_attempts: u32,
    /// Wait before the second attempt.
    pub backoff: Span,
    /// Each further wait is this many times longer, 1 to 10.
    #[schemars(range(min = 1.0, max = rules::BACKOFF_FACTOR_MAX))]
    pub factor: f64,
    /// Longest wait.
    pub max_backoff: Span,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { max_attempts: 1, backoff: Span(1_000), factor: 2.0, max_backoff: Span(60_000) }
    }
}

impl Pipeline {
    /// Reads a document, YAML or JSON.
    ///
    /// # Errors
    /// Everything wrong with it that can be told from the document alone, with lines.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        document::read(text, rules::check)
    }

    /// The document as YAML; reading it gives this document again.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        // A document holds strings, numbers, lists and maps with string keys: there is nothing in it to refuse.
        serde_saphyr::to_string(self).unwrap_or_default()
    }

    /// The document's JSON schema, as published in `sdk/spec/schema/pipeline.json`.
    #[must_use]
    pub fn json_schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
