//! What every request passes: web pages of others are kept out, a handler's panic stays its own.
//! Never knows who asks; `token` does.

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use host_base::{Code, Failure};

use crate::answer::Refusal;
use crate::router::Shared;

/// Stands around every handler.
pub(crate) async fn guard(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    if let Some(failure) = foreign_page(request.method(), request.headers(), shared.local_only) {
        return Refusal::from(failure).into_response();
    }
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = AssertUnwindSafe(next.run(request)).catch_unwind().await.unwrap_or_else(|_| {
        // The panic's own words are on stderr already, with the place in the code.
        tracing::error!(%method, path, "a handler panicked");
        Refusal::from(
            Failure::new(Code::Internal, format!("answering {method} {path} failed by a defect"))
                .with_hint("please report it with the node's log; other requests are not affected"),
        )
        .into_response()
    });
    tracing::debug!(%method, path, status = response.status().as_u16(), "answered");
    response
}

/// Whether a browser sends this on behalf of a page that is not the node's own. Without it, any page
/// that is open on this machine could start runs here.
fn foreign_page(method: &Method, headers: &HeaderMap, local_only: bool) -> Option<Failure> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(HOST);
    // A page can have its own name resolve to this machine. No address and no `localhost` can be such a name.
    if let Some(host) = host
        && local_only
        && !is_local_name(host)
    {
        let message = format!("this node listens on this machine only and is not called `{host}`");
        return Some(
            Failure::new(Code::BadRequest, message)
                .with_hint("connect to 127.0.0.1 or localhost; a proxy has to send one of these as `Host`"),
        );
    }
    let origin = text(ORIGIN)?;
    let origin_host = origin.split_once("://").map(|(_, host)| host);
    if *method == Method::GET || (origin_host.is_some() && origin_host == host) {
        return None;
    }
    let message = format!("a page of `{origin}` may not change anything here");
    Some(Failure::new(Code::BadRequest, message).with_hint("send the request without a browser"))
}

fn is_local_name(host: &str) -> bool {
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.split_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]
    use super::*;

    fn refused(method: &Method, headers: &[(HeaderName, &str)], local_only: bool) -> bool {
        let headers = headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        foreign_page(method, &headers, local_only).is_some()
    }

    #[test]
    fn programs_pass() {
        assert!(!refused(&Method::POST, &[(HOST, "127.0.0.1:8080")], true));
        assert!(!refused(&Method::POST, &[(HOST, "localhost:8080")], true));
        assert!(!refused(&Method::POST, &[(HOST, "[::1]:8080")], true));
        assert!(!refused(&Method::POST, &[(HOST, "sandmill.example.org")], false));
    }

    #[test]
    fn pages_of_others_change_nothing() {
        let foreign = [(HOST, "127.0.0.1:8080"), (ORIGIN, "https://example.org")];
        assert!(refused(&Method::POST, &foreign, true));
        assert!(!refused(&Method::GET, &foreign, true));
        assert!(refused(&Method::POST, &[(HOST, "127.0.0.1:8080"), (ORIGIN, "null")], true));
        assert!(!refused(&Method::POST, &[(HOST, "127.0.0.1:8080"), (ORIGIN, "http://127.0.0.1:8080")], true));
    }

    #[test]
    fn names_that_a_page_can_choose_do_not_reach_a_local_node() {
        assert!(refused(&Method::GET, &[(HOST, "rebound.example.org:8080")], true));
        assert!(refused(&Method::GET, &[(HOST, "localhost.example.org")], true));
    }
}
