//! How a bucket is reached.
//! Never writes credentials anywhere: they stay with the store's client.

use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::{ClientOptions, RetryConfig};
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
pub struct BucketConfig {
    /// Its name.
    pub bucket: String,
    /// The store's address; none means AWS.
    pub endpoint: Option<String>,
    /// The store's region.
    pub region: String,
    /// Put before every name.
    pub prefix: String,
    /// Largest object that the store copies in one request; [`crate::COPY_BYTES_MAX`] at AWS.
    pub copy_bytes_max: u64,
}

/// Why a bucket cannot be used as it is configured.
#[derive(Debug, Error)]
#[error("the bucket {bucket} cannot be used: {source}")]
pub struct BucketError {
    bucket: String,
    source: object_store::Error,
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
        // One process has one provider; where somebody was first, it is the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let retry = RetryConfig {
            max_retries: RETRIES_MAX,
            retry_timeout: Duration::from_secs(RETRY_SECONDS_MAX),
            ..RetryConfig::default()
        };
        let options = ClientOptions::new().with_timeout(Duration::from_secs(REQUEST_SECONDS_MAX));
        let mut builder = credentials
            .with_client_options(options)
            .with_bucket_name(&config.bucket)
            .with_region(&config.region)
            .with_retry(retry);
        if let Some(endpoint) = &config.endpoint {
            builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
        }
        let store = builder.build().map_err(|source| BucketError { bucket: config.bucket.clone(), source })?;
        Ok(Self::copying(Box::new(store), config.prefix.clone(), config.copy_bytes_max))
    }
}
