//! What a search needs to know, asked of the indexes; and wheels, fetched into the blobs.
//! Never keeps a wheel under a digest that it does not hash to.

use std::sync::Arc;

use pep440_rs::Version;
use pep508_rs::PackageName;
use registry_cas::{BlobError, SharedBlobs, read_all};
use registry_oci::{Algorithm, Digest};
use reqwest::Response;
use url::Url;

use crate::index::{FILE, Http, LIST, StreamTrouble, protocol};
use crate::metadata::{self, Metadata};
use crate::page::{self, OwnMetadata, Project, WheelFile};
use crate::{PythonIndex, WheelError, WheelsConfig, archive};

/// Indexes, and the blobs behind them. Cloning shares both.
#[derive(Clone)]
pub(crate) struct Fetch {
    pub(crate) config: Arc<WheelsConfig>,
    pub(crate) http: Arc<Http>,
    pub(crate) blobs: SharedBlobs,
}

impl Fetch {
    /// What the first index that has the package has of it. Only one counts: otherwise whoever may write to any
    /// of several indexes could put a newer version of somebody else's package there.
    pub(crate) async fn project(
        &self,
        package: &PackageName,
        indexes: &[PythonIndex],
        python: &Version,
    ) -> Result<Option<Project>, WheelError> {
        for index in indexes {
            let url = index.page(package.as_ref());
            let Some(answer) = self.http.read(&url, LIST, self.config.page_bytes_max).await? else { continue };
            if !answer.media_type.ends_with("json") {
                let reason = format!("it answers with `{}` where {LIST} was asked for", answer.media_type);
                return Err(protocol(&url, reason));
            }
            let project = page::read(package, &answer.url, &answer.body, python);
            return project.map(Some).map_err(|reason| protocol(&url, reason));
        }
        Ok(None)
    }

    /// What a wheel needs. An inner error is the wheel's own: another version may do.
    pub(crate) async fn metadata(
        &self,
        package: &PackageName,
        wheel: &WheelFile,
    ) -> Result<Result<Metadata, String>, WheelError> {
        if let OwnMetadata::Yes(expected) = &wheel.metadata
            && let Some(text) = self.own_metadata(wheel, expected.as_ref()).await?
        {
            return Ok(metadata::read(&text));
        }
        self.keep(&wheel.file, &wheel.digest, &wheel.url).await?;
        let bytes = read_all(self.blobs.as_ref(), &wheel.digest, self.config.wheel_bytes_max).await?;
        let text = archive::metadata(&bytes, package, self.config.metadata_bytes_max);
        Ok(text.and_then(|text| metadata::read(&text)))
    }

    async fn own_metadata(&self, wheel: &WheelFile, expected: Option<&Digest>) -> Result<Option<String>, WheelError> {
        let mut url = wheel.url.clone();
        url.set_path(&format!("{}.metadata", wheel.url.path()));
        let Some(answer) = self.http.read(&url, FILE, self.config.metadata_bytes_max).await? else { return Ok(None) };
        let actual = Digest::sha256(&answer.body);
        if let Some(expected) = expected.filter(|expected| **expected != actual) {
            let (file, expected) = (format!("{}.metadata", wheel.file), expected.clone());
            return Err(WheelError::Digest { file, expected, actual });
        }
        let text = String::from_utf8(answer.body.to_vec());
        text.map(Some).map_err(|_| protocol(&url, "it is no UTF-8 text".to_owned()))
    }

    /// Fetches a wheel into the blobs, unless they have it.
    pub(crate) async fn keep(&self, file: &str, digest: &Digest, url: &Url) -> Result<(), WheelError> {
        if self.blobs.size_bytes(digest).await?.is_some() {
            return Ok(());
        }
        let taken = self.http.stream(url, |response| self.take(file, digest, response)).await?;
        taken.ok_or_else(|| protocol(url, "there is no such file".to_owned()))
    }

    async fn take(&self, file: &str, digest: &Digest, mut response: Response) -> Result<(), StreamTrouble> {
        let bytes_max = self.config.wheel_bytes_max;
        let too_long = || WheelError::Limit {
            what: format!("{file} is longer than"),
            limit_name: "wheel_bytes_max",
            limit: bytes_max,
        };
        if response.content_length().is_some_and(|length| length > bytes_max) {
            return Err(too_long().into());
        }
        let mut writer = self.blobs.writer(Algorithm::Sha256).await?;
        while let Some(piece) = response.chunk().await.map_err(StreamTrouble::Request)? {
            if writer.written_bytes() + piece.len() as u64 > bytes_max {
                return Err(too_long().into());
            }
            writer.write(&piece).await?;
        }
        match writer.finish(Some(digest)).await {
            Ok(_) => Ok(()),
            Err(BlobError::DigestMismatch { expected, actual }) => {
                Err(WheelError::Digest { file: file.to_owned(), expected, actual }.into())
            }
            Err(error) => Err(error.into()),
        }
    }
}
