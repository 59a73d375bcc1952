//! What a node and a worker process say to each other.
//! Never stable between releases: both ends are the same binary.

use serde::{Deserialize, Serialize};

use crate::worker::Backend;
use crate::{DeviceError, DeviceLimits};

/// The form of operations that workers understand: Burn's, each encoded by postcard.
pub const TENSOR_OPERATIONS: &str = "burn-ir/0.22";

/// A request to one of the devices that a worker is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Addressed<R> {
    /// The node's name for the device.
    pub device: u32,
    /// What it is asked.
    pub request: R,
}

/// One thing asked of a device. Some carry bytes besides, as their frame's payload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Say what this machine computes on; no device is meant.
    DescribeMachine {
        /// Of which backend.
        backend: Backend,
    },
    /// First of all: be a device for tensors.
    OpenTensors(Opening),
    /// Forget the device and all that it holds.
    Close,
    /// Carry out the operations in the payload.
    Run,
    /// Give a tensor the payload as the next piece of its content.
    Write {
        /// The tensor.
        tensor: Tensor,
        /// Where the piece belongs; pieces come in order.
        offset_bytes: u64,
    },
    /// Send a tensor's content.
    Read {
        /// The tensor.
        tensor: Tensor,
        /// Whether it may be forgotten afterwards.
        last_use: bool,
    },
    /// Give tensors the payload as their content, one after the other.
    WriteMany(Vec<Tensor>),
    /// Send the content of tensors, one after the other.
    ReadMany(Vec<Tensor>),
    /// Answer once everything is done.
    Synchronize,
    /// Begin random numbers here.
    Seed(u64),
    /// First of all: be a device that runs a model.
    OpenModel {
        /// On what.
        opening: Opening,
        /// Length of the model's file.
        size_bytes: u64,
    },
    /// Take the payload as the next piece of the model's file.
    FeedModel,
    /// Read the model, all of whose file is there.
    LoadModel,
    /// Run the model; the payload is the inputs' content, one after the other.
    RunModel(Vec<NamedContent>),
    /// First of all: be a device for kernels.
    OpenCompute(Opening),
    /// Make a buffer.
    CreateBuffer {
        /// Its name from now on.
        id: u64,
        /// Its length.
        length_bytes: u64,
    },
    /// Forget a buffer.
    DropBuffer(u64),
    /// Replace bytes of a buffer by the payload.
    WriteBuffer {
        /// The buffer.
        id: u64,
        /// From where on.
        offset_bytes: u64,
    },
    /// Send bytes of a buffer, once everything before is done.
    ReadBuffer {
        /// The buffer.
        id: u64,
        /// From where on.
        offset_bytes: u64,
        /// How many.
        length_bytes: u64,
    },
    /// Compile the payload.
    CreateKernel {
        /// Its name from now on.
        id: u64,
        /// Where it begins.
        entry_point: String,
        /// What its overrides are set to.
        constants: Vec<(String, f64)>,
    },
    /// Forget a kernel.
    DropKernel(u64),
    /// Carry out commands.
    Submit(Vec<Command>),
    /// Carry out commands and say how long each dispatch took.
    Measure(Vec<Command>),
}

/// What a device is opened with; the same for all devices of one guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// On which backend.
    pub backend: Backend,
    /// What the guest may use, of all of its devices together.
    pub limits: DeviceLimits,
}

/// One command of a submission; buffers and kernels by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// A kernel over a grid.
    Dispatch {
        /// The kernel.
        kernel: u64,
        /// Its bindings, in order.
        buffers: Vec<u64>,
        /// Workgroups in x, y and z.
        groups: [u32; 3],
    },
    /// Bytes from one buffer into another.
    Copy {
        /// Where they are.
        source: u64,
        /// From where on.
        source_offset_bytes: u64,
        /// Where they go.
        destination: u64,
        /// From where on.
        destination_offset_bytes: u64,
        /// How many.
        length_bytes: u64,
    },
    /// Zeroes.
    Clear(u64),
}

/// The answer to a request; each has one, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What it says.
    pub reply: Reply,
    /// Bytes that the guest's tensors, buffers and weights take afterwards.
    pub taken_bytes: u64,
}

/// What an answer says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    /// Done, or taken on.
    Done,
    /// What the machine computes on.
    MachineDescribed(MachineDescription),
    /// There is room for the model's file.
    ModelOpened,
    /// The device for tensors is there.
    TensorsOpened(TensorDescription),
    /// The payload is what was asked for.
    Content,
    /// Everything before is done.
    Synchronized,
    /// The device for kernels is there.
    ComputeOpened(ComputeDescription),
    /// The kernel can be dispatched.
    KernelCreated,
    /// The kernel cannot be compiled.
    KernelRefused(Vec<Problem>),
    /// Nanoseconds that each dispatch took.
    Measured(Vec<u64>),
    /// The model can be run.
    ModelLoaded(ModelDescription),
    /// The payload is the outputs' content, one after the other.
    ModelRan(Vec<NamedContent>),
    /// It was not done, and the device goes on.
    Refused(DeviceError),
    /// It was not done, and nothing after it will be.
    Failed(DeviceError),
}

