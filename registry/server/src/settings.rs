//! The one document in which a registry is set up: access, TLS, storage, garbage, limits.
//! Never read from anywhere but the file that was named; what it leaves out has the usual value.

#[cfg(test)]
mod tests;

use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;

use crate::access::{AccessConfig, Challenge, PasswordFile, PasswordFileError, Rule};
use crate::config::RegistryConfig;
use crate::garbage::{GarbageConfig, Untagged};
use crate::tls::{Tls, TlsError};

/// A larger file is no such document.
const FILE_BYTES_MAX: u64 = 1 << 20;
/// Longest life of a token.
const TOKEN_SECONDS_MAX: u32 = 24 * 60 * 60;

/// What the document says. Each part may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Who may do what.
    pub access: Option<Access>,
    /// Certificate and key.
    pub tls: Option<TlsFiles>,
    /// Where the bytes lie.
    pub storage: Storage,
    /// When garbage is collected.
    pub garbage: Garbage,
    /// How much is taken.
    pub limits: Limits,
}

/// Who may do what.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Access {
    /// A file of users as `htpasswd -B` writes it.
    pub users: Option<PathBuf>,
    /// What is allowed; where no rule is written, everybody may pull and users may do everything.
    pub rule: Vec<Rule>,
    /// How clients are told to authenticate.
    pub challenge: Challenge,
    /// How long a token is good for.
    pub token_seconds: u32,
    /// Scheme and host under which clients reach the registry, where a proxy stands before it.
    pub external_url: Option<String>,
}

impl Default for Access {
    fn default() -> Self {
        let AccessConfig { challenge, token_seconds, external_url, .. } = AccessConfig::default();
        Self { users: None, rule: Vec::new(), challenge, token_seconds, external_url }
    }
}

/// Certificate and key as PEM files.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TlsFiles {
    /// The certificate, followed by those that vouch for it.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// Where the bytes lie. Names and tags are always in the data folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", tag = "kind")]
pub enum Storage {
    /// In the data folder.
    #[default]
    Folder,
    /// In a bucket of an S3-compatible store. Its credentials come from the usual AWS variables.
    S3(Bucket),
}

/// A bucket of an S3-compatible store.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Bucket {
    /// Its name.
    pub bucket: String,
    /// The store's address; AWS where it is left out.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// The store's region.
    #[serde(default = "Bucket::usual_region")]
    pub region: String,
    /// Put before every name, so that a bucket can be shared.
    #[serde(default)]
    pub prefix: String,
}

impl Bucket {
    /// A bucket at AWS, with nothing before its names.
    #[must_use]
    pub fn new(bucket: impl Into<String>) -> Self {
        Self { bucket: bucket.into(), endpoint: None, region: Self::usual_region(), prefix: String::new() }
    }

    fn usual_region() -> String {
        "us-east-1".to_owned()
    }
}

/// When garbage is collected, and what is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Garbage {
    /// Minutes between two collections; 0 never collects by itself.
    pub every_minutes: u32,
    /// What is younger stays.
    pub grace_minutes: u32,
    /// What becomes of manifests that no tag leads to.
    pub untagged: Untagged,
}

impl Default for Garbage {
    fn default() -> Self {
        Self { every_minutes: 60, grace_minutes: GarbageConfig::default().grace_minutes, untagged: Untagged::Keep }
    }
}

/// How much is taken.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Largest blob.
    pub blob_bytes_max: u64,
    /// Uploads that may be open at once.
    pub uploads_max: usize,
    /// An upload that nobody touched for so long is given up.
    pub upload_idle_seconds_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        let usual = RegistryConfig::new("");
        Self {
            blob_bytes_max: usual.blob_bytes_max,
            uploads_max: usual.uploads_max,
            upload_idle_seconds_max: usual.upload_idle_millis_max / 1000,
        }
    }
}

