//! Devices for guests: what can be asked of one, and the worker process that does it.
//! Never computes: the worker does (`host/gpu-worker`), which holds nothing but one guest's data and can be killed.
//!
//! A guest that opens a device gets a process of its own, in which all of its devices are and share what it was
//! granted. Whatever it makes them do, hang, run out of memory or crash, ends that process, and with it nothing that
//! anyone else has.

mod area;
mod compute;
mod connection;
mod devices;
mod error;
pub mod frame;
mod machine;
mod model;
pub mod protocol;
mod spare;
mod tensor;
mod usage;
mod worker;

pub use compute::{Buffer, ComputeDevice, Kernel};
pub use devices::GuestDevices;
pub use error::DeviceError;
pub use machine::describe_machine;
pub use model::{LoadedModel, ModelLoading};
pub use spare::SpareContent;
pub use tensor::TensorDevice;
pub use usage::{DeviceUsage, DevicesInUse};
pub use worker::{Backend, DeviceLimits, WorkerProgram};
