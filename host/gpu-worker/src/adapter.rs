//! Which graphics adapter, if any.
//! Never takes one that is a program on the processors unless that was asked for.

use burn_std::future::block_on;
use burn_wgpu::wgpu;
use host_gpu::Backend;
use host_gpu::protocol::{AdapterDescription, MachineDescription};

/// The interfaces that adapters are looked for through.
const INTERFACES: wgpu::Backends = wgpu::Backends::PRIMARY;

/// The adapter that a backend stands for, the fastest kind first.
pub fn find(backend: Backend) -> Option<wgpu::Adapter> {
    let wanted = all().into_iter().filter(|adapter| match backend {
        Backend::Auto => !is_software(adapter),
        Backend::Cpu => is_software(adapter),
        Backend::Gpu => true,
    });
    wanted.min_by_key(|adapter| rank(adapter.get_info().device_type))
}

/// What a backend's tensors are computed on, and what else there is.
pub fn describe(backend: Backend) -> MachineDescription {
    let mut adapters = all();
    adapters.sort_by_key(|adapter| rank(adapter.get_info().device_type));
    let chosen = adapters.first().filter(|first| match backend {
        Backend::Auto => !is_software(first),
        Backend::Cpu => false,
        Backend::Gpu => true,
    });
    let chosen = chosen.map(|_| 0);
    let described = adapters.iter().map(|adapter| AdapterDescription {
        name: adapter.get_info().name,
        driver_interface: adapter.get_info().backend.to_str().to_owned(),
        software: is_software(adapter),
    });
    MachineDescription { adapters: described.collect(), chosen }
}

/// Every adapter, in the drivers' order.
fn all() -> Vec<wgpu::Adapter> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends: INTERFACES,
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    block_on(instance.enumerate_adapters(INTERFACES))
}

/// Whether it is a program on the processors.
pub fn is_software(adapter: &wgpu::Adapter) -> bool {
    adapter.get_info().device_type == wgpu::DeviceType::Cpu
}

fn rank(kind: wgpu::DeviceType) -> u8 {
    match kind {
        wgpu::DeviceType::DiscreteGpu => 0,
        wgpu::DeviceType::IntegratedGpu => 1,
        wgpu::DeviceType::VirtualGpu => 2,
        wgpu::DeviceType::Other => 3,
        wgpu::DeviceType::Cpu => 4,
    }
}
