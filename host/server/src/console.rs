//! The console's files, for whoever opens the node's address in a browser.
//! Never answers below the paths of an interface: what the console does not know is not found there either.

use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName,
    IF_NONE_MATCH, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use host_console::Asset;

/// Pages run what the node itself serves and ask nobody but the node. Artifacts are shown in frames whose own
/// policy is stricter still.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
                           font-src 'self'; connect-src 'self'; frame-src 'self'; worker-src 'self'; \
                           base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The file or page under a path, where it is the console's.
pub(crate) fn page(method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Response> {
    if ![Method::GET, Method::HEAD].contains(method) {
        return None;
    }
    let asset = host_console::find(uri.path())?;
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if text(IF_NONE_MATCH).split(',').any(|held| held.trim() == asset.tag) {
        return Some((StatusCode::NOT_MODIFIED, [(ETAG, asset.tag)]).into_response());
    }
    Some(answer(asset, takes_gzip(text(ACCEPT_ENCODING))))
}

fn answer(asset: &'static Asset, compressed: bool) -> Response {
    let cache = if asset.is_immutable() { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [
        (CONTENT_TYPE, asset.media_type()),
        (CACHE_CONTROL, cache),
        (CONTENT_SECURITY_POLICY, PAGE_POLICY),
        (ETAG, asset.tag),
        (REFERRER_POLICY, "no-referrer"),
        (VARY, "accept-encoding"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let (content, encoding) = match asset.gzip.filter(|_| compressed) {
        Some(gzip) => (gzip, Some("gzip")),
        None => (asset.plain, None),
    };
    let mut response = (headers, Body::from(content)).into_response();
    if let Some(encoding) = encoding {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// Whether an `Accept-Encoding` takes gzip: named, and not with a weight of nothing.
fn takes_gzip(accepted: &str) -> bool {
    accepted.split(',').any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        let weight = parts.find_map(|part| part.strip_prefix("q=")).map(str::trim);
        named && weight.is_none_or(|weight| weight.parse::<f32>().is_ok_and(|weight| weight > 0.0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(method: &Method, path: &str, encodings: &'static str) -> Option<Response> {
        let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(encodings))]);
        page(method, &path.parse().unwrap_or_default(), &headers)
    }

    fn header(response: &Response, name: HeaderName) -> &str {
        response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    #[test]
    fn encodings_are_read_as_http_says() {
        for (accepted, expected) in [
            ("gzip, deflate, br", true),
            ("br;q=1.0, GZIP;q=0.5", true),
            ("gzip;q=0", false),
            ("gzip; q=0.0, identity", false),
            ("identity", false),
            ("", false),
        ] {
            assert_eq!(takes_gzip(accepted), expected, "{accepted}");
        }
    }

    #[test]
    fn pages_forbid_scripts_of_others_and_inline_ones() {
        let page = asked(&Method::GET, "/runs/some-run", "").unwrap_or_default();
        let policy = header(&page, CONTENT_SECURITY_POLICY);
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!((header(&page, CACHE_CONTROL), header(&page, X_CONTENT_TYPE_OPTIONS)), ("no-cache", "nosniff"));
        assert_eq!(header(&page, CONTENT_TYPE), "text/html; charset=utf-8");
    }

    #[test]
    fn interfaces_and_changes_are_left_alone() {
        for path in ["/api/v1/nothing", "/apis/v2beta1/nothing", "/v2/", "/healthy"] {
            assert!(asked(&Method::GET, path, "").is_none(), "{path}");
        }
        assert!(asked(&Method::POST, "/runs", "").is_none());
    }

    #[test]
    fn what_is_held_already_is_not_sent_again() {
        let tag = host_console::find("/").map_or("", |asset| asset.tag);
        let headers = HeaderMap::from_iter([(IF_NONE_MATCH, HeaderValue::from_static(tag))]);
        let response = page(&Method::GET, &Uri::from_static("/"), &headers).unwrap_or_default();
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
    }
}
