//! A device for kernels: buffers, kernels and submissions on a graphics adapter.
//! Never runs a kernel without wgpu's own checks, and never shares a device between guests.

mod kernel;
mod submission;

use std::collections::HashMap;
use std::time::Duration;

use burn_std::future::block_on;
use burn_wgpu::wgpu;
use host_gpu::protocol::{Command, ComputeDescription, Opening, Problem};
use host_gpu::{Backend, DeviceError};

use crate::adapter;
use crate::memory::{Memory, Room};

/// Buffers of one guest.
const BUFFERS_MAX: usize = 10_000;
/// Kernels of one guest.
const KERNELS_MAX: usize = 1_000;

/// A device for kernels.
pub struct Compute {
    device: wgpu::Device,
    queue: wgpu::Queue,
    memory: Memory,
    buffers: HashMap<u64, wgpu::Buffer>,
    kernels: HashMap<u64, wgpu::ComputePipeline>,
    wait: Duration,
    /// Nanoseconds of one tick of the adapter's clock, where it has one.
    tick_nanoseconds: Option<f32>,
}

impl Compute {
    /// Opens the adapter.
    pub fn open(Opening { backend, limits }: Opening, room: Room) -> Result<(Self, ComputeDescription), DeviceError> {
        let adapter = adapter::find(backend).ok_or_else(|| {
            let wanted = match backend {
                Backend::Auto => {
                    "there is no graphics adapter in hardware; `sandmill up --device gpu` takes a software one too"
                }
                Backend::Cpu => "there is no software graphics adapter (Debian: mesa-vulkan-drivers)",
                Backend::Gpu => "there is no graphics adapter (in software: Debian's mesa-vulkan-drivers)",
            };
            DeviceError::Unsupported(wanted.to_owned())
        })?;
        let timestamps = adapter.features() & wgpu::Features::TIMESTAMP_QUERY;
        let wanted = wgpu::DeviceDescriptor {
            label: None,
            required_features: timestamps,
            required_limits: adapter.limits(),
            ..Default::default()
        };
        let (device, queue) = block_on(adapter.request_device(&wanted))
            .map_err(|error| DeviceError::Lost(format!("the adapter gives no device: {error}")))?;
        let description = describe(&adapter);
        let tick_nanoseconds = (!timestamps.is_empty()).then(|| queue.get_timestamp_period());
        let compute = Self {
            device,
            queue,
            memory: Memory::new(room),
            buffers: HashMap::new(),
            kernels: HashMap::new(),
            wait: Duration::from_millis(limits.submit_millis_max),
            tick_nanoseconds,
        };
        Ok((compute, description))
    }

    /// Makes a buffer of zeroes.
    pub fn create_buffer(&mut self, id: u64, length_bytes: u64) -> Result<(), DeviceError> {
        if self.buffers.len() == BUFFERS_MAX {
            return Err(DeviceError::InvalidOperation(format!("more than {BUFFERS_MAX} buffers")));
        }
        self.memory.take(id, Some(length_bytes), || format!("a buffer of {length_bytes} bytes"))?;
        let usage = wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC | wgpu::BufferUsages::COPY_DST;
        let description = wgpu::BufferDescriptor { label: None, size: length_bytes, usage, mapped_at_creation: false };
        let buffer = self.checked(|device, _| device.create_buffer(&description))?;
        self.buffers.insert(id, buffer);
        Ok(())
    }

    /// Forgets a buffer.
    pub fn drop_buffer(&mut self, id: u64) {
        if let Some(buffer) = self.buffers.remove(&id) {
            buffer.destroy();
            self.memory.give_back(id);
        }
    }

    /// Replaces bytes of a buffer.
    pub fn write_buffer(&mut self, id: u64, offset_bytes: u64, content: &[u8]) -> Result<(), DeviceError> {
        let buffer = self.buffer(id)?.clone();
        self.checked(|_, queue| queue.write_buffer(&buffer, offset_bytes, content))?;
        // What is written waits in memory of its own until a submission: none may pile up.
        self.queue.submit([]);
        self.wait_for_all()
    }

    /// Bytes of a buffer, once everything before is done.
    pub fn read_buffer(&mut self, id: u64, offset_bytes: u64, length_bytes: u64) -> Result<Vec<u8>, DeviceError> {
        if length_bytes == 0 {
            return Ok(Vec::new());
        }
        let source = self.buffer(id)?.clone();
        self.read_back(&source, offset_bytes, length_bytes)
    }

