//! Registries that hang, lie or refuse, as the client meets them when it resolves and pulls.
//! Never lets a fault pass as success: each case names the error it must become.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use registry_client::{ClientConfig, RegistryClient, RegistryError, ResolvedComponent};
use registry_oci::{
    Descriptor, Digest, ImageManifest, Index, WasmConfig, canonical_json, media_types, package_component,
};

use crate::kit::*;

/// Longest that a client with the tests' limits may take to give up.
const PATIENCE: Duration = Duration::from_secs(10);

/// Resolves and pulls from a registry in which only `broken` differs from an honest one.
async fn pull_from(
    broken: impl Fn(&str, usize) -> Option<Reply> + Send + Sync + 'static,
) -> Result<ResolvedComponent, RegistryError> {
    let (component, package) = package();
    let registry = Broken::start(move |request, before| {
        broken(request, before)
            .or_else(|| honest(request, &component, &package))
            .unwrap_or_else(|| answer("404 Not Found", "text/plain", b"nothing here"))
    })
    .await;
    let client = RegistryClient::new(config(&registry.address));
    let blobs = memory();
    let begun = Instant::now();
    let result = async {
        let resolved = client.resolve(&reference("a/b:1")).await?;
        client.pull_component(&resolved, &blobs).await?;
        Ok(resolved)
    }
    .await;
    assert!(begun.elapsed() < PATIENCE, "gave up only after {:?}", begun.elapsed());
    assert_eq!(is_empty(&blobs).await, result.is_err(), "a refused component must not be kept");
    result
}

fn on_layer(reply: impl Fn(&[u8]) -> Reply + Send + Sync + 'static) -> impl Fn(&str, usize) -> Option<Reply> {
    let (component, package) = package();
    move |request, _| request.ends_with(&package.layer.digest.to_string()).then(|| reply(&component))
}

fn on_manifest(reply: impl Fn() -> Reply + Send + Sync + 'static) -> impl Fn(&str, usize) -> Option<Reply> {
    move |request, _| request.contains("/manifests/").then(&reply)
}

