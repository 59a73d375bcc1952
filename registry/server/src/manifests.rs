//! Manifests: taken after a check that all they name is here, served as the bytes they came in.
//! Never rewritten: a digest names bytes.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use registry_cas::read_all;
use registry_oci::{Algorithm, Descriptor, Digest, Hasher, MANIFEST_BYTES_MAX, Manifest, is_tag, media_types};

use crate::blobs::{CONTENT_DIGEST, finish, header_value};
use crate::body::Pieces;
use crate::error::{ApiError, Code};
use crate::garbage;
use crate::route::{ManifestName, Repository};
use crate::server::{Query, Shared, response};

/// Most tags that one push may set.
const TAGS_PER_PUSH_MAX: usize = 32;
const SUBJECT: HeaderName = HeaderName::from_static("oci-subject");
const TAG: HeaderName = HeaderName::from_static("oci-tag");

impl Shared {
    pub(crate) async fn get_manifest(
        &self,
        method: &Method,
        repository: Repository,
        name: ManifestName,
    ) -> Result<Response, ApiError> {
        let shown = name.to_string();
        let found = self.links.run(move |links| {
            let digest = match name {
                ManifestName::Digest(digest) => Some(digest),
                ManifestName::Tag(tag) => links.tag(&repository, &tag)?,
                ManifestName::Invalid(_) => None,
            };
            let Some(digest) = digest else { return Ok(None) };
            Ok(links.manifest(&repository, &digest)?.map(|link| (digest, link)))
        });
        let (digest, link) = found.await?.ok_or_else(|| ApiError::manifest_unknown(&shown))?;
        let base = response(StatusCode::OK)
            .header(header::CONTENT_TYPE, header_value(&link.media_type)?)
            .header(header::ETAG, format!("\"{digest}\""))
            .header(CONTENT_DIGEST, digest.to_string());
        if method == Method::HEAD {
            let size_bytes = self.blobs.size_bytes(&digest).await?.ok_or_else(|| ApiError::manifest_unknown(&shown))?;
            return finish(base.header(header::CONTENT_LENGTH, size_bytes), Body::empty());
        }
        let bytes = read_all(&*self.blobs, &digest, MANIFEST_BYTES_MAX as u64).await.map_err(|error| {
            tracing::error!(%error, %digest, "a manifest is linked but cannot be read");
            ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Unknown, "the registry's storage failed")
        })?;
        finish(base, Body::from(bytes))
    }

    pub(crate) async fn put_manifest(
        &self,
        headers: &HeaderMap,
        query: &Query,
        body: &mut Pieces,
        repository: Repository,
        name: ManifestName,
    ) -> Result<Response, ApiError> {
        let bytes = body.gather(MANIFEST_BYTES_MAX).await?.ok_or_else(ApiError::manifest_too_large)?;
        let announced = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let announced = announced.and_then(|value| value.split(';').next()).map(str::trim);
        let manifest = Manifest::parse(&bytes, announced)
            .map_err(|error| ApiError::bad(Code::ManifestInvalid, error.to_string()))?;
        let (expected, tags) = names_in_push(name, query)?;
        let digest = digest_of(&bytes, expected.as_ref())?;
        let named = garbage::named_by(&manifest);
        let _passing = self.gate.pass(named.iter().map(|named| &named.digest).chain([&digest])).await;
        self.check_named(&repository, &manifest).await?;

        let mut writer = self.blobs.writer(digest.algorithm()).await?;
        writer.write(&bytes).await?;
        writer.finish(Some(&digest)).await?;

        let descriptor = Descriptor {
            media_type: manifest.media_type().to_owned(),
            digest: digest.clone(),
            size: bytes.len() as u64,
            artifact_type: manifest.artifact_type().map(str::to_owned),
            urls: Vec::new(),
            annotations: manifest.annotations().clone(),
        };
        let subject = manifest.subject().map(|subject| subject.digest.clone());
        let mut created = response(StatusCode::CREATED)
            .header(header::LOCATION, format!("/v2/{repository}/manifests/{digest}"))
            .header(CONTENT_DIGEST, digest.to_string());
        if let Some(subject) = &subject {
            created = created.header(SUBJECT, subject.to_string());
        }
        for tag in &tags {
            created = created.header(TAG, tag);
        }
        self.links.run(move |links| links.add_manifest(&repository, &descriptor, subject.as_ref(), &tags)).await?;
        self.pushes.send_modify(|pushes| *pushes += 1);
        finish(created, Body::empty())
    }

    /// By digest a manifest goes with all its tags, by tag only the tag.
    pub(crate) async fn delete_manifest(
        &self,
        repository: Repository,
        name: ManifestName,
    ) -> Result<Response, ApiError> {
        let shown = name.to_string();
        let removed = self.links.run(move |links| match name {
            ManifestName::Digest(digest) => links.remove_manifest(&repository, &digest),
            ManifestName::Tag(tag) => links.remove_tag(&repository, &tag),
            ManifestName::Invalid(_) => Ok(false),
        });
        if removed.await? {
            finish(response(StatusCode::ACCEPTED), Body::empty())
        } else {
            Err(ApiError::manifest_unknown(&shown))
        }
    }

    /// All that a manifest names must be in its repository, except what lies elsewhere and what it is about.
    async fn check_named(&self, repository: &Repository, manifest: &Manifest) -> Result<(), ApiError> {
        let is_index = matches!(manifest, Manifest::Index(_));
        // An index may name content that is no manifest; what has addresses of its own may lie there alone.
        let named: Vec<(Digest, bool)> = garbage::named_by(manifest)
            .into_iter()
            .filter(|named| named.urls.is_empty())
            .map(|named| {
                let media_type = &named.media_type;
                let is_manifest = media_types::is_image_manifest(media_type) || media_types::is_index(media_type);
                (named.digest.clone(), is_index && is_manifest)
            })
            .collect();
        let repository = repository.clone();
        let missing = self.links.run(move |links| {
            for (digest, is_manifest) in named {
                let known = if is_manifest {
                    links.manifest(&repository, &digest)?.is_some()
                } else {
                    links.has_blob(&repository, &digest)?
                };
                if !known {
                    return Ok(Some(digest));
                }
            }
            Ok(None)
        });
        match missing.await? {
            Some(digest) => Err(ApiError::referenced_unknown(&digest)),
            None => Ok(()),
        }
    }
}

