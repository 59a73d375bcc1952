//! A trained network as a model: safetensors, whose metadata says what is needed to use it.
//! Never a form of its own: any reader of safetensors finds the weights by name.

use burn::tensor::Device;
use sdk_guest::Writer;
use sdk_guest::prelude::*;
use sdk_guest_burn::{WEIGHTS_MEDIA_TYPE, WeightsFile, WeightsHandle, save_weights};
use serde::{Deserialize, Serialize};

use crate::corpus::Corpus;
use crate::network::{Network, NetworkConfig, Sizes};
use crate::train::Settings;

/// The key of the metadata under which the rest is found.
const KEY: &str = "sandmill";
/// What the names of an adapter's weights have in them, and no others.
const ADAPTER_WEIGHTS: &str = ".lora.";

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
    let mut writer = Model::writer(WEIGHTS_MEDIA_TYPE);
    writer.set_metadata("architecture", "transformer")?;
    writer.set_metadata("characters", &about.characters.chars().count().to_string())?;
    write(network, about, |_| true, &mut writer)?;
    writer.finish()
}

/// Stores what was added to the weights, and nothing of the weights themselves.
pub(crate) fn store_adapter(network: &Network, about: &About) -> Result<Artifact> {
    let mut writer = Artifact::writer(WEIGHTS_MEDIA_TYPE);
    write(network, about, |name| name.contains(ADAPTER_WEIGHTS), &mut writer)?;
    writer.finish()
}

fn write<H: WeightsHandle>(
    network: &Network,
    about: &About,
    chosen: impl Fn(&str) -> bool,
    writer: &mut Writer<H>,
) -> Result<()> {
    let told = serde_json::to_string(about).context("what is said of the model cannot be written down")?;
    save_weights(network, chosen, &[(KEY, &told)], writer)
}

/// A stored network, with its weights on a device.
///
/// # Errors
/// When the model is no such network.
pub(crate) fn load(model: &Model, device: &Device) -> Result<(Network, About)> {
    let media_type = model.describe().media_type;
    if media_type != WEIGHTS_MEDIA_TYPE {
        return Err(Failure::new(format!("the model is `{media_type}`, not a transformer (`{WEIGHTS_MEDIA_TYPE}`)"))
            .with_hint("give it a model that train-language-model made"));
    }
    let file = WeightsFile::open(model)?;
    let about: Option<About> = file.metadata(KEY).and_then(|told| serde_json::from_str(told).ok());
    let about = about.ok_or_else(|| {
        Failure::new("the model does not say which characters it knows").with_hint("train it with train-language-model")
    })?;
    let network = NetworkConfig { sizes: about.sizes, characters: about.characters.chars().count() }.init(device);
    Ok((file.load_into(network)?, about))
}
