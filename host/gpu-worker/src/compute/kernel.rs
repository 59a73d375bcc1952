//! From WGSL to a kernel, or to the places where that fails.
//! Never compiles without naga's checks: what a kernel may reach is decided there.

use std::borrow::Cow;

use burn_std::future::block_on;
use burn_wgpu::wgpu;
use host_gpu::protocol::Problem;

/// Compiles a kernel.
///
/// # Errors
/// Every problem that the compiler names.
pub fn compile(
    device: &wgpu::Device,
    source: &str,
    entry_point: &str,
    constants: &[(String, f64)],
) -> Result<wgpu::ComputePipeline, Vec<Problem>> {
    let scope = device.push_error_scope(wgpu::ErrorFilter::Validation);
    let wgsl = wgpu::ShaderSource::Wgsl(Cow::Borrowed(source));
    let module = device.create_shader_module(wgpu::ShaderModuleDescriptor { label: None, source: wgsl });
    if let Some(error) = block_on(scope.pop()) {
        let told = block_on(module.get_compilation_info()).messages;
        let problems: Vec<Problem> = told.iter().filter_map(|message| problem(source, message)).collect();
        return Err(if problems.is_empty() { vec![without_place(&error.to_string())] } else { problems });
    }
    let constants: Vec<(&str, f64)> = constants.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let scope = device.push_error_scope(wgpu::ErrorFilter::Validation);
    let kernel = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
        label: None,
        layout: None,
        module: &module,
        entry_point: Some(entry_point),
        compilation_options: wgpu::PipelineCompilationOptions { constants: &constants, ..Default::default() },
        cache: None,
    });
    match block_on(scope.pop()) {
        None => Ok(kernel),
        Some(error) => Err(vec![without_place(&error.to_string())]),
    }
}

fn problem(source: &str, message: &wgpu::CompilationMessage) -> Option<Problem> {
    if message.message_type != wgpu::CompilationMessageType::Error {
        return None;
    }
    let Some(place) = message.location else { return Some(without_place(&message.message)) };
    // The compiler counts columns in bytes, people in characters.
    let line = source.lines().nth((place.line_number as usize).saturating_sub(1)).unwrap_or_default();
    let before = line.get(..(place.line_position as usize).saturating_sub(1)).unwrap_or(line);
    let column = u32::try_from(before.chars().count() + 1).unwrap_or(u32::MAX);
    Some(Problem { message: one_line(&message.message), line: place.line_number, column })
}

fn without_place(message: &str) -> Problem {
    Problem { message: one_line(message), line: 0, column: 0 }
}

fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}