/// What a machine computes on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineDescription {
    /// Its graphics adapters, the one that is preferred first.
    pub adapters: Vec<AdapterDescription>,
    /// Which of them computes; none where the processors do.
    pub chosen: Option<usize>,
}

/// A graphics adapter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdapterDescription {
    /// As its driver calls it.
    pub name: String,
    /// The interface through which it is driven, as `vulkan`.
    pub driver_interface: String,
    /// Whether it is a program on this machine's processors.
    pub software: bool,
}

/// A place in a kernel's source, and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What is wrong.
    pub message: String,
    /// Counted from 1; 0 where no place is named.
    pub line: u32,
    /// Counted from 1 in characters; 0 where no place is named.
    pub column: u32,
}

/// What a device for kernels is and takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComputeDescription {
    /// The adapter, as its driver calls it.
    pub adapter: String,
    /// The interface through which it is driven.
    pub driver_interface: String,
    /// Whether it is a program on this machine's processors.
    pub software: bool,
    /// The largest buffer.
    pub buffer_bytes_max: u64,
    /// The largest part of a buffer that a kernel sees.
    pub binding_bytes_max: u64,
    /// Buffers that one kernel may see.
    pub bindings_max: u32,
    /// Invocations of a workgroup.
    pub workgroup_invocations_max: u32,
    /// Bytes that a workgroup may share.
    pub workgroup_bytes_max: u32,
    /// Workgroups in each dimension.
    pub groups_max: u32,
}

/// A tensor as the guest knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tensor {
    /// The guest's name for it.
    pub id: u64,
    /// Its elements.
    pub element: Element,
    /// Lengths of its dimensions, outermost first.
    pub shape: Vec<u64>,
}

impl Tensor {
    /// Bytes of its content, if that is a number at all.
    #[must_use]
    pub fn content_bytes(&self) -> Option<u64> {
        content_bytes(self.element, &self.shape)
    }

    /// Bytes of the content of several, if that is a number at all.
    #[must_use]
    pub fn content_bytes_of(tensors: &[Self]) -> Option<u64> {
        tensors.iter().try_fold(0_u64, |sum, tensor| sum.checked_add(tensor.content_bytes()?))
    }
}

/// What a model takes or makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueType {
    /// The model's name for it.
    pub name: String,
    /// Its elements.
    pub element: Element,
    /// Lengths of its dimensions, outermost first; none where any will do.
    pub shape: Vec<Option<u64>>,
}

/// What a model is, seen from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelDescription {
    /// What it takes, in order.
    pub inputs: Vec<ValueType>,
    /// What it makes, in order.
    pub outputs: Vec<ValueType>,
}

/// A content that goes into a model or comes out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedContent {
    /// The model's name for it.
    pub name: String,
    /// Its elements.
    pub element: Element,
    /// Lengths of its dimensions, outermost first.
    pub shape: Vec<u64>,
}

impl NamedContent {
    /// Bytes of the content, if that is a number at all.
    #[must_use]
    pub fn content_bytes(&self) -> Option<u64> {
        content_bytes(self.element, &self.shape)
    }
}

fn content_bytes(element: Element, shape: &[u64]) -> Option<u64> {
    shape.iter().try_fold(element.bytes(), |bytes, length| bytes.checked_mul(*length))
}

/// Types of elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each variant is the type of the same name in wit/tensor")]
pub enum Element {
    F64,
    F32,
    Flex32,
    F16,
    Bf16,
    I64,
    I32,
    I16,
    I8,
    U64,
    U32,
    U16,
    U8,
    BoolNative,
    BoolU8,
    BoolU32,
}

impl Element {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::F64,
        Self::F32,
        Self::Flex32,
        Self::F16,
        Self::Bf16,
        Self::I64,
        Self::I32,
        Self::I16,
        Self::I8,
        Self::U64,
        Self::U32,
        Self::U16,
        Self::U8,
        Self::BoolNative,
        Self::BoolU8,
        Self::BoolU32,
    ];

    /// Bytes of one element.
    #[must_use]
    pub const fn bytes(self) -> u64 {
        match self {
            Self::F64 | Self::I64 | Self::U64 => 8,
            Self::F32 | Self::Flex32 | Self::I32 | Self::U32 | Self::BoolU32 => 4,
            Self::F16 | Self::Bf16 | Self::I16 | Self::U16 => 2,
            Self::I8 | Self::U8 | Self::BoolNative | Self::BoolU8 => 1,
        }
    }
}

/// What a device for tensors is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TensorDescription {
    /// `flex` or `wgpu`.
    pub backend: String,
    /// The adapter, as its driver calls it.
    pub adapter: String,
    /// Floating-point numbers where a program does not say.
    pub default_float: Element,
    /// Integers where a program does not say.
    pub default_int: Element,
    /// Truth values where a program does not say.
    pub default_bool: Element,
    /// What it can hold.
    pub elements: Vec<ElementSupport>,
}

/// What a device can do with elements of a type beside holding them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElementSupport {
    /// The type.
    pub element: Element,
    /// Compute with them.
    pub arithmetic: bool,
    /// Compute with them on units made for matrices.
    pub accelerated: bool,
}
