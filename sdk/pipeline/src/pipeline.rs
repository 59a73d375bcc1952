//! A pipeline as it is being written, and the document that comes out of it.
//! Never stops at the first mistake: what is wrong is kept and told when the document is built.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use sdk_spec::pipeline::{ApiVersion, Kind};
use sdk_spec::{
    CommandSpec, DocumentError, Grants, Metadata, Pipeline as Document, PipelineSpec, Problem, ProblemKind,
    RetryPolicy, StepLimits, StepSpec,
};

use crate::parameter::{Parameter, ParameterKind};
use crate::step::{CallStep, CommandStep, Step};

/// A pipeline as it is being written. Parameters and steps are added through a shared reference, so that the handles
/// that come back can be used while more is added.
#[derive(Debug)]
pub struct Pipeline {
    draft: RefCell<Draft>,
}

/// What was said so far.
#[derive(Debug)]
struct Draft {
    metadata: Metadata,
    parameters: BTreeMap<String, sdk_spec::Parameter>,
    /// In the order in which they were added: a step may refer to earlier ones only.
    steps: Vec<(String, StepSpec)>,
    problems: Vec<Problem>,
}

impl Pipeline {
    /// An empty pipeline. Its name has lower-case letters, digits and hyphens.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        let metadata = Metadata { name: name.into(), description: None, namespace: None };
        let draft = Draft { metadata, parameters: BTreeMap::new(), steps: Vec::new(), problems: Vec::new() };
        Self { draft: RefCell::new(draft) }
    }

    /// Says for people what the pipeline is for.
    #[must_use]
    pub fn description(self, text: impl Into<String>) -> Self {
        self.draft.borrow_mut().metadata.description = Some(text.into());
        self
    }

    /// Says whose the pipeline is. The policies of that namespace hold for its runs.
    #[must_use]
    pub fn namespace(self, name: impl Into<String>) -> Self {
        self.draft.borrow_mut().metadata.namespace = Some(name.into());
        self
    }

    /// Adds a parameter of a type: `pipeline.parameter::<f64>("fraction")`.
    pub fn parameter<K: ParameterKind>(&self, name: impl Into<String>) -> Parameter<'_, K> {
        let name = name.into();
        let parameter = sdk_spec::Parameter { parameter_type: K::TYPE, description: None, default: None };
        let mut draft = self.draft.borrow_mut();
        match draft.parameters.entry(name.clone()) {
            Entry::Vacant(place) => {
                place.insert(parameter);
            }
            Entry::Occupied(_) => draft.refuse(
                format!("spec.parameters.{name}"),
                format!("there are two parameters `{name}`"),
                "give one of them another name",
            ),
        }
        drop(draft);
        Parameter::new(self, name)
    }

    /// Adds a step that calls a function of a component, named by its reference:
    /// `registry.example.org/team/split-rows:1.0.0`, or without a registry one that the node's own has.
    pub fn step(&self, name: impl Into<String>, component: impl Into<String>) -> Step<'_, CallStep> {
        self.add(name.into(), component.into(), None)
    }

    /// Adds a step whose component is a command: a program with arguments, files to read and files to leave.
    pub fn command(&self, name: impl Into<String>, component: impl Into<String>) -> Step<'_, CommandStep> {
        self.add(name.into(), component.into(), Some(CommandSpec::default()))
    }

    /// The document, checked as a node checks it when it is submitted, up to what only the components can tell.
    ///
    /// # Errors
    /// Everything that is wrong, at once, each with the path of its place in the document.
    pub fn build(&self) -> Result<Document, DocumentError> {
        let draft = self.draft.borrow();
        let mut problems = draft.problems.clone();
        let steps = draft.steps.iter().cloned().collect();
        let document = Document {
            api_version: ApiVersion::V1,
            kind: Kind::Pipeline,
            metadata: draft.metadata.clone(),
            spec: PipelineSpec { parameters: draft.parameters.clone(), steps },
        };
        match read_back(&document) {
            Ok(read) if problems.is_empty() => return Ok(read),
            Ok(_) => {}
            // The text was never seen by anyone, so places in it say nothing.
            Err(error) => {
                problems.extend(error.problems.into_iter().map(|problem| Problem { line: 0, column: 0, ..problem }));
            }
        }
        Err(DocumentError { problems })
    }

    /// The document as YAML, to be submitted or kept.
    ///
    /// # Errors
    /// As [`Pipeline::build`].
    pub fn to_yaml(&self) -> Result<String, DocumentError> {
        self.build().map(|document| document.to_yaml())
    }

    fn add<S>(&self, name: String, component: String, command: Option<CommandSpec>) -> Step<'_, S> {
        let mut draft = self.draft.borrow_mut();
        if draft.steps.iter().any(|(other, _)| *other == name) {
            let message = format!("there are two steps `{name}`");
            draft.refuse(format!("spec.steps.{name}"), message, "give one of them another name");
        }
        let step = StepSpec {
            component,
            function: None,
            command,
            python: None,
            arguments: BTreeMap::new(),
            after: Vec::new(),
            grants: Grants::default(),
            limits: StepLimits::default(),
            timeout: None,
            retry: RetryPolicy::default(),
            cache: None,
        };
        let index = draft.steps.len();
        draft.steps.push((name.clone(), step));
        drop(draft);
        Step::new(self, name, index)
    }

    /// Changes a step. Indices come from [`Self::add`], so there is always one to change.
    pub(crate) fn change_step(&self, index: usize, change: impl FnOnce(&mut StepSpec)) {
        if let Some((_, step)) = self.draft.borrow_mut().steps.get_mut(index) {
            change(step);
        }
    }

    /// Whether the command at an index leaves a file of this name.
    pub(crate) fn has_output(&self, index: usize, name: &str) -> bool {
        let draft = self.draft.borrow();
        let command = draft.steps.get(index).and_then(|(_, step)| step.command.as_ref());
        command.is_some_and(|command| command.outputs.contains_key(name))
    }

    pub(crate) fn change_parameter(&self, name: &str, change: impl FnOnce(&mut sdk_spec::Parameter)) {
        if let Some(parameter) = self.draft.borrow_mut().parameters.get_mut(name) {
            change(parameter);
        }
    }

    /// Keeps a problem until the document is built.
    pub(crate) fn refuse(&self, path: String, message: String, hint: &str) {
        self.draft.borrow_mut().refuse(path, message, hint);
    }
}

impl Draft {
    fn refuse(&mut self, path: String, message: String, hint: &str) {
        let kind = ProblemKind::InvalidValue;
        self.problems.push(Problem { kind, line: 0, column: 0, path, message, hint: Some(hint.to_owned()) });
    }
}

/// Through the same reader as every other document, so that what is checked is what a node checks.
fn read_back(document: &Document) -> Result<Document, DocumentError> {
    let text = serde_json::to_string(document).map_err(|error| {
        let (kind, path) = (ProblemKind::InvalidValue, String::new());
        let message = format!("the document cannot be written: {error}");
        DocumentError { problems: vec![Problem { kind, line: 0, column: 0, path, message, hint: None }] }
    })?;
    Document::parse(&text)
}
