//! What refers to a manifest: asked for where the registry has the referrers API, else kept under a tag.
//! Never takes a list for complete proof: each entry is a manifest yet to be fetched and checked.

use bytes::Bytes;
use registry_oci::{ArtifactPackage, Descriptor, Digest, Index, Manifest, Reference, canonical_json, media_types};
use reqwest::Url;
use reqwest::header::LINK;

use crate::client::RegistryClient;
use crate::places::Place;
use crate::push::BlobSource;
use crate::retry::Retries;
use crate::transport::read_body;
use crate::{RegistryError, next_page};

/// Most referrers of one manifest that are read.
const REFERRERS_MAX: usize = 1000;

impl RegistryClient {
    /// What a reference names, whatever it is: media type, digest and size of the manifest.
    ///
    /// # Errors
    /// Where the registry cannot be reached, refuses, lies or has no such thing.
    pub async fn describe(&self, reference: &Reference) -> Result<Descriptor, RegistryError> {
        let place = Place::new(self.config(), reference)?;
        self.in_time(&place, async { Ok(self.manifest(&place).await?.descriptor) }).await
    }

    /// What refers to the manifest `subject` in the reference's repository.
    ///
    /// # Errors
    /// As for `describe`; where nothing refers to it, the list is empty.
    pub async fn referrers(&self, repository: &Reference, subject: &Digest) -> Result<Vec<Descriptor>, RegistryError> {
        let place = Place::new(self.config(), repository)?;
        self.in_time(&place, self.referrers_at(&place, subject)).await
    }

    /// Pushes a manifest that refers to another one, behind its layers. Where the registry does not keep track of
    /// such, the list under the subject's tag is brought up to date, as the specification has it.
    ///
    /// # Errors
    /// As for `describe`.
    pub async fn attach(
        &self,
        repository: &Reference,
        subject: &Digest,
        package: &ArtifactPackage,
        layers: &[(Descriptor, Bytes)],
    ) -> Result<Digest, RegistryError> {
        let place = Place::new(self.config(), repository)?;
        self.in_time(&place, self.attach_at(&place, subject, package, layers)).await
    }

    pub(crate) async fn attach_at(
        &self,
        place: &Place,
        subject: &Digest,
        package: &ArtifactPackage,
        layers: &[(Descriptor, Bytes)],
    ) -> Result<Digest, RegistryError> {
        self.push_package_blobs(place, package, layers).await?;
        let digest = &package.manifest.digest;
        let pinned = place.with_digest(self.config(), digest)?;
        let manifest = Bytes::from(package.manifest_bytes.clone());
        if !self.push_manifest(&pinned, media_types::IMAGE_MANIFEST, &manifest).await? {
            self.list_under_tag(place, subject, &package.manifest).await?;
        }
        Ok(digest.clone())
    }

    pub(crate) async fn push_package_blobs(
        &self,
        place: &Place,
        package: &ArtifactPackage,
        layers: &[(Descriptor, Bytes)],
    ) -> Result<(), RegistryError> {
        let mut blobs: Vec<(&Descriptor, BlobSource)> =
            layers.iter().map(|(layer, content)| (layer, BlobSource::Memory(content.clone()))).collect();
        blobs.push((&package.config, BlobSource::Memory(package.config_bytes.clone().into())));
        self.push_blobs(place, &blobs).await
    }

    pub(crate) async fn referrers_at(&self, place: &Place, subject: &Digest) -> Result<Vec<Descriptor>, RegistryError> {
        let mut found = Vec::new();
        let mut url = place.referrers_url(subject);
        loop {
            let page = match self.referrer_page(place, &url).await {
                // The registry has no such list at all, so its clients keep one under a tag.
                Err(RegistryError::NotFound { .. }) if found.is_empty() => {
                    return self.listed_under_tag(place, subject).await;
                }
                page => page?,
            };
            found.extend(page.0);
            if found.len() > REFERRERS_MAX {
                return Err(place.protocol(format!("more than {REFERRERS_MAX} manifests refer to {subject}")));
            }
            match page.1 {
                Some(next) => url = next,
                None => return Ok(found),
            }
        }
    }

    async fn referrer_page(
        &self,
        place: &Place,
        url: &str,
    ) -> Result<(Vec<Descriptor>, Option<String>), RegistryError> {
        let what = "the list of referrers";
        let mut retries = Retries::new(self.config());
        let (body, next) = loop {
            let attempt = async {
                let response = self.transport().get(self.config(), place, url, media_types::IMAGE_INDEX).await?;
                let link = response.headers().get(LINK).and_then(|link| link.to_str().ok()).map(str::to_owned);
                let body = read_body(place, response, what, self.config().manifest_bytes_max).await?;
                Ok((body, link))
            };
            match attempt.await {
                Ok(answer) => break answer,
                Err(trouble) => retries.after(trouble).await?,
            }
        };
        let next = match next {
            Some(link) => Some(next_url(place, url, &link)?),
            None => None,
        };
        match Manifest::parse(&body, Some(media_types::IMAGE_INDEX)) {
            Ok(Manifest::Index(index)) => Ok((index.manifests, next)),
            Ok(Manifest::Image(_)) => Err(place.protocol(format!("{what} is an image"))),
            Err(error) => Err(place.protocol(format!("{what}: {error}"))),
        }
    }

    async fn listed_under_tag(&self, place: &Place, subject: &Digest) -> Result<Vec<Descriptor>, RegistryError> {
        let tagged = place.with_tag(self.config(), &referrers_tag(subject))?;
        match self.manifest(&tagged).await {
            Ok(fetched) => match fetched.manifest {
                Manifest::Index(index) if index.manifests.len() <= REFERRERS_MAX => Ok(index.manifests),
                _ => Err(place.protocol(format!("what it has under {} is no list of referrers", tagged.reference))),
            },
            Err(RegistryError::NotFound { .. }) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// Two clients at once may lose one entry of each other; the specification has nothing better for such registries.
    async fn list_under_tag(&self, place: &Place, subject: &Digest, entry: &Descriptor) -> Result<(), RegistryError> {
        let mut manifests = self.listed_under_tag(place, subject).await?;
        if manifests.iter().any(|listed| listed.digest == entry.digest) {
            return Ok(());
        }
        manifests.push(entry.clone());
        let index = canonical_json(&Index::of(manifests));
        let tagged = place.with_tag(self.config(), &referrers_tag(subject))?;
        self.push_manifest(&tagged, media_types::IMAGE_INDEX, &index.into()).await.map(drop)
    }
}

/// The tag under which clients keep the list where the registry does not.
fn referrers_tag(subject: &Digest) -> String {
    // A tag has at most 128 characters, which the specification cuts longer digests down to.
    let mut tag = format!("{}-{}", subject.algorithm().name(), subject.hex());
    tag.truncate(registry_oci::TAG_BYTES_MAX);
    tag
}

/// The address of the next page; only ever at the same registry, since credentials go along.
fn next_url(place: &Place, url: &str, link: &str) -> Result<String, RegistryError> {
    let here = Url::parse(url).map_err(|error| place.protocol(error.to_string()))?;
    let next = next_page::target(link).and_then(|target| here.join(target).ok());
    match next {
        Some(next) if next.origin() == here.origin() && next != here => Ok(next.into()),
        _ => Err(place.protocol("its list of referrers goes on at a place that is not its own")),
    }
}
