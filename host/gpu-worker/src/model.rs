//! A trained model that is only run: ONNX, on one of Burn's backends.
//! Never trusts the file: it is read here, in a process that can be lost, and what it asks for is counted.

mod activation;
mod convolution;
mod elementwise;
mod graph;
mod names;
mod normalization;
mod operator;
mod product;
mod reduce;
mod shape;
mod value;

use burn_backend::Backend;
use host_gpu::DeviceError;
use host_gpu::protocol::{ModelDescription, NamedContent};

use crate::memory::{Memory, Room};
use crate::panic_message::caught;
use graph::Graph;

/// What the file itself is counted as: no tensor has this name.
const FILE: u64 = u64::MAX;

/// A model, or one whose file is still coming in.
pub struct Model<B: Backend> {
    device: B::Device,
    memory: Memory,
    size_bytes: u64,
    file: Vec<u8>,
    graph: Option<Graph<B>>,
}

/// A model, on whichever backend.
pub trait ModelServer {
    /// Takes the next piece of the file.
    fn feed(&mut self, piece: &[u8]) -> Result<(), DeviceError>;
    /// Reads the whole file. What is refused is told apart from what breaks the device.
    fn load(&mut self) -> Result<ModelDescription, DeviceError>;
    /// Runs the model on these inputs, whose bytes come one after the other.
    fn run(&mut self, inputs: &[NamedContent], bytes: &[u8]) -> Result<(Vec<NamedContent>, Vec<u8>), DeviceError>;
}

impl<B: Backend> Model<B> {
    /// Room for a file of so many bytes.
    pub fn open(device: B::Device, room: Room, size_bytes: u64) -> Result<Self, DeviceError> {
        let mut memory = Memory::new(room);
        memory.take(FILE, Some(size_bytes), || format!("a model's file of {size_bytes} bytes"))?;
        Ok(Self { device, memory, size_bytes, file: Vec::new(), graph: None })
    }
}

impl<B: Backend> ModelServer for Model<B> {
    fn feed(&mut self, piece: &[u8]) -> Result<(), DeviceError> {
        if (self.file.len() + piece.len()) as u64 > self.size_bytes {
            return Err(DeviceError::InvalidOperation("a model's file is longer than was said".to_owned()));
        }
        self.file.extend_from_slice(piece);
        Ok(())
    }

    fn load(&mut self) -> Result<ModelDescription, DeviceError> {
        let file = std::mem::take(&mut self.file);
        // Whatever is wrong with the file, the reader's own words say best.
        let graph = caught(|| Graph::<B>::read(&file, &self.device, &mut self.memory)).map_err(refused).flatten()?;
        drop(file);
        self.memory.give_back(FILE);
        let description = graph.description();
        self.graph = Some(graph);
        Ok(description)
    }

    fn run(&mut self, inputs: &[NamedContent], bytes: &[u8]) -> Result<(Vec<NamedContent>, Vec<u8>), DeviceError> {
        let Some(graph) = &self.graph else {
            return Err(DeviceError::InvalidOperation("there is no model yet".to_owned()));
        };
        caught(|| graph.run(inputs, bytes, &self.device, &mut self.memory)).flatten()
    }
}

/// A file that cannot be read says something of the file, not of the device.
fn refused(error: DeviceError) -> DeviceError {
    match error {
        DeviceError::InvalidOperation(reason) => {
            DeviceError::InvalidArgument(format!("the model cannot be read: {reason}"))
        }
        other => other,
    }
}
