//! Copies between tensors and the buffers of workers, by the contract itself.
//! Never uses Burn: names and contents are made by hand.

#![allow(missing_docs, unsafe_code, clippy::all, unused_qualifications, reason = "bindings generated from WIT")]

wit_bindgen::generate!({
    inline: r#"
        package programs:tensor-transfer;

        world program {
            include sandmill:transfer/imports@0.1.0;
            /// Bits of the numbers of two tensors that were copied into a buffer from `offset` on, and from there into
            /// two tensors of other names and shapes.
            export there-and-back: func(bits: list<u32>, offset: u64) -> list<u32>;
            /// What the host says of a copy that cannot be meant, and whether the device goes on afterwards.
            export refused: func(what: string) -> tuple<string, bool>;
            /// Copies a tensor that does not exist.
            export copy-unknown: func();
            /// Copies a tensor of four numbers as one of so many.
            export copy-as: func(elements: u64);
            /// Makes a tensor of so many mebibytes of a buffer, so many times under the same name.
            export make: func(mebibytes: u64, times: u32) -> u64;
        }
    "#,
    path: ["../../wit/tensor@0.1.0", "../../wit/collective@0.1.0", "../../wit/transfer@0.1.0"],
    world: "programs:tensor-transfer/program",
    generate_all,
});

use sandmill::collective::collective::Buffer;
use sandmill::tensor::devices::Device;
use sandmill::tensor::types::{ElementType, Error, Tensor};
use sandmill::transfer::transfer::{copy_to_buffer, copy_to_tensors};

struct Program;

fn open() -> Device {
    Device::open("burn-ir/0.22").ok().expect("a device")
}

fn buffer(elements: u64) -> Buffer {
    Buffer::create(elements).ok().expect("a buffer")
}

fn tensor(id: u64, shape: &[u64]) -> Tensor {
    Tensor { id, element: ElementType::F32, shape: shape.to_vec() }
}

fn told(error: Error) -> String {
    match error {
        Error::Unsupported(reason) | Error::InvalidArgument(reason) => reason,
    }
}

/// The device with tensor 1, of four numbers.
fn with_four() -> Device {
    let device = open();
    device.write(&tensor(1, &[4]), 0, &[0; 16]).ok().expect("written");
    device
}

impl Guest for Program {
    fn there_and_back(bits: Vec<u32>, offset: u64) -> Vec<u32> {
        let device = open();
        let (first, second) = bits.split_at(bits.len() / 2);
        let bytes = |bits: &[u32]| bits.iter().flat_map(|bits| bits.to_le_bytes()).collect::<Vec<u8>>();
        let sent = [tensor(1, &[first.len() as u64]), tensor(2, &[1, second.len() as u64])];
        for (tensor, bits) in sent.iter().zip([first, second]) {
            device.write(tensor, 0, &bytes(bits)).ok().expect("written");
        }
        let buffer = buffer(bits.len() as u64 + offset);
        assert_eq!(copy_to_buffer(&device, &sent, &buffer, offset).expect("copied"), bits.len() as u64);
        // A name in use is given the new content.
        let made = [tensor(1, &[second.len() as u64, 1]), tensor(3, &[first.len() as u64])];
        assert_eq!(copy_to_tensors(&device, &made, &buffer, offset).expect("copied"), bits.len() as u64);
        let content: Vec<u8> = made.iter().flat_map(|tensor| device.read(tensor, true)).collect();
        content.chunks_exact(4).map(|bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])).collect()
    }

    fn refused(what: String) -> (String, bool) {
        let (device, buffer) = (with_four(), buffer(8));
        let tensors = match what.as_str() {
            "elements" => vec![Tensor { element: ElementType::F16, ..tensor(1, &[4]) }],
            "past-end" => vec![tensor(1, &[4]), tensor(1, &[5])],
            "many" => vec![tensor(1, &[0]); 513],
            "dimensions" => vec![tensor(1, &[1; 9])],
            _ => vec![tensor(1, &[u64::MAX, 2])],
        };
        let away = copy_to_buffer(&device, &tensors, &buffer, 0).map_or_else(told, |count| count.to_string());
        let back = copy_to_tensors(&device, &tensors, &buffer, 0).map_or_else(told, |count| count.to_string());
        assert_eq!(away, back);
        (away, copy_to_buffer(&device, &[tensor(1, &[4])], &buffer, 4).is_ok())
    }

    fn copy_unknown() {
        let _ = copy_to_buffer(&open(), &[tensor(9, &[4])], &buffer(4), 0);
    }

    fn copy_as(elements: u64) {
        let _ = copy_to_buffer(&with_four(), &[tensor(1, &[elements])], &buffer(8), 0);
    }

    fn make(mebibytes: u64, times: u32) -> u64 {
        let (device, elements) = (open(), mebibytes << 18);
        let buffer = buffer(elements);
        for _ in 0..times {
            copy_to_tensors(&device, &[tensor(1, &[elements])], &buffer, 0).ok().expect("copied");
        }
        device.synchronize();
        mebibytes
    }
}

export!(Program);
