//! A component as the CNCF wasm layout packs it, both ways: bytes to manifest, manifest to its one layer.
//! Never reads the component itself: imports and exports are the caller's to find out.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use thiserror::Error;

use crate::{ComponentWorld, Descriptor, Digest, ImageManifest, WasmConfig, canonical_json, media_types};

/// The moment that stands in every package unless another is asked for, so that packing twice gives the same digest.
pub const CREATED_ALWAYS: &str = "1970-01-01T00:00:00Z";

const ARCHITECTURE: &str = "wasm";
const OS_COMPONENT: &str = "wasip2";

/// What is said of a component when it is packed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComponentDescription {
    /// Imported interfaces with versions, in any order.
    pub imports: Vec<String>,
    /// Exported interfaces with versions, in any order.
    pub exports: Vec<String>,
    /// The world that the component was built for.
    pub target: Option<String>,
    /// Who built it.
    pub author: Option<String>,
    /// When it was built, in RFC 3339; none stands for [`CREATED_ALWAYS`].
    pub created: Option<String>,
    /// Free remarks on the manifest.
    pub annotations: BTreeMap<String, String>,
}

/// A component ready to be pushed; the component's own bytes stay with the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComponentPackage {
    /// Names the component's bytes.
    pub layer: Descriptor,
    /// Names the configuration's bytes.
    pub config: Descriptor,
    /// The configuration.
    pub config_bytes: Vec<u8>,
    /// The digest that others pin.
    pub manifest_digest: Digest,
    /// The manifest.
    pub manifest_bytes: Vec<u8>,
}

/// Why a manifest does not hold one component.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LayoutError {
    /// A configuration of something else.
    #[error("its configuration is `{0}`, not `{wasm}`", wasm = media_types::WASM_CONFIG)]
    ConfigType(String),
    /// None, or several of which any could be meant.
    #[error("it has {0} layers, and a component has exactly one")]
    LayerCount(usize),
    /// A layer of something else.
    #[error("its layer is `{0}`, not `{wasm}`", wasm = media_types::WASM)]
    LayerType(String),
    /// A core module, or no wasm.
    #[error("it is built for `{architecture}` on `{os}`, and a component is built for `wasm` on `wasip2`")]
    Platform {
        /// From the configuration.
        architecture: String,
        /// From the configuration.
        os: String,
    },
    /// The configuration speaks of other layers than the manifest has.
    #[error("its configuration names other layers than its manifest")]
    LayersDisagree,
}

/// Packs a component. The same bytes and the same description give the same digests, on every machine.
#[must_use]
pub fn package_component(component: &[u8], description: &ComponentDescription) -> ComponentPackage {
    let layer = Descriptor::of(media_types::WASM, component);
    let config = WasmConfig {
        created: Some(description.created.clone().unwrap_or_else(|| CREATED_ALWAYS.to_owned())),
        author: description.author.clone(),
        architecture: ARCHITECTURE.to_owned(),
        os: OS_COMPONENT.to_owned(),
        layer_digests: vec![layer.digest.clone()],
        component: Some(ComponentWorld {
            exports: sorted(&description.exports),
            imports: sorted(&description.imports),
            target: description.target.clone(),
        }),
    };
    let config_bytes = canonical_json(&config);
    let config = Descriptor::of(media_types::WASM_CONFIG, &config_bytes);
    let manifest_bytes = canonical_json(&ImageManifest {
        schema_version: 2,
        media_type: Some(media_types::IMAGE_MANIFEST.to_owned()),
        artifact_type: None,
        config: config.clone(),
        layers: vec![layer.clone()],
        subject: None,
        annotations: description.annotations.clone(),
    });
    let manifest_digest = Digest::sha256(&manifest_bytes);
    ComponentPackage { layer, config, config_bytes, manifest_digest, manifest_bytes }
}

/// The one layer of a manifest that holds a component.
///
/// # Errors
/// Where the manifest holds anything else.
pub fn component_layer(manifest: &ImageManifest) -> Result<&Descriptor, LayoutError> {
    if manifest.config.media_type != media_types::WASM_CONFIG {
        return Err(LayoutError::ConfigType(manifest.config.media_type.clone()));
    }
    let [layer] = manifest.layers.as_slice() else {
        return Err(LayoutError::LayerCount(manifest.layers.len()));
    };
    if layer.media_type != media_types::WASM {
        return Err(LayoutError::LayerType(layer.media_type.clone()));
    }
    Ok(layer)
}

/// Checks that a configuration speaks of a component, and of this layer.
///
/// # Errors
/// Where it speaks of a core module, of another platform or of other layers.
pub fn check_wasm_config(config: &WasmConfig, layer: &Descriptor) -> Result<(), LayoutError> {
    if config.architecture != ARCHITECTURE || config.os != OS_COMPONENT {
        return Err(LayoutError::Platform { architecture: config.architecture.clone(), os: config.os.clone() });
    }
    if !config.layer_digests.is_empty() && config.layer_digests != std::slice::from_ref(&layer.digest) {
        return Err(LayoutError::LayersDisagree);
    }
    Ok(())
}

fn sorted(names: &[String]) -> Vec<String> {
    let mut names = names.to_vec();
    names.sort_unstable();
    names.dedup();
    names
}
