//! How a bucket is reached.
//! Never writes credentials anywhere: they stay with the store's client.

use std::path::PathBuf;
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::{Certificate, ClientOptions, RetryConfig};
use thiserror::Error;

use crate::ObjectBlobs;

/// How often a request is tried again that the store could not answer.
const RETRIES_MAX: usize = 4;
/// How long all tries of one request may take.
const RETRY_SECONDS_MAX: u64 = 60;
/// How long one try may take; it moves one part at most.
const REQUEST_SECONDS_MAX: u64 = 60;

/// A bucket of an S3-compatible store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketAddress {
    /// Its name.
    pub bucket: String,
    /// The store's address; none means AWS.
    pub endpoint: Option<String>,
    /// The store's region; none means what the usual AWS variables say, else `us-east-1`.
    pub region: Option<String>,
    /// PEM files of certificate authorities that the store may be vouched for by, besides the system's.
    pub trusted_roots: Vec<PathBuf>,
}

/// Where in a bucket blobs are kept, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketConfig {
    /// The bucket.
    pub address: BucketAddress,
    /// Put before every name.
    pub prefix: String,
    /// Largest object that the store copies in one request; [`crate::COPY_BYTES_MAX`] at AWS.
    pub copy_bytes_max: u64,
}

/// Why a bucket cannot be used as it is configured, or did not do what was asked of it.
#[derive(Debug, Error)]
pub enum BucketError {
    /// The address, the variables or the certificates make no sense.
    #[error("the bucket {bucket} cannot be used: {reason}")]
    Unusable {
        /// Its name.
        bucket: String,
        /// What is wrong.
        reason: String,
    },
    /// The store refused, or could not be reached.
    #[error("{0}")]
    Store(#[from] object_store::Error),
}

impl BucketError {
    /// Whether the store says that there is no such bucket or object.
    #[must_use]
    pub const fn is_missing(&self) -> bool {
        matches!(self, Self::Store(object_store::Error::NotFound { .. }))
    }

    /// Whether asking again cannot help: the store knows who asks and says no.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        use object_store::Error;
        matches!(self, Self::Store(Error::PermissionDenied { .. } | Error::Unauthenticated { .. }))
    }
}

impl ObjectBlobs {
    /// Blobs in this bucket, with the credentials of the usual AWS variables or the machine's role. Nothing is asked
    /// of the store yet.
    ///
    /// # Errors
    /// Where the address or the variables make no sense.
    pub fn open(config: &BucketConfig) -> Result<Self, BucketError> {
        Self::build(config, AmazonS3Builder::from_env())
    }

    /// Blobs in this bucket, with these credentials.
    ///
    /// # Errors
    /// Where the address makes no sense.
    pub fn open_with_keys(config: &BucketConfig, key: &str, secret: &str) -> Result<Self, BucketError> {
        Self::build(config, AmazonS3Builder::new().with_access_key_id(key).with_secret_access_key(secret))
    }

    fn build(config: &BucketConfig, credentials: AmazonS3Builder) -> Result<Self, BucketError> {
        let store = connect(&config.address, credentials)?;
        Ok(Self::copying(Box::new(store), config.prefix.clone(), config.copy_bytes_max))
    }
}

/// A client of the store for this bucket. Nothing is asked of the store yet.
pub(crate) fn connect(address: &BucketAddress, credentials: AmazonS3Builder) -> Result<AmazonS3, BucketError> {
    // One process has one provider; where somebody was first, it is the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let retry = RetryConfig {
        max_retries: RETRIES_MAX,
        retry_timeout: Duration::from_secs(RETRY_SECONDS_MAX),
        ..RetryConfig::default()
    };
    let mut options = ClientOptions::new().with_timeout(Duration::from_secs(REQUEST_SECONDS_MAX));
    for certificate in certificates(address)? {
        options = options.with_root_certificate(certificate);
    }
    let mut builder = credentials.with_client_options(options).with_bucket_name(&address.bucket).with_retry(retry);
    if let Some(region) = &address.region {
        builder = builder.with_region(region);
    }
    if let Some(endpoint) = &address.endpoint {
        builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
    }
    builder.build().map_err(|error| address.unusable(&error))
}

fn certificates(address: &BucketAddress) -> Result<Vec<Certificate>, BucketError> {
    let mut found = Vec::new();
    for file in &address.trusted_roots {
        let unusable = |error: &dyn std::fmt::Display| address.unusable(&format!("{}: {error}", file.display()));
        let pem = std::fs::read(file).map_err(|error| unusable(&error))?;
        found.extend(Certificate::from_pem_bundle(&pem).map_err(|error| unusable(&error))?);
    }
    Ok(found)
}

impl BucketAddress {
    fn unusable(&self, reason: &dyn std::fmt::Display) -> BucketError {
        BucketError::Unusable { bucket: self.bucket.clone(), reason: reason.to_string() }
    }
}
