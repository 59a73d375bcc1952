//! Which function of its component a step calls, and what comes out of it.
//! Never looks at arguments.

use std::collections::BTreeMap;

use host_base::{ArtifactKind, Code, Failure, FunctionSignature, ValueType};
use sdk_spec::{Pipeline, PythonSpec, StepSpec};

use super::ResolvedComponent;
use super::problems::{Problems, unknown};
use super::python;
use crate::python::RUN_PYTHON_COMPONENT;

/// What a step calls.
pub(super) enum Callee<'component> {
    /// An exported function.
    Function(&'component FunctionSignature),
    /// A function of Python, with the types that the document says.
    Python(&'component PythonSpec, Box<FunctionSignature>),
    /// `wasi:cli/run`.
    Command,
}

impl Callee<'_> {
    /// The names and types, but for a command.
    fn signature(&self) -> Option<&FunctionSignature> {
        match self {
            Self::Function(signature) => Some(signature),
            Self::Python(_, signature) => Some(signature),
            Self::Command => None,
        }
    }
}

pub(super) type Callees<'spec> = BTreeMap<&'spec str, Callee<'spec>>;

/// The callees of all steps that have one; the others' problems.
pub(super) fn find_all<'spec>(
    pipeline: &'spec Pipeline,
    components: &'spec BTreeMap<String, ResolvedComponent>,
    problems: &mut Problems,
) -> Callees<'spec> {
    let mut callees = Callees::new();
    for (name, spec) in &pipeline.spec.steps {
        match find(name, spec, components) {
            Ok(callee) => drop(callees.insert(name.as_str(), callee)),
            Err(failure) => problems.push(failure),
        }
    }
    callees
}

fn find<'spec>(
    name: &str,
    spec: &'spec StepSpec,
    components: &'spec BTreeMap<String, ResolvedComponent>,
) -> Result<Callee<'spec>, Failure> {
    let reference = &spec.component;
    let Some(component) = components.get(reference) else {
        let message = format!("step `{name}`: component `{reference}` was not found");
        return Err(Failure::new(Code::ComponentNotFound, message).with_hint("check the name and the tag"));
    };
    let functions = component.interface.functions.as_slice();
    let is_command = component.interface.command;
    if let Some(python) = &spec.python {
        return match (&spec.function, is_command) {
            (Some(function), true) => Ok(Callee::Python(python, Box::new(python::signature(function, python)))),
            (None, _) => {
                let message = format!("step `{name}` does not say which function of its Python text it calls");
                Err(Failure::new(Code::InvalidDocument, message).with_hint("add `function`"))
            }
            (_, false) => {
                let message = format!("step `{name}`: component `{reference}` runs no Python: it is no command");
                Err(Failure::new(Code::FunctionNotFound, message).with_hint(format!("name {RUN_PYTHON_COMPONENT}")))
            }
        };
    }
    let names = || functions.iter().map(|function| function.name.as_str());
    match (&spec.function, &spec.command) {
        (Some(_), Some(_)) => {
            Err(Failure::new(Code::InvalidDocument, format!("step `{name}` has both `function` and `command`"))
                .with_hint("keep `function` to call an export, or `command` to run the component as a program"))
        }
        (Some(function), None) => match named(functions, function).as_slice() {
            [only] => Ok(Callee::Function(only)),
            [] => {
                let message = format!("step `{name}`: component `{reference}` exports no function `{function}`");
                Err(unknown(Code::FunctionNotFound, message, function, names(), "functions it exports"))
            }
            several => {
                let message =
                    format!("step `{name}`: component `{reference}` exports {} functions `{function}`", several.len());
                let full: Vec<&str> = several.iter().map(|function| function.name.as_str()).collect();
                Err(Failure::new(Code::FunctionNotFound, message)
                    .with_hint(format!("write which in full: {}", full.join(", "))))
            }
        },
        (None, Some(_)) if is_command => Ok(Callee::Command),
        (None, Some(_)) => {
            let message =
                format!("step `{name}`: component `{reference}` is no command: it does not export wasi:cli/run");
            Err(Failure::new(Code::FunctionNotFound, message).with_hint(call_instead(functions)))
        }
        (None, None) => match functions {
            [only] => Ok(Callee::Function(only)),
            [] if is_command => Ok(Callee::Command),
            [] => {
                let message = format!("step `{name}`: component `{reference}` exports no function and is no command");
                Err(Failure::new(Code::FunctionNotFound, message)
                    .with_hint("export a function, or build it as a program"))
            }
            several => {
                let message = format!("step `{name}`: component `{reference}` exports {} functions", several.len());
                Err(Failure::new(Code::FunctionNotFound, message).with_hint(call_instead(several)))
            }
        },
    }
}

/// The functions that a name may mean: the one of that full name, or else all that bear it in some
/// exported interface (`team:text/words@1.0.0#count` for `count`).
fn named<'component>(functions: &'component [FunctionSignature], name: &str) -> Vec<&'component FunctionSignature> {
    let in_interface =
        |function: &&FunctionSignature| function.name.rsplit_once('#').is_some_and(|(_, bare)| bare == name);
    match functions.iter().find(|function| function.name == name) {
        Some(exact) => vec![exact],
        None => functions.iter().filter(in_interface).collect(),
    }
}

fn call_instead(functions: &[FunctionSignature]) -> String {
    let names: Vec<&str> = functions.iter().map(|function| function.name.as_str()).collect();
    match names.as_slice() {
        [] => "it exports no function either; build it as a component with exports, or as a program".to_owned(),
        names => format!("say which with `function`: {}", names.join(", ")),
    }
}

/// The type of an output; none where there is no such output.
pub(super) fn output_type(callee: &Callee<'_>, spec: &StepSpec, output: &str) -> Option<ValueType> {
    match callee.signature() {
        Some(signature) => {
            signature.outputs.iter().find(|named| named.name == output).map(|named| named.value_type.clone())
        }
        None => {
            let outputs = &spec.command.as_ref()?.outputs;
            outputs.contains_key(output).then_some(ValueType::Artifact(ArtifactKind::Artifact))
        }
    }
}

/// The names of all outputs.
pub(super) fn output_names<'spec>(callee: &'spec Callee<'spec>, spec: &'spec StepSpec) -> Vec<&'spec str> {
    match callee.signature() {
        Some(signature) => signature.outputs.iter().map(|named| named.name.as_str()).collect(),
        None => spec.command.iter().flat_map(|command| command.outputs.keys().map(String::as_str)).collect(),
    }
}
