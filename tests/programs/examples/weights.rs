//! Files of weights put onto a device and written from one: by hand, and as the weights of a network larger than this
//! guest's memory.
//! Never holds a weight but where the test asks to see it.

// The bindings of the SDK, which these stand on, are made for wasm only.
#![cfg(target_family = "wasm")]
#![allow(missing_docs, unsafe_code, clippy::all, unused_qualifications, reason = "bindings generated from WIT")]

use burn::module::{Module, ModuleMapper, Param};
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device as BurnDevice, Tensor as BurnTensor};
use sdk_guest::Handle as _;
use sdk_guest_burn::{WEIGHTS_MEDIA_TYPE, WeightsFile as NetworkFile, save_weights};

wit_bindgen::generate!({
    inline: r#"
        package programs:weights;

        world program {
            import sandmill:tensor/devices@0.1.0;
            import sandmill:weights/files@0.1.0;
            use sandmill:data/models@0.1.0.{model};

            record doubled {
                sum: f64,
                network: model,
            }

            /// What the file says of itself: "name=value a F32 2x3".
            export describe: func(model: model) -> result<string, string>;
            /// A tensor's content, after all of the file was put onto a device.
            export read: func(model: model, name: string) -> result<list<u8>, string>;
            /// All of the file onto a device and from there into another.
            export copy: func(model: model) -> result<model, string>;
            /// What is said of wishes that cannot be met, and whether the device goes on.
            export misuse: func(model: model) -> list<string>;
            /// The sum over the weights of a network of so many square layers, and the network with each doubled.
            export double-network: func(model: model, layers: u32, width: u32) -> result<doubled, string>;
        }
    "#,
    path: ["../../wit/data@0.1.0", "../../wit/tensor@0.1.0", "../../wit/weights@0.1.0"],
    world: "programs:weights/program",
    with: {
        "sandmill:data/types@0.1.0": sdk_guest::__private::bindings::sandmill::data::types,
        "sandmill:data/artifacts@0.1.0": sdk_guest::__private::bindings::sandmill::data::artifacts,
        "sandmill:data/models@0.1.0": sdk_guest::__private::bindings::sandmill::data::models,
    },
    generate_all,
});

use sandmill::tensor::devices::Device;
use sandmill::tensor::types::Tensor;
use sandmill::weights::files::{self, Entry, Error, Placement, Sink, Source, Weight, WeightsFile};
use sdk_guest::Model as Handle;

struct Program;

fn told(error: Error) -> String {
    match error {
        Error::InvalidFile(reason) => format!("invalid file: {reason}"),
        Error::InvalidArgument(reason) => format!("invalid argument: {reason}"),
        Error::Unsupported(what) => format!("unsupported: {what}"),
        Error::LimitExceeded(limit) => format!("limit: {limit}"),
        Error::Storage(reason) => format!("storage: {reason}"),
    }
}

fn open(model: &Handle) -> Result<WeightsFile, String> {
    WeightsFile::open(&Source::Model(model)).map_err(told)
}

fn device() -> Device {
    Device::open("burn-ir/0.22").ok().expect("a device")
}

/// Puts all of a file onto a device, under names that begin with 100.
fn load(file: &WeightsFile, device: &Device) -> Result<Vec<Weight>, String> {
    let named = |(at, Entry { name, element, shape }): (usize, Entry)| {
        let tensor = Tensor { id: 100 + at as u64, element, shape };
        Weight { name, tensor }
    };
    let weights: Vec<Weight> = file.entries().into_iter().enumerate().map(named).collect();
    let placements: Vec<Placement> =
        weights.iter().map(|weight| Placement { name: weight.name.clone(), id: weight.tensor.id }).collect();
    file.load(device, &placements).map_err(told)?;
    Ok(weights)
}

#[derive(Module, Debug)]
struct Network {
    layers: Vec<Linear>,
}

struct Double;

impl ModuleMapper for Double {
    fn map_float<const D: usize>(&mut self, parameter: Param<BurnTensor<D>>) -> Param<BurnTensor<D>> {
        parameter.map(|tensor| tensor * 2.0)
    }
}

impl Guest for Program {
    fn describe(model: Handle) -> Result<String, String> {
        let file = open(&model)?;
        let metadata = file.metadata().into_iter().map(|(name, value)| format!("{name}={value}"));
        let lengths = |shape: &[u64]| shape.iter().map(u64::to_string).collect::<Vec<_>>().join("x");
        let entries = file
            .entries()
            .into_iter()
            .map(|entry| format!("{} {:?} {}", entry.name, entry.element, lengths(&entry.shape)));
        Ok(metadata.chain(entries).collect::<Vec<_>>().join("; "))
    }

    fn read(model: Handle, name: String) -> Result<Vec<u8>, String> {
        let device = device();
        let weights = load(&open(&model)?, &device)?;
        let weight = weights.iter().find(|weight| weight.name == name).ok_or("there is no such tensor")?;
        Ok(device.read(&weight.tensor, false))
    }

    fn copy(model: Handle) -> Result<Handle, String> {
        let (device, file) = (device(), open(&model)?);
        let weights = load(&file, &device)?;
        let writer = Handle::writer(WEIGHTS_MEDIA_TYPE);
        files::save(&device, &weights, &file.metadata(), &Sink::Model(writer.sink())).map_err(told)?;
        writer.finish().map_err(|failure| failure.to_string())
    }

    fn misuse(model: Handle) -> Vec<String> {
        let (device, file) = (device(), open(&model).expect("a file"));
        let weights = load(&file, &device).expect("loaded");
        let first = weights.first().expect("a tensor");
        let said = |result: Result<(), Error>| result.map_or_else(told, |()| "done".to_owned());
        let save = |weights: &[Weight], writer: &sdk_guest::Writer<Handle>| {
            said(files::save(&device, weights, &[], &Sink::Model(writer.sink())))
        };
        let fresh = || Handle::writer(WEIGHTS_MEDIA_TYPE);
        let renamed = |name: &str| vec![Weight { name: name.to_owned(), tensor: first.tensor.clone() }];
        let twice = fresh();
        vec![
            said(file.load(&device, &[Placement { name: "nobody".to_owned(), id: 1 }])),
            save(&[first.clone(), first.clone()], &fresh()),
            save(&renamed("__metadata__"), &fresh()),
            save(&renamed("mine"), &twice),
            save(&renamed("mine"), &twice),
        ]
    }

    fn double_network(model: Handle, layers: u32, width: u32) -> Result<Doubled, String> {
        let words = |failure: sdk_guest::Failure| failure.to_string();
        let device = BurnDevice::default();
        let layer = |_| LinearConfig::new(width as usize, width as usize).with_bias(false).init(&device);
        let network = Network { layers: (0..layers).map(layer).collect() };
        let file = NetworkFile::open(&model).map_err(words)?;
        let network = file.load_into(network).map_err(words)?;
        let sum = network.layers.iter().map(|layer| f64::from(layer.weight.val().sum().into_scalar::<f32>())).sum();
        let network = network.map(&mut Double);
        let mut writer = Handle::writer(WEIGHTS_MEDIA_TYPE);
        save_weights(&network, |_| true, &[("made-by", "double-network")], &mut writer).map_err(words)?;
        Ok(Doubled { sum, network: writer.finish().map_err(words)? })
    }
}

export!(Program);
