//! Where WIT packages are, as registries say at their well-known address.
//! Never through a configuration that would answer for them.

use registry_client::{PackageConfig, RegistryError};

use crate::kit::*;

fn packages_at(registry: &str) -> PackageConfig {
    PackageConfig { default_registry: Some(registry.to_owned()), ..PackageConfig::default() }
}

async fn place(body: &'static [u8], status: &'static str) -> (Result<String, RegistryError>, String) {
    let registry = Broken::start(move |request, _| match request {
        "GET /.well-known/wasm-pkg/registry.json" => answer(status, "application/json", body),
        _ => answer("404 Not Found", "text/plain", b""),
    })
    .await;
    let found = client(&registry.address);
    let found = found.package_place(&packages_at(&registry.address), "team", "log", "1.0.0").await;
    (found.map(|place| place.reference.to_string()), registry.address.clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_says_where_its_packages_are() {
    let said = br#"{"preferredProtocol": "oci", "oci": {"registry": "ghcr.io", "namespacePrefix": "team/wit/"}}"#;
    assert_eq!(place(said, "200 OK").await.0.unwrap(), "ghcr.io/team/wit/team/log:1.0.0");
    // Nothing said, and a page for people: then it holds the packages itself.
    for (body, status) in [(b"".as_slice(), "404 Not Found"), (b"<html>welcome</html>", "200 OK")] {
        let (found, address) = place(body, status).await;
        assert_eq!(found.unwrap(), format!("{address}/team/log:1.0.0"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nonsense_and_silence_are_errors() {
    let (found, _) = place(br#"{"oci": {"registry": "not a host"}}"#, "200 OK").await;
    assert!(matches!(found, Err(RegistryError::UnusableReference { .. })), "{found:?}");
    let (found, _) = place(b"", "503 Service Unavailable").await;
    assert!(matches!(found, Err(RegistryError::Unreachable { .. })), "{found:?}");
    let long: &'static [u8] = Box::leak(vec![b' '; (64 << 10) + 1].into_boxed_slice());
    let (found, _) = place(long, "200 OK").await;
    assert!(matches!(found, Err(RegistryError::TooLarge { .. })), "{found:?}");
}
