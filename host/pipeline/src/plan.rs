//! The plan: a pipeline with every component resolved to a digest and every edge type-checked.
//! Never refers back to the document it came from.

use std::collections::{BTreeMap, BTreeSet};

use host_base::{FunctionSignature, Limits, StepName, Value};
use registry_oci::Digest;
use sdk_spec::{Grants, RetryPolicy};
use serde::{Deserialize, Serialize};

/// What a run carries out. Written to the ledger when the run is submitted; never changed after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// The pipeline's name.
    pub pipeline: String,
    /// The parameters the run was given, defaults filled in.
    pub parameters: BTreeMap<String, Value>,
    /// All steps, sorted by name.
    pub steps: Vec<PlannedStep>,
}

/// One step, ready to be attempted once its arguments are known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedStep {
    /// The author's name for it.
    pub name: StepName,
    /// The component.
    pub component: ComponentId,
    /// What is called.
    pub call: Call,
    /// Steps that must have succeeded before.
    pub needs: BTreeSet<StepName>,
    /// What the step may reach.
    pub grants: Grants,
    /// What one attempt may use up.
    pub limits: Limits,
    /// What happens after a failed attempt.
    pub retry: RetryPolicy,
    /// Whether an earlier result may stand in, and this one for later runs.
    pub cache: bool,
}

/// A component as the author named it, and the digest that name meant at submission.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ComponentId {
    /// The author's reference.
    pub reference: String,
    /// Digest of the manifest that the reference resolved to.
    pub manifest: Digest,
    /// Digest of the component's bytes.
    pub digest: Digest,
}

/// What is called, and with what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Call {
    /// An exported function.
    Function {
        /// Its name and types.
        signature: FunctionSignature,
        /// One argument per parameter, in the order of the parameters.
        arguments: Vec<Argument>,
    },
    /// `wasi:cli/run`.
    Command {
        /// Arguments behind the program's name.
        args: Vec<Argument>,
        /// Artifacts to find under `/inputs/NAME`.
        inputs: BTreeMap<String, Argument>,
        /// Media types of the files that must stand under `/outputs/NAME`.
        outputs: BTreeMap<String, String>,
    },
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Argument {
    /// Known when the plan was made.
    Value(Value),
    /// An output of an earlier step.
    Output {
        /// The earlier step.
        step: StepName,
        /// Its output.
        output: String,
    },
    /// Text with outputs filled in.
    Text(Vec<TextPart>),
    /// A list of plain values, at least one of which is an output or holds one.
    List(Vec<Argument>),
    /// An object of plain values, at least one of which is an output or holds one.
    Object(BTreeMap<String, Argument>),
}

/// A piece of a text argument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextPart {
    /// As it stands.
    Literal(String),
    /// An output of an earlier step, as text.
    Output {
        /// The earlier step.
        step: StepName,
        /// Its output.
        output: String,
    },
}

impl Plan {
    /// The step of this name.
    #[must_use]
    pub fn step(&self, name: &StepName) -> Option<&PlannedStep> {
        self.index(name).map(|index| &self.steps[index])
    }

    /// Where a step stands in `steps`.
    pub(crate) fn index(&self, name: &StepName) -> Option<usize> {
        self.steps.binary_search_by(|step| step.name.cmp(name)).ok()
    }
}