/// Why a registry cannot be set up as it is written.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// The document cannot be read.
    #[error("the registry's settings {} cannot be read: {problem}", path.display())]
    Unreadable {
        /// The document.
        path: PathBuf,
        /// Why.
        problem: String,
    },
    /// The document says something that is not understood.
    #[error("the registry's settings {} are not understood: {problem}", path.display())]
    Malformed {
        /// The document.
        path: PathBuf,
        /// What, and where.
        problem: String,
    },
    /// A value is outside of what makes sense.
    #[error("the registry's setting {setting} {problem}")]
    Value {
        /// Which.
        setting: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// The file of users is unusable.
    #[error(transparent)]
    Users(#[from] PasswordFileError),
    /// The certificate or its key is unusable.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

impl Settings {
    /// Reads a document. Paths in it are taken from its own folder. Blocks.
    ///
    /// # Errors
    /// Where it cannot be read, or has a part that is not known.
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let unreadable = |problem: String| SettingsError::Unreadable { path: path.to_owned(), problem };
        let size_bytes = fs::metadata(path).map_err(|error| unreadable(error.to_string()))?.len();
        if size_bytes > FILE_BYTES_MAX {
            return Err(unreadable(format!("it has more than {FILE_BYTES_MAX} bytes")));
        }
        let text = fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
        let mut settings =
            Self::parse(&text).map_err(|problem| SettingsError::Malformed { path: path.to_owned(), problem })?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let access = settings.access.iter_mut().filter_map(|access| access.users.as_mut());
        let tls = settings.tls.iter_mut().flat_map(|tls| [&mut tls.certificate, &mut tls.key]);
        for file in access.chain(tls) {
            *file = folder.join(&*file);
        }
        Ok(settings)
    }

    fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())
    }

    /// What a registry is opened with that keeps its names in this folder and is reached at this address. Where
    /// others than this machine can reach it, writing needs a user unless the document says otherwise. Blocks.
    ///
    /// # Errors
    /// Where a value makes no sense, or a file that is named is unusable.
    pub fn config(&self, folder: PathBuf, address: IpAddr, owns_blobs: bool) -> Result<RegistryConfig, SettingsError> {
        self.check()?;
        let access = match &self.access {
            Some(access) => Some(access.config()?),
            None if address.is_loopback() => None,
            None => Some(AccessConfig::default()),
        };
        let tls = self.tls.as_ref().map(|files| Tls::open(&files.certificate, &files.key)).transpose()?;
        let Garbage { every_minutes, grace_minutes, untagged } = self.garbage;
        let every_minutes = (every_minutes > 0).then_some(every_minutes);
        Ok(RegistryConfig {
            blob_bytes_max: self.limits.blob_bytes_max,
            uploads_max: self.limits.uploads_max,
            upload_idle_millis_max: self.limits.upload_idle_seconds_max.saturating_mul(1000),
            access,
            tls,
            garbage: GarbageConfig { every_minutes, grace_minutes, untagged, owns_blobs },
            ..RegistryConfig::new(folder)
        })
    }

    fn check(&self) -> Result<(), SettingsError> {
        let refuse = |setting, problem: &str| Err(SettingsError::Value { setting, problem: problem.to_owned() });
        if let Some(access) = &self.access {
            if !(1..=TOKEN_SECONDS_MAX).contains(&access.token_seconds) {
                let problem = format!("must be from 1 to {TOKEN_SECONDS_MAX}, not {}", access.token_seconds);
                return refuse("access.token-seconds", &problem);
            }
            let is_url = |url: &str| {
                let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
                rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(['"', ' ', '\\', '?', '#']))
            };
            if access.external_url.as_deref().is_some_and(|url| !is_url(url)) {
                return refuse("access.external-url", "must be scheme and host, such as https://registry.example");
            }
        }
        if self.limits.blob_bytes_max == 0 || self.limits.uploads_max == 0 || self.limits.upload_idle_seconds_max == 0 {
            return refuse("limits", "must each be at least 1");
        }
        match &self.storage {
            Storage::S3(bucket) if bucket.bucket.is_empty() => refuse("storage.bucket", "must be a bucket's name"),
            _ => Ok(()),
        }
    }
}

impl Access {
    fn config(&self) -> Result<AccessConfig, SettingsError> {
        Ok(AccessConfig {
            users: self.users.as_ref().map(PasswordFile::open).transpose()?,
            rules: if self.rule.is_empty() { Rule::usual() } else { self.rule.clone() },
            challenge: self.challenge,
            token_seconds: self.token_seconds,
            external_url: self.external_url.clone(),
        })
    }
}