    /// Compiles a kernel; problems of the source are no failure of the device.
    pub fn create_kernel(
        &mut self,
        id: u64,
        source: &str,
        entry_point: &str,
        constants: &[(String, f64)],
    ) -> Result<Result<(), Vec<Problem>>, DeviceError> {
        if self.kernels.len() == KERNELS_MAX {
            return Err(DeviceError::InvalidOperation(format!("more than {KERNELS_MAX} kernels")));
        }
        Ok(kernel::compile(&self.device, source, entry_point, constants)
            .map(|kernel| drop(self.kernels.insert(id, kernel))))
    }

    /// Forgets a kernel.
    pub fn drop_kernel(&mut self, id: u64) {
        self.kernels.remove(&id);
    }

    /// Carries commands out and waits for them, so that a worker is never further behind than one submission.
    pub fn submit(&mut self, commands: &[Command]) -> Result<(), DeviceError> {
        submission::run(self, commands, None)?;
        self.wait_for_all()
    }

    /// Carries commands out and says how long each dispatch took.
    pub fn measure(&mut self, commands: &[Command]) -> Result<Vec<u64>, DeviceError> {
        submission::measure(self, commands)
    }

    fn buffer(&self, id: u64) -> Result<&wgpu::Buffer, DeviceError> {
        self.buffers.get(&id).ok_or_else(|| DeviceError::InvalidOperation(format!("there is no buffer {id}")))
    }

    fn kernel(&self, id: u64) -> Result<&wgpu::ComputePipeline, DeviceError> {
        self.kernels.get(&id).ok_or_else(|| DeviceError::InvalidOperation(format!("there is no kernel {id}")))
    }

    /// Does something and asks wgpu whether it found anything wrong with it.
    fn checked<T>(&self, work: impl FnOnce(&wgpu::Device, &wgpu::Queue) -> T) -> Result<T, DeviceError> {
        let out_of_memory = self.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let validation = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let done = work(&self.device, &self.queue);
        let problem = block_on(validation.pop());
        let missing = block_on(out_of_memory.pop());
        match (missing, problem) {
            (Some(error), _) => Err(DeviceError::Lost(format!("the adapter has no memory left: {error}"))),
            (None, Some(error)) => Err(DeviceError::InvalidOperation(error.to_string())),
            (None, None) => Ok(done),
        }
    }

    fn read_back(&self, source: &wgpu::Buffer, offset_bytes: u64, length_bytes: u64) -> Result<Vec<u8>, DeviceError> {
        let usage = wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST;
        let description = wgpu::BufferDescriptor { label: None, size: length_bytes, usage, mapped_at_creation: false };
        let staging = self.checked(|device, queue| {
            let staging = device.create_buffer(&description);
            let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
            encoder.copy_buffer_to_buffer(source, offset_bytes, &staging, 0, length_bytes);
            queue.submit([encoder.finish()]);
            staging
        })?;
        staging.map_async(wgpu::MapMode::Read, .., |_| {});
        self.wait_for_all()?;
        let mapped = staging.get_mapped_range(..).map_err(|error| DeviceError::Lost(error.to_string()))?;
        Ok(mapped.to_vec())
    }

    fn wait_for_all(&self) -> Result<(), DeviceError> {
        let wait = wgpu::PollType::Wait { submission_index: None, timeout: Some(self.wait) };
        match self.device.poll(wait) {
            Ok(_) => Ok(()),
            Err(wgpu::PollError::Timeout) => Err(DeviceError::DeadlineExceeded {
                limit_millis: u64::try_from(self.wait.as_millis()).unwrap_or(u64::MAX),
            }),
            Err(error) => Err(DeviceError::Lost(error.to_string())),
        }
    }
}

fn describe(adapter: &wgpu::Adapter) -> ComputeDescription {
    let (info, limits) = (adapter.get_info(), adapter.limits());
    ComputeDescription {
        adapter: info.name,
        driver_interface: info.backend.to_str().to_owned(),
        software: adapter::is_software(adapter),
        buffer_bytes_max: limits.max_buffer_size,
        binding_bytes_max: limits.max_storage_buffer_binding_size,
        bindings_max: limits.max_storage_buffers_per_shader_stage,
        workgroup_invocations_max: limits.max_compute_invocations_per_workgroup,
        workgroup_bytes_max: limits.max_compute_workgroup_storage_size,
        groups_max: limits.max_compute_workgroups_per_dimension,
    }
}
