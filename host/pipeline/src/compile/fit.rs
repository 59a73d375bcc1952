//! Whether what an argument is made of fits the parameter's type.
//! Never allows a conversion that could lose something.

use host_base::signature::Case;
use host_base::{ArtifactKind, Code, Failure, NamedType, ValueType};
use sdk_spec::ParameterType;

use super::constant::{self, fit_constant, want};
use super::expression::Expression;
use super::parameters::{artifact_kind, type_name};
use super::problems::Problems;

/// Where in an argument a value stands.
pub(super) struct Place<'a> {
    parent: Option<&'a Place<'a>>,
    step: Step<'a>,
}

enum Step<'a> {
    Name(&'a str),
    Index(usize),
}

/// Two ends that do not meet.
pub(super) struct Mismatch {
    message: String,
    hint: Option<String>,
}

impl Mismatch {
    fn in_parameter(self, name: &str) -> Self {
        Self { message: format!("{} in `${{parameters.{name}}}`", self.message), ..self }
    }
}

impl<'a> Place<'a> {
    /// The argument itself: step `a`, argument `b`.
    pub(super) const fn root(text: &'a str) -> Self {
        Self { parent: None, step: Step::Name(text) }
    }

    pub(super) const fn name(&'a self, name: &'a str) -> Self {
        Self { parent: Some(self), step: Step::Name(name) }
    }

    pub(super) const fn index(&'a self, index: usize) -> Self {
        Self { parent: Some(self), step: Step::Index(index) }
    }

    fn is_root(&self) -> bool {
        self.parent.is_none()
    }

    /// The root's text, and behind it the way from there: step `a`, argument `b` at c.d[0].
    fn describe(&self) -> String {
        let (root, path) = self.path();
        if path.is_empty() { root } else { format!("{root} at {}", path.trim_start_matches('.')) }
    }

    fn path(&self) -> (String, String) {
        match (self.parent, &self.step) {
            (None, Step::Name(name)) => ((*name).to_owned(), String::new()),
            (None, Step::Index(_)) => (String::new(), String::new()),
            (Some(parent), step) => {
                let (root, path) = parent.path();
                let step = match step {
                    Step::Name(name) => format!(".{name}"),
                    Step::Index(index) => format!("[{index}]"),
                };
                (root, path + &step)
            }
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "callers make the two texts for this message only")]
    pub(super) fn mismatch(&self, wants: String, got: String) -> Mismatch {
        Mismatch { message: format!("{} {wants}, but {got}", self.describe()), hint: None }
    }

    pub(super) fn unsupported(&self, wanted: &ValueType) -> Mismatch {
        Mismatch {
            message: format!("{} is of type {wanted}, which no step argument can have", self.describe()),
            hint: Some("call a function that takes plain values and artifacts".to_owned()),
        }
    }

    /// Whether an object has just the fields of a record; those of option type may be left out.
    pub(super) fn check_fields<'given>(
        &self,
        given: impl Iterator<Item = &'given str>,
        wanted: &[NamedType],
    ) -> Result<(), Mismatch> {
        let given: Vec<&str> = given.collect();
        for name in given.iter().copied() {
            if !wanted.iter().any(|field| field.name == name) {
                let names: Vec<&str> = wanted.iter().map(|field| field.name.as_str()).collect();
                let hint = match sdk_spec::nearest(name, names.iter().copied()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("the fields are {}", names.join(", ")),
                };
                let message = format!("{} has no field `{name}`", self.describe());
                return Err(Mismatch { message, hint: Some(hint) });
            }
        }
        let missing = wanted
            .iter()
            .find(|field| !matches!(field.value_type, ValueType::Option(_)) && !given.contains(&field.name.as_str()));
        match missing {
            Some(field) => {
                let message = format!("{} lacks the field `{}` ({})", self.describe(), field.name, field.value_type);
                Err(Mismatch { message, hint: None })
            }
            None => Ok(()),
        }
    }
}

/// Checks an argument against a parameter's type and reports what does not fit.
pub(super) fn fit(place: &Place<'_>, expression: &Expression, wanted: &ValueType, problems: &mut Problems) {
    if let Err(mismatch) = fit_expression(place, expression, wanted, problems) {
        let failure = Failure::new(Code::TypeMismatch, mismatch.message);
        problems.push(Failure { hint: mismatch.hint, ..failure });
    }
}

/// Checks a value that a step gave against the type that it promises. `place` begins the message.
///
/// # Errors
/// The first part of the value that is of another type, with both.
pub(crate) fn check_value(place: &str, json: &serde_json::Value, wanted: &ValueType) -> Result<(), Failure> {
    fit_constant(&Place::root(place), json, wanted).map_err(|mismatch| {
        let failure = Failure::new(Code::TypeMismatch, mismatch.message);
        Failure { hint: mismatch.hint, ..failure }
    })
}

