//! Trained models in the form of ONNX, run on the device that the step was granted.
//! Never holds a model's weights: they go from the artifact to the device. Natively no model can be loaded.

#[cfg_attr(target_family = "wasm", path = "onnx/wasm.rs")]
#[cfg_attr(not(target_family = "wasm"), path = "onnx/native.rs")]
mod backend;
#[cfg(test)]
mod tests;
mod value;

use std::error::Error;
use std::fmt;

pub use value::{Element, Value, ValueType};

use crate::Model;

/// The media type of such a model.
pub const ONNX_MEDIA_TYPE: &str = "application/onnx";

/// Why a model was not loaded or run. What goes wrong on the device, too little memory above all, ends the step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnnxError {
    /// The model needs operators that there are not, or there is no device. Carries all of them, or why.
    Unsupported(String),
    /// The model or an input was refused. Carries the reason.
    Invalid(String),
}

impl fmt::Display for OnnxError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported(what) => write!(formatter, "the model cannot be run here: {what}"),
            Self::Invalid(reason) => formatter.write_str(reason),
        }
    }
}

impl Error for OnnxError {}

/// A model on the step's device. It is gone from there when it is dropped.
pub struct OnnxModel {
    loaded: backend::Loaded,
    inputs: Vec<ValueType>,
    outputs: Vec<ValueType>,
}

impl OnnxModel {
    /// Puts a model onto the device.
    ///
    /// # Errors
    /// When it is none, needs operators that there are not, or the step was granted no device; outside of the sandbox
    /// always.
    pub fn load(model: &Model) -> Result<Self, OnnxError> {
        let loaded = backend::Loaded::load(model)?;
        let (inputs, outputs) = (loaded.inputs(), loaded.outputs());
        Ok(Self { loaded, inputs, outputs })
    }

    /// What it takes, in the model's order.
    #[must_use]
    pub fn inputs(&self) -> &[ValueType] {
        &self.inputs
    }

    /// What it makes, in the model's order.
    #[must_use]
    pub fn outputs(&self) -> &[ValueType] {
        &self.outputs
    }

    /// Runs it on all of its inputs, in any order, and waits for its outputs, in the model's.
    ///
    /// # Errors
    /// When an input is missing, not one of the model's, or of another shape or another type than the model takes.
    pub fn run(&self, inputs: Vec<Value>) -> Result<Vec<Value>, OnnxError> {
        self.loaded.run(inputs)
    }
}
