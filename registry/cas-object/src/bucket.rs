//! How a bucket is reached.
//! Never writes credentials anywhere: they stay with the store's client.

use std::path::PathBuf;
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::{Certificate, ClientOptions, RetryConfig};
use thiserror::Error;

use crate::ObjectBlobs;
use crate::connector::DirectConnector;

/// How often a request is tried again that the store could not answer.
const RETRIES_MAX: usize = 4;
/// How long all tries of one request may take.
const RETRY_SECONDS_MAX: u64 = 60;
/// How long one try may take; it moves one part at most.
const REQUEST_TIME_MAX: Duration = Duration::from_secs(60);

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

/// What a bucket is opened with, in place of the process's own variables and of the machine's role. Not to be printed.
#[derive(Clone, PartialEq, Eq)]
pub enum BucketKeys {
    /// With a key.
    Key {
        /// Its id.
        id: String,
        /// The key.
        secret: String,
        /// What goes with a key that holds for a while only.
        session_token: Option<String>,
    },
    /// With nothing: anybody may read.
    Anybody,
}

impl BucketKeys {
    /// A key that holds until it is taken back.
    #[must_use]
    pub fn lasting(id: &str, secret: &str) -> Self {
        Self::Key { id: id.to_owned(), secret: secret.to_owned(), session_token: None }
    }

    /// Credentials of these keys, and of nothing else: neither variables nor the machine are asked.
    pub(crate) fn builder(&self) -> AmazonS3Builder {
        let builder = AmazonS3Builder::new();
        match self {
            Self::Anybody => builder.with_skip_signature(true),
            Self::Key { id, secret, session_token } => {
                let builder = builder.with_access_key_id(id).with_secret_access_key(secret);
                match session_token {
                    Some(token) => builder.with_token(token),
                    None => builder,
                }
            }
        }
    }
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
        Self::build(config, BucketKeys::lasting(key, secret).builder())
    }

    fn build(config: &BucketConfig, credentials: AmazonS3Builder) -> Result<Self, BucketError> {
        let store = connect(&config.address, credentials)?;
        Ok(Self::copying(Box::new(store), config.prefix.clone(), config.copy_bytes_max))
    }
}

/// A client of the store for this bucket. Nothing is asked of the store yet.
pub(crate) fn connect(address: &BucketAddress, credentials: AmazonS3Builder) -> Result<AmazonS3, BucketError> {
    let mut options = ClientOptions::new().with_timeout(REQUEST_TIME_MAX);
    for certificate in certificates(address)? {
        options = options.with_root_certificate(certificate);
    }
    finish(address, credentials.with_client_options(options))
}

/// The same for a bucket that somebody else named: its store cannot send this process elsewhere.
pub(crate) fn connect_without_detours(
    address: &BucketAddress,
    credentials: AmazonS3Builder,
) -> Result<AmazonS3, BucketError> {
    let connector = DirectConnector::new(&pem_files(address)?, REQUEST_TIME_MAX);
    let options = ClientOptions::new();
    finish(address, credentials.with_client_options(options).with_http_connector(connector))
}

fn finish(address: &BucketAddress, builder: AmazonS3Builder) -> Result<AmazonS3, BucketError> {
    // One process has one provider; where somebody was first, it is the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let retry = RetryConfig {
        max_retries: RETRIES_MAX,
        retry_timeout: Duration::from_secs(RETRY_SECONDS_MAX),
        ..RetryConfig::default()
    };
    let mut builder = builder.with_bucket_name(&address.bucket).with_retry(retry);
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
    for pem in pem_files(address)? {
        found.extend(Certificate::from_pem_bundle(&pem).map_err(|error| address.unusable(&error))?);
    }
    Ok(found)
}

fn pem_files(address: &BucketAddress) -> Result<Vec<Vec<u8>>, BucketError> {
    let read =
        |file: &PathBuf| std::fs::read(file).map_err(|error| address.unusable(&format!("{}: {error}", file.display())));
    address.trusted_roots.iter().map(read).collect()
}

impl BucketAddress {
    fn unusable(&self, reason: &dyn std::fmt::Display) -> BucketError {
        BucketError::Unusable { bucket: self.bucket.clone(), reason: reason.to_string() }
    }
}
