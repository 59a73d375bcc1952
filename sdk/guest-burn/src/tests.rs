//! Training that was broken off goes on as if it had not been, and a torn checkpoint changes nothing.

use burn::nn::{Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Tensor};
use sdk_guest::collective::Exchange;
use sdk_guest::prelude::*;
use sdk_guest::train::CHECKPOINT_MEDIA_TYPE;

use super::checkpoint::{load_checkpoint, save_checkpoint};
use super::gradients::GradientMean;
use super::row::Row;

fn trained(mut layer: Linear, optimizer: &mut ModuleOptimizer, steps: usize) -> Linear {
    let device = Device::default().autodiff();
    let mut mean = GradientMean::default();
    for _ in 0..steps {
        let input = Tensor::<2>::from_data([[0.5, -1.0, 2.0]], &device);
        let loss = (layer.forward(input) - 1.0).square().mean();
        let gradients = GradientsParams::from_grads(loss.backward(), &layer);
        let gradients = mean.over_workers(&layer, gradients).expect("one worker");
        layer = optimizer.step(0.1, layer, gradients);
    }
    layer
}

fn weights(layer: &Linear) -> Vec<f32> {
    layer.weight.val().into_data().try_to_vec().expect("numbers")
}

fn fresh() -> (Linear, ModuleOptimizer) {
    (LinearConfig::new(3, 2).init(&Device::default().autodiff()), AdamConfig::new().init())
}

#[test]
fn training_goes_on_from_a_checkpoint_as_if_it_had_not_been_broken_off() {
    let (layer, mut optimizer) = fresh();
    let layer = trained(layer, &mut optimizer, 5);
    let mut writer = Artifact::writer(CHECKPOINT_MEDIA_TYPE);
    save_checkpoint(&mut writer, &layer, &optimizer, 5).expect("saved");
    let checkpoint = writer.finish().expect("stored");
    let on = weights(&trained(layer, &mut optimizer, 5));

    let (other, empty) = fresh();
    let (layer, mut optimizer, steps) = load_checkpoint(&mut checkpoint.reader(), &other, &empty).expect("loaded");
    assert_eq!(steps, 5);
    assert_eq!(weights(&trained(layer, &mut optimizer, 5)), on);
}

#[test]
fn a_torn_checkpoint_and_that_of_another_network_are_refused() {
    let (layer, optimizer) = fresh();
    let mut writer = Artifact::writer(CHECKPOINT_MEDIA_TYPE);
    save_checkpoint(&mut writer, &layer, &optimizer, 1).expect("saved");
    let whole = writer.finish().expect("stored").read_to_end().expect("read");
    let refused = |bytes: &[u8], layer: &Linear| {
        let checkpoint = Artifact::from_bytes(CHECKPOINT_MEDIA_TYPE, bytes).expect("stored");
        let loaded = load_checkpoint(&mut checkpoint.reader(), layer, &AdamConfig::new().init());
        loaded.err().expect("refused").message
    };
    for length in [0, 7, 8, 31, 32, whole.len() - 1] {
        assert!(refused(&whole[..length], &layer).contains("torn"), "{length}");
    }
    assert!(refused(&[&whole[..], b"x"].concat(), &layer).contains("torn"));
    let other = LinearConfig::new(2, 3).init(&Device::default().autodiff());
    assert!(refused(&whole, &other).contains("another network"));
}

#[test]
fn tensors_of_a_row_come_back_in_order_with_their_shapes() {
    let device = Device::default();
    let (matrix, row) = ([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [7.0_f32, f32::NAN]);
    let mut pushed = Row::default();
    pushed.push(Tensor::<2>::from_data(matrix, &device)).expect("numbers");
    pushed.push(Tensor::<1>::from_data(row, &device)).expect("numbers");
    assert_eq!(pushed.elements(), 8);
    let mut mean = pushed.mean(&Exchange::new(8).expect("room")).expect("alone");
    let first = mean.next::<2>().expect("the first");
    assert_eq!(first.dims(), [3, 2]);
    assert_eq!(first.into_data().try_to_vec::<f32>().expect("numbers"), matrix.concat());
    let second = mean.next::<1>().expect("the second").into_data().try_to_vec::<f32>().expect("numbers");
    assert!(second[0] == 7.0 && second[1].is_nan(), "{second:?}");
    assert!(mean.next::<1>().is_none());
}