fn fit_expression(
    place: &Place<'_>,
    expression: &Expression,
    wanted: &ValueType,
    problems: &mut Problems,
) -> Result<(), Mismatch> {
    if let (ValueType::Unsupported(_), false) = (wanted, matches!(expression, Expression::Unknown)) {
        return Err(place.unsupported(wanted));
    }
    let mismatch = || Err(place.mismatch(format!("wants {}", want(wanted)), describe(expression)));
    match expression {
        Expression::Unknown => Ok(()),
        Expression::Constant(json) => fit_constant(place, json, wanted).map_err(|mut mismatch| {
            if artifact_in(wanted).is_some() {
                let hint =
                    "an artifact is made by a step or given as a parameter: ${steps.STEP.OUTPUT}, ${parameters.NAME}";
                mismatch.hint = Some(hint.to_owned());
            }
            mismatch
        }),
        Expression::Parameter { name, parameter_type, value } => {
            if !parameter_fits(*parameter_type, wanted, place.is_root()) {
                return mismatch();
            }
            match value {
                Some(host_base::Value::Plain(json)) => {
                    fit_constant(place, json, wanted).map_err(|mismatch| mismatch.in_parameter(name))
                }
                _ => Ok(()),
            }
        }
        Expression::Output { value_type, .. } => match artifact_in(value_type) {
            Some(_) if !place.is_root() => Err(place
                .mismatch("stands in a list or an object, which holds plain values".to_owned(), describe(expression))),
            _ if fits(value_type, wanted) => Ok(()),
            _ => mismatch(),
        },
        Expression::Text(parts) => {
            for part in parts {
                if let Some(text) = artifact_part(part) {
                    let message = format!("{} is text, but {text}", place.describe());
                    let hint = "an artifact cannot be filled into text: make the reference the whole value";
                    return Err(Mismatch { message, hint: Some(hint.to_owned()) });
                }
            }
            if fits(&ValueType::String, wanted) { Ok(()) } else { mismatch() }
        }
        Expression::List(items) => fit_list(place, items, wanted, problems).unwrap_or_else(mismatch),
        Expression::Object(fields) => {
            let ValueType::Record(wanted) = without_option(wanted) else { return mismatch() };
            place.check_fields(fields.keys().map(String::as_str), wanted)?;
            for field in wanted {
                if let Some(expression) = fields.get(&field.name) {
                    fit(&place.name(&field.name), expression, &field.value_type, problems);
                }
            }
            Ok(())
        }
    }
}

/// None where the wanted type is no list of that length.
fn fit_list(
    place: &Place<'_>,
    items: &[Expression],
    wanted: &ValueType,
    problems: &mut Problems,
) -> Option<Result<(), Mismatch>> {
    match without_option(wanted) {
        ValueType::List(wanted) => {
            for (index, item) in items.iter().enumerate() {
                fit(&place.index(index), item, wanted, problems);
            }
        }
        ValueType::Tuple(types) if types.len() == items.len() => {
            for (index, (item, wanted)) in items.iter().zip(types).enumerate() {
                fit(&place.index(index), item, wanted, problems);
            }
        }
        _ => return None,
    }
    Some(Ok(()))
}

fn without_option(wanted: &ValueType) -> &ValueType {
    match wanted {
        ValueType::Option(inner) => without_option(inner),
        other => other,
    }
}

/// Both ends of an edge in words: `${steps.a.b}` is f64.
pub(super) fn describe(expression: &Expression) -> String {
    match expression {
        Expression::Constant(json) => format!("got {}", constant::describe(json)),
        Expression::Parameter { name, parameter_type, .. } => {
            format!("`${{parameters.{name}}}` is {}", type_name(*parameter_type))
        }
        Expression::Output { step, output, value_type } => format!("`${{steps.{step}.{output}}}` is {value_type}"),
        Expression::Text(_) => "got text".to_owned(),
        Expression::List(_) => "got a list".to_owned(),
        Expression::Object(_) => "got an object".to_owned(),
        Expression::Unknown => "it is not known what it is".to_owned(),
    }
}

/// The kind of a type that is an artifact, or may be one.
pub(crate) fn artifact_in(value_type: &ValueType) -> Option<ArtifactKind> {
    match value_type {
        ValueType::Artifact(kind) => Some(*kind),
        ValueType::Option(inner) => artifact_in(inner),
        _ => None,
    }
}

fn artifact_part(part: &Expression) -> Option<String> {
    let is_artifact = match part {
        Expression::Parameter { parameter_type, .. } => artifact_kind(*parameter_type).is_some(),
        Expression::Output { value_type, .. } => artifact_in(value_type).is_some(),
        _ => false,
    };
    is_artifact.then(|| describe(part))
}

