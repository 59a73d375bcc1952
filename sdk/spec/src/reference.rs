//! References inside arguments: `${parameters.NAME}`, `${steps.STEP.OUTPUT}`.
//! Never looks up what it refers to; that takes a whole pipeline.

use std::fmt;

use thiserror::Error;

use crate::nearest;

const OPEN: &str = "${";
const ESCAPED_OPEN: &str = "$${";

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// A parameter of the run, by name.
    Parameter(String),
    /// What a step made.
    Output {
        /// The step.
        step: String,
        /// Its output.
        output: String,
    },
}

/// A text with the references in it told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Template {
    /// No reference; escapes are resolved.
    Literal(String),
    /// One reference and nothing else: it stands for a value of any type.
    Reference(Reference),
    /// References amid other text: it stands for a text.
    Mixed(Vec<TemplatePart>),
}

/// A piece of a mixed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplatePart {
    /// As it stands; escapes are resolved.
    Literal(String),
    /// To be filled in.
    Reference(Reference),
}

/// Why a text is no template.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{problem}")]
pub struct ReferenceError {
    /// What is wrong, in one sentence without a full stop.
    pub problem: String,
    /// What to write instead.
    pub hint: String,
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameter(name) => write!(formatter, "${{parameters.{name}}}"),
            Self::Output { step, output } => write!(formatter, "${{steps.{step}.{output}}}"),
        }
    }
}

/// Tells the references of a text apart from the rest of it.
///
/// # Errors
/// Where a `${` is not closed, or what it encloses is no reference.
pub fn parse(text: &str) -> Result<Template, ReferenceError> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(dollar) = rest.find('$') {
        literal.push_str(&rest[..dollar]);
        rest = &rest[dollar..];
        if let Some(behind) = rest.strip_prefix(ESCAPED_OPEN) {
            literal.push_str(OPEN);
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix(OPEN) {
            let Some((inner, behind)) = behind.split_once('}') else { return Err(unclosed(rest)) };
            if !literal.is_empty() {
                parts.push(TemplatePart::Literal(std::mem::take(&mut literal)));
            }
            parts.push(TemplatePart::Reference(parse_reference(inner)?));
            rest = behind;
        } else {
            literal.push('$');
            rest = &rest[1..];
        }
    }
    literal.push_str(rest);
    Ok(match (parts.pop(), parts.is_empty(), literal.is_empty()) {
        (None, _, _) => Template::Literal(literal),
        (Some(TemplatePart::Reference(only)), true, true) => Template::Reference(only),
        (Some(last), _, true) => {
            parts.push(last);
            Template::Mixed(parts)
        }
        (Some(last), _, false) => {
            parts.extend([last, TemplatePart::Literal(literal)]);
            Template::Mixed(parts)
        }
    })
}

/// The text that parses to exactly this literal.
#[must_use]
pub fn escape(literal: &str) -> String {
    literal.replace(OPEN, ESCAPED_OPEN)
}

fn parse_reference(inner: &str) -> Result<Reference, ReferenceError> {
    let trimmed = inner.trim();
    let (root, rest) = trimmed.split_once('.').unwrap_or((trimmed, ""));
    match root {
        "parameters" if is_name(rest) && !rest.contains('.') => Ok(Reference::Parameter(rest.to_owned())),
        "steps" => match rest.split_once('.') {
            Some((step, output)) if is_name(step) && is_name(output) => {
                Ok(Reference::Output { step: step.to_owned(), output: output.to_owned() })
            }
            _ => Err(malformed(inner, "write ${steps.STEP.OUTPUT}")),
        },
        "parameters" => Err(malformed(inner, "write ${parameters.NAME}")),
        _ => {
            let hint = match nearest(root, ["parameters", "steps"]) {
                Some(meant) => format!("did you mean `{meant}`? A literal ${{ is written $${{"),
                None => "write ${parameters.NAME} or ${steps.STEP.OUTPUT}; a literal ${ is written $${".to_owned(),
            };
            Err(malformed(inner, &hint))
        }
    }
}

/// Letters, digits, `-`, `_` and `.`: what step, parameter and output names are made of.
fn is_name(text: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    !text.is_empty() && text.bytes().all(is_inner)
}

fn malformed(inner: &str, hint: &str) -> ReferenceError {
    ReferenceError { problem: format!("`${{{}}}` is no reference", shortened(inner)), hint: hint.to_owned() }
}

fn unclosed(rest: &str) -> ReferenceError {
    ReferenceError {
        problem: format!("`{}` opens a reference that is not closed", shortened(rest)),
        hint: "close it with }; a literal ${ is written $${".to_owned(),
    }
}

/// Enough of a text to find it by.
fn shortened(text: &str) -> String {
    const CHARACTERS_MAX: usize = 40;
    match text.char_indices().nth(CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
