//! Steps of a pipeline: calls of functions and commands, with what they wait for and what they may use up.
//! Never lets a step be a call and a command, or wait for a step that was added after it.

use std::marker::PhantomData;
use std::time::Duration;

use sdk_spec::{Grants, RetryPolicy, Span, StepLimits, StepSpec};
use serde_json::Value as Json;

use crate::argument::{Argument, Reference};
use crate::pipeline::Pipeline;

/// A step of a pipeline. What is said of it goes into the pipeline at once; the value is the handle by which later
/// steps name it.
#[derive(Debug)]
pub struct Step<'p, S> {
    pipeline: &'p Pipeline,
    name: String,
    index: usize,
    sort: PhantomData<S>,
}

/// The sort of step that calls a function of a component.
#[derive(Debug)]
pub enum CallStep {}

/// The sort of step whose component is a command.
#[derive(Debug)]
pub enum CommandStep {}

impl<'p, S> Step<'p, S> {
    pub(crate) const fn new(pipeline: &'p Pipeline, name: String, index: usize) -> Self {
        Self { pipeline, name, index, sort: PhantomData }
    }

    /// Waits for an earlier step besides those whose outputs the step uses.
    #[must_use = "the handle is how later steps name this one"]
    pub fn after<O>(self, other: &Step<'_, O>) -> Self {
        if !std::ptr::eq(self.pipeline, other.pipeline) {
            self.refuse("after", format!("step `{}` is of another pipeline", other.name));
        } else if other.index >= self.index {
            self.refuse("after", format!("step `{}` is not an earlier one", other.name));
        }
        self.change(|step| step.after.push(other.name.clone()))
    }

    /// Attempts in all, the first included, with the document's default waits between them.
    #[must_use = "the handle is how later steps name this one"]
    pub fn attempts(self, attempts_max: u32) -> Self {
        self.change(|step| step.retry.max_attempts = attempts_max)
    }

    /// What happens after a failed attempt.
    #[must_use = "the handle is how later steps name this one"]
    pub fn retry(self, policy: RetryPolicy) -> Self {
        self.change(|step| step.retry = policy)
    }

    /// Wall time of one attempt. What is left of a millisecond counts as a whole one.
    #[must_use = "the handle is how later steps name this one"]
    pub fn timeout(self, longest: Duration) -> Self {
        let millis = longest.as_nanos().div_ceil(1_000_000).try_into().unwrap_or(u64::MAX);
        self.change(|step| step.timeout = Some(Span(millis)))
    }

    /// What an attempt may use up.
    #[must_use = "the handle is how later steps name this one"]
    pub fn limits(self, limits: StepLimits) -> Self {
        self.change(|step| step.limits = limits)
    }

    /// What the step may reach. Nothing of it is given unless the node's policy allows it.
    #[must_use = "the handle is how later steps name this one"]
    pub fn grants(self, grants: Grants) -> Self {
        self.change(|step| step.grants = grants)
    }

    /// Whether an earlier result for the same work may be used again. Not said: yes, unless the grants reach outside.
    #[must_use = "the handle is how later steps name this one"]
    pub fn cache(self, allowed: bool) -> Self {
        self.change(|step| step.cache = Some(allowed))
    }

    fn change(self, change: impl FnOnce(&mut StepSpec)) -> Self {
        self.pipeline.change_step(self.index, change);
        self
    }

    fn reference(&self, output: &str, is_file: bool) -> Reference<'p> {
        let target = sdk_spec::Reference::Output { step: self.name.clone(), output: output.to_owned() };
        Reference { pipeline: self.pipeline, step: Some(self.index), is_file, target }
    }

    /// Notes what is wrong with an argument, and gives what the document is to hold.
    fn check(&self, path: &str, argument: Argument<'_>) -> Json {
        for reference in &argument.references {
            if let Some(problem) = reference.problem(self.pipeline, self.index) {
                self.refuse(path, problem);
            }
        }
        for problem in argument.refused {
            self.refuse(path, problem);
        }
        argument.json
    }

    fn refuse(&self, path: &str, message: String) {
        let hint = "steps use parameters, outputs of steps that were added before them, and plain values";
        self.pipeline.refuse(format!("spec.steps.{}.{path}", self.name), message, hint);
    }

    /// Refuses what was said before under the same name.
    fn twice(&self, path: &str) {
        self.refuse(path, "it is said a second time".to_owned());
    }
}

impl<'p> Step<'p, CallStep> {
    /// Names the function to call. Not needed where the component exports just one.
    #[must_use = "the handle is how later steps name this one"]
    pub fn function(self, name: impl Into<String>) -> Self {
        self.change(|step| step.function = Some(name.into()))
    }

    /// An argument by the name of the function's parameter: a plain value, a parameter of the pipeline, an output of
    /// an earlier step, a [`crate::Text`].
    #[must_use = "the handle is how later steps name this one"]
    pub fn argument<'a>(self, name: impl Into<String>, value: impl Into<Argument<'a>>) -> Self {
        let name = name.into();
        let path = format!("arguments.{name}");
        let json = self.check(&path, value.into());
        let mut before = None;
        let step = self.change(|step| before = step.arguments.insert(name, json));
        if before.is_some() {
            step.twice(&path);
        }
        step
    }

    /// One of the function's outputs, by name. The one result of a function without named outputs is `output`.
    #[must_use]
    pub fn output(&self, name: impl AsRef<str>) -> Reference<'p> {
        self.reference(name.as_ref(), false)
    }
}

impl<'p> Step<'p, CommandStep> {
    /// Goes on with the arguments behind the program's name. A file is given as its path.
    #[must_use = "the handle is how later steps name this one"]
    pub fn arg<'a>(self, value: impl Into<Argument<'a>>) -> Self {
        let text = match self.check("command.args", value.into()) {
            Json::String(text) => text,
            other => other.to_string(),
        };
        self.change_command(|command| command.args.push(text))
    }

    /// A file to find under `/inputs/NAME`.
    #[must_use = "the handle is how later steps name this one"]
    pub fn input<'a>(self, name: impl Into<String>, file: impl Into<Reference<'a>>) -> Self {
        let name = name.into();
        let path = format!("command.inputs.{name}");
        let reference = file.into();
        let text = reference.target.to_string();
        self.check(&path, reference.into());
        let mut before = None;
        let step = self.change_command(|command| before = command.inputs.insert(name, text));
        if before.is_some() {
            step.twice(&path);
        }
        step
    }

    /// A file that the command must leave under `/outputs/NAME`, with its media type.
    #[must_use = "the handle is how later steps name this one"]
    pub fn leaves(self, name: impl Into<String>, media_type: impl Into<String>) -> Self {
        let name = name.into();
        let path = format!("command.outputs.{name}");
        let mut before = None;
        let step = self.change_command(|command| before = command.outputs.insert(name, media_type.into()));
        if before.is_some() {
            step.twice(&path);
        }
        step
    }

    /// A file that the command leaves, by the name that was declared with [`Self::leaves`].
    #[must_use]
    pub fn output(&self, name: impl AsRef<str>) -> Reference<'p> {
        self.reference(name.as_ref(), true)
    }

    fn change_command(self, change: impl FnOnce(&mut sdk_spec::CommandSpec)) -> Self {
        self.change(|step| change(step.command.get_or_insert_default()))
    }
}
