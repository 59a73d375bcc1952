//! Speaks to a tensor device as no honest program does.
//! Never uses Burn's tensors: the operations are made by hand.

#![allow(missing_docs, unsafe_code, clippy::all, unused_qualifications, reason = "bindings generated from WIT")]

use burn_backend::{DType, Shape};
use burn_ir::{BinaryOpIr, CustomOpIr, NumericOperationIr, OperationIr, TensorId, TensorIr, TensorStatus};

wit_bindgen::generate!({
    inline: r#"
        package programs:tensor-misuse;

        world program {
            import sandmill:tensor/devices@0.1.0;
            /// What the device says of another form of operations.
            export open-with: func(operations: string) -> string;
            /// How many devices can be open at once.
            export open-many: func() -> u32;
            /// Fills a device of its own with each of so many bytes.
            export fill-each: func(bytes: list<u64>);
            /// Fills one device after the other with so many bytes, each gone before the next.
            export fill-in-turn: func(bytes: u64, devices: u32);
            /// Hands over bytes as operations and waits.
            export run-bytes: func(bytes: list<u8>);
            /// Adds two tensors that do not exist.
            export add-unknown: func();
            /// Adds two tensors and announces another shape than comes out.
            export announce-less: func();
            /// An operation that is not Burn's own.
            export run-custom: func();
            /// What the device says of a content written past its tensor's end.
            export write-past-end: func() -> string;
            /// Writes the second piece of a content and no first.
            export write-out-of-order: func();
            /// Reads a tensor that does not exist.
            export read-unknown: func();
            /// Announces a content of so many bytes and sends four.
            export announce-content: func(bytes: u64);
        }
    "#,
    path: "../../wit/tensor@0.1.0",
    world: "programs:tensor-misuse/program",
    generate_all,
});

use sandmill::tensor::devices::Device;
use sandmill::tensor::types::{ElementType, Error, Tensor};

struct Program;

const BURN: &str = "burn-ir/0.22";

fn open() -> Device {
    Device::open(BURN).ok().expect("a device")
}

fn tensor(id: u64, length: u64) -> Tensor {
    Tensor { id, element: ElementType::F32, shape: vec![length] }
}

fn named(id: u64, length: usize, status: TensorStatus) -> TensorIr {
    TensorIr { id: TensorId::new(id), shape: Shape::from([length]), status, dtype: DType::F32 }
}

fn add(announced: usize) -> OperationIr {
    OperationIr::NumericFloat(
        DType::F32,
        NumericOperationIr::Add(BinaryOpIr {
            lhs: named(1, 4, TensorStatus::ReadOnly),
            rhs: named(2, 4, TensorStatus::ReadOnly),
            out: named(3, announced, TensorStatus::NotInit),
        }),
    )
}

fn run(device: &Device, operation: &OperationIr) {
    device.run(&postcard::to_stdvec(operation).expect("written down"));
    device.synchronize();
}

/// All of them have a tensor of the same name.
fn fill(device: &Device, bytes: u64) {
    device.write(&tensor(1, bytes / 4), 0, &vec![0; bytes as usize]).ok().expect("written");
    device.synchronize();
}

fn told(error: Error) -> String {
    match error {
        Error::Unsupported(reason) => format!("unsupported: {reason}"),
        Error::InvalidArgument(reason) => format!("invalid argument: {reason}"),
    }
}

impl Guest for Program {
    fn open_with(operations: String) -> String {
        Device::open(&operations).map_or_else(told, |_| "open".to_owned())
    }

    fn open_many() -> u32 {
        let mut devices = Vec::new();
        while let Ok(device) = Device::open(BURN) {
            devices.push(device);
        }
        devices.len() as u32
    }

    fn fill_each(bytes: Vec<u64>) {
        let devices: Vec<Device> = bytes.iter().map(|_| open()).collect();
        devices.iter().zip(bytes).for_each(|(device, bytes)| fill(device, bytes));
    }

    fn fill_in_turn(bytes: u64, devices: u32) {
        (0..devices).for_each(|_| fill(&open(), bytes));
    }

    fn run_bytes(bytes: Vec<u8>) {
        let device = open();
        device.run(&bytes);
        device.synchronize();
    }

    fn add_unknown() {
        run(&open(), &add(4));
    }

    fn announce_less() {
        let device = open();
        for id in [1, 2] {
            let _ = device.write(&tensor(id, 4), 0, &[0; 16]);
        }
        run(&device, &add(2));
    }

    fn run_custom() {
        run(&open(), &OperationIr::Custom(CustomOpIr::new("mine", &[], &[])));
    }

    fn write_past_end() -> String {
        open().write(&tensor(1, 4), 4, &[0; 16]).map_or_else(told, |()| "written".to_owned())
    }

    fn write_out_of_order() {
        let device = open();
        let _ = device.write(&tensor(1, 4), 8, &[0; 8]);
        device.synchronize();
    }

    fn read_unknown() {
        open().read(&tensor(9, 4), false);
    }

    fn announce_content(bytes: u64) {
        let device = open();
        let _ = device.write(&tensor(1, bytes / 4), 0, &[0; 4]);
        device.synchronize();
    }
}

export!(Program);
