//! Registries that hang, lie or refuse while a component is pushed.
//! Never believes a push before the manifest came back.

use std::time::{Duration, Instant};

use registry_client::{ClientConfig, RegistryClient, RegistryError};
use registry_oci::media_types;

use crate::kit::*;

async fn push_to(broken: impl Fn(&str, usize) -> Reply + Send + Sync + 'static) -> RegistryError {
    let registry = Broken::start(broken).await;
    let client = RegistryClient::new(config(&registry.address));
    let begun = Instant::now();
    let result = client.push_component(&reference("a/b:1"), content(3_000_000).into(), &description()).await;
    assert!(begun.elapsed() < Duration::from_secs(10), "gave up only after {:?}", begun.elapsed());
    result.unwrap_err()
}

fn accepted(location: &str) -> Reply {
    raw(format!("HTTP/1.1 202 Accepted\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
}

/// Answers everything before the upload's body as a registry without any blob does.
fn before_body(request: &str, location: &str) -> Option<Reply> {
    match request.split(' ').next() {
        Some("GET") => Some(answer("200 OK", media_types::JSON, b"{}")),
        Some("HEAD") => Some(raw("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")),
        Some("POST") => Some(accepted(location)),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_that_stops_taking_is_unreachable() {
    for stuck in ["GET", "HEAD", "POST", "PUT"] {
        let error = push_to(move |request, _| {
            if request.starts_with(stuck) {
                return raw("").then(Then::Hang);
            }
            before_body(request, "/v2/a/b/blobs/uploads/1").unwrap_or_else(|| raw(""))
        })
        .await;
        assert!(matches!(error, RegistryError::Unreachable { .. }), "{stuck}: {error}");
        assert!(error.to_string().contains("stopped"), "{stuck}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strange_locations_are_a_broken_protocol() {
    for location in ["", "nonsense", "http://", "ftp://127.0.0.1/x", "//["] {
        let error = push_to(move |request, _| before_body(request, location).unwrap_or_else(|| raw(""))).await;
        let expected = matches!(error, RegistryError::Protocol { .. } | RegistryError::Unreachable { .. });
        assert!(expected, "`{location}`: {error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_keep_their_names() {
    let cases = [("401 Unauthorized", "refused"), ("403 Forbidden", "refused"), ("400 Bad Request", "breaks")];
    for (status, expected) in cases {
        let error = push_to(move |request, _| {
            before_body(request, "/v2/a/b/blobs/uploads/1")
                .unwrap_or_else(|| answer(status, "text/plain", b"not in my house"))
        })
        .await;
        assert!(error.to_string().contains(expected), "{error}");
        assert!(error.to_string().contains("not in my house"), "{error}");
    }
}

/// All is accepted, and afterwards nothing is there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_that_forgets_is_found_out() {
    let error = push_to(|request, _| match request.split(' ').next() {
        Some("GET") if request.contains("/manifests/") => answer("404 Not Found", "text/plain", b""),
        Some("PUT") => raw("HTTP/1.1 201 Created\r\nLocation: /v2/x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            .then(Then::Hang),
        _ => before_body(request, "/v2/a/b/blobs/uploads/1").unwrap_or_else(|| raw("")),
    })
    .await;
    assert!(matches!(error, RegistryError::Protocol { .. }), "{error}");
    assert!(error.to_string().contains("does not have it"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_component_past_the_limit_is_not_sent() {
    let client = RegistryClient::new(ClientConfig { component_bytes_max: 100, ..config("127.0.0.1:1") });
    let error = client.push_component(&reference("a:1"), content(101).into(), &description()).await.unwrap_err();
    assert!(matches!(error, RegistryError::TooLarge { bytes_max: 100, .. }), "{error}");
}
