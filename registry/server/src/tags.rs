//! The list of a repository's tags, in pages.
//! Never sorted by anything but the tags' bytes, so that a page's end is a place to go on from.

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::Response;
use registry_oci::media_types;
use serde_json::json;

use crate::blobs::finish;
use crate::error::{ApiError, Code};
use crate::route::Repository;
use crate::server::{Query, Shared, response};

impl Shared {
    pub(crate) async fn list_tags(&self, query: &Query, repository: Repository) -> Result<Response, ApiError> {
        let count_max = match query.get("n").map(str::parse::<usize>) {
            None => None,
            Some(Ok(count)) => Some(count),
            Some(Err(_)) => return Err(ApiError::bad(Code::Unsupported, "n is not a number of tags")),
        };
        let name = repository.clone();
        let mut tags = self
            .links
            .run(move |links| links.tags(&name))
            .await?
            .ok_or_else(|| ApiError::missing(Code::NameUnknown, "there is no such repository"))?;
        if let Some(last) = query.get("last") {
            tags.retain(|tag| tag.as_str() > last);
        }
        let mut builder = response(StatusCode::OK).header(header::CONTENT_TYPE, media_types::JSON);
        if let Some(count_max) = count_max
            && tags.len() > count_max
        {
            tags.truncate(count_max);
            // A page of no tags has no place to go on from.
            if let Some(last) = tags.last() {
                let next = format!("</v2/{repository}/tags/list?n={count_max}&last={last}>; rel=\"next\"");
                builder = builder.header(header::LINK, next);
            }
        }
        finish(builder, Body::from(json!({ "name": repository.as_str(), "tags": tags }).to_string()))
    }
}
