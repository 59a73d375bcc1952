//! Our client and a foreign client against our registry.
//! Never looks into the registry's folder: only what comes over HTTP counts.

use oci_distribution::client::{ClientConfig as OciConfig, ClientProtocol, Config, ImageLayer};
use oci_distribution::secrets::RegistryAuth;
use registry_cas::read_all;
use registry_client::RegistryError;
use registry_oci::{Digest, media_types};

use crate::kit::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pushed_component_is_resolved_and_pulled() {
    let registry = OurRegistry::start().await;
    let client = client(&registry.address);
    let component = content(1_000_003);
    let name = reference("digits/split-rows:0.1.0");
    let manifest_digest = client.push_component(&name, component.clone().into(), &description()).await.unwrap();

    let resolved = client.resolve(&name).await.unwrap();
    assert_eq!(resolved.manifest_digest, manifest_digest);
    assert_eq!(resolved.component_digest, Digest::sha256(&component));
    assert_eq!(resolved.size_bytes, component.len() as u64);
    assert_eq!(resolved.annotations, description().annotations);
    assert_eq!(resolved.reference.to_string(), format!("digits/split-rows:0.1.0@{manifest_digest}"));
    let world = resolved.wasm_config.component.as_ref().unwrap();
    assert_eq!(world.imports, ["sandmill:data/table@0.1.0", "wasi:io/streams@0.2.6"], "sorted");

    let blobs = memory();
    let digest = client.pull_component(&resolved, &blobs).await.unwrap();
    assert_eq!(read_all(&blobs, &digest, 2_000_000).await.unwrap(), component);

    let by_digest = client.resolve(&reference(&format!("digits/split-rows@{manifest_digest}"))).await.unwrap();
    assert_eq!(by_digest.component_digest, digest);
    let with_registry = client.resolve(&reference(&format!("oci://{}/{name}", registry.address))).await.unwrap();
    assert_eq!(with_registry.manifest_digest, manifest_digest);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pushing_twice_anywhere_gives_the_same_digest() {
    let (one, other) = (OurRegistry::start().await, OurRegistry::start().await);
    let mut digests = Vec::new();
    for registry in [&one, &other, &other] {
        let client = client(&registry.address);
        digests.push(client.push_component(&reference("a/b:1"), content(5000).into(), &description()).await.unwrap());
    }
    assert!(digests.iter().all(|digest| *digest == digests[0]), "{digests:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_blobs_have_is_not_fetched_again() {
    let registry = OurRegistry::start().await;
    let client = client(&registry.address);
    client.push_component(&reference("a:1"), content(5000).into(), &description()).await.unwrap();
    let resolved = client.resolve(&reference("a:1")).await.unwrap();
    let blobs = memory();
    client.pull_component(&resolved, &blobs).await.unwrap();
    let _folder = registry.kill();
    client.pull_component(&resolved, &blobs).await.unwrap();
    let error = client.pull_component(&resolved, &memory()).await.unwrap_err();
    assert!(matches!(error, RegistryError::Unreachable { .. }), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_and_content_survive_a_kill() {
    let registry = OurRegistry::start().await;
    let component = content(300_000);
    let digest = client(&registry.address)
        .push_component(&reference("a/b:1"), component.clone().into(), &description())
        .await
        .unwrap();
    let folder = registry.kill();
    let registry = OurRegistry::start_in(folder, |_| {}).await;
    let client = client(&registry.address);
    let resolved = client.resolve(&reference("a/b:1")).await.unwrap();
    assert_eq!(resolved.manifest_digest, digest);
    let blobs = memory();
    let digest = client.pull_component(&resolved, &blobs).await.unwrap();
    assert_eq!(read_all(&blobs, &digest, 300_000).await.unwrap(), component);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tags_are_listed_and_move() {
    let registry = OurRegistry::start().await;
    let client = client(&registry.address);
    for tag in ["2", "1", "latest"] {
        client.push_component(&reference(&format!("a:{tag}")), content(10).into(), &description()).await.unwrap();
    }
    assert_eq!(client.list_tags(&reference("a")).await.unwrap(), ["1", "2", "latest"]);
    let moved = client.push_component(&reference("a"), content(11).into(), &description()).await.unwrap();
    assert_eq!(client.resolve(&reference("a:latest")).await.unwrap().manifest_digest, moved);
    assert_ne!(client.resolve(&reference("a:1")).await.unwrap().manifest_digest, moved);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_there_is_named() {
    let registry = OurRegistry::start().await;
    let client = client(&registry.address);
    client.push_component(&reference("a:1"), content(10).into(), &description()).await.unwrap();
    let absent = Digest::sha256(b"absent");
    for text in ["a:2".to_owned(), "b:1".to_owned(), format!("a@{absent}"), format!("{}/a:2", registry.address)] {
        let error = client.resolve(&reference(&text)).await.unwrap_err();
        let shown = text.strip_prefix(&format!("{}/", registry.address)).unwrap_or(&text);
        assert_eq!(error.to_string(), format!("registry {} has no {shown}", registry.address));
        assert!(matches!(error, RegistryError::NotFound { .. }));
        assert!(error.hint().contains("push the component"), "{}", error.hint());
    }
    assert!(matches!(client.list_tags(&reference("b")).await, Err(RegistryError::NotFound { .. })));
    let pinned = reference(&format!("a@{absent}"));
    let error = client.push_component(&pinned, content(10).into(), &description()).await.unwrap_err();
    assert!(matches!(error, RegistryError::UnusableReference { .. }), "{error}");
}

/// The same crate that our client pushes with, but left to its own ways: chunked uploads, its own pull.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_client_pushes_and_pulls() {
    let registry = OurRegistry::start().await;
    let _ = http();
    let foreign = oci_distribution::Client::try_from(OciConfig {
        protocol: ClientProtocol::Http,
        http_proxy: Some("http://127.0.0.1:1".to_owned()),
        no_proxy: Some("*,0.0.0.0/0,::/0".to_owned()),
        ..OciConfig::default()
    })
    .unwrap();
    // More than the foreign client's chunks of 4 MiB, so that several are sent.
    let layer = content(9_000_001);
    let image = oci_distribution::Reference::with_tag(registry.address.clone(), "some/image".into(), "t".into());
    let config = Config::new(&b"{}"[..], "application/vnd.oci.image.config.v1+json".to_owned(), None);
    let layers = [ImageLayer::new(layer.clone(), "application/octet-stream".to_owned(), None)];
    foreign.push(&image, &layers, config, &RegistryAuth::Anonymous, None).await.unwrap();

    let pulled = foreign.pull(&image, &RegistryAuth::Anonymous, vec!["application/octet-stream"]).await.unwrap();
    assert_eq!(pulled.layers[0].data, layer);

    let error = client(&registry.address).resolve(&reference("some/image:t")).await.unwrap_err();
    assert!(matches!(error, RegistryError::NotAComponent { .. }), "{error}");
    assert!(error.to_string().contains(media_types::WASM_CONFIG), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mirror_is_asked_first_and_passed_over_where_it_has_nothing() {
    let (origin, mirror) = (OurRegistry::start().await, OurRegistry::start().await);
    let direct = client(&origin.address);
    let name = reference(&format!("{}/acme/train:1", origin.address));
    let at_mirror = reference(&format!("{}/copies/acme/train:1", mirror.address));
    direct.push_component(&name, content(1_000).into(), &description()).await.unwrap();
    let mirrored = registry_client::RegistryClient::new(registry_client::ClientConfig {
        mirrors: vec![format!("{}={}/copies", origin.address, mirror.address).parse().unwrap()],
        idle_millis_max: 15_000,
        ..config(&origin.address)
    });
    let resolved = mirrored.resolve(&name).await.unwrap();
    assert_eq!(resolved, direct.resolve(&name).await.unwrap(), "the mirror has nothing yet");
    mirrored.pull_component(&resolved, &memory()).await.unwrap();

    direct.push_component(&at_mirror, content(1_000).into(), &description()).await.unwrap();
    drop(origin.kill());
    assert_eq!(mirrored.resolve(&name).await.unwrap(), resolved, "the mirror has it, the registry is gone");
    let blobs = memory();
    let digest = mirrored.pull_component(&resolved, &blobs).await.unwrap();
    assert_eq!(read_all(&blobs, &digest, 1_000).await.unwrap(), content(1_000));
}