fn head(length: Option<usize>) -> String {
    let length = length.map_or("Transfer-Encoding: chunked".to_owned(), |length| format!("Content-Length: {length}"));
    format!("HTTP/1.1 200 OK\r\n{length}\r\nConnection: close\r\n\r\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_honest_registry_is_pulled_from() {
    pull_from(|_, _| None).await.unwrap();
}

#[tokio::test]
async fn nobody_listening_is_unreachable() {
    // The port was free a moment ago, and nobody waits behind it now.
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let error = RegistryClient::new(config(&address)).resolve(&reference("a:1")).await.unwrap_err();
    assert!(matches!(error, RegistryError::Unreachable { .. }), "{error}");
    assert!(error.is_retryable());
    assert!(error.to_string().contains(&address), "{error}");
}

/// A loopback address in a notation that does not count as one: TLS is wanted, and nobody falls back from it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_without_tls_is_not_spoken_to() {
    let requests = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&requests);
    let registry = Broken::start(move |_, _| {
        seen.fetch_add(1, Ordering::Relaxed);
        answer("200 OK", "text/plain", b"in the clear")
    })
    .await;
    let secure = registry.address.replace("127.0.0.1", "[::ffff:127.0.0.1]");
    let client = RegistryClient::new(ClientConfig { operation_millis_max: 2_000, ..config(&registry.address) });
    match client.resolve(&reference(&format!("{secure}/a:1"))).await.unwrap_err() {
        RegistryError::Setup { reason } => skipped(&format!("this machine cannot do TLS: {reason}")),
        error => assert!(matches!(error, RegistryError::Unreachable { .. }), "{error}"),
    }
    assert_eq!(requests.load(Ordering::Relaxed), 0, "nothing was asked for in the clear");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_that_hangs_is_unreachable() {
    let silent = pull_from(|_, _| Some(raw("").then(Then::Hang))).await;
    let half_a_manifest = pull_from(on_manifest(|| raw(format!("{}{{\"schema", head(Some(100)))).then(Then::Hang)));
    let half_a_component = pull_from(on_layer(|component| {
        raw([head(Some(10_000)).as_bytes(), &component[..5000]].concat()).then(Then::Hang)
    }));
    for result in [silent, half_a_manifest.await, half_a_component.await] {
        let error = result.unwrap_err();
        assert!(matches!(error, RegistryError::Unreachable { .. }), "{error}");
        assert!(error.to_string().ends_with("it stopped answering"), "{error}");
        assert!(error.is_retryable());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_that_drips_is_given_up_in_the_end() {
    let registry = Broken::start(|_, _| raw(head(Some(1_000_000))).then(Then::Drip)).await;
    let client = RegistryClient::new(ClientConfig { operation_millis_max: 1_500, ..config(&registry.address) });
    let begun = Instant::now();
    let error = client.resolve(&reference("a:1")).await.unwrap_err();
    assert!(error.to_string().ends_with("not done within 1500 ms"), "{error}");
    assert!(begun.elapsed() < PATIENCE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lie_about_length_is_a_broken_protocol() {
    let cases = [
        pull_from(on_layer(|component| announced("200 OK", "a/b", 20_000, component))).await,
        pull_from(on_layer(|component| announced("200 OK", "a/b", 5_000, component))).await,
        // The right length is announced, and the connection ends before it, each time.
        pull_from(on_layer(|component| announced("200 OK", "a/b", 10_000, &component[..9_999]))).await,
        // No length is announced, and one byte too few or without end come.
        pull_from(on_layer(|component| {
            raw([head(None).as_bytes(), b"270f\r\n", &component[..9_999], b"\r\n0\r\n\r\n"].concat())
        }))
        .await,
        pull_from(on_layer(|_| raw([head(None).as_bytes(), b"7fffffff\r\n"].concat()).then(Then::Flood))).await,
    ];
    for (number, result) in cases.into_iter().enumerate() {
        let error = result.unwrap_err();
        assert!(matches!(error, RegistryError::Protocol { .. }), "case {number}: {error}");
        assert!(error.to_string().contains("bytes") || error.to_string().contains("less than"), "{number}: {error}");
        assert!(!error.is_retryable());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_content_is_a_digest_mismatch() {
    let forged_layer = pull_from(on_layer(|component| {
        let mut forged = component.to_vec();
        forged[5_000] ^= 1;
        answer("200 OK", "a/b", &forged)
    }));
    let (_, good) = package();
    let config_digest = good.config.digest.to_string();
    let forged_config = pull_from(move |request, _| {
        let forged = String::from_utf8(good.config_bytes.clone()).unwrap().replace("1970", "1971");
        request.ends_with(&config_digest).then(|| answer("200 OK", "a/b", forged.as_bytes()))
    });
    let contradictory = pull_from(on_manifest(|| {
        let (_, package) = package();
        let other = Digest::sha256(b"something else");
        let head = format!("HTTP/1.1 200 OK\r\nDocker-Content-Digest: {other}\r\nConnection: close\r\n\r\n");
        raw([head.as_bytes(), &package.manifest_bytes].concat())
    }));
    for result in [forged_layer.await, forged_config.await, contradictory.await] {
        let error = result.unwrap_err();
        assert!(matches!(error, RegistryError::DigestMismatch { .. }), "{error}");
    }

    // Asked for one manifest by its digest, the registry answers with another.
    let (component, package) = package();
    let registry =
        Broken::start(move |request, _| honest(request, &component, &package).unwrap_or_else(|| raw(""))).await;
    let wanted = Digest::sha256(b"wanted");
    let client = RegistryClient::new(config(&registry.address));
    let error = client.resolve(&reference(&format!("a@{wanted}"))).await.unwrap_err();
    assert!(matches!(error, RegistryError::DigestMismatch { expected, .. } if expected == wanted));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_and_absences_keep_their_names() {
    let body = br#"{"errors":[{"code":"DENIED","message":"not\u001b[31m yours"}]}"#;
    for status in ["401 Unauthorized", "403 Forbidden"] {
        let error = pull_from(on_manifest(move || answer(status, "application/json", body))).await.unwrap_err();
        assert!(matches!(error, RegistryError::Refused { .. }), "{error}");
        assert!(error.to_string().contains("DENIED: not"), "{error}");
        assert!(!error.to_string().contains('\u{1b}'), "control characters must not reach a terminal");
        assert!(error.hint().contains("config.json"));
    }
    let error = pull_from(on_manifest(|| answer("404 Not Found", "text/plain", b""))).await.unwrap_err();
    assert!(matches!(error, RegistryError::NotFound { .. }), "{error}");
    let error = pull_from(on_layer(|_| answer("404 Not Found", "text/plain", b""))).await.unwrap_err();
    assert!(matches!(error, RegistryError::Protocol { .. }), "a manifest without its blobs: {error}");
    let error = pull_from(on_manifest(|| answer("418 I'm a teapot", "text/plain", b"short"))).await.unwrap_err();
    assert!(matches!(error, RegistryError::Protocol { .. }), "{error}");
    assert!(error.to_string().contains("418") && error.to_string().contains("short"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passing_failures_are_repeated_and_lasting_ones_given_up() {
    for status in ["500 Internal Server Error", "503 Service Unavailable", "429 Too Many Requests"] {
        pull_from(move |_, before| (before == 0).then(|| answer(status, "text/plain", b"not now"))).await.unwrap();
        let error = pull_from(move |_, _| Some(answer(status, "text/plain", b"not now"))).await.unwrap_err();
        assert!(matches!(error, RegistryError::Unreachable { .. }), "{error}");
        assert!(error.to_string().contains(status) && error.to_string().contains("not now"), "{error}");
    }
    // A connection that breaks once in the middle of a component.
    let (component, package) = package();
    let layer = package.layer.digest.to_string();
    pull_from(move |request, before| {
        (request.ends_with(&layer) && before == 0).then(|| announced("200 OK", "a/b", 10_000, &component[..100]))
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn anything_but_one_component_is_refused() {
    let (_, good) = package();
    let image = |change: fn(&mut ImageManifest)| {
        let mut manifest: ImageManifest = serde_json::from_slice(&good.manifest_bytes).unwrap();
        change(&mut manifest);
        canonical_json(&manifest)
    };
    let cases = [
        (image(|manifest| manifest.layers.push(manifest.layers[0].clone())), "2 layers"),
        (image(|manifest| manifest.layers.clear()), "0 layers"),
        (image(|manifest| manifest.layers[0].media_type = "application/x-tar".to_owned()), "application/x-tar"),
        (image(|manifest| manifest.config.media_type = "application/json".to_owned()), "application/json"),
        (canonical_json(&Index::of(vec![Descriptor::of(media_types::IMAGE_MANIFEST, b"one")])), "index of 1 manifests"),
    ];
    for (manifest, expected) in cases {
        let error = pull_from(on_manifest(move || answer("200 OK", media_types::JSON, &manifest))).await.unwrap_err();
        assert!(matches!(error, RegistryError::NotAComponent { .. }), "{error}");
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_core_module_is_no_component() {
    let (component, _) = package();
    let mut package = package_component(&component, &description());
    let mut config: WasmConfig = serde_json::from_slice(&package.config_bytes).unwrap();
    config.os = "wasip1".to_owned();
    package.config_bytes = canonical_json(&config);
    package.config = Descriptor::of(media_types::WASM_CONFIG, &package.config_bytes);
    let mut manifest: ImageManifest = serde_json::from_slice(&package.manifest_bytes).unwrap();
    manifest.config = package.config.clone();
    package.manifest_bytes = canonical_json(&manifest);
    let error = pull_from(move |request, _| honest(request, &component, &package)).await.unwrap_err();
    assert!(matches!(error, RegistryError::NotAComponent { .. }), "{error}");
    assert!(error.to_string().contains("wasip1"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_manifests_are_a_broken_protocol() {
    for body in ["", "{", "<html></html>", r#"{"schemaVersion":1}"#, r#"{"schemaVersion":2}"#] {
        let error = pull_from(on_manifest(move || answer("200 OK", media_types::JSON, body.as_bytes()))).await;
        let error = error.unwrap_err();
        assert!(matches!(error, RegistryError::Protocol { .. }), "{body}: {error}");
    }
    let error = pull_from(on_manifest(|| {
        raw("HTTP/1.1 302 Found\r\nLocation: /v2/a/b/manifests/1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    }))
    .await
    .unwrap_err();
    assert!(matches!(error, RegistryError::Protocol { .. }), "a redirection to itself: {error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_large_is_not_read() {
    let endless = || raw([head(None).as_bytes(), b"7fffffff\r\n"].concat()).then(Then::Flood);
    let error = pull_from(on_manifest(endless)).await.unwrap_err();
    assert!(matches!(error, RegistryError::TooLarge { bytes_max: 4_194_304, .. }), "{error}");
    let error = pull_from(on_manifest(|| announced("200 OK", "a/b", 5 << 20, b""))).await.unwrap_err();
    assert!(matches!(error, RegistryError::TooLarge { .. }), "{error}");

    let (component, package) = package();
    let registry = Broken::start(move |request, _| honest(request, &component, &package).unwrap()).await;
    let client = RegistryClient::new(ClientConfig { component_bytes_max: 9_999, ..config(&registry.address) });
    let error = client.resolve(&reference("a:1")).await.unwrap_err();
    assert!(matches!(error, RegistryError::TooLarge { bytes_max: 9_999, .. }), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_told_apart() {
    let (component, package) = package();
    let registry = Broken::start(move |request, _| honest(request, &component, &package).unwrap()).await;
    let client = RegistryClient::new(config(&registry.address));
    let resolved = client.resolve(&reference("a:1")).await.unwrap();
    let blobs = registry_cas::MemoryBlobs::new(5_000);
    let error = client.pull_component(&resolved, &blobs).await.unwrap_err();
    assert!(error.is_disk_full(), "{error}");
    assert!(is_empty(&blobs).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_of_tags_has_an_end() {
    let list = |tags: &str| {
        let head = format!("HTTP/1.1 200 OK\r\nLink: </v2/a/tags/list>\r\nContent-Length: {}\r\n", tags.len());
        raw(format!("{head}Connection: close\r\n\r\n{tags}"))
    };
    for body in [r#"{"name":"a","tags":["1"]}"#, r#"{"name":"a","tags":[]}"#, r#"{"name":"a","tags":null}"#] {
        let registry = Broken::start(move |_, _| list(body)).await;
        let error = RegistryClient::new(config(&registry.address)).list_tags(&reference("a")).await.unwrap_err();
        assert!(error.to_string().contains("has no end"), "{error}");
    }
    let registry = Broken::start(move |_, _| list(r#"{"tags":["../../etc"]}"#)).await;
    let error = RegistryClient::new(config(&registry.address)).list_tags(&reference("a")).await.unwrap_err();
    assert!(matches!(error, RegistryError::Protocol { .. }), "{error}");
}
