//! Which registry a package is looked for in, by wkg's own rules.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use super::*;
use crate::ClientConfig;

/// As wkg's documentation writes one.
const CONFIG: &str = r#"
default_registry = "acme.example"

[namespace_registries]
wasi = "wasi.example"
team = { registry = "team", metadata = { preferredProtocol = "oci", oci = { registry = "ghcr.io", namespacePrefix = "team/" } } }

[package_registries]
"team:odd" = { registry = "odd.example", metadata = { oci = { } } }

[registry."acme.example"]
type = "oci"
"#;

fn client() -> RegistryClient {
    RegistryClient::new(ClientConfig { credentials_file: None, ..ClientConfig::default() })
}

#[tokio::test]
async fn the_narrowest_mapping_counts() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    std::fs::write(&file, CONFIG).unwrap();
    let config = PackageConfig::read(&file).unwrap();
    let found = async |name: &str| {
        client().package_place(&config, "team", name, "1.2.0+fast").await.unwrap().reference.to_string()
    };
    assert_eq!(found("log").await, "ghcr.io/team/team/log:1.2.0_fast");
    assert_eq!(found("odd").await, "odd.example/team/odd:1.2.0_fast");
    let named = |namespace: &str| match config.mapping(namespace, "x").unwrap() {
        RegistryMapping::Registry(registry) | RegistryMapping::Custom { registry, .. } => registry,
    };
    assert_eq!((named("wasi").as_str(), named("other").as_str()), ("wasi.example", "acme.example"));
}

#[tokio::test]
async fn without_a_mapping_it_is_the_own_registry() {
    let config = PackageConfig::default();
    let place = client().package_place(&config, "team", "log", "1.0.0").await.unwrap();
    assert_eq!((place.registry, place.reference.to_string()), (None, "team/log:1.0.0".to_owned()));
    assert_eq!(config.mapping("wasi", "http"), Some(RegistryMapping::Registry("wasi.dev".to_owned())));
}

#[test]
fn a_file_that_is_none_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    assert!(PackageConfig::read(&file).unwrap_err().contains("config.toml"));
    std::fs::write(&file, "namespace_registries = 3").unwrap();
    let problem = PackageConfig::read(&file).unwrap_err();
    assert!(problem.contains("config.toml") && problem.contains("namespace_registries"), "{problem}");
}
