//! A trained network as a model: safetensors, whose metadata says what is needed to use it.
//! Never a form of its own: any reader of safetensors finds the weights by name.

use std::io::Write as _;

use burn_store::{ModuleSnapshot, SafetensorsStore};
use sdk_guest::prelude::*;
use serde_json::json;

use crate::corpus::Corpus;
use crate::network::{Network, Sizes};
use crate::train::Settings;

/// The media type of the model.
pub(crate) const MEDIA_TYPE: &str = "application/vnd.safetensors";

/// Stores the weights.
pub(crate) fn store(network: &Network, corpus: &Corpus, sizes: Sizes, settings: &Settings) -> Result<Model> {
    let about = json!({
        "characters": corpus.characters.iter().collect::<String>(),
        "context": sizes.context,
        "width": sizes.width,
        "layers": sizes.layers,
        "heads": sizes.heads,
        "steps": settings.steps,
        "batch": settings.batch,
        "learningRate": settings.learning_rate,
        "seed": settings.seed,
    });
    let mut store = SafetensorsStore::from_bytes(None).metadata("sandmill", about.to_string());
    network.save_into(&mut store).context("the weights cannot be read")?;
    let bytes = store.get_bytes().context("the weights cannot be written down")?;
    let mut writer = Model::writer(MEDIA_TYPE);
    writer.set_metadata("architecture", "transformer")?;
    writer.set_metadata("characters", &corpus.characters.len().to_string())?;
    writer.write_all(&bytes).context("the model cannot be written")?;
    writer.finish()
}
