//! Training steps and products of matrices, timed by whoever runs them.
//! Never reads a number back while the clock runs, but the last one.

use std::time::Instant;

use burn::module::Module;
use burn::nn::attention::generate_autoregressive_mask;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::transformer::{TransformerEncoder, TransformerEncoderConfig, TransformerEncoderInput};
use burn::nn::{Embedding, EmbeddingConfig, Linear, LinearConfig, Relu};
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Distribution, Int, Tensor};

/// Steps before the clock runs.
const WARM_UP: u32 = 5;
/// Widths of the multi-layer perceptron, and rows of its batch.
const MLP_WIDTHS: [usize; 4] = [784, 512, 512, 10];
const MLP_BATCH: usize = 128;
/// Characters, context, numbers per character, heads, blocks and batch of the transformer.
const CHARACTERS: usize = 96;
const CONTEXT: usize = 64;
const WIDTH: usize = 128;
const HEADS: usize = 4;
const BLOCKS: usize = 2;
const TRANSFORMER_BATCH: usize = 16;

#[derive(Module, Debug)]
struct Mlp {
    layers: Vec<Linear>,
    activation: Relu,
}

impl Mlp {
    fn new(device: &Device) -> Self {
        let layers = MLP_WIDTHS.windows(2).map(|pair| LinearConfig::new(pair[0], pair[1]).init(device)).collect();
        Self { layers, activation: Relu::new() }
    }

    fn forward(&self, rows: Tensor<2>) -> Tensor<2> {
        let last = self.layers.len() - 1;
        self.layers.iter().enumerate().fold(rows, |hidden, (at, layer)| {
            let hidden = layer.forward(hidden);
            if at < last { self.activation.forward(hidden) } else { hidden }
        })
    }
}

#[derive(Module, Debug)]
struct Transformer {
    characters: Embedding,
    places: Embedding,
    blocks: TransformerEncoder,
    output: Linear,
}

impl Transformer {
    fn new(device: &Device) -> Self {
        Self {
            characters: EmbeddingConfig::new(CHARACTERS, WIDTH).init(device),
            places: EmbeddingConfig::new(CONTEXT, WIDTH).init(device),
            blocks: TransformerEncoderConfig::new(WIDTH, 4 * WIDTH, HEADS, BLOCKS)
                .with_norm_first(true)
                .with_dropout(0.0)
                .init(device),
            output: LinearConfig::new(WIDTH, CHARACTERS).init(device),
        }
    }

    fn forward(&self, characters: Tensor<2, Int>) -> Tensor<2> {
        let [pieces, context] = characters.dims();
        let device = characters.device();
        let places = Tensor::arange(0..context as i64, &device).reshape([1, context]);
        let embedded = self.characters.forward(characters) + self.places.forward(places);
        let mask = generate_autoregressive_mask(pieces, context, &device);
        let hidden = self.blocks.forward(TransformerEncoderInput::new(embedded).mask_attn(mask));
        self.output.forward(hidden).flatten(0, 1)
    }
}

/// Seconds that so many training steps of a multi-layer perceptron take.
#[must_use]
pub fn mlp(steps: u32) -> f64 {
    let device = Device::default().autodiff();
    device.seed(1);
    let mut network = Mlp::new(&device);
    let mut optimizer = AdamConfig::new().init();
    let loss = CrossEntropyLossConfig::new().init(&device);
    let rows = Tensor::<2>::random([MLP_BATCH, MLP_WIDTHS[0]], Distribution::Default, &device);
    let classes = Tensor::<1, Int>::arange(0..MLP_BATCH as i64, &device).remainder_scalar(10);
    timed(steps, || {
        let loss = loss.forward(network.forward(rows.clone()), classes.clone());
        let gradients = GradientsParams::from_grads(loss.clone().backward(), &network);
        network = optimizer.step(1e-3, network.clone(), gradients);
        loss
    })
}

/// Seconds that so many training steps of a transformer take.
#[must_use]
pub fn transformer(steps: u32) -> f64 {
    let device = Device::default().autodiff();
    device.seed(1);
    let mut network = Transformer::new(&device);
    let mut optimizer = AdamConfig::new().init();
    let loss = CrossEntropyLossConfig::new().init(&device);
    let count = (TRANSFORMER_BATCH * CONTEXT) as i64;
    let text = Tensor::<1, Int>::arange(0..count + 1, &device).mul_scalar(31).remainder_scalar(CHARACTERS as i64);
    let inputs = text.clone().slice(0..count as usize).reshape([TRANSFORMER_BATCH, CONTEXT]);
    let targets = text.slice(1..count as usize + 1);
    timed(steps, || {
        let loss = loss.forward(network.forward(inputs.clone()), targets.clone());
        let gradients = GradientsParams::from_grads(loss.clone().backward(), &network);
        network = optimizer.step(1e-3, network.clone(), gradients);
        loss
    })
}

/// Seconds that so many products of two square matrices take.
#[must_use]
pub fn products(size: usize, times: u32) -> f64 {
    let device = Device::default();
    let left = Tensor::<2>::random([size, size], Distribution::Default, &device);
    let right = Tensor::<2>::random([size, size], Distribution::Default, &device);
    timed(times, || left.clone().matmul(right.clone()).slice([0..1, 0..1]).reshape([1]))
}

/// Seconds that so many contents of so many bytes take to the device and back.
#[must_use]
pub fn round_trips(bytes: usize, times: u32) -> (f64, f64) {
    let device = Device::default();
    let content = vec![1.0_f32; bytes / 4];
    let (mut up, mut down) = (0.0, 0.0);
    for _ in 0..times {
        let data = burn::tensor::TensorData::new(content.clone(), [content.len()]);
        let begun = Instant::now();
        let tensor = Tensor::<1>::from_data(data, &device);
        let _ = device.sync();
        up += begun.elapsed().as_secs_f64();
        let begun = Instant::now();
        let data = tensor.into_data();
        down += begun.elapsed().as_secs_f64();
        drop(data);
    }
    (up, down)
}

fn timed(times: u32, mut work: impl FnMut() -> Tensor<1>) -> f64 {
    (0..WARM_UP).for_each(|_| _ = work().into_scalar::<f32>());
    let begun = Instant::now();
    let mut last = None;
    (0..times).for_each(|_| last = Some(work()));
    let _ = last.map(|last| last.into_scalar::<f32>());
    begun.elapsed().as_secs_f64()
}
