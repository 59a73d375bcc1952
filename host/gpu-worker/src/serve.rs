//! The worker's loop: a request, its reply.
//! Never goes on after an operation failed: what depends on it would fail in ways that say nothing.

use std::io::{self, Read, Write};
use std::ops::Deref;

use burn_flex::Flex;
use burn_wgpu::{Wgpu, WgpuDevice, wgpu};
use host_gpu::protocol::{Answer, Reply, Request, TensorDescription};
use host_gpu::{Backend, DeviceError, DeviceLimits, frame};

use crate::compute::Compute;
use crate::model::{Model, ModelServer};
use crate::tensors::{TensorServer, Tensors};
use crate::{adapter, panic_message};

/// A reply's payload, as whoever made it holds it: whole tensors are not copied for it.
type Payload = Box<dyn Deref<Target = [u8]>>;
/// What a request came to: its reply, and the reply's payload if it has one.
type Served = Result<(Reply, Option<Payload>), DeviceError>;

/// What answers requests once it is there.
trait Device {
    fn serve(&mut self, request: Request, payload: Vec<u8>) -> Served;
    /// Bytes that the guest has taken of it.
    fn taken_bytes(&self) -> u64;
}

/// Serves one guest until the input ends.
///
/// # Errors
/// When the node cannot be understood or is gone.
pub fn serve(input: &mut impl Read, output: &mut impl Write) -> io::Result<()> {
    panic_message::keep();
    let Some((first, _)) = frame::read(input)? else { return Ok(()) };
    match panic_message::caught(|| open(first)).flatten() {
        Ok((reply, mut device)) => {
            frame::write(output, &Answer { reply, taken_bytes: device.taken_bytes() }, &[])?;
            answer_all(&mut *device, input, output)
        }
        Err(error) => frame::write(output, &Answer { reply: Reply::Failed(error), taken_bytes: 0 }, &[]),
    }
}

fn open(first: Request) -> Result<(Reply, Box<dyn Device>), DeviceError> {
    match first {
        Request::DescribeMachine { backend } => {
            Ok((Reply::MachineDescribed(adapter::describe(backend)), Box::new(NoDevice)))
        }
        Request::OpenTensors { backend, limits } => {
            let (tensors, description) = open_tensors(backend, limits)?;
            Ok((Reply::TensorsOpened(description), Box::new(tensors)))
        }
        Request::OpenModel { backend, limits, size_bytes } => {
            Ok((Reply::Done, Box::new(open_model(backend, limits, size_bytes)?)))
        }
        Request::OpenCompute { backend, limits } => {
            let (compute, description) = Compute::open(backend, limits)?;
            Ok((Reply::ComputeOpened(description), Box::new(compute)))
        }
        _ => Err(DeviceError::InvalidOperation("there is no device yet".to_owned())),
    }
}

fn answer_all(device: &mut dyn Device, input: &mut impl Read, output: &mut impl Write) -> io::Result<()> {
    let mut failed = None;
    while let Some((request, payload)) = frame::read::<Request>(input)? {
        let served = match &failed {
            Some(error) => Err(DeviceError::clone(error)),
            None => panic_message::caught(|| device.serve(request, payload)).flatten(),
        };
        let taken_bytes = device.taken_bytes();
        match served {
            Ok((reply, payload)) => {
                let payload = payload.as_deref().map_or(&[][..], |payload| payload);
                frame::write(output, &Answer { reply, taken_bytes }, payload)?;
            }
            Err(error) => {
                frame::write(output, &Answer { reply: Reply::Failed(error.clone()), taken_bytes }, &[])?;
                failed = Some(error);
            }
        }
    }
    Ok(())
}

/// What there is where only the machine was asked about.
struct NoDevice;

impl Device for NoDevice {
    fn serve(&mut self, _: Request, _: Vec<u8>) -> Served {
        Err(not_of_this_device())
    }

    fn taken_bytes(&self) -> u64 {
        0
    }
}

fn open_tensors(
    backend: Backend,
    limits: DeviceLimits,
) -> Result<(Box<dyn TensorServer>, TensorDescription), DeviceError> {
    match graphics(backend)? {
        Some(adapter) => {
            let tensors = Tensors::<Wgpu>::open(WgpuDevice::default().into(), limits)?;
            let description = tensors.describe("wgpu", adapter.get_info().name)?;
            Ok((Box::new(tensors), description))
        }
        None => {
            let tensors = Tensors::<Flex>::open(Default::default(), limits)?;
            let description = tensors.describe("flex", "this machine's processors".to_owned())?;
            Ok((Box::new(tensors), description))
        }
    }
}

