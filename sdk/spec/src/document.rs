//! Reads documents: YAML or JSON in, typed values out, or all problems with their places.
//! Never repairs a document and never ignores a key.

use std::fmt;

use schemars::{JsonSchema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_saphyr::Location;
use thiserror::Error;

use crate::node::{Node, Placed};
use crate::shape;

/// A larger document is refused unread.
pub const DOCUMENT_BYTES_MAX: usize = 16 << 20;
/// Lists, maps and scalars in one document.
const NODES_MAX: usize = 2_000_000;
/// Lists, maps and scalars that aliases stand for, in all, beginnings and ends counted apart.
const ALIASED_EVENTS_MAX: usize = 1_000_000;
/// Lists and maps inside each other.
const DEPTH_MAX: usize = 64;
/// Problems that are reported; what comes after is counted.
const PROBLEMS_MAX: usize = 100;

/// Everything wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub struct DocumentError {
    /// At least one.
    pub problems: Vec<Problem>,
}

/// One thing wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What sort of thing.
    pub kind: ProblemKind,
    /// Counted from 1; 0 where the place is not known.
    pub line: usize,
    /// Counted from 1; 0 where the place is not known.
    pub column: usize,
    /// Such as `spec.steps.train.arguments`; empty for the document as a whole.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
}

/// What sort of thing is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// Not well-formed YAML or JSON.
    Syntax,
    /// A key that does not belong there.
    UnknownKey,
    /// A value that is not allowed there, or a key that is missing.
    InvalidValue,
}

impl fmt::Display for DocumentError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.problems.iter().enumerate() {
            let separator = if at == 0 { "" } else { "\n" };
            write!(out, "{separator}{problem}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(out, "line {}, column {}: ", self.line, self.column)?;
        }
        if !self.path.is_empty() {
            write!(out, "{}: ", self.path)?;
        }
        out.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(out, " ({hint})"),
            None => Ok(()),
        }
    }
}

impl DocumentError {
    /// What the first problem is about.
    #[must_use]
    pub fn kind(&self) -> ProblemKind {
        self.problems.first().map_or(ProblemKind::Syntax, |problem| problem.kind)
    }
}

/// A document's tree beside its typed value, for checks that need to tell where something stands.
pub(crate) struct Read<T> {
    pub(crate) value: T,
    pub(crate) tree: Placed,
}

/// Problems as they are found, up to a hundred; what comes after is counted.
#[derive(Default)]
pub(crate) struct Found {
    problems: Vec<Problem>,
    uncounted: usize,
}

impl Found {
    pub(crate) fn push(&mut self, problem: Problem) {
        if self.is_full() {
            self.uncounted += 1;
        } else {
            self.problems.push(problem);
        }
    }

    pub(crate) const fn is_full(&self) -> bool {
        self.problems.len() >= PROBLEMS_MAX
    }

    /// Whether a value is not allowed, or may be among those that were only counted. Then the document
    /// has no typed form; keys that are not known stand in nobody's way.
    fn has_invalid(&self) -> bool {
        self.uncounted > 0 || self.problems.iter().any(|problem| problem.kind != ProblemKind::UnknownKey)
    }

    fn into_error(mut self) -> DocumentError {
        self.problems.sort_by_key(|problem| (problem.line, problem.column));
        if self.uncounted > 0 {
            let message = format!("{} more problems are not shown", self.uncounted);
            let (kind, path) = (ProblemKind::InvalidValue, String::new());
            self.problems.push(Problem { kind, line: 0, column: 0, path, message, hint: None });
        }
        DocumentError { problems: self.problems }
    }
}

/// Reads one document and holds it against its schema, then against rules of its own.
pub(crate) fn read<T: DeserializeOwned + JsonSchema>(
    text: &str,
    rules: impl FnOnce(&Read<T>, &mut Found),
) -> Result<T, DocumentError> {
    read_tree(parse(text)?, rules)
}

/// The same for a tree that was read before.
pub(crate) fn read_tree<T: DeserializeOwned + JsonSchema>(
    tree: Placed,
    rules: impl FnOnce(&Read<T>, &mut Found),
) -> Result<T, DocumentError> {
    let schema = SchemaGenerator::default().into_root_schema_for::<T>().to_value();
    let mut found = Found::default();
    let known = shape::check(&schema, &tree, &mut found);
    if found.has_invalid() {
        return Err(found.into_error());
    }
    match serde_path_to_error::deserialize(known) {
        Ok(value) => {
            let read = Read { value, tree };
            rules(&read, &mut found);
            if found.problems.is_empty() { Ok(read.value) } else { Err(found.into_error()) }
        }
        // The schema says all that the types do, so this is rarely reached.
        Err(error) => {
            found.push(invalid(&tree, &error));
            Err(found.into_error())
        }
    }
}

fn parse(text: &str) -> Result<Placed, DocumentError> {
    check_length(text)?;
    serde_saphyr::from_str_with_options(text, options()).map_err(|error| unreadable(&error))
}

/// All documents of a text, in order.
pub(crate) fn parse_all(text: &str) -> Result<Vec<Placed>, DocumentError> {
    check_length(text)?;
    serde_saphyr::from_multiple_with_options(text, options()).map_err(|error| unreadable(&error))
}

