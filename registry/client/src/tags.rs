//! The tags of a repository, page by page.
//! Never goes on for ever: a registry that repeats itself or has no end is an error.

use registry_oci::{is_tag, media_types};
use reqwest::header::LINK;
use serde::Deserialize;

use crate::RegistryError;
use crate::client::RegistryClient;
use crate::places::Place;
use crate::retry::Retries;
use crate::transport::read_body;

/// Tags asked for at a time.
const PAGE_TAGS: usize = 1000;
/// Most tags that are gathered.
const TAGS_MAX: usize = 100_000;

#[derive(Deserialize)]
struct TagList {
    tags: Option<Vec<String>>,
}

impl RegistryClient {
    pub(crate) async fn tags_at(&self, place: &Place) -> Result<Vec<String>, RegistryError> {
        let mut tags: Vec<String> = Vec::new();
        loop {
            let (page, more) = self.tag_page(place, tags.last()).await?;
            let stuck = page.is_empty() || page.last() == tags.last();
            tags.extend(page);
            if !more {
                return Ok(tags);
            }
            if stuck || tags.len() > TAGS_MAX {
                return Err(place.protocol(format!("its list of tags has no end (after {} tags)", tags.len())));
            }
        }
    }

    async fn tag_page(&self, place: &Place, after: Option<&String>) -> Result<(Vec<String>, bool), RegistryError> {
        // A tag has no character that a query would have to escape.
        let after = after.map_or(String::new(), |tag| format!("&last={tag}"));
        let url = format!("{}?n={PAGE_TAGS}{after}", place.tags_url());
        let mut retries = Retries::new(self.config());
        let (body, more) = loop {
            let attempt = async {
                let response = self.transport().get(self.config(), place, &url, media_types::JSON).await?;
                let more = response.headers().contains_key(LINK);
                let body = read_body(place, response, "the list of tags", self.config().manifest_bytes_max).await?;
                Ok((body, more))
            };
            match attempt.await {
                Ok(answer) => break answer,
                Err(trouble) => retries.after(trouble).await?,
            }
        };
        let list: TagList = serde_json::from_slice(&body)
            .map_err(|error| place.protocol(format!("its list of tags is malformed: {error}")))?;
        let tags = list.tags.unwrap_or_default();
        match tags.iter().find(|tag| !is_tag(tag)) {
            Some(strange) => Err(place.protocol(format!("it lists the tag `{}`", crate::error::quoted(strange)))),
            None => Ok((tags, more)),
        }
    }
}
