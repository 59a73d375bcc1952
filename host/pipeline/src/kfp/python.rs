//! The command by which the SDK runs a Python function, recognised.
//! Never runs pip or a shell: packages are resolved by the node, and the function is called directly.

use crate::python::{PackageRequest, PythonFunction};

/// Where the step finds its source text.
pub(super) const SOURCE_PATH: &str = "/tmp/kfp/source.py";

/// What a container's words turn out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A function of Python whose text stands in the command.
    Function(PythonFunction),
    /// The same, with something that cannot be done here.
    Refused(String),
    /// Anything else.
    Other,
}

/// Recognises `sh -c PIP sh -ec PROGRAM SOURCE` and `sh -ec PROGRAM SOURCE`.
pub(super) fn shape(command: &[String], args: &[String]) -> Shape {
    let words: Vec<&str> = command.iter().map(String::as_str).collect();
    let (pip, program, source) = match words.as_slice() {
        ["sh", "-c", pip, "sh", "-ec", program, source] => (Some(*pip), *program, *source),
        ["sh", "-ec", program, source] => (None, *program, *source),
        _ => return Shape::Other,
    };
    if !program.contains("kfp.dsl.executor_main") || pip.is_some_and(|pip| !pip.contains("pip install")) {
        return Shape::Other;
    }
    let Some(name) = function(args) else {
        return Shape::Refused("its arguments name no function to execute".to_owned());
    };
    let packages = pip.map(packages).unwrap_or_default();
    Shape::Function(PythonFunction { name, source: source.to_owned(), packages, wheels: Vec::new() })
}

fn function(args: &[String]) -> Option<String> {
    let at = args.iter().position(|word| word == "--function_to_execute")?;
    args.get(at + 1).cloned()
}

/// What `pip install` is asked for in a script, the SDK and what comes with it left out.
fn packages(script: &str) -> PackageRequest {
    let mut request = PackageRequest::default();
    for call in script.split("pip install").skip(1) {
        let call = call.split("&&").next().unwrap_or_default();
        let (options, packages) = split(call);
        if is_the_sdk(&packages) {
            continue;
        }
        request.requirements.extend(packages);
        for index in indexes(&options) {
            if !request.indexes.iter().any(|known| known == index) {
                request.indexes.push(index.to_owned());
            }
        }
    }
    request
}

/// A call's words: those in quotes are packages, the others options.
fn split(call: &str) -> (Vec<&str>, Vec<String>) {
    let (mut options, mut packages) = (Vec::new(), Vec::new());
    for (at, part) in call.split('\'').enumerate() {
        if at % 2 == 1 {
            packages.push(part.to_owned());
        } else {
            options.extend(part.split_whitespace());
        }
    }
    (options, packages)
}

/// The indexes that options name. Whether one is to be trusted without TLS is for the node to say.
fn indexes<'a>(options: &[&'a str]) -> Vec<&'a str> {
    let pairs = options.windows(2).filter(|pair| matches!(pair[0], "--index-url" | "--extra-index-url"));
    pairs.map(|pair| pair[1]).collect()
}

/// The SDK is installed in a call of its own, and is part of the component that runs functions.
fn is_the_sdk(packages: &[String]) -> bool {
    packages.first().is_some_and(|first| {
        first == "kfp" || first.strip_prefix("kfp").is_some_and(|rest| rest.starts_with(['=', '<', '>', '~', '!', '[']))
    }) && packages.iter().skip(1).all(|package| package == "--no-deps" || package.starts_with("typing-extensions"))
}

#[cfg(test)]
mod tests;
