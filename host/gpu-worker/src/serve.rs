//! The worker's loop: a request, its reply.
//! Never goes on after an operation failed: what depends on it would fail in ways that say nothing.

use std::io::{self, Read, Write};
use std::ops::Deref;

use burn_flex::Flex;
use burn_wgpu::{Wgpu, WgpuDevice, wgpu};
use host_gpu::protocol::{Reply, Request, Tensor, TensorDescription};
use host_gpu::{Backend, DeviceError, DeviceLimits, frame};

use crate::compute::Compute;
use crate::model::{Model, ModelServer};
use crate::tensors::{TensorServer, Tensors};
use crate::{adapter, panic_message};

/// A reply's payload, as whoever made it holds it: whole tensors are not copied for it.
type Payload = Box<dyn Deref<Target = [u8]>>;
/// What answers requests once the device is there.
trait Server {
    /// What a request's payload is appended to: what came of a content before, where the payload is a piece of one.
    fn before(&mut self, _: &Request) -> Result<Vec<u8>, DeviceError> {
        Ok(Vec::new())
    }

    /// Answers a request.
    fn serve(&mut self, request: Request, payload: Vec<u8>) -> Answer;
}

/// What a request came to: its reply, and the parts of the reply's payload.
type Answer = Result<(Reply, Vec<Payload>), DeviceError>;

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
            .map(|(tensors, description)| -> (Reply, Box<dyn Server>) {
                (Reply::TensorsOpened(description), Box::new(tensors))
            }),
        Request::OpenModel { backend, limits, size_bytes } => {
            panic_message::caught(|| open_model(backend, limits, size_bytes))
                .flatten()
                .map(|model| -> (Reply, Box<dyn Server>) { (Reply::Done, Box::new(model)) })
        }
        Request::OpenCompute { backend, limits } => panic_message::caught(|| Compute::open(backend, limits))
            .flatten()
            .map(|(compute, description)| -> (Reply, Box<dyn Server>) {
                (Reply::ComputeOpened(description), Box::new(compute))
            }),
        _ => Err(DeviceError::InvalidOperation("there is no device yet".to_owned())),
    };
    match opened {
        Ok((reply, mut server)) => {
            frame::write(output, &reply, &[])?;
            answer_all(&mut *server, input, output)
        }
        Err(error) => frame::write(output, &Reply::Failed(error), &[]),
    }
}

