//! The networks: layers, and what they make of a batch. Ordinary Burn, without a word of where it runs.
//! Never trains.
//!
//! The component predict-batch compiles this same file.

use std::fmt;
use std::str::FromStr;

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::nn::{Linear, LinearConfig, PaddingConfig2d, Relu};
use burn::tensor::{Device, Tensor};
use sdk_guest::prelude::*;
use serde::{Deserialize, Serialize};

/// Width of the hidden layers of an `mlp`.
const HIDDEN: usize = 128;
/// Pictures that the two convolutions of a `cnn` make.
const CHANNELS: [usize; 2] = [16, 32];

/// The form of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Architecture {
    /// Two hidden layers.
    Mlp,
    /// Two convolutions over a square picture, and one hidden layer.
    Cnn,
}

impl Architecture {
    const ALL: [Self; 2] = [Self::Mlp, Self::Cnn];

    /// As it is written in arguments and metadata.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Mlp => "mlp",
            Self::Cnn => "cnn",
        }
    }

    /// A network with random weights, for rows of so many numbers.
    ///
    /// # Errors
    /// When the numbers are no picture, and the architecture needs one.
    pub(crate) fn build(self, width: usize, classes: usize, device: &Device) -> Result<Network> {
        match self {
            Self::Mlp => Ok(Network::mlp(width, classes, device)),
            Self::Cnn => {
                let side = width.isqrt();
                if side * side != width || side < 4 {
                    return Err(Failure::new(format!(
                        "{width} columns are no square picture of at least 4 by 4 pixels"
                    ))
                    .with_hint("take the architecture `mlp`"));
                }
                Ok(Network::cnn(side, classes, device))
            }
        }
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Architecture {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|architecture| architecture.name() == text).ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            Failure::new(format!("there is no architecture `{text}`")).with_hint(format!("there are {names}"))
        })
    }
}

/// A network. What an architecture does not have is none.
#[derive(Module, Debug)]
pub(crate) struct Network {
    convolutions: Vec<Conv2d>,
    pool: MaxPool2d,
    layers: Vec<Linear>,
    activation: Relu,
}

impl Network {
    fn mlp(width: usize, classes: usize, device: &Device) -> Self {
        let widths = [width, HIDDEN, HIDDEN, classes];
        Self::of(Vec::new(), &widths, device)
    }

    fn cnn(side: usize, classes: usize, device: &Device) -> Self {
        let convolution =
            |from, to| Conv2dConfig::new([from, to], [3, 3]).with_padding(PaddingConfig2d::Same).init(device);
        let convolutions = vec![convolution(1, CHANNELS[0]), convolution(CHANNELS[0], CHANNELS[1])];
        let pixels = (side / 2 / 2).pow(2);
        Self::of(convolutions, &[CHANNELS[1] * pixels, HIDDEN, classes], device)
    }

    fn of(convolutions: Vec<Conv2d>, widths: &[usize], device: &Device) -> Self {
        let layers = widths.windows(2).map(|pair| LinearConfig::new(pair[0], pair[1]).init(device)).collect();
        Self {
            convolutions,
            pool: MaxPool2dConfig::new([2, 2]).with_strides([2, 2]).init(),
            layers,
            activation: Relu::new(),
        }
    }

    /// Rows of shape [rows, columns] to scores of shape [rows, classes].
    pub(crate) fn forward(&self, rows: Tensor<2>) -> Tensor<2> {
        let [count, width] = rows.dims();
        let mut hidden = rows;
        if !self.convolutions.is_empty() {
            let side = width.isqrt();
            let mut pictures: Tensor<4> = hidden.reshape([count, 1, side, side]);
            for convolution in &self.convolutions {
                pictures = self.pool.forward(self.activation.forward(convolution.forward(pictures)));
            }
            hidden = pictures.flatten(1, 3);
        }
        for (at, layer) in self.layers.iter().enumerate() {
            hidden = layer.forward(hidden);
            if at + 1 < self.layers.len() {
                hidden = self.activation.forward(hidden);
            }
        }
        hidden
    }
}
