//! Content that importers name: fetched from where the node may read, kept under its digest.
//! Never goes where the policy does not allow, not even where an allowed host sends it.

pub(crate) mod access;
mod bucket;
mod keep;
mod registry;
mod web;

use std::path::PathBuf;
use std::time::Duration;

use host_artifacts::Artifacts;
use host_base::{ArtifactRef, Code, Failure, Limits};
use host_pipeline::kfp::{ImportPlace, import_place};

use self::access::Access;
use self::web::Web;
use crate::Policy;
use crate::components::Components;

/// What is taken where nobody says what a content is.
const OCTETS: &str = "application/octet-stream";

/// How imports reach places.
pub(crate) struct Imports {
    web: Web,
    /// PEM files of certificate authorities that are trusted besides the system's.
    trusted_roots: Vec<PathBuf>,
}

/// What an import goes by.
pub(crate) struct Import<'node> {
    pub(crate) policy: &'node Policy,
    pub(crate) components: &'node Components,
    pub(crate) artifacts: &'node Artifacts,
    pub(crate) limits: &'node Limits,
    /// What the document names to open the place; none means the node's own access.
    pub(crate) access: Option<&'node Access>,
}

/// Refuses what this node's policy does not let anybody read, and what cannot be opened with what is named for it.
pub(crate) fn check(policy: &Policy, uri: &str, access: Option<&Access>) -> Result<(), Failure> {
    match import_place(uri)? {
        ImportPlace::Registry { reference } => registry::check(&reference, uri, access),
        ImportPlace::Web { host } if policy.allows_host(&host) => web::check(uri, access),
        ImportPlace::Web { host } => {
            Err(not_allowed(uri, &format!("HTTP to `{host}`"), &format!("--allow-http {host}")))
        }
        ImportPlace::Bucket { scheme, bucket, .. } => bucket::place(policy, uri, (&scheme, &bucket), access).map(drop),
    }
}

fn not_allowed(uri: &str, what: &str, flag: &str) -> Failure {
    let message = format!("content is to be read from {uri}, and this node's policy does not allow {what}");
    Failure::new(Code::GrantNotAllowed, message).with_hint(format!("start the node with `sandmill up {flag}`"))
}

impl Imports {
    pub(crate) fn new(trusted_roots: Vec<PathBuf>) -> Self {
        Self { web: Web::default(), trusted_roots }
    }

    /// The content of a URI.
    pub(crate) async fn content(&self, uri: &str, import: &Import<'_>) -> Result<ArtifactRef, Failure> {
        check(import.policy, uri, import.access)?;
        let limit_millis = import.limits.wall_millis_max;
        let work = async {
            match import_place(uri)? {
                ImportPlace::Registry { reference } => registry::fetch(&reference, import).await,
                ImportPlace::Web { .. } => self.web.fetch(uri, &self.trusted_roots, import).await,
                ImportPlace::Bucket { scheme, bucket, key } => {
                    bucket::fetch(uri, (&scheme, &bucket, &key), &self.trusted_roots, import).await
                }
            }
        };
        tokio::time::timeout(Duration::from_millis(limit_millis), Box::pin(work)).await.unwrap_or_else(|_| {
            Err(failed(uri, &format!("it did not come within wall_millis_max = {limit_millis}")).retryable())
        })
    }
}

fn failed(uri: &str, reason: &str) -> Failure {
    Failure::new(Code::ImportFailed, format!("{uri} cannot be imported: {reason}"))
        .with_hint("check the address, and that it needs no login")
}

#[cfg(test)]
mod tests;
