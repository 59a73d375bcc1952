//! Content that importers name: fetched from where the node may read, kept under its digest.
//! Never goes where the policy does not allow, not even where an allowed host sends it.

mod bucket;
mod keep;
mod registry;
mod web;

use std::path::PathBuf;
use std::time::Duration;

use host_artifacts::Artifacts;
use host_base::{ArtifactRef, Code, Failure, Limits};
use host_pipeline::kfp::{ImportPlace, import_place};

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
}

/// Refuses what this node's policy does not let anybody read.
pub(crate) fn check(policy: &Policy, uri: &str) -> Result<(), Failure> {
    let (what, flag) = match import_place(uri)? {
        ImportPlace::Registry { reference } => return registry::parse(&reference).map(drop),
        ImportPlace::Web { host } if policy.allows_host(&host) => return Ok(()),
        ImportPlace::Web { host } => (format!("HTTP to `{host}`"), format!("--allow-http {host}")),
        ImportPlace::Bucket { scheme, bucket, .. } if policy.allowed_bucket(&scheme, &bucket).is_some() => {
            return Ok(());
        }
        ImportPlace::Bucket { scheme, bucket, .. } => {
            let place = format!("{scheme}://{bucket}");
            let store = if scheme == "minio" { "=http://HOST:PORT" } else { "" };
            (format!("reading from the bucket `{place}`"), format!("--allow-bucket {place}{store}"))
        }
    };
    Err(Failure::new(
        Code::GrantNotAllowed,
        format!("the importer reads {uri}, and this node's policy does not allow {what}"),
    )
    .with_hint(format!("start the node with `sandmill up {flag}`")))
}

impl Imports {
    pub(crate) fn new(trusted_roots: Vec<PathBuf>) -> Self {
        Self { web: Web::default(), trusted_roots }
    }

    /// The content of a URI.
    pub(crate) async fn content(&self, uri: &str, import: &Import<'_>) -> Result<ArtifactRef, Failure> {
        check(import.policy, uri)?;
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
