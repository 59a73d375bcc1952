//! Packing is reproducible and comes back; anything but one component is refused.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use super::*;
use crate::Manifest;

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn description() -> ComponentDescription {
    ComponentDescription {
        imports: names(&["wasi:io/streams@0.2.6", "wasi:cli/environment@0.2.6"]),
        exports: names(&["run"]),
        annotations: BTreeMap::from([("b".to_owned(), "2".to_owned()), ("a".to_owned(), "1".to_owned())]),
        ..ComponentDescription::default()
    }
}

fn packed() -> (ImageManifest, WasmConfig) {
    let package = package_component(b"component", &description());
    let Manifest::Image(manifest) = Manifest::parse(&package.manifest_bytes, None).unwrap() else {
        panic!("packed as an index")
    };
    (manifest, serde_json::from_slice(&package.config_bytes).unwrap())
}

/// These digests are a promise to everybody who pinned one: they change only with the layout itself.
#[test]
fn packing_gives_the_same_digest_for_ever() {
    let package = package_component(b"component", &description());
    assert_eq!(
        String::from_utf8(package.config_bytes).unwrap(),
        format!(
            r#"{{"architecture":"wasm","component":{{"exports":["run"],"imports":["wasi:cli/environment@0.2.6","wasi:io/streams@0.2.6"]}},"created":"1970-01-01T00:00:00Z","layerDigests":["{}"],"os":"wasip2"}}"#,
            Digest::sha256(b"component")
        )
    );
    assert_eq!(
        package.manifest_digest.to_string(),
        "sha256:5bbd69105025a1dc170a4b61006e7dfb38f4a55f1329103dda24c52e74b478d5"
    );
    let mut shuffled = description();
    shuffled.imports.reverse();
    shuffled.imports.push(shuffled.imports[0].clone());
    assert_eq!(package_component(b"component", &shuffled).manifest_digest, package.manifest_digest);
    shuffled.created = Some("2026-01-01T00:00:00Z".to_owned());
    assert_ne!(package_component(b"component", &shuffled).manifest_digest, package.manifest_digest);
    assert_ne!(package_component(b"another", &description()).manifest_digest, package.manifest_digest);
}

#[test]
fn what_was_packed_is_found_again() {
    let (manifest, config) = packed();
    let layer = component_layer(&manifest).unwrap();
    assert_eq!(layer.digest, Digest::sha256(b"component"));
    assert_eq!(layer.size, 9);
    check_wasm_config(&config, layer).unwrap();
    assert_eq!(config.component.unwrap().exports, ["run"]);
    assert_eq!(manifest.annotations["a"], "1");
}

#[test]
fn anything_but_one_component_is_refused() {
    let (manifest, config) = packed();
    let layer = manifest.layers[0].clone();

    let mut two = manifest.clone();
    two.layers.push(layer.clone());
    assert_eq!(component_layer(&two), Err(LayoutError::LayerCount(2)));
    two.layers.clear();
    assert_eq!(component_layer(&two), Err(LayoutError::LayerCount(0)));

    let mut image = manifest.clone();
    image.config.media_type = "application/vnd.oci.image.config.v1+json".to_owned();
    assert!(component_layer(&image).unwrap_err().to_string().contains("not `application/vnd.wasm.config.v0+json`"));

    let mut archive = manifest;
    archive.layers[0].media_type = "application/x-tar".to_owned();
    assert_eq!(component_layer(&archive), Err(LayoutError::LayerType("application/x-tar".to_owned())));

    let module = WasmConfig { os: "wasip1".to_owned(), ..config.clone() };
    assert!(matches!(check_wasm_config(&module, &layer), Err(LayoutError::Platform { .. })));
    let liar = WasmConfig { layer_digests: vec![Digest::sha256(b"another")], ..config };
    assert_eq!(check_wasm_config(&liar, &layer), Err(LayoutError::LayersDisagree));
}
