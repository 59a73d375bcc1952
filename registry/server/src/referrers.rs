//! The manifests that are about another one: signatures, attestations, notes.
//! Never needs the other one to exist.

use axum::body::Body;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::Response;
use registry_oci::{Digest, Index, canonical_json, media_types};

use crate::blobs::finish;
use crate::error::ApiError;
use crate::route::Repository;
use crate::server::{Query, Shared, response};

const FILTERS_APPLIED: HeaderName = HeaderName::from_static("oci-filters-applied");

impl Shared {
    pub(crate) async fn list_referrers(
        &self,
        query: &Query,
        repository: Repository,
        subject: Digest,
    ) -> Result<Response, ApiError> {
        let mut referrers = self.links.run(move |links| links.referrers(&repository, &subject)).await?;
        let mut builder = response(StatusCode::OK).header(header::CONTENT_TYPE, media_types::IMAGE_INDEX);
        if let Some(wanted) = query.get("artifactType") {
            referrers.retain(|descriptor| descriptor.artifact_type.as_deref() == Some(wanted));
            builder = builder.header(FILTERS_APPLIED, "artifactType");
        }
        finish(builder, Body::from(canonical_json(&Index::of(referrers))))
    }
}
