//! A guest's commands, from handles to the device's own names.
//! Never lets a command name what lies on another device.

use host_bindings::sandmill::compute::devices::{BufferCopy, Command, Dispatch};
use host_gpu::protocol::Command as Named;
use host_gpu::{Buffer, ComputeDevice, DeviceError, Kernel};
use wasmtime::component::ResourceTable;

/// The commands by name, or why one cannot be meant.
pub fn resolve(
    table: &ResourceTable,
    device: &ComputeDevice,
    commands: &[Command],
) -> wasmtime::Result<Result<Vec<Named>, DeviceError>> {
    commands.iter().map(|command| resolve_one(table, device, command)).collect()
}

fn resolve_one(
    table: &ResourceTable,
    device: &ComputeDevice,
    command: &Command,
) -> wasmtime::Result<Result<Named, DeviceError>> {
    Ok(match command {
        Command::Clear(buffer) => on(device, table.get(buffer)?).map(|buffer| Named::Clear(buffer.id())),
        Command::Copy(copy) => resolve_copy(device, table.get(&copy.source)?, table.get(&copy.destination)?, copy),
        Command::Dispatch(dispatch) => {
            let buffers = dispatch.buffers.iter().map(|buffer| table.get(buffer)).collect::<Result<Vec<_>, _>>()?;
            resolve_dispatch(device, table.get(&dispatch.kernel)?, &buffers, dispatch)
        }
    })
}

fn resolve_copy(
    device: &ComputeDevice,
    source: &Buffer,
    destination: &Buffer,
    copy: &BufferCopy,
) -> Result<Named, DeviceError> {
    on(device, source)?.check_range(copy.source_offset_bytes, copy.length_bytes)?;
    on(device, destination)?.check_range(copy.destination_offset_bytes, copy.length_bytes)?;
    if source.id() == destination.id() {
        return Err(DeviceError::InvalidArgument("a copy within one buffer".to_owned()));
    }
    Ok(Named::Copy {
        source: source.id(),
        source_offset_bytes: copy.source_offset_bytes,
        destination: destination.id(),
        destination_offset_bytes: copy.destination_offset_bytes,
        length_bytes: copy.length_bytes,
    })
}

fn resolve_dispatch(
    device: &ComputeDevice,
    kernel: &Kernel,
    buffers: &[&Buffer],
    dispatch: &Dispatch,
) -> Result<Named, DeviceError> {
    if !kernel.is_on(device) {
        return Err(DeviceError::InvalidArgument("a kernel that was compiled on another device".to_owned()));
    }
    let buffers = buffers.iter().map(|buffer| on(device, buffer).map(Buffer::id)).collect::<Result<_, _>>()?;
    let (x, y, z) = dispatch.groups;
    Ok(Named::Dispatch { kernel: kernel.id(), buffers, groups: [x, y, z] })
}

fn on<'a>(device: &ComputeDevice, buffer: &'a Buffer) -> Result<&'a Buffer, DeviceError> {
    if buffer.is_on(device) {
        Ok(buffer)
    } else {
        Err(DeviceError::InvalidArgument("a buffer of another device".to_owned()))
    }
}