fn answer_all(server: &mut dyn Server, input: &mut impl Read, output: &mut impl Write) -> io::Result<()> {
    let mut failed = None;
    while let Some((request, payload_bytes)) = frame::read_message::<Request>(input)? {
        let before = match &failed {
            Some(error) => Err(DeviceError::clone(error)),
            None => panic_message::caught(|| server.before(&request)).flatten(),
        };
        let answer = match before {
            Ok(mut payload) => {
                frame::read_payload(input, payload_bytes, &mut payload)?;
                panic_message::caught(|| server.serve(request, payload)).flatten()
            }
            Err(error) => {
                frame::skip_payload(input, payload_bytes)?;
                Err(error)
            }
        };
        match answer {
            Ok((reply, payload)) => {
                let parts: Vec<&[u8]> = payload.iter().map(|part| &***part).collect();
                frame::write_parts(output, &reply, &parts)?;
            }
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

impl Server for Box<dyn TensorServer> {
    fn before(&mut self, request: &Request) -> Result<Vec<u8>, DeviceError> {
        match request {
            Request::Write { tensor, offset_bytes } => self.content_before(tensor, *offset_bytes),
            _ => Ok(Vec::new()),
        }
    }

    fn serve(&mut self, request: Request, payload: Vec<u8>) -> Answer {
        serve_tensors(&mut **self, request, payload)
    }
}

impl Server for Box<dyn ModelServer> {
    fn serve(&mut self, request: Request, payload: Vec<u8>) -> Answer {
        serve_model(&mut **self, request, &payload)
    }
}

impl Server for Compute {
    fn serve(&mut self, request: Request, payload: Vec<u8>) -> Answer {
        serve_compute(self, request, &payload)
    }
}

fn serve_tensors(tensors: &mut dyn TensorServer, request: Request, payload: Vec<u8>) -> Answer {
    match request {
        Request::Run => tensors.run(&payload).map(done),
        Request::Write { tensor, .. } => tensors.write(tensor, payload).map(done),
        Request::Read { tensor, last_use } => Ok((Reply::Content, vec![Box::new(tensors.read(&tensor, last_use)?)])),
        Request::WriteMany(named) => write_many(tensors, named, &payload).map(done),
        Request::ReadMany(named) => Ok((Reply::Content, read_many(tensors, &named)?)),
        Request::Synchronize => tensors.synchronize().map(|()| (Reply::Synchronized, Vec::new())),
        Request::Seed(seed) => tensors.seed(seed).map(done),
        _ => Err(not_of_this_device()),
    }
}

/// Cuts a content into those of several tensors.
fn write_many(tensors: &mut dyn TensorServer, named: Vec<Tensor>, mut content: &[u8]) -> Result<(), DeviceError> {
    for tensor in named {
        let bytes = tensor.content_bytes().and_then(|bytes| usize::try_from(bytes).ok());
        let Some((own, rest)) = bytes.and_then(|bytes| content.split_at_checked(bytes)) else {
            let message = format!("the content ends before that of tensor {}", tensor.id);
            return Err(DeviceError::InvalidOperation(message));
        };
        content = rest;
        let mut whole = tensors.content_before(&tensor, 0)?;
        whole.extend_from_slice(own);
        tensors.write(tensor, whole)?;
    }
    Ok(())
}

/// The contents of several tensors, each as long as it was named.
fn read_many(tensors: &mut dyn TensorServer, named: &[Tensor]) -> Result<Vec<Payload>, DeviceError> {
    let read = |tensor: &Tensor| -> Result<Payload, DeviceError> {
        let content = tensors.read(tensor, false)?;
        if Some(content.len() as u64) != tensor.content_bytes() {
            let (id, bytes) = (tensor.id, content.len());
            let message = format!("tensor {id} was named with the shape {:?}, and holds {bytes} bytes", tensor.shape);
            return Err(DeviceError::InvalidOperation(message));
        }
        Ok(Box::new(content))
    };
    named.iter().map(read).collect()
}

fn open_model(backend: Backend, limits: DeviceLimits, size_bytes: u64) -> Result<Box<dyn ModelServer>, DeviceError> {
    Ok(match graphics(backend)? {
        Some(_) => Box::new(Model::<Wgpu>::open(WgpuDevice::default().into(), limits, size_bytes)?),
        None => Box::new(Model::<Flex>::open(Default::default(), limits, size_bytes)?),
    })
}

fn serve_model(model: &mut dyn ModelServer, request: Request, payload: &[u8]) -> Answer {
    // What is wrong with a model or with an input is the guest's to mend; the model is still there.
    let refused = |error: DeviceError| match error.leaves_device() {
        true => Ok((Reply::Refused(error), Vec::new())),
        false => Err(error),
    };
    match request {
        Request::FeedModel => model.feed(payload).map(done),
        Request::LoadModel => {
            model.load().map(|description| (Reply::ModelLoaded(description), Vec::new())).or_else(refused)
        }
        Request::RunModel(inputs) => {
            let ran = model.run(&inputs, payload);
            ran.map(|(outputs, bytes)| -> (Reply, Vec<Payload>) { (Reply::ModelRan(outputs), vec![Box::new(bytes)]) })
                .or_else(refused)
        }
        _ => Err(not_of_this_device()),
    }
}

fn serve_compute(compute: &mut Compute, request: Request, payload: &[u8]) -> Answer {
    match request {
        Request::CreateBuffer { id, length_bytes } => compute.create_buffer(id, length_bytes).map(done),
        Request::DropBuffer(id) => {
            compute.drop_buffer(id);
            Ok(done(()))
        }
        Request::WriteBuffer { id, offset_bytes } => compute.write_buffer(id, offset_bytes, payload).map(done),
        Request::ReadBuffer { id, offset_bytes, length_bytes } => {
            Ok((Reply::Content, vec![Box::new(compute.read_buffer(id, offset_bytes, length_bytes)?)]))
        }
        Request::CreateKernel { id, entry_point, constants } => {
            let source = std::str::from_utf8(payload)
                .map_err(|_| DeviceError::InvalidOperation("a kernel that is no text".to_owned()))?;
            let made = compute.create_kernel(id, source, &entry_point, &constants)?;
            Ok((made.map_or_else(Reply::KernelRefused, |()| Reply::KernelCreated), Vec::new()))
        }
        Request::DropKernel(id) => {
            compute.drop_kernel(id);
            Ok(done(()))
        }
        Request::Submit(commands) => compute.submit(&commands).map(done),
        Request::Measure(commands) => Ok((Reply::Measured(compute.measure(&commands)?), Vec::new())),
        _ => Err(not_of_this_device()),
    }
}

fn done((): ()) -> (Reply, Vec<Payload>) {
    (Reply::Done, Vec::new())
}

fn not_of_this_device() -> DeviceError {
    DeviceError::InvalidOperation("this device is not asked for that".to_owned())
}
