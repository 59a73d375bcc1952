//! Where a redirect leads.
//! Never from https to http, where the answer could be another's.

use ::http::Uri;
use ::http::uri::Scheme;

use crate::{Context, Failure, Result};

pub(super) fn follow(from: &Uri, location: Option<&str>) -> Result<Uri> {
    let location = location.with_context(|| format!("{from} redirects without saying where"))?;
    let target = super::parse(&resolve(from, location)).with_context(|| format!("{from} redirects to {location}"))?;
    if from.scheme() == Some(&Scheme::HTTPS) && target.scheme() == Some(&Scheme::HTTP) {
        return Err(Failure::new(format!("{from} redirects from https to {target}, which is not followed"))
            .with_hint("give the URL that is redirected to, if it can be trusted"));
    }
    Ok(target)
}

/// The whole URL of a location that may be given from the host or from the folder on.
fn resolve(from: &Uri, location: &str) -> String {
    let scheme = from.scheme_str().unwrap_or("https");
    let authority = from.authority().map_or("", |authority| authority.as_str());
    if location.contains("://") {
        location.to_owned()
    } else if let Some(rest) = location.strip_prefix("//") {
        format!("{scheme}://{rest}")
    } else if location.starts_with('/') {
        format!("{scheme}://{authority}{location}")
    } else if location.starts_with('?') {
        format!("{scheme}://{authority}{}{location}", from.path())
    } else {
        let folder = from.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{scheme}://{authority}{folder}/{location}")
    }
}
