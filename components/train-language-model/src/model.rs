//! A trained network as a model: safetensors, whose metadata says what is needed to use it.
//! Never a form of its own: any reader of safetensors finds the weights by name.

use std::io::Write as _;

use burn::tensor::Device;
use burn_store::{ModuleSnapshot, SafetensorsStore};
use sdk_guest::prelude::*;
use sdk_guest_burn::metadata;
use serde::{Deserialize, Serialize};

use crate::corpus::Corpus;
use crate::network::{Network, NetworkConfig, Sizes};
use crate::train::Settings;

/// The media type of models and adapters.
const MEDIA_TYPE: &str = "application/vnd.safetensors";
/// The key of the metadata under which the rest is found.
const KEY: &str = "sandmill";
/// What the names of an adapter's weights have in them, and no others.
const ADAPTER_WEIGHTS: &str = r"\.lora\.";

/// What is stored beside the weights.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct About {
    /// The characters, in order.
    pub(crate) characters: String,
    /// How large the network is.
    #[serde(flatten)]
    pub(crate) sizes: Sizes,
    steps: u32,
    batch: usize,
    learning_rate: f64,
    seed: u64,
}

impl About {
    pub(crate) fn new(corpus: &Corpus, sizes: Sizes, settings: &Settings) -> Self {
        let Settings { steps, batch, learning_rate, seed } = *settings;
        Self { characters: corpus.characters.iter().collect(), sizes, steps, batch, learning_rate, seed }
    }
}

/// Stores the weights.
pub(crate) fn store(network: &Network, about: &About) -> Result<Model> {
    let bytes = written(network, about, SafetensorsStore::from_bytes(None))?;
    let mut writer = Model::writer(MEDIA_TYPE);
    writer.set_metadata("architecture", "transformer")?;
    writer.set_metadata("characters", &about.characters.chars().count().to_string())?;
    writer.write_all(&bytes).context("the model cannot be written")?;
    writer.finish()
}

/// Stores what was added to the weights, and nothing of the weights themselves.
pub(crate) fn store_adapter(network: &Network, about: &About) -> Result<Artifact> {
    let bytes = written(network, about, SafetensorsStore::from_bytes(None).with_regex(ADAPTER_WEIGHTS))?;
    Artifact::from_bytes(MEDIA_TYPE, &bytes)
}

fn written(network: &Network, about: &About, store: SafetensorsStore) -> Result<Vec<u8>> {
    let told = serde_json::to_string(about).context("what is said of the model cannot be written down")?;
    let mut store = store.metadata(KEY, told);
    network.save_into(&mut store).context("the weights cannot be read")?;
    store.get_bytes().context("the weights cannot be written down")
}

/// A stored network, with its weights on a device.
///
/// # Errors
/// When the model is no such network.
pub(crate) fn load(model: &Model, device: &Device) -> Result<(Network, About)> {
    let media_type = model.describe().media_type;
    if media_type != MEDIA_TYPE {
        return Err(Failure::new(format!("the model is `{media_type}`, not a transformer (`{MEDIA_TYPE}`)"))
            .with_hint("give it a model that train-language-model made"));
    }
    let bytes = model.read_to_end()?;
    let told = metadata(&bytes, KEY).and_then(|told| serde_json::from_str(&told).ok());
    let about: About = told.ok_or_else(|| {
        Failure::new("the model does not say which characters it knows").with_hint("train it with train-language-model")
    })?;
    let characters = about.characters.chars().count();
    let mut network = NetworkConfig { sizes: about.sizes, characters }.init(device);
    let mut store = SafetensorsStore::from_bytes(Some(bytes));
    network.load_from(&mut store).context("the weights do not fit the network")?;
    Ok((network, about))
}