/// The graphics adapter to compute on; none where that is done on the processors.
fn graphics(backend: Backend) -> Result<Option<wgpu::Adapter>, DeviceError> {
    let found = match backend {
        Backend::Cpu => None,
        Backend::Auto | Backend::Gpu => adapter::find(backend),
    };
    if found.is_none() && backend == Backend::Gpu {
        return Err(DeviceError::Unsupported(
            "there is no graphics adapter (in software: Debian's mesa-vulkan-drivers)".to_owned(),
        ));
    }
    Ok(found)
}

impl Device for Box<dyn TensorServer> {
    fn serve(&mut self, request: Request, payload: Vec<u8>) -> Served {
        match request {
            Request::Run => self.run(&payload).map(done),
            Request::Write { tensor, offset_bytes } => self.write(tensor, offset_bytes, payload).map(done),
            Request::Read { tensor, last_use } => {
                Ok((Reply::Content, Some(Box::new((**self).read(&tensor, last_use)?))))
            }
            Request::Synchronize => self.synchronize().map(|()| (Reply::Synchronized, None)),
            Request::Seed(seed) => self.seed(seed).map(done),
            _ => Err(not_of_this_device()),
        }
    }

    fn taken_bytes(&self) -> u64 {
        (**self).taken_bytes()
    }
}

fn open_model(backend: Backend, limits: DeviceLimits, size_bytes: u64) -> Result<Box<dyn ModelServer>, DeviceError> {
    Ok(match graphics(backend)? {
        Some(_) => Box::new(Model::<Wgpu>::open(WgpuDevice::default().into(), limits, size_bytes)?),
        None => Box::new(Model::<Flex>::open(Default::default(), limits, size_bytes)?),
    })
}

impl Device for Box<dyn ModelServer> {
    fn serve(&mut self, request: Request, payload: Vec<u8>) -> Served {
        // What is wrong with a model or with an input is the guest's to mend; the model is still there.
        let refused = |error: DeviceError| match error.leaves_device() {
            true => Ok((Reply::Refused(error), None)),
            false => Err(error),
        };
        match request {
            Request::FeedModel => self.feed(&payload).map(done),
            Request::LoadModel => {
                self.load().map(|description| (Reply::ModelLoaded(description), None)).or_else(refused)
            }
            Request::RunModel(inputs) => {
                let ran = self.run(&inputs, &payload);
                ran.map(|(outputs, bytes)| -> (Reply, Option<Payload>) {
                    (Reply::ModelRan(outputs), Some(Box::new(bytes)))
                })
                .or_else(refused)
            }
            _ => Err(not_of_this_device()),
        }
    }

    fn taken_bytes(&self) -> u64 {
        (**self).taken_bytes()
    }
}

impl Device for Compute {
    fn serve(&mut self, request: Request, payload: Vec<u8>) -> Served {
        match request {
            Request::CreateBuffer { id, length_bytes } => self.create_buffer(id, length_bytes).map(done),
            Request::DropBuffer(id) => {
                self.drop_buffer(id);
                Ok(done(()))
            }
            Request::WriteBuffer { id, offset_bytes } => self.write_buffer(id, offset_bytes, &payload).map(done),
            Request::ReadBuffer { id, offset_bytes, length_bytes } => {
                Ok((Reply::Content, Some(Box::new(self.read_buffer(id, offset_bytes, length_bytes)?))))
            }
            Request::CreateKernel { id, entry_point, constants } => {
                let source = std::str::from_utf8(&payload)
                    .map_err(|_| DeviceError::InvalidOperation("a kernel that is no text".to_owned()))?;
                let made = self.create_kernel(id, source, &entry_point, &constants)?;
                Ok((made.map_or_else(Reply::KernelRefused, |()| Reply::KernelCreated), None))
            }
            Request::DropKernel(id) => {
                self.drop_kernel(id);
                Ok(done(()))
            }
            Request::Submit(commands) => self.submit(&commands).map(done),
            Request::Measure(commands) => Ok((Reply::Measured(self.measure(&commands)?), None)),
            _ => Err(not_of_this_device()),
        }
    }

    fn taken_bytes(&self) -> u64 {
        self.taken_bytes()
    }
}

fn done((): ()) -> (Reply, Option<Payload>) {
    (Reply::Done, None)
}

fn not_of_this_device() -> DeviceError {
    DeviceError::InvalidOperation("this device is not asked for that".to_owned())
}
