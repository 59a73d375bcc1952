//! A module's weights come back as they were, by any reader, and files that do not fit change nothing.

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::Device;
use safetensors::SafeTensors;
use sdk_guest::prelude::*;

use super::{WEIGHTS_MEDIA_TYPE, WeightsFile, save_weights};

#[derive(Module, Debug)]
struct Network {
    layers: Vec<Linear>,
}

fn network(width: usize) -> Network {
    let layer = |width| LinearConfig::new(width, 2).init(&Device::default());
    Network { layers: vec![layer(width), layer(2)] }
}

fn saved(network: &Network, chosen: impl Fn(&str) -> bool) -> Model {
    let mut writer = Model::writer(WEIGHTS_MEDIA_TYPE);
    save_weights(network, chosen, &[("who", "me")], &mut writer).expect("saved");
    writer.finish().expect("stored")
}

fn weights(network: &Network) -> Vec<f32> {
    let layers = network.layers.iter();
    layers.flat_map(|layer| layer.weight.val().into_data().try_to_vec::<f32>().expect("numbers")).collect()
}

#[test]
fn weights_come_back_as_they_were_and_any_reader_finds_them() {
    let trained = network(3);
    let model = saved(&trained, |_| true);
    let bytes = model.read_to_end().expect("read");
    let read = SafeTensors::deserialize(&bytes).expect("a file of weights");
    assert_eq!(read.tensor("layers.0.weight").expect("there").shape(), [3, 2]);
    let file = WeightsFile::open(&model).expect("opened");
    assert_eq!(file.metadata("who"), Some("me"));
    assert_eq!(file.metadata("what"), None);
    let other = network(3);
    assert_ne!(weights(&other), weights(&trained));
    assert_eq!(weights(&file.load_into(other).expect("loaded")), weights(&trained));
}

#[test]
fn what_does_not_fit_is_told_by_name() {
    let refused = |model: &Model, network: Network| {
        let file = WeightsFile::open(model).expect("opened");
        file.load_into(network).expect_err("refused").message
    };
    let model = saved(&network(3), |_| true);
    let shape = refused(&model, network(4));
    assert!(shape.contains("`layers.0.weight` is of shape [3, 2] instead of [4, 2]"), "{shape}");
    let part = saved(&network(3), |name| !name.ends_with("1.bias"));
    let missing = refused(&part, network(3));
    assert!(missing.contains("`layers.1.bias` is missing"), "{missing}");
}

#[test]
fn a_torn_file_is_refused() {
    let bytes = saved(&network(3), |_| true).read_to_end().expect("read");
    for length in [0, 7, 8, 40, bytes.len() - 1] {
        let torn = Model::from_bytes(WEIGHTS_MEDIA_TYPE, &bytes[..length]).expect("stored");
        let refused = WeightsFile::open(&torn).err().expect("refused");
        assert!(refused.message.contains("cannot be read"), "{refused}");
    }
}