fn check_length(text: &str) -> Result<(), DocumentError> {
    if text.len() <= DOCUMENT_BYTES_MAX {
        return Ok(());
    }
    let message = format!("the document has {} bytes; at most {DOCUMENT_BYTES_MAX} are read", text.len());
    Err(syntax(Location::UNKNOWN, message).into())
}

fn unreadable(error: &serde_saphyr::Error) -> DocumentError {
    syntax(error.location().unwrap_or(Location::UNKNOWN), explain(error)).into()
}

fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_nodes: NODES_MAX,
            max_events: 2 * NODES_MAX,
            max_depth: DEPTH_MAX,
            flow_nesting_limit: DEPTH_MAX,
            // One anchor may serve every step; what aliases come to is limited as a whole.
            enforce_alias_anchor_ratio: false,
        },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: ALIASED_EVENTS_MAX },
        // Where YAML 1.1 would read the country code `no` as false, it is text.
        strict_booleans: true,
        reject_unsupported_tags: true,
        with_snippet: false,
    }
}

/// What the parser refused, in words for authors rather than for users of the parser.
fn explain(error: &serde_saphyr::Error) -> String {
    use serde_saphyr::{Error, budget::BudgetBreach};
    match error {
        Error::MultipleDocuments { .. } => "the text holds more than one document".to_owned(),
        Error::DuplicateMappingKey { key: Some(key), .. } => format!("the key `{key}` stands here a second time"),
        Error::DuplicateMappingKey { .. } => "a key stands here a second time".to_owned(),
        Error::NonFiniteFloat { value, .. } => {
            format!("`{value}` is no number that JSON can hold; as text it needs quotes")
        }
        Error::UnsupportedTag { tag, .. } => format!("the tag `{tag}` has no meaning here"),
        Error::Budget { breach: BudgetBreach::Depth { .. }, .. } => {
            format!("lists and maps stand more than {DEPTH_MAX} deep inside each other")
        }
        Error::Budget { breach: BudgetBreach::Nodes { .. } | BudgetBreach::Events { .. }, .. } => {
            format!("the document has more than {NODES_MAX} lists, maps and values")
        }
        Error::AliasReplayLimitExceeded { .. } => {
            format!("aliases stand for more than {ALIASED_EVENTS_MAX} lists, maps and values in all")
        }
        other => without_place(&other.to_string()),
    }
}

/// The message alone: the place is told apart from it.
fn without_place(message: &str) -> String {
    let end = message.rfind(" at line ").unwrap_or(message.len());
    message[..end].trim_end_matches([',', ':']).to_owned()
}

impl<T> Read<T> {
    /// A problem with the value at a path of keys and, into lists, of numbers.
    pub(crate) fn problem(&self, path: &[&str], message: String, hint: Option<String>) -> Problem {
        let mut place = &self.tree;
        let mut location = place.referenced;
        let mut shown = String::new();
        for key in path {
            match &place.value {
                Node::List(items) => {
                    let Some(item) = key.parse().ok().and_then(|index: usize| items.get(index)) else { break };
                    (place, location) = (item, item.referenced);
                    shown += &format!("[{key}]");
                }
                Node::Map(entries) => {
                    let Some((name, value)) = entries.iter().find(|(name, _)| name.value == *key) else { break };
                    // A mapping begins at its first key, which is not where a reader looks for it.
                    let at = if matches!(value.value, Node::Map(_) | Node::List(_)) {
                        name.referenced
                    } else {
                        value.referenced
                    };
                    (place, location) = (value, at);
                    shown += if shown.is_empty() { "" } else { "." };
                    shown += key;
                }
                Node::Scalar(_) => break,
            }
        }
        let (line, column) = position(location);
        Problem { kind: ProblemKind::InvalidValue, line, column, path: shown, message, hint }
    }
}

impl From<Problem> for DocumentError {
    fn from(problem: Problem) -> Self {
        Self { problems: vec![problem] }
    }
}

pub(crate) fn position(location: Location) -> (usize, usize) {
    (location.line() as usize, location.column() as usize)
}

fn syntax(location: Location, message: String) -> Problem {
    let (line, column) = position(location);
    Problem { kind: ProblemKind::Syntax, line, column, path: String::new(), message, hint: None }
}

/// A problem with a document as a whole.
pub(crate) fn whole(message: String, hint: &str) -> Problem {
    let (kind, path) = (ProblemKind::InvalidValue, String::new());
    Problem { kind, line: 0, column: 0, path, message, hint: Some(hint.to_owned()) }
}

/// What serde refused, with the place of the value that it refused.
fn invalid(tree: &Placed, error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    use serde_path_to_error::Segment;
    let mut place = tree;
    for segment in error.path() {
        let next = match segment {
            Segment::Map { key } => place.value.get(key),
            Segment::Seq { index } => place.value.item(*index),
            Segment::Enum { .. } | Segment::Unknown => None,
        };
        let Some(next) = next else { break };
        place = next;
    }
    let (line, column) = position(place.referenced);
    let path = match error.path().to_string() {
        path if path == "." => String::new(),
        path => path,
    };
    let message = error.inner().to_string();
    Problem { kind: ProblemKind::InvalidValue, line, column, path, message, hint: None }
}

#[cfg(test)]
mod tests;
