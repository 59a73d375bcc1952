//! The plan: a pipeline with every component resolved to a digest and every edge type-checked.
//! Never refers back to the document it came from.

use std::collections::{BTreeMap, BTreeSet};

use host_base::{ComponentId, FunctionSignature, Limits, StepName, Value};
use sdk_spec::{Grants, RetryPolicy};
use serde::{Deserialize, Serialize};

use crate::condition::Expression;

use crate::kfp::{ContainerCall, Import, RunNames};
use crate::python::PythonCall;

mod stored;

/// What a run carries out. Written to the ledger when the run is submitted; never changed after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", from = "stored::StoredPlan")]
pub struct Plan {
    /// The pipeline's name.
    pub pipeline: String,
    /// Whose it is, where its author says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The parameters the run was given, defaults filled in: the inputs of the outermost graph.
    pub parameters: BTreeMap<String, Value>,
    /// What is done.
    pub graph: Graph,
    /// What a compiled Kubeflow pipeline's placeholders mean in this run; none for Sandmill's own documents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kfp: Option<RunNames>,
    /// How long the whole run may take, from its submission on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_millis: Option<u64>,
}

/// A namespace of tasks: what a task refers to is a sibling of it or an input of the graph.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Graph {
    /// Sorted by name.
    pub tasks: Vec<Task>,
    /// What the graph gives once all its tasks have ended.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub outputs: BTreeMap<String, Argument>,
}

/// One thing to do, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    /// Unique in its graph.
    pub name: StepName,
    /// Siblings that come before. Whatever an argument, an item list or a condition refers to is among them.
    pub needs: BTreeSet<StepName>,
    /// What must have become of those.
    #[serde(default, skip_serializing_if = "Trigger::is_default")]
    pub trigger: Trigger,
    /// What must hold for the values at that time; else the task is skipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// What is done.
    pub work: Work,
}

/// A condition on values that are known once nothing else holds the task back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Condition {
    /// The values by the names that the expression has for them, as the task's own graph sees them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inputs: BTreeMap<String, Argument>,
    /// What must hold.
    pub expression: Expression,
}

/// What must have become of the siblings that a task needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trigger {
    /// All succeeded; else the task is skipped.
    #[default]
    AllSucceeded,
    /// All ended, however they did.
    AllEnded,
}

/// What a task does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    /// Calls a component.
    Step(Box<PlannedStep>),
    /// Does tasks of its own, once or once per item.
    Graph(Box<Group>),
}

/// A graph within a graph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// The inner graph's inputs, as the outer one sees them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inputs: BTreeMap<String, Argument>,
    /// Present where the graph is done once per item of a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<Each>,
    /// The tasks.
    pub graph: Graph,
}

/// A loop. Its outputs are lists with one item per iteration, in the order of the items.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Each {
    /// A list, the JSON text of one, or a list of artifacts; as the outer graph sees it.
    pub items: Argument,
    /// The inner graph's input that holds the iteration's item.
    pub item: String,
    /// Iterations under way at once; without it, all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parallel_max: Option<u32>,
}

/// A call of a component, ready to be attempted once its arguments are known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedStep {
    /// The component.
    pub component: ComponentId,
    /// What is called.
    pub call: Call,
    /// What the step may reach.
    pub grants: Grants,
    /// What one attempt may use up.
    pub limits: Limits,
    /// What happens after a failed attempt.
    pub retry: RetryPolicy,
    /// Whether an earlier result may stand in, and this one for later runs.
    pub cache: bool,
    /// The author's own word for what the result depends on, in place of the inputs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_key: Option<String>,
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
    /// A function of Python whose types the document says.
    Python(Box<PythonCall>),
    /// A program of a compiled Kubeflow pipeline.
    Kfp(Box<ContainerCall>),
    /// A reference to something that exists already; no guest is called.
    Import(Box<Import>),
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Argument {
    /// Known when the plan was made.
    Value(Value),
    /// An output of a sibling.
    Output {
        /// The sibling.
        step: StepName,
        /// Its output.
        output: String,
    },
    /// Text with outputs filled in.
    Text(Vec<TextPart>),
    /// A list; of artifacts as well as of plain values.
    List(Vec<Argument>),
    /// An object of plain values, at least one of which is an output or holds one.
    Object(BTreeMap<String, Argument>),
    /// An input of the graph.
    Input(String),
    /// A part of a JSON value, or of the JSON that a text holds.
    Field {
        /// The whole.
        of: Box<Argument>,
        /// Names of fields, or positions in lists, from the outside in.
        path: Vec<String>,
    },
    /// The first of these that there is: a sibling that was skipped or failed has no outputs.
    FirstOf(Vec<Argument>),
    /// How a sibling ended, as an object: `state`, `pipelineTaskName`, `pipelineJobResourceName`, `error`.
    FinalStatus {
        /// The sibling.
        step: StepName,
    },
}

/// A piece of a text argument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextPart {
    /// As it stands.
    Literal(String),
    /// Any other argument, as text.
    Argument(Argument),
    /// An output of a sibling, as text.
    Output {
        /// The sibling.
        step: StepName,
        /// Its output.
        output: String,
    },
}

impl Plan {
    /// All steps of all graphs, each with its path in the plan, outer ones first.
    #[must_use]
    pub fn steps(&self) -> Vec<(StepName, &PlannedStep)> {
        let mut steps = Vec::new();
        let mut graphs = vec![(String::new(), &self.graph)];
        while let Some((prefix, graph)) = graphs.pop() {
            for task in &graph.tasks {
                let path = format!("{prefix}{}", task.name);
                match &task.work {
                    Work::Step(step) => steps.push((StepName::from(path.as_str()), step.as_ref())),
                    Work::Graph(group) => graphs.push((format!("{path}/"), &group.graph)),
                }
            }
        }
        steps
    }

    /// The step of this name in the outermost graph.
    #[must_use]
    pub fn step(&self, name: &StepName) -> Option<&PlannedStep> {
        match &self.graph.task(name)?.work {
            Work::Step(step) => Some(step),
            Work::Graph(_) => None,
        }
    }
}

impl Call {
    /// The name and the types of what is called, where it has any.
    #[must_use]
    pub const fn signature(&self) -> Option<&FunctionSignature> {
        match self {
            Self::Function { signature, .. } => Some(signature),
            Self::Python(call) => Some(&call.signature),
            Self::Command { .. } | Self::Kfp(_) | Self::Import(_) => None,
        }
    }
}

impl Graph {
    /// The task of this name.
    #[must_use]
    pub fn task(&self, name: &StepName) -> Option<&Task> {
        self.index(name).map(|index| &self.tasks[index])
    }

    /// Where a task stands in `tasks`.
    pub(crate) fn index(&self, name: &StepName) -> Option<usize> {
        self.tasks.binary_search_by(|task| task.name.cmp(name)).ok()
    }
}

impl Trigger {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests;
