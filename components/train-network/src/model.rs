//! A trained network as a model: safetensors, whose metadata says what is needed to use it.
//! Never a form of its own: any reader of safetensors finds the weights by name.
//!
//! The component predict-batch compiles this same file to read what was trained.

use burn::tensor::Device;
use sdk_guest::prelude::*;
use sdk_guest_burn::{WEIGHTS_MEDIA_TYPE, WeightsFile, save_weights};
use serde::{Deserialize, Serialize};

use crate::network::{Architecture, Network};
use crate::rows::Rows;

/// The key of the metadata under which the rest is found.
const KEY: &str = "sandmill";

/// What is stored beside the weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct About {
    /// The network's form.
    pub(crate) architecture: Architecture,
    /// The column that it predicts.
    pub(crate) target: String,
    /// What that column may hold, in order.
    pub(crate) classes: Vec<String>,
    /// The columns that it looks at, in order.
    pub(crate) features: Vec<String>,
    /// What each is divided by.
    pub(crate) scales: Vec<f32>,
    /// How many rows it learned from.
    pub(crate) rows: usize,
    /// Where its random numbers began.
    pub(crate) seed: u64,
}

impl About {
    /// What is said of a network that learned from these rows.
    pub(crate) fn new(architecture: Architecture, target: &str, rows: &Rows, seed: u64) -> Self {
        Self {
            architecture,
            target: target.to_owned(),
            rows: rows.count(),
            classes: rows.classes.clone(),
            features: rows.features.clone(),
            scales: rows.scales.clone(),
            seed,
        }
    }
}

/// Stores the weights.
pub(crate) fn store(network: &Network, about: &About) -> Result<Model> {
    let told = serde_json::to_string(about).context("what is said of the model cannot be written down")?;
    let mut writer = Model::writer(WEIGHTS_MEDIA_TYPE);
    writer.set_metadata("architecture", about.architecture.name())?;
    writer.set_metadata("target", &about.target)?;
    writer.set_metadata("classes", &about.classes.len().to_string())?;
    writer.set_metadata("features", &about.features.len().to_string())?;
    writer.set_metadata("rows", &about.rows.to_string())?;
    save_weights(network, |_| true, &[(KEY, &told)], &mut writer)?;
    writer.finish()
}

/// A stored network, with its weights on a device.
///
/// # Errors
/// When the model is no such network.
pub(crate) fn load(model: &Model, device: &Device) -> Result<(Network, About)> {
    let media_type = model.describe().media_type;
    if media_type != WEIGHTS_MEDIA_TYPE {
        return Err(Failure::new(format!("the model is `{media_type}`, not a network (`{WEIGHTS_MEDIA_TYPE}`)"))
            .with_hint("give it a model that the component train-network made"));
    }
    let file = WeightsFile::open(model)?;
    let about: Option<About> = file.metadata(KEY).and_then(|told| serde_json::from_str(told).ok());
    let about = about.ok_or_else(|| {
        Failure::new("the model does not say what it was trained for").with_hint("train it with train-network")
    })?;
    let network = about.architecture.build(about.features.len(), about.classes.len(), device)?;
    Ok((file.load_into(network)?, about))
}
