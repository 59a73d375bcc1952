//! References inside texts: `${parameters.NAME}`, `${steps.STEP.OUTPUT}`, and `$${` for a literal `${`.
//! Never looks up what a reference names.

use thiserror::Error;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// As it stands.
    Literal(String),
    /// A parameter of the pipeline.
    Parameter(String),
    /// An output of a step.
    Output {
        /// The step.
        step: String,
        /// Its output.
        output: String,
    },
}

/// Why a text's references cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReferenceError {
    /// `${` without its `}`.
    #[error("`${{{0}` has no closing brace")]
    Unclosed(String),
    /// Braces around something else than a reference.
    #[error("`${{{0}}}` is no reference")]
    Unknown(String),
}

/// Takes a text apart. A text that is wholly one reference gives just that one part.
pub fn parse(text: &str) -> Result<Vec<Part>, ReferenceError> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        if rest[..at].ends_with('$') {
            // `$${`: the first dollar escapes the reference.
            literal.push_str(&rest[..at - 1]);
            literal.push_str("${");
            rest = &rest[at + 2..];
            continue;
        }
        literal.push_str(&rest[..at]);
        let inside = &rest[at + 2..];
        let end = inside.find('}').ok_or_else(|| ReferenceError::Unclosed(inside.to_owned()))?;
        if !literal.is_empty() {
            parts.push(Part::Literal(std::mem::take(&mut literal)));
        }
        parts.push(reference(&inside[..end])?);
        rest = &inside[end + 1..];
    }
    literal.push_str(rest);
    if !literal.is_empty() || parts.is_empty() {
        parts.push(Part::Literal(literal));
    }
    Ok(parts)
}

fn reference(inside: &str) -> Result<Part, ReferenceError> {
    let unknown = || ReferenceError::Unknown(inside.to_owned());
    let names: Vec<&str> = inside.trim().split('.').collect();
    if names.iter().any(|name| name.is_empty() || name.contains(char::is_whitespace)) {
        return Err(unknown());
    }
    match names.as_slice() {
        ["parameters", name] => Ok(Part::Parameter((*name).to_owned())),
        ["steps", step, output] => Ok(Part::Output { step: (*step).to_owned(), output: (*output).to_owned() }),
        _ => Err(unknown()),
    }
}

#[cfg(test)]
mod tests;
