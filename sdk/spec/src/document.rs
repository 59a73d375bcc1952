//! Reads documents: YAML or JSON in, typed values out, or all problems with their places.
//! Never repairs a document and never ignores a key.

use std::fmt;

use schemars::{JsonSchema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use serde_saphyr::Location;
use thiserror::Error;

use crate::node::{Node, Placed};

/// A larger document is refused unread.
pub const DOCUMENT_BYTES_MAX: usize = 16 << 20;
/// Lists, maps and scalars in one document, references through aliases included.
const NODES_MAX: usize = 4_000_000;
/// Keys at least this similar (0 to 1) are suggested.
const SIMILARITY_MIN: f64 = 0.5;

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

/// Reads one document.
pub(crate) fn read<T: DeserializeOwned + JsonSchema>(text: &str) -> Result<Read<T>, DocumentError> {
    if text.len() > DOCUMENT_BYTES_MAX {
        let message = format!("the document has {} bytes; at most {DOCUMENT_BYTES_MAX} are read", text.len());
        return Err(syntax(Location::UNKNOWN, message).into());
    }
    let options =
        serde_saphyr::options! { budget: serde_saphyr::budget! { max_nodes: NODES_MAX, max_events: 2 * NODES_MAX } };
    let tree: Placed = serde_saphyr::from_str_with_options(text, options)
        .map_err(|error| syntax(error.location().unwrap_or(Location::UNKNOWN), error.without_snippet().to_string()))?;
    let schema = SchemaGenerator::default().into_root_schema_for::<T>().to_value();
    let mut problems = Vec::new();
    unknown_keys(&schema, &schema, &tree, &mut Vec::new(), &mut problems);
    if !problems.is_empty() {
        return Err(DocumentError { problems });
    }
    let value = serde_path_to_error::deserialize(tree.value.to_json()).map_err(|error| invalid(&tree, &error))?;
    Ok(Read { value, tree })
}

impl<T> Read<T> {
    /// A problem with the value at a path.
    pub(crate) fn problem(&self, path: &[&str], message: String, hint: Option<String>) -> Problem {
        let mut place = &self.tree;
        for key in path {
            let Some(next) = place.value.get(key) else { break };
            place = next;
        }
        let (line, column) = position(place.referenced);
        Problem { kind: ProblemKind::InvalidValue, line, column, path: path.join("."), message, hint }
    }
}

impl From<Problem> for DocumentError {
    fn from(problem: Problem) -> Self {
        Self { problems: vec![problem] }
    }
}

fn position(location: Location) -> (usize, usize) {
    (location.line() as usize, location.column() as usize)
}

fn syntax(location: Location, message: String) -> Problem {
    let (line, column) = position(location);
    Problem { kind: ProblemKind::Syntax, line, column, path: String::new(), message, hint: None }
}

/// What serde refused, with the place of the value that it refused.
fn invalid(tree: &Placed, error: &serde_path_to_error::Error<serde_json::Error>) -> DocumentError {
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
    Problem { kind: ProblemKind::InvalidValue, line, column, path, message, hint: None }.into()
}

/// Walks the tree beside the schema. A place whose schema names no keys takes any.
fn unknown_keys(root: &Json, schema: &Json, tree: &Placed, path: &mut Vec<String>, problems: &mut Vec<Problem>) {
    let schema = resolve(root, schema);
    match &tree.value {
        Node::Scalar(_) => {}
        Node::List(items) => {
            let Some(inner) = schema.get("items") else { return };
            for (index, item) in items.iter().enumerate() {
                path.push(index.to_string());
                unknown_keys(root, inner, item, path, problems);
                path.pop();
            }
        }
        Node::Map(entries) => {
            let properties = schema.get("properties").and_then(Json::as_object);
            let others = schema.get("additionalProperties");
            for (key, value) in entries {
                path.push(key.value.clone());
                match (properties.and_then(|properties| properties.get(&key.value)), others) {
                    (Some(inner), _) => unknown_keys(root, inner, value, path, problems),
                    (None, Some(Json::Bool(false))) => {
                        problems.push(unknown_key(key.referenced, &key.value, path, properties));
                    }
                    (None, Some(inner)) => unknown_keys(root, inner, value, path, problems),
                    (None, None) => {}
                }
                path.pop();
            }
        }
    }
}

/// Follows `$ref`, and for an optional value the alternative that is not null.
fn resolve<'a>(root: &'a Json, schema: &'a Json) -> &'a Json {
    if let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
        let target = reference.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
        return target.map_or(schema, |target| resolve(root, target));
    }
    let alternatives = schema.get("anyOf").and_then(Json::as_array);
    let value = alternatives.and_then(|all| all.iter().find(|one| one.get("type") != Some(&Json::from("null"))));
    value.map_or(schema, |value| resolve(root, value))
}

fn unknown_key(
    location: Location,
    key: &str,
    path: &[String],
    properties: Option<&serde_json::Map<String, Json>>,
) -> Problem {
    let names: Vec<&str> =
        properties.into_iter().flat_map(|properties| properties.keys().map(String::as_str)).collect();
    let similarity = |name: &&&str| strsim::normalized_damerau_levenshtein(key, name);
    let nearest = names.iter().max_by(|left, right| similarity(left).total_cmp(&similarity(right)));
    let hint = match nearest {
        Some(name) if similarity(&name) >= SIMILARITY_MIN => format!("did you mean `{name}`?"),
        _ => format!("keys there are: {}", names.join(", ")),
    };
    let (line, column) = position(location);
    let message = format!("unknown key `{key}`");
    Problem { kind: ProblemKind::UnknownKey, line, column, path: path.join("."), message, hint: Some(hint) }
}

#[cfg(test)]
mod tests;
