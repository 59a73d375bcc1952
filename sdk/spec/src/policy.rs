//! The Policy document: which components may run at all.
//! Never checks one itself; that is the node's work, at submission.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::document::{Found, Read};
use crate::pipeline::{ApiVersion, Metadata};
use crate::{DocumentError, document};

/// Keys in one policy; each is tried on each signature.
pub const KEYS_MAX: usize = 100;
/// Patterns in one list.
pub const PATTERNS_MAX: usize = 1_000;

/// Which components may run: where they may come from, what they may import, who must have signed them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// Always `sandmill.dev/v1`.
    pub api_version: ApiVersion,
    /// Always `Policy`.
    pub kind: PolicyKind,
    /// Name and description.
    pub metadata: Metadata,
    /// The rules.
    pub spec: PolicySpec,
}

/// What the document describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum PolicyKind {
    /// A policy.
    Policy,
}

/// The rules. One that is left out allows everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PolicySpec {
    /// Where components may come from: `ghcr.io`, `ghcr.io/team` (and all below it), `own` for the node's own
    /// registry, `own/team` for a part of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("maxItems" = PATTERNS_MAX))]
    pub allowed_registries: Option<Vec<String>>,
    /// What components may import, as WIT names in which `*` stands for anything: `wasi:io/*`, `sandmill:*`. A name
    /// without a version means all versions.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("maxItems" = PATTERNS_MAX))]
    pub allowed_imports: Option<Vec<String>>,
    /// Whose signatures count.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("maxItems" = KEYS_MAX))]
    pub trusted_keys: Vec<TrustedKey>,
    /// Whether a component runs only if one of the trusted keys signed it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub require_signature: bool,
}

/// Someone whose signatures count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrustedKey {
    /// What the signer is called in lineage: lower-case letters, digits and hyphens.
    #[schemars(extend("format" = "name", "pattern" = crate::rules::NAME_PATTERN))]
    pub name: String,
    /// The key in PEM, as `sandmill key generate` and `cosign generate-key-pair` write it.
    pub public_key: String,
    /// Repositories for which the key counts, written as under `allowedRegistries`; left out, for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("maxItems" = PATTERNS_MAX))]
    pub repositories: Option<Vec<String>>,
}

impl Policy {
    /// Reads a document, YAML or JSON.
    ///
    /// # Errors
    /// Everything wrong with it that can be told from the document alone, with lines.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        document::read(text, check)
    }

    /// The document's JSON schema, as published in `sdk/spec/schema/policy.json`.
    #[must_use]
    pub fn json_schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }
}

/// Whether a component of this repository comes from where the pattern says. `registry` is none for the node's own.
#[must_use]
pub fn covers_repository(pattern: &str, registry: Option<&str>, repository: &str) -> bool {
    let (allowed_registry, allowed_path) = match pattern.split_once('/') {
        Some((registry, path)) => (registry, Some(path)),
        None => (pattern, None),
    };
    let fits_registry = allowed_registry.eq_ignore_ascii_case(registry.unwrap_or(OWN_REGISTRY));
    fits_registry
        && allowed_path.is_none_or(|path| {
            repository.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
}

/// Whether a WIT name is among those that the pattern stands for.
#[must_use]
pub fn covers_import(pattern: &str, import: &str) -> bool {
    let unversioned = import.split_once('@').map_or(import, |(name, _)| name);
    matches(pattern, import) || (!pattern.contains('@') && matches(pattern, unversioned))
}

/// What the node's own registry is called in patterns. No other can be: a registry's name has a dot or a port.
const OWN_REGISTRY: &str = "own";

/// `*` stands for any text, the empty one included.
fn matches(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, inner)) = pieces.split_last() else { return rest.is_empty() };
    for piece in inner {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// Rules that no schema holds.
fn check(read: &Read<Policy>, found: &mut Found) {
    let spec = &read.value.spec;
    if spec.require_signature && spec.trusted_keys.is_empty() {
        let message = "a signature is required, and no key is trusted".to_owned();
        let hint = "add one under `trustedKeys`, or nothing could ever run".to_owned();
        found.push(read.problem(&["spec", "requireSignature"], message, Some(hint)));
    }
    let keys = spec.trusted_keys.iter().enumerate();
    let lists = keys.filter_map(|(index, key)| {
        Some((vec!["trustedKeys".to_owned(), index.to_string(), "repositories".to_owned()], key.repositories.as_ref()?))
    });
    let registries = spec.allowed_registries.iter().map(|list| (vec!["allowedRegistries".to_owned()], list));
    for (path, patterns) in registries.chain(lists) {
        for (index, pattern) in patterns.iter().enumerate() {
            if is_registry_pattern(pattern) {
                continue;
            }
            let index = index.to_string();
            let path: Vec<&str> =
                ["spec"].into_iter().chain(path.iter().map(String::as_str)).chain([&*index]).collect();
            let message = format!("`{pattern}` names no registry");
            let hint = "write ghcr.io, ghcr.io/team, or own for the node's own registry".to_owned();
            found.push(read.problem(&path, message, Some(hint)));
        }
    }
    for (index, key) in spec.trusted_keys.iter().enumerate() {
        let earlier = &spec.trusted_keys[..index];
        if earlier.iter().any(|other| other.name == key.name) {
            let message = format!("two keys are called `{}`", key.name);
            let path = ["spec", "trustedKeys", &index.to_string(), "name"];
            found.push(read.problem(&path, message, Some("give each its own name".to_owned())));
        }
    }
}

fn is_registry_pattern(pattern: &str) -> bool {
    let registry = pattern.split('/').next().unwrap_or_default();
    let is_part = |part: &str| !part.is_empty() && !part.contains(|character: char| character.is_whitespace());
    let names_a_registry = registry == OWN_REGISTRY || registry == "localhost" || registry.contains(['.', ':']);
    names_a_registry && pattern.split('/').all(is_part) && !pattern.contains('*')
}

#[cfg(test)]
mod tests;
