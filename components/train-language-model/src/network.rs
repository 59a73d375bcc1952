//! The transformer: characters and their places in, scores of what follows out. Ordinary Burn, without a word of
//! where it runs.
//! Never trains.

use burn::module::Module;
use burn::nn::attention::generate_autoregressive_mask;
use burn::nn::transformer::{TransformerEncoder, TransformerEncoderConfig, TransformerEncoderInput};
use burn::nn::{Embedding, EmbeddingConfig, Linear, LinearConfig};
use burn::tensor::{Device, Int, Tensor};
use serde::{Deserialize, Serialize};

/// How large a network is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Sizes {
    /// Characters that it looks back.
    pub(crate) context: usize,
    /// Numbers per character.
    pub(crate) width: usize,
    /// Blocks, one after the other.
    pub(crate) layers: usize,
    /// Kinds of attention in each.
    pub(crate) heads: usize,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { context: 64, width: 64, layers: 2, heads: 4 }
    }
}

/// A network in the making.
pub(crate) struct NetworkConfig {
    /// How large.
    pub(crate) sizes: Sizes,
    /// Different characters.
    pub(crate) characters: usize,
}

/// The network.
#[derive(Module, Debug)]
pub(crate) struct Network {
    characters: Embedding,
    places: Embedding,
    blocks: TransformerEncoder,
    output: Linear,
}

impl NetworkConfig {
    /// With random weights.
    pub(crate) fn init(&self, device: &Device) -> Network {
        let Sizes { context, width, layers, heads } = self.sizes;
        Network {
            characters: EmbeddingConfig::new(self.characters, width).init(device),
            places: EmbeddingConfig::new(context, width).init(device),
            // Without dropout: a text of this size is not learned by heart.
            blocks: TransformerEncoderConfig::new(width, 4 * width, heads, layers)
                .with_norm_first(true)
                .with_dropout(0.0)
                .init(device),
            output: LinearConfig::new(width, self.characters).init(device),
        }
    }
}

impl Network {
    /// Characters that it looks back.
    pub(crate) fn context(&self) -> usize {
        let [context, _] = self.places.weight.dims();
        context
    }

    /// Characters of shape [pieces, context] to scores of shape [pieces * context, characters].
    pub(crate) fn forward(&self, characters: Tensor<2, Int>) -> Tensor<2> {
        let [pieces, context] = characters.dims();
        let device = characters.device();
        let places = Tensor::arange(0..context as i64, &device).reshape([1, context]);
        let embedded = self.characters.forward(characters) + self.places.forward(places);
        let mask = generate_autoregressive_mask(pieces, context, &device);
        let hidden = self.blocks.forward(TransformerEncoderInput::new(embedded).mask_attn(mask));
        self.output.forward(hidden).flatten(0, 1)
    }
}
