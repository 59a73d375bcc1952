//! A list of commands as one submission.
//! Never holds half of one: it is encoded whole, and checked by wgpu, before anything of it runs.

use burn_wgpu::wgpu;
use host_gpu::DeviceError;
use host_gpu::protocol::Command;

use super::Compute;

/// Bytes of one reading of the adapter's clock.
const TIMESTAMP_BYTES: u64 = 8;

/// Hands the commands to the adapter; with a set of queries, each dispatch writes its beginning and its end.
pub fn run(compute: &Compute, commands: &[Command], queries: Option<&wgpu::QuerySet>) -> Result<(), DeviceError> {
    compute.checked(|device, queue| {
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let mut dispatches = 0;
        for command in commands {
            let timed =
                queries.filter(|_| matches!(command, Command::Dispatch { .. })).map(|queries| (queries, dispatches));
            encode(compute, device, &mut encoder, command, timed)?;
            dispatches += u32::from(timed.is_some());
        }
        queue.submit([encoder.finish()]);
        Ok(())
    })?
}

/// Carries the commands out and reads the clock around each dispatch.
pub fn measure(compute: &Compute, commands: &[Command]) -> Result<Vec<u64>, DeviceError> {
    let dispatches = commands.iter().filter(|command| matches!(command, Command::Dispatch { .. })).count();
    let Some(tick_nanoseconds) = compute.tick_nanoseconds else {
        return Err(DeviceError::InvalidOperation("this adapter has no clock to measure with".to_owned()));
    };
    if dispatches == 0 {
        run(compute, commands, None)?;
        return Ok(Vec::new());
    }
    let count = u32::try_from(2 * dispatches).unwrap_or(u32::MAX);
    let bytes = u64::from(count) * TIMESTAMP_BYTES;
    let (queries, resolved) = compute.checked(|device, _| {
        let queries =
            device.create_query_set(&wgpu::QuerySetDescriptor { label: None, ty: wgpu::QueryType::Timestamp, count });
        let usage = wgpu::BufferUsages::QUERY_RESOLVE | wgpu::BufferUsages::COPY_SRC;
        let resolved = device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: bytes,
            usage,
            mapped_at_creation: false,
        });
        (queries, resolved)
    })?;
    run(compute, commands, Some(&queries))?;
    compute.checked(|device, queue| {
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        encoder.resolve_query_set(&queries, 0..count, &resolved, 0);
        queue.submit([encoder.finish()]);
    })?;
    let ticks = compute.read_back(&resolved, 0, bytes)?;
    let (pairs, _) = ticks.as_chunks::<{ 2 * TIMESTAMP_BYTES as usize }>();
    Ok(pairs.iter().map(|pair| nanoseconds(pair, tick_nanoseconds)).collect())
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a span of time, rounded"
)]
fn nanoseconds(pair: &[u8; 2 * TIMESTAMP_BYTES as usize], tick_nanoseconds: f32) -> u64 {
    let [b0, b1, b2, b3, b4, b5, b6, b7, e0, e1, e2, e3, e4, e5, e6, e7] = *pair;
    let begun = u64::from_le_bytes([b0, b1, b2, b3, b4, b5, b6, b7]);
    let ended = u64::from_le_bytes([e0, e1, e2, e3, e4, e5, e6, e7]);
    (ended.saturating_sub(begun) as f64 * f64::from(tick_nanoseconds)) as u64
}

fn encode(
    compute: &Compute,
    device: &wgpu::Device,
    encoder: &mut wgpu::CommandEncoder,
    command: &Command,
    timed: Option<(&wgpu::QuerySet, u32)>,
) -> Result<(), DeviceError> {
    match command {
        Command::Clear(buffer) => encoder.clear_buffer(compute.buffer(*buffer)?, 0, None),
        Command::Copy { source, source_offset_bytes, destination, destination_offset_bytes, length_bytes } => {
            let (source, destination) = (compute.buffer(*source)?, compute.buffer(*destination)?);
            encoder.copy_buffer_to_buffer(
                source,
                *source_offset_bytes,
                destination,
                *destination_offset_bytes,
                *length_bytes,
            );
        }
        Command::Dispatch { kernel, buffers, groups: [x, y, z] } => {
            let kernel = compute.kernel(*kernel)?;
            let buffers = buffers.iter().map(|id| compute.buffer(*id)).collect::<Result<Vec<_>, _>>()?;
            let entries: Vec<wgpu::BindGroupEntry<'_>> = (0..)
                .zip(&buffers)
                .map(|(binding, buffer)| wgpu::BindGroupEntry { binding, resource: buffer.as_entire_binding() })
                .collect();
            let bindings = (!entries.is_empty()).then(|| {
                let layout = kernel.get_bind_group_layout(0);
                device.create_bind_group(&wgpu::BindGroupDescriptor { label: None, layout: &layout, entries: &entries })
            });
            let timestamp_writes = timed.map(|(query_set, dispatch)| wgpu::ComputePassTimestampWrites {
                query_set,
                beginning_of_pass_write_index: Some(2 * dispatch),
                end_of_pass_write_index: Some(2 * dispatch + 1),
            });
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor { label: None, timestamp_writes });
            pass.set_pipeline(kernel);
            if let Some(bindings) = &bindings {
                pass.set_bind_group(0, bindings, &[]);
            }
            pass.dispatch_workgroups(*x, *y, *z);
        }
    }
    Ok(())
}
