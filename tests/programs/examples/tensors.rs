//! An ordinary Burn program: a small network trained, tensors sent and read back, and what goes wrong with them.
//! Never says anything of the sandbox: Burn's default device is the one that the step was granted.

#![allow(missing_docs, unsafe_code, clippy::all, unused_qualifications, reason = "bindings generated from WIT")]

use burn::module::Module;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::{Linear, LinearConfig, Relu};
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Distribution, Int, Tensor, TensorData};
use tests_programs::training;

wit_bindgen::generate!({
    inline: r#"
        package programs:tensors;

        world program {
            /// Losses of so many steps of training.
            export train: func(steps: u32, seed: u64) -> list<f32>;
            /// The sum over a product of two matrices of ones.
            export product: func(size: u32) -> f32;
            /// Whether so many bytes come back as they were sent.
            export send-and-read: func(bytes: u32) -> bool;
            /// Products of matrices that are used for nothing but to be waited for.
            export work: func(size: u32, times: u32) -> bool;
            /// Makes tensors of a mebibyte, each of its own memory, and keeps them.
            export hoard: func(tensors: u32) -> u32;
            /// Makes tensors of a mebibyte and drops each before the next.
            export drop-each: func(tensors: u32) -> u32;
            /// A product of matrices that do not fit.
            export misfit: func();
            /// Seconds for so many training steps; see `tests_programs::training`, the same source natively.
            export time-mlp: func(steps: u32) -> f64;
            /// Seconds for so many training steps.
            export time-transformer: func(steps: u32) -> f64;
            /// Seconds for so many products.
            export time-products: func(size: u32, times: u32) -> f64;
            /// Seconds up and down.
            export time-round-trips: func(bytes: u32, times: u32) -> tuple<f64, f64>;
        }
    "#,
});

struct Program;

#[derive(Module, Debug)]
struct Network {
    hidden: Linear,
    output: Linear,
    activation: Relu,
}

impl Network {
    fn new(device: &Device) -> Self {
        Self {
            hidden: LinearConfig::new(64, 32).init(device),
            output: LinearConfig::new(32, 10).init(device),
            activation: Relu::new(),
        }
    }

    fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        self.output.forward(self.activation.forward(self.hidden.forward(input)))
    }
}

impl Guest for Program {
    fn train(steps: u32, seed: u64) -> Vec<f32> {
        let device = Device::default().autodiff();
        device.seed(seed);
        let mut network = Network::new(&device);
        let mut optimizer = AdamConfig::new().init();
        let loss = CrossEntropyLossConfig::new().init(&device);
        let inputs = Tensor::<2>::random([50, 64], Distribution::Default, &device);
        let classes: Vec<i32> = (0..50).map(|row| row % 10).collect();
        let classes = Tensor::<1, Int>::from_data(TensorData::from(classes.as_slice()), &device);
        let mut losses = Vec::new();
        for _ in 0..steps {
            let loss = loss.forward(network.forward(inputs.clone()), classes.clone());
            losses.push(loss.clone().into_scalar::<f32>());
            let gradients = GradientsParams::from_grads(loss.backward(), &network);
            network = optimizer.step(1e-2, network, gradients);
        }
        losses
    }

    fn product(size: u32) -> f32 {
        let ones = Tensor::<2>::ones([size as usize; 2], &Device::default());
        ones.clone().matmul(ones).sum().into_scalar::<f32>()
    }

    fn send_and_read(bytes: u32) -> bool {
        let sent: Vec<f32> = (0..bytes / 4).map(|index| index as f32).collect();
        let length = sent.len();
        let tensor = Tensor::<1>::from_data(TensorData::new(sent.clone(), [length]), &Device::default());
        tensor.into_data().try_to_vec::<f32>().is_ok_and(|read| read == sent)
    }

    fn work(size: u32, times: u32) -> bool {
        let device = Device::default();
        let ones = Tensor::<2>::ones([size as usize; 2], &device);
        for _ in 0..times {
            let _ = ones.clone().matmul(ones.clone());
        }
        device.sync().is_ok()
    }

    fn hoard(tensors: u32) -> u32 {
        let device = Device::default();
        let kept: Vec<_> = (0..tensors).map(|_| Tensor::<1>::ones([1 << 18], &device)).collect();
        device.sync().map_or(0, |()| kept.len() as u32)
    }

    fn drop_each(tensors: u32) -> u32 {
        let device = Device::default();
        (0..tensors).for_each(|_| drop(Tensor::<1>::zeros([1 << 18], &device)));
        device.sync().map_or(0, |()| tensors)
    }

    fn misfit() {
        let device = Device::default();
        let left = Tensor::<2>::ones([2, 3], &device);
        let right = Tensor::<2>::ones([4, 5], &device);
        let _ = left.matmul(right);
    }

    fn time_mlp(steps: u32) -> f64 {
        training::mlp(steps)
    }

    fn time_transformer(steps: u32) -> f64 {
        training::transformer(steps)
    }

    fn time_products(size: u32, times: u32) -> f64 {
        training::products(size as usize, times)
    }

    fn time_round_trips(bytes: u32, times: u32) -> (f64, f64) {
        training::round_trips(bytes as usize, times)
    }
}

export!(Program);
