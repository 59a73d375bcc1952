//! The worker's loop: a request, its reply.
//! Never goes on after an operation failed: what depends on it would fail in ways that say nothing.

use std::io::{self, Read, Write};
use std::ops::Deref;

use burn_flex::Flex;
use burn_wgpu::{Wgpu, WgpuDevice};
use host_gpu::protocol::{Reply, Request, TensorDescription};
use host_gpu::{Backend, DeviceError, DeviceLimits, frame};

use crate::compute::Compute;
use crate::tensors::{TensorServer, Tensors};
use crate::{adapter, panic_message};

/// A reply's payload, as whoever made it holds it: whole tensors are not copied for it.
type Payload = Box<dyn Deref<Target = [u8]>>;
/// What a request came to: its reply, and the reply's payload if it has one.
type Answer = Result<(Reply, Option<Payload>), DeviceError>;

/// Serves one guest until the input ends.
///
/// # Errors
/// When the node cannot be understood or is gone.
pub fn serve(input: &mut impl Read, output: &mut impl Write) -> io::Result<()> {
    panic_message::keep();
    let Some((first, _)) = frame::read(input)? else { return Ok(()) };
    let opened = match first {
        Request::OpenTensors { backend, limits } => panic_message::caught(|| open_tensors(backend, limits))
            .flatten()
            .map(|(mut tensors, description)| -> (Reply, Box<dyn FnMut(Request, Vec<u8>) -> Answer>) {
                let serve = move |request, payload| serve_tensors(&mut *tensors, request, payload);
                (Reply::TensorsOpened(description), Box::new(serve))
            }),
        Request::OpenCompute { backend, limits } => panic_message::caught(|| Compute::open(backend, limits))
            .flatten()
            .map(|(mut compute, description)| -> (Reply, Box<dyn FnMut(Request, Vec<u8>) -> Answer>) {
                let serve = move |request, payload: Vec<u8>| serve_compute(&mut compute, request, &payload);
                (Reply::ComputeOpened(description), Box::new(serve))
            }),
        _ => Err(DeviceError::InvalidOperation("there is no device yet".to_owned())),
    };
    match opened {
        Ok((reply, mut serve)) => {
            frame::write(output, &reply, &[])?;
            answer_all(&mut *serve, input, output)
        }
        Err(error) => frame::write(output, &Reply::Failed(error), &[]),
    }
}

fn answer_all(
    serve: &mut dyn FnMut(Request, Vec<u8>) -> Answer,
    input: &mut impl Read,
    output: &mut impl Write,
) -> io::Result<()> {
    let mut failed = None;
    while let Some((request, payload)) = frame::read::<Request>(input)? {
        let answer = match &failed {
            Some(error) => Err(DeviceError::clone(error)),
            None => panic_message::caught(|| serve(request, payload)).flatten(),
        };
        match answer {
            Ok((reply, payload)) => frame::write(output, &reply, payload.as_deref().map_or(&[], |payload| payload))?,
            Err(error) => {
                frame::write(output, &Reply::Failed(error.clone()), &[])?;
                failed = Some(error);
            }
        }
    }
    Ok(())
}

fn open_tensors(
    backend: Backend,
    limits: DeviceLimits,
) -> Result<(Box<dyn TensorServer>, TensorDescription), DeviceError> {
    let found = match backend {
        Backend::Cpu => None,
        Backend::Auto | Backend::Gpu => adapter::find(backend),
    };
    match (found, backend) {
        (Some(adapter), _) => {
            let tensors = Tensors::<Wgpu>::open(WgpuDevice::default().into(), limits)?;
            let description = tensors.describe("wgpu", adapter.get_info().name)?;
            Ok((Box::new(tensors), description))
        }
        (None, Backend::Gpu) => Err(DeviceError::Unsupported(
            "there is no graphics adapter (in software: Debian's mesa-vulkan-drivers)".to_owned(),
        )),
        (None, Backend::Auto | Backend::Cpu) => {
            let tensors = Tensors::<Flex>::open(Default::default(), limits)?;
            let description = tensors.describe("flex", "this machine's processors".to_owned())?;
            Ok((Box::new(tensors), description))
        }
    }
}

fn serve_tensors(tensors: &mut dyn TensorServer, request: Request, payload: Vec<u8>) -> Answer {
    match request {
        Request::Run => tensors.run(&payload).map(done),
        Request::Write { tensor, offset_bytes } => tensors.write(tensor, offset_bytes, payload).map(done),
        Request::Read { tensor, last_use } => Ok((Reply::Content, Some(Box::new(tensors.read(&tensor, last_use)?)))),
        Request::Synchronize => tensors.synchronize().map(|()| (Reply::Synchronized, None)),
        Request::Seed(seed) => tensors.seed(seed).map(done),
        _ => Err(not_of_this_device()),
    }
}

fn serve_compute(compute: &mut Compute, request: Request, payload: &[u8]) -> Answer {
    match request {
        Request::CreateBuffer { id, length_bytes } => compute.create_buffer(id, length_bytes).map(done),
        Request::DropBuffer(id) => Ok(done(compute.drop_buffer(id))),
        Request::WriteBuffer { id, offset_bytes } => compute.write_buffer(id, offset_bytes, payload).map(done),
        Request::ReadBuffer { id, offset_bytes, length_bytes } => {
            Ok((Reply::Content, Some(Box::new(compute.read_buffer(id, offset_bytes, length_bytes)?))))
        }
        Request::CreateKernel { id, entry_point, constants } => {
            let source = std::str::from_utf8(payload)
                .map_err(|_| DeviceError::InvalidOperation("a kernel that is no text".to_owned()))?;
            let made = compute.create_kernel(id, source, &entry_point, &constants)?;
            Ok((made.map_or_else(Reply::KernelRefused, |()| Reply::KernelCreated), None))
        }
        Request::DropKernel(id) => Ok(done(compute.drop_kernel(id))),
        Request::Submit(commands) => compute.submit(&commands).map(done),
        Request::Measure(commands) => Ok((Reply::Measured(compute.measure(&commands)?), None)),
        _ => Err(not_of_this_device()),
    }
}

fn done((): ()) -> (Reply, Option<Payload>) {
    (Reply::Done, None)
}

fn not_of_this_device() -> DeviceError {
    DeviceError::InvalidOperation("this device is not asked for that".to_owned())
}
