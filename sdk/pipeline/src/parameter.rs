//! Parameters: what a run of the pipeline can be given.
//! Never takes a default of another type than the parameter's own.

use std::marker::PhantomData;

use sdk_spec::ParameterType;
use serde_json::{Map, Value as Json};

use crate::argument::{Argument, Reference};
use crate::pipeline::Pipeline;

/// A parameter of a pipeline, to be used as an argument.
#[derive(Debug)]
pub struct Parameter<'p, K> {
    pipeline: &'p Pipeline,
    name: String,
    kind: PhantomData<K>,
}

/// What values a parameter takes, said by a type.
pub trait ParameterKind {
    /// The same in the document's words.
    const TYPE: ParameterType;
}

/// Values that stand in a document, so that one can be the default.
pub trait PlainKind: ParameterKind {
    /// The value as the document has it; nothing where JSON has no such value.
    fn into_json(self) -> Option<Json>;
}

/// What is handed over by reference: there is no value of it to write down, hence no default.
pub mod kinds {
    /// A file, uploaded or named by digest.
    #[derive(Debug)]
    pub enum Artifact {}
    /// A table made by an earlier run.
    #[derive(Debug)]
    pub enum DataSet {}
    /// Trained weights made by an earlier run.
    #[derive(Debug)]
    pub enum Model {}
    /// What an evaluation found in an earlier run.
    #[derive(Debug)]
    pub enum Metrics {}
}

macro_rules! kind {
    ($($kind:ty => $name:ident),+) => {
        $(impl ParameterKind for $kind {
            const TYPE: ParameterType = ParameterType::$name;
        })+
    };
}

kind!(
    String => String, i64 => Integer, f64 => Number, bool => Boolean, Vec<Json> => List, Map<String, Json> => Object,
    kinds::Artifact => Artifact, kinds::DataSet => DataSet, kinds::Model => Model, kinds::Metrics => Metrics
);

macro_rules! plain {
    ($($kind:ty),+) => {
        $(impl PlainKind for $kind {
            fn into_json(self) -> Option<Json> {
                Some(Json::from(self))
            }
        })+
    };
}

plain!(String, i64, bool, Vec<Json>, Map<String, Json>);

impl PlainKind for f64 {
    fn into_json(self) -> Option<Json> {
        serde_json::Number::from_f64(self).map(Json::Number)
    }
}

impl<'p, K> Parameter<'p, K> {
    pub(crate) const fn new(pipeline: &'p Pipeline, name: String) -> Self {
        Self { pipeline, name, kind: PhantomData }
    }

    /// Says for people what the parameter is for.
    #[must_use = "the handle is how steps use the parameter"]
    pub fn description(self, text: impl Into<String>) -> Self {
        self.pipeline.change_parameter(&self.name, |parameter| parameter.description = Some(text.into()));
        self
    }

    /// What the parameter stands for among arguments.
    #[must_use]
    pub fn reference(&self) -> Reference<'p> {
        Reference::to_parameter(self.pipeline, &self.name)
    }
}

impl<K: PlainKind> Parameter<'_, K> {
    /// Taken by runs that do not give the parameter. Without one it must be given.
    #[must_use = "the handle is how steps use the parameter"]
    pub fn default_value(self, value: impl Into<K>) -> Self {
        match value.into().into_json() {
            Some(json) => self.pipeline.change_parameter(&self.name, |parameter| parameter.default = Some(json)),
            None => self.pipeline.refuse(
                format!("spec.parameters.{}.default", self.name),
                "the default is no number that JSON can hold".to_owned(),
                "infinity and what is no number cannot stand in a document",
            ),
        }
        self
    }
}

impl<'p, K> From<&Parameter<'p, K>> for Argument<'p> {
    fn from(parameter: &Parameter<'p, K>) -> Self {
        parameter.reference().into()
    }
}
