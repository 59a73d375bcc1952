//! Arguments of steps: plain values, references, text with references in it, and lists and objects of these.
//! Never lets text become a reference: what is written as a literal stays one.

use sdk_spec::reference::{self, Template};
use serde_json::{Map, Value as Json};

use crate::pipeline::Pipeline;

/// An argument of a step.
#[derive(Clone, Debug)]
pub struct Argument<'p> {
    pub(crate) json: Json,
    pub(crate) references: Vec<Reference<'p>>,
    /// Why there is no such argument.
    pub(crate) refused: Vec<String>,
}

/// What stands for the value of a parameter, or of an output of a step.
#[derive(Clone, Debug)]
pub struct Reference<'p> {
    pub(crate) pipeline: &'p Pipeline,
    /// The place among the steps of the one that makes it; parameters are there before all steps.
    pub(crate) step: Option<usize>,
    /// A file that a command has to declare among its outputs.
    pub(crate) is_file: bool,
    pub(crate) target: sdk_spec::Reference,
}

/// Text with values filled in: `Text::new("rows: ").value(&count)`.
///
/// Handles are not `Display`, so that none ends up in ordinary text, where it would be a literal.
#[derive(Clone, Debug, Default)]
pub struct Text<'p> {
    template: String,
    references: Vec<Reference<'p>>,
}

impl<'p> Reference<'p> {
    pub(crate) fn to_parameter(pipeline: &'p Pipeline, name: &str) -> Self {
        let target = sdk_spec::Reference::Parameter(name.to_owned());
        Self { pipeline, step: None, is_file: false, target }
    }

    /// What is wrong with it as something that the step at this index of a pipeline waits for.
    pub(crate) fn problem(&self, pipeline: &Pipeline, index: usize) -> Option<String> {
        let shown = self.target.to_string();
        if !std::ptr::eq(self.pipeline, pipeline) {
            return Some(format!("`{shown}` is of another pipeline"));
        }
        // A name with a brace in it would be read as something else.
        if reference::parse(&shown) != Ok(Template::Reference(self.target.clone())) {
            return Some(format!("`{shown}` is no reference: a name in it has characters that names do not have"));
        }
        match (self.step, &self.target) {
            (Some(step), _) if step >= index => Some(format!("`{shown}` is made by a step that is not an earlier one")),
            (Some(step), sdk_spec::Reference::Output { step: name, output })
                if self.is_file && !pipeline.has_output(step, output) =>
            {
                Some(format!("the command `{name}` leaves no file `{output}`"))
            }
            _ => None,
        }
    }
}

impl<'p> Text<'p> {
    /// Text that begins with a literal.
    #[must_use]
    pub fn new(literal: impl AsRef<str>) -> Self {
        Self::default().literal(literal)
    }

    /// Goes on with text as it stands.
    #[must_use]
    pub fn literal(mut self, text: impl AsRef<str>) -> Self {
        self.template.push_str(&reference::escape(text.as_ref()));
        self
    }

    /// Goes on with a value that is filled in: a string as it is, other values as compact JSON.
    #[must_use]
    pub fn value(mut self, value: impl Into<Reference<'p>>) -> Self {
        let reference = value.into();
        self.template.push_str(&reference.target.to_string());
        self.references.push(reference);
        self
    }
}

impl<'p> Argument<'p> {
    /// An object of arguments, by field.
    #[must_use]
    pub fn object<N: Into<String>>(fields: impl IntoIterator<Item = (N, Self)>) -> Self {
        let mut whole = Self::plain(Json::Null);
        let fields: Map<_, _> = fields.into_iter().map(|(name, field)| (name.into(), whole.take_part(field))).collect();
        Self { json: Json::Object(fields), ..whole }
    }

    /// A list of arguments.
    #[must_use]
    pub fn list<A: Into<Self>>(items: impl IntoIterator<Item = A>) -> Self {
        let mut whole = Self::plain(Json::Null);
        let items: Vec<_> = items.into_iter().map(|item| whole.take_part(item.into())).collect();
        Self { json: Json::Array(items), ..whole }
    }

    const fn plain(json: Json) -> Self {
        Self { json, references: Vec::new(), refused: Vec::new() }
    }

    fn take_part(&mut self, part: Self) -> Json {
        self.references.extend(part.references);
        self.refused.extend(part.refused);
        part.json
    }
}

impl<'p> From<Reference<'p>> for Argument<'p> {
    fn from(reference: Reference<'p>) -> Self {
        let json = Json::String(reference.target.to_string());
        Self { json, references: vec![reference], refused: Vec::new() }
    }
}

impl<'p> From<&Reference<'p>> for Argument<'p> {
    fn from(reference: &Reference<'p>) -> Self {
        reference.clone().into()
    }
}

impl<'p> From<&Reference<'p>> for Reference<'p> {
    fn from(reference: &Reference<'p>) -> Self {
        reference.clone()
    }
}

impl<'p, K> From<&crate::Parameter<'p, K>> for Reference<'p> {
    fn from(parameter: &crate::Parameter<'p, K>) -> Self {
        parameter.reference()
    }
}

impl<'p> From<Text<'p>> for Argument<'p> {
    fn from(text: Text<'p>) -> Self {
        Self { json: Json::String(text.template), references: text.references, refused: Vec::new() }
    }
}

/// A value as it stands: text in it is literal, at every depth.
impl From<Json> for Argument<'_> {
    fn from(json: Json) -> Self {
        Self::plain(literal(json))
    }
}

impl From<f64> for Argument<'_> {
    fn from(number: f64) -> Self {
        let json = Json::from(number);
        let refused = if json.is_null() { vec![format!("`{number}` is no number that JSON can hold")] } else { vec![] };
        Self { json, references: Vec::new(), refused }
    }
}

macro_rules! plain {
    ($($plain:ty),+) => {
        $(impl From<$plain> for Argument<'_> {
            fn from(value: $plain) -> Self {
                Json::from(value).into()
            }
        })+
    };
}

plain!(&str, String, bool, i32, i64, u32, u64);

fn literal(json: Json) -> Json {
    match json {
        Json::String(text) => Json::String(reference::escape(&text)),
        Json::Array(items) => Json::Array(items.into_iter().map(literal).collect()),
        Json::Object(fields) => fields.into_iter().map(|(name, field)| (name, literal(field))).collect(),
        other => other,
    }
}
