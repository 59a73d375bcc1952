//! Uses a device as a guest does that can do without one, and goes on after what goes wrong with it.
//! Never uses Burn's tensors: the operations are made by hand.

#![allow(missing_docs, unsafe_code, clippy::all, unused_qualifications, reason = "bindings generated from WIT")]

use burn_backend::{DType, Shape};
use burn_ir::{BinaryOpIr, NumericOperationIr, OperationIr, TensorId, TensorIr, TensorStatus};

wit_bindgen::generate!({
    inline: r#"
        package programs:tensor-lasting;

        world program {
            import sandmill:tensor/optional-devices@0.1.0;
            /// Does not ask for a device.
            export do-without: func() -> bool;
            /// Opens a device: the memory that its tensors may take, or what it is told.
            export open: func() -> string;
            /// The sum of the numbers from 1 to 4 and themselves.
            export double: func() -> list<f32>;
            /// Opens devices one after the other, takes more memory of each than there is, and counts those that said
            /// so and are gone.
            export exhaust: func(devices: u32) -> u32;
            /// Makes a mistake with the device and goes on with it: what it was told, and whether it could go on.
            export mistake: func() -> tuple<string, bool>;
        }
    "#,
    path: "../../wit/tensor@0.1.0",
    world: "programs:tensor-lasting/program",
    generate_all,
});

use sandmill::tensor::optional_devices::{Device, Failure};
use sandmill::tensor::types::{ElementType, Tensor};

struct Program;

fn tensor(id: u64, length: u64) -> Tensor {
    Tensor { id, element: ElementType::F32, shape: vec![length] }
}

fn named(id: u64, status: TensorStatus) -> TensorIr {
    TensorIr { id: TensorId::new(id), shape: Shape::from([4]), status, dtype: DType::F32 }
}

fn told(failure: Failure) -> String {
    format!("{}: {} ({})", failure.code, failure.message, failure.hint.unwrap_or_default())
}

fn device() -> Result<Device, Failure> {
    Device::open("burn-ir/0.22")
}

/// Adds a tensor of four numbers to itself and reads the sum.
fn doubled(device: &Device) -> Result<Vec<f32>, Failure> {
    let numbers: Vec<u8> = [1_f32, 2.0, 3.0, 4.0].into_iter().flat_map(f32::to_le_bytes).collect();
    device.write(&tensor(1, 4), 0, &numbers)?;
    let add = BinaryOpIr {
        lhs: named(1, TensorStatus::ReadOnly),
        rhs: named(1, TensorStatus::ReadOnly),
        out: named(2, TensorStatus::NotInit),
    };
    let operation = OperationIr::NumericFloat(DType::F32, NumericOperationIr::Add(add));
    device.run(&postcard::to_stdvec(&operation).expect("written down"))?;
    let content = device.read(&tensor(2, 4), true)?;
    Ok(content.chunks_exact(4).map(|bytes| f32::from_le_bytes(bytes.try_into().expect("four"))).collect())
}

/// Whether a device says that its memory does not suffice, and is gone from then on.
fn is_exhausted(device: &Device) -> bool {
    let more = tensor(1, device.describe().memory_bytes / 4 + 1);
    // The write may be handed over before the device has looked at it.
    let refused = device.write(&more, 0, &[0; 4]).and_then(|()| device.synchronize());
    let is_told = |outcome| matches!(outcome, Err(Failure { code, device_gone: true, .. }) if code == "SM0801");
    is_told(refused) && is_told(device.synchronize())
}

impl Guest for Program {
    fn do_without() -> bool {
        true
    }

    fn open() -> String {
        device().map_or_else(told, |device| device.describe().memory_bytes.to_string())
    }

    fn double() -> Vec<f32> {
        device().and_then(|device| doubled(&device)).unwrap_or_default()
    }

    fn exhaust(devices: u32) -> u32 {
        (0..devices).filter(|_| device().is_ok_and(|device| is_exhausted(&device))).count() as u32
    }

    fn mistake() -> (String, bool) {
        let device = device().ok().expect("a device");
        let said = device.write(&tensor(1, 4), 4, &[0; 16]).map_or_else(told, |()| "written".to_owned());
        (said, doubled(&device).is_ok_and(|sum| sum == [2.0, 4.0, 6.0, 8.0]))
    }
}

export!(Program);
