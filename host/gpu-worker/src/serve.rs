//! The worker's loop: a request, its reply.
//! Never goes on after an operation failed: what depends on it would fail in ways that say nothing.

mod tensors;

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::ops::Deref;

use burn_flex::Flex;
use burn_wgpu::{Wgpu, WgpuDevice, wgpu};
use host_gpu::protocol::{Addressed, Answer, Opening, Reply, Request};
use host_gpu::{Backend, DeviceError, frame};

use crate::compute::Compute;
use crate::memory::Room;
use crate::model::{Model, ModelServer};
use crate::tensors::{TensorServer, Tensors};
use crate::{adapter, panic_message};

/// A reply's payload, as whoever made it holds it: whole tensors are not copied for it.
type Payload = Box<dyn Deref<Target = [u8]>>;
/// What a request came to: its reply, and the parts of the reply's payload.
type Served = Result<(Reply, Vec<Payload>), DeviceError>;

/// What answers a device's requests once it is there.
trait Server {
    /// What a request's payload is appended to: what came of a content before, where the payload is a piece of one.
    fn before(&mut self, _: &Request) -> Result<Vec<u8>, DeviceError> {
        Ok(Vec::new())
    }

    /// Answers a request.
    fn serve(&mut self, request: Request, payload: Vec<u8>) -> Served;
}

/// Serves one guest until the input ends. Large payloads are in the area, the memory that the node shares.
///
/// # Errors
/// When the node cannot be understood or is gone.
pub fn serve(input: &mut impl Read, output: &mut impl Write, area: &File) -> io::Result<()> {
    panic_message::keep();
    let (mut devices, mut failed) = (Devices::default(), None);
    while let Some((Addressed { device, request }, payload_head)) = frame::read_message(input)? {
        let before = match &failed {
            Some(error) => Err(DeviceError::clone(error)),
            None => panic_message::caught(|| devices.before(device, &request)).flatten(),
        };
        let served = match before {
            Ok(mut payload) => {
                payload_head.read(input, area, &mut payload)?;
                panic_message::caught(|| devices.serve(device, request, payload)).flatten()
            }
            Err(error) => {
                payload_head.skip(input)?;
                Err(error)
            }
        };
        let taken_bytes = devices.taken_bytes();
        match served {
            Ok((reply, payload)) => {
                let parts: Vec<&[u8]> = payload.iter().map(|part| &***part).collect();
                frame::write_parts(output, &Answer { reply, taken_bytes }, &parts)?;
            }
            Err(error) => {
                frame::write(output, &Answer { reply: Reply::Failed(error.clone()), taken_bytes }, &[])?;
                failed = Some(error);
            }
        }
    }
    Ok(())
}

/// The guest's devices by the node's names for them, and the room that they share.
#[derive(Default)]
struct Devices {
    open: HashMap<u32, Box<dyn Server>>,
    room: Option<Room>,
}

impl Devices {
    fn before(&mut self, device: u32, request: &Request) -> Result<Vec<u8>, DeviceError> {
        self.open.get_mut(&device).map_or_else(|| Ok(Vec::new()), |server| server.before(request))
    }

    fn serve(&mut self, device: u32, request: Request, payload: Vec<u8>) -> Served {
        let opened = match request {
            Request::Close => {
                self.open.remove(&device);
                return Ok(done(()));
            }
            Request::DescribeMachine { backend } => {
                return Ok((Reply::MachineDescribed(adapter::describe(backend)), Vec::new()));
            }
            Request::OpenTensors(opening) => open_tensors(opening.backend, self.room(opening)),
            Request::OpenModel { opening, size_bytes } => open_model(opening.backend, self.room(opening), size_bytes),
            Request::OpenCompute(opening) => open_compute(opening, self.room(opening)),
            other => {
                let server = self.open.get_mut(&device);
                let server =
                    server.ok_or_else(|| DeviceError::InvalidOperation("there is no device yet".to_owned()))?;
                return server.serve(other, payload);
            }
        };
        match opened {
            Ok((reply, server)) => {
                self.open.insert(device, server);
                Ok((reply, Vec::new()))
            }
            Err(error) => refused(error),
        }
    }

    /// Bytes that the guest has taken of what it was granted.
    fn taken_bytes(&self) -> u64 {
        self.room.as_ref().map_or(0, Room::taken_bytes)
    }

    /// The room is made by the first device; all are opened with the same limits.
    fn room(&mut self, opening: Opening) -> Room {
        self.room.get_or_insert_with(|| Room::new(opening.limits.memory_bytes_max)).clone()
    }
}

fn open_tensors(backend: Backend, room: Room) -> Result<(Reply, Box<dyn Server>), DeviceError> {
    let (tensors, description): (Box<dyn TensorServer>, _) = match graphics(backend)? {
        Some(adapter) => {
            let tensors = Tensors::<Wgpu>::open(WgpuDevice::default().into(), room)?;
            let description = tensors.describe("wgpu", adapter.get_info().name)?;
            (Box::new(tensors), description)
        }
        None => {
            let tensors = Tensors::<Flex>::open(Default::default(), room)?;
            let description = tensors.describe("flex", "this machine's processors".to_owned())?;
            (Box::new(tensors), description)
        }
    };
    Ok((Reply::TensorsOpened(description), Box::new(tensors)))
}

fn open_model(backend: Backend, room: Room, size_bytes: u64) -> Result<(Reply, Box<dyn Server>), DeviceError> {
    let model: Box<dyn ModelServer> = match graphics(backend)? {
        Some(_) => Box::new(Model::<Wgpu>::open(WgpuDevice::default().into(), room, size_bytes)?),
        None => Box::new(Model::<Flex>::open(Default::default(), room, size_bytes)?),
    };
    Ok((Reply::ModelOpened, Box::new(model)))
}

fn open_compute(opening: Opening, room: Room) -> Result<(Reply, Box<dyn Server>), DeviceError> {
    let (compute, description) = Compute::open(opening, room)?;
    Ok((Reply::ComputeOpened(description), Box::new(compute)))
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

impl Server for Box<dyn ModelServer> {
    fn serve(&mut self, request: Request, payload: Vec<u8>) -> Served {
        serve_model(&mut **self, request, &payload)
    }
}

impl Server for Compute {
    fn serve(&mut self, request: Request, payload: Vec<u8>) -> Served {
        serve_compute(self, request, &payload)
    }
}

fn serve_model(model: &mut dyn ModelServer, request: Request, payload: &[u8]) -> Served {
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

fn serve_compute(compute: &mut Compute, request: Request, payload: &[u8]) -> Served {
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

/// What is wrong with what was asked for is the guest's to mend, and its devices go on.
fn refused(error: DeviceError) -> Served {
    match error.leaves_device() {
        true => Ok((Reply::Refused(error), Vec::new())),
        false => Err(error),
    }
}

fn done((): ()) -> (Reply, Vec<Payload>) {
    (Reply::Done, Vec::new())
}

fn not_of_this_device() -> DeviceError {
    DeviceError::InvalidOperation("this device is not asked for that".to_owned())
}
