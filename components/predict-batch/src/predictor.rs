//! A model of one of the forms that are known, and what it says of rows.
//! Never another form than the model's media type names.

use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use sdk_guest::onnx::ONNX_MEDIA_TYPE;
use sdk_guest::prelude::*;
use sdk_guest::table::arrow_array::{ArrayRef, Float32Array, RecordBatch, StringArray};
use sdk_guest::table::arrow_schema::Schema;
use sdk_guest_burn::WEIGHTS_MEDIA_TYPE;

use crate::model::{self, About};
use crate::network::Network;
use crate::onnx::Classifier;
use crate::rows;
use crate::scores::Scores;

/// A model on the step's device.
pub(crate) enum Predictor {
    /// One that train-network made.
    Network(Box<Network>, About, Device),
    /// One from anywhere.
    Onnx(Classifier),
}

impl Predictor {
    /// Loads a model.
    ///
    /// # Errors
    /// When it is of no known form, cannot be loaded, or does not fit the table.
    pub(crate) fn load(
        model: &Model,
        schema: &Schema,
        features: Option<Vec<String>>,
        classes: Option<Vec<String>>,
    ) -> Result<Self> {
        match model.describe().media_type.as_str() {
            ONNX_MEDIA_TYPE => Ok(Self::Onnx(Classifier::load(model, schema, features, classes)?)),
            WEIGHTS_MEDIA_TYPE if features.is_some() || classes.is_some() => {
                Err(Failure::new("a network of train-network knows its columns and classes itself")
                    .with_hint("leave `features` and `classes` out"))
            }
            WEIGHTS_MEDIA_TYPE => {
                let device = Device::default();
                let (network, about) = model::load(model, &device)?;
                Ok(Self::Network(Box::new(network), about, device))
            }
            other => Err(Failure::new(format!("models of the form `{other}` are not known"))
                .with_hint(format!("there are networks (`{WEIGHTS_MEDIA_TYPE}`) and ONNX (`{ONNX_MEDIA_TYPE}`)"))),
        }
    }

    /// The class of each row, and how sure the model is of it.
    pub(crate) fn predict(&self, batch: &RecordBatch) -> Result<[ArrayRef; 2]> {
        let scores = match self {
            _ if batch.num_rows() == 0 => Scores::default(),
            Self::Network(network, about, device) => score(network, about, batch, device)?,
            Self::Onnx(classifier) => classifier.scores(batch)?,
        };
        let classes: Vec<String> = scores.places.iter().map(|place| self.class(*place)).collect::<Result<_>>()?;
        Ok([Arc::new(StringArray::from(classes)), Arc::new(Float32Array::from(scores.confidences))])
    }

    fn class(&self, place: usize) -> Result<String> {
        match self {
            Self::Network(_, about, _) => about
                .classes
                .get(place)
                .cloned()
                .ok_or_else(|| Failure::new("the network named a class that it does not have")),
            Self::Onnx(classifier) => classifier.class(place),
        }
    }
}

fn score(network: &Network, about: &About, batch: &RecordBatch, device: &Device) -> Result<Scores> {
    let values = rows::values(batch, &about.features, &about.scales)?;
    let inputs = Tensor::<2>::from_data(TensorData::new(values, [batch.num_rows(), about.features.len()]), device);
    let made = network.forward(inputs).into_data().try_to_vec::<f32>().context("the device gave no numbers")?;
    let mut scores = Scores::default();
    scores.add(&made, about.classes.len(), false)?;
    Ok(scores)
}
