//! Statements about manifests after in-toto, and the SLSA provenance that a push can make.
//! Never states what the pusher did not say: what is not known is left out.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use registry_oci::{Digest, canonical_json};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
/// What a statement says that only signs, in sigstore's newer form.
const SIGNS: &str = "https://sigstore.dev/cosign/sign/v1";
const PROVENANCE: &str = "https://slsa.dev/provenance/v1";
/// Describes what the parameters of such a build mean.
const BUILD_TYPE: &str = "https://sandmill.dev/build-types/component/v1";

/// Says something (the predicate) of some things (the subjects).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Statement {
    /// Always the same.
    #[serde(rename = "_type")]
    pub statement_type: String,
    /// What it is about.
    pub subject: Vec<StatementSubject>,
    /// What sort of thing is said.
    pub predicate_type: String,
    /// What is said.
    #[serde(default)]
    pub predicate: Json,
}

/// Something that is named by its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementSubject {
    /// For people.
    #[serde(default)]
    pub name: String,
    /// Hashes by algorithm.
    pub digest: BTreeMap<String, String>,
}

/// How a component came to be, as far as its pusher says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// Who vouches for the build: an address that names a person, a service or a program.
    pub builder: String,
    /// Address of the source.
    pub source: Option<String>,
    /// The source's revision.
    pub revision: Option<String>,
    /// What the component's own bytes hash to.
    pub component: Option<Digest>,
}

impl Statement {
    /// States where a manifest comes from.
    #[must_use]
    pub fn provenance(name: &str, manifest: &Digest, provenance: &Provenance) -> Self {
        let mut parameters = Map::new();
        if let Some(component) = &provenance.component {
            parameters.insert("component".to_owned(), component.to_string().into());
        }
        let mut definition = Map::new();
        definition.insert("buildType".to_owned(), BUILD_TYPE.into());
        definition.insert("externalParameters".to_owned(), parameters.into());
        if let Some(source) = &provenance.source {
            let mut dependency = Map::new();
            dependency.insert("uri".to_owned(), source.clone().into());
            if let Some(revision) = &provenance.revision {
                dependency.insert("digest".to_owned(), serde_json::json!({ "gitCommit": revision }));
            }
            definition.insert("resolvedDependencies".to_owned(), vec![Json::Object(dependency)].into());
        }
        let predicate = serde_json::json!({
            "buildDefinition": definition,
            "runDetails": { "builder": { "id": provenance.builder } },
        });
        Self::about(name, manifest, PROVENANCE, predicate)
    }

    /// States nothing but that the manifest is signed, as sigstore's newer form has it.
    #[must_use]
    pub fn signature(name: &str, manifest: &Digest) -> Self {
        Self::about(name, manifest, SIGNS, Json::Object(Map::new()))
    }

    fn about(name: &str, manifest: &Digest, predicate_type: &str, predicate: Json) -> Self {
        Self {
            statement_type: STATEMENT_TYPE.to_owned(),
            subject: vec![StatementSubject {
                name: name.to_owned(),
                digest: BTreeMap::from([(manifest.algorithm().name().to_owned(), manifest.hex().to_owned())]),
            }],
            predicate_type: predicate_type.to_owned(),
            predicate,
        }
    }

    /// The statement's bytes, the same for the same content.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical_json(self)
    }

    /// Reads a statement.
    ///
    /// # Errors
    /// Where the bytes are none.
    pub fn parse(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }

    /// Whether this statement is a signature of the manifest, as sigstore's newer form has it.
    #[must_use]
    pub fn signs(&self, manifest: &Digest) -> bool {
        self.predicate_type == SIGNS && self.is_about(manifest)
    }

    /// Whether the manifest is among the subjects.
    #[must_use]
    pub fn is_about(&self, manifest: &Digest) -> bool {
        let named = |subject: &StatementSubject| {
            subject.digest.get(manifest.algorithm().name()).is_some_and(|hex| hex == manifest.hex())
        };
        self.statement_type == STATEMENT_TYPE && self.subject.iter().any(named)
    }
}