/// The digest that the path asks for, and the tags to set: the path's, or those of the query.
fn names_in_push(name: ManifestName, query: &Query) -> Result<(Option<Digest>, Vec<String>), ApiError> {
    let bad_tag = || ApiError::bad(Code::ManifestInvalid, "a tag has at most 128 letters, digits, `_`, `.` and `-`");
    match name {
        ManifestName::Invalid(_) => Err(bad_tag()),
        ManifestName::Tag(tag) => Ok((None, vec![tag])),
        ManifestName::Digest(digest) => {
            let tags: Vec<String> = query.all("tag").map(str::to_owned).collect();
            if tags.len() > TAGS_PER_PUSH_MAX {
                let message = format!("one push sets at most {TAGS_PER_PUSH_MAX} tags");
                return Err(ApiError::bad(Code::ManifestInvalid, message));
            }
            if tags.iter().all(|tag| is_tag(tag)) { Ok((Some(digest), tags)) } else { Err(bad_tag()) }
        }
    }
}

fn digest_of(bytes: &Bytes, expected: Option<&Digest>) -> Result<Digest, ApiError> {
    let mut hasher = Hasher::new(expected.map_or(Algorithm::Sha256, Digest::algorithm));
    hasher.update(bytes);
    let actual = hasher.finish();
    match expected {
        Some(expected) if *expected != actual => {
            Err(ApiError::bad(Code::DigestInvalid, format!("the manifest hashes to {actual}, not to {expected}")))
        }
        _ => Ok(actual),
    }
}