/// Whether a parameter's type may hold a value of the wanted type. The value itself is checked where it is known.
fn parameter_fits(parameter: ParameterType, wanted: &ValueType, is_root: bool) -> bool {
    if let Some(kind) = artifact_kind(parameter) {
        return is_root && fits(&ValueType::Artifact(kind), wanted);
    }
    match wanted {
        ValueType::Option(inner) => parameter_fits(parameter, inner, is_root),
        ValueType::Bool => parameter == ParameterType::Boolean,
        ValueType::U8
        | ValueType::U16
        | ValueType::U32
        | ValueType::U64
        | ValueType::S8
        | ValueType::S16
        | ValueType::S32
        | ValueType::S64 => parameter == ParameterType::Integer,
        ValueType::F32 | ValueType::F64 => matches!(parameter, ParameterType::Integer | ParameterType::Number),
        ValueType::Char | ValueType::String | ValueType::Enum(_) => parameter == ParameterType::String,
        ValueType::List(_) | ValueType::Tuple(_) | ValueType::Flags(_) => parameter == ParameterType::List,
        ValueType::Record(_) => parameter == ParameterType::Object,
        ValueType::Variant(_) | ValueType::Result { .. } => {
            matches!(parameter, ParameterType::Object | ParameterType::String)
        }
        ValueType::Artifact(_) | ValueType::Unsupported(_) => false,
    }
}

/// Whether every value of the given type is one of the wanted type.
pub(super) fn fits(given: &ValueType, wanted: &ValueType) -> bool {
    match (given, wanted) {
        (ValueType::Unsupported(_), _) | (_, ValueType::Unsupported(_)) => false,
        (ValueType::Artifact(given), ValueType::Artifact(wanted)) => {
            given == wanted || *wanted == ArtifactKind::Artifact
        }
        (ValueType::Option(given), ValueType::Option(wanted)) => fits(given, wanted),
        (given, ValueType::Option(wanted)) => fits(given, wanted),
        (ValueType::List(given), ValueType::List(wanted)) => holds_plain(given) && fits(given, wanted),
        (ValueType::Tuple(given), ValueType::Tuple(wanted)) => {
            given.len() == wanted.len()
                && given.iter().zip(wanted).all(|(given, wanted)| holds_plain(given) && fits(given, wanted))
        }
        (ValueType::Record(given), ValueType::Record(wanted)) => fields_fit(given, wanted),
        (ValueType::Variant(given), ValueType::Variant(wanted)) => given.iter().all(|case| case_fits(case, wanted)),
        (ValueType::Enum(given), ValueType::Variant(wanted)) => {
            given.iter().all(|name| wanted.iter().any(|case| case.name == *name && case.payload.is_none()))
        }
        (ValueType::Enum(given), ValueType::Enum(wanted)) | (ValueType::Flags(given), ValueType::Flags(wanted)) => {
            given.iter().all(|name| wanted.contains(name))
        }
        (ValueType::Char | ValueType::Enum(_), ValueType::String) => true,
        (ValueType::Result { ok, err }, ValueType::Result { ok: wanted_ok, err: wanted_err }) => {
            payload_fits(ok.as_deref(), wanted_ok.as_deref()) && payload_fits(err.as_deref(), wanted_err.as_deref())
        }
        (given, wanted) => given == wanted || widens(given, wanted),
    }
}

/// Artifacts travel alone, never inside another value.
fn holds_plain(value_type: &ValueType) -> bool {
    artifact_in(value_type).is_none()
}

fn fields_fit(given: &[NamedType], wanted: &[NamedType]) -> bool {
    let known = given.iter().all(|field| wanted.iter().any(|wanted| wanted.name == field.name));
    known
        && wanted.iter().all(|wanted| match given.iter().find(|given| given.name == wanted.name) {
            Some(given) => holds_plain(&given.value_type) && fits(&given.value_type, &wanted.value_type),
            None => matches!(wanted.value_type, ValueType::Option(_)),
        })
}

fn case_fits(given: &Case, wanted: &[Case]) -> bool {
    wanted.iter().any(|case| case.name == given.name && payload_fits(given.payload.as_ref(), case.payload.as_ref()))
}

fn payload_fits(given: Option<&ValueType>, wanted: Option<&ValueType>) -> bool {
    match (given, wanted) {
        (None, None) => true,
        (Some(given), Some(wanted)) => holds_plain(given) && fits(given, wanted),
        _ => false,
    }
}

/// Whether a number type holds every value of another exactly.
fn widens(given: &ValueType, wanted: &ValueType) -> bool {
    // Sign, and bits that hold a whole number exactly.
    let whole = |value_type: &ValueType| match value_type {
        ValueType::U8 => Some((false, 8)),
        ValueType::U16 => Some((false, 16)),
        ValueType::U32 => Some((false, 32)),
        ValueType::U64 => Some((false, 64)),
        ValueType::S8 => Some((true, 7)),
        ValueType::S16 => Some((true, 15)),
        ValueType::S32 => Some((true, 31)),
        ValueType::S64 => Some((true, 63)),
        _ => None,
    };
    match (whole(given), wanted) {
        (Some((signed, bits)), wanted) => match (whole(wanted), wanted) {
            (Some((wanted_signed, wanted_bits)), _) => (wanted_signed || !signed) && bits <= wanted_bits,
            (None, ValueType::F32) => bits <= 24,
            (None, ValueType::F64) => bits <= 53,
            _ => false,
        },
        (None, ValueType::F64) => *given == ValueType::F32,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
