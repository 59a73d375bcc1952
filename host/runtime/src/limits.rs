//! Limits: what reaching one is called, and the limiter of memory, tables and instances.
//! Never decides what a limit is; that is the plan's.

use host_base::{Code, Failure, Limits};
use sdk_spec::{ByteSize, Span};
use thiserror::Error;
use wasmtime::ResourceLimiter;

use crate::meter::SharedMeter;

/// Ends a call because a limit was reached. Host functions return it as an error; the guest cannot
/// catch it.
#[derive(Clone, Debug, Error)]
#[error("{0}")]
pub struct LimitReached(pub Failure);

/// Milliseconds that one tick stands for.
pub const TICK_MILLIS: u64 = 10;

fn bytes(count: u64) -> String {
    ByteSize(count).into()
}

fn reached(code: Code, name: &str, value: &str, hint: String) -> LimitReached {
    LimitReached(Failure::new(code, format!("the step reached its {name} limit of {value}")).with_hint(hint))
}

fn raise(key: &str) -> String {
    format!("let it use less, or raise `{key}` of the step in the pipeline document")
}

fn raise_on_node(name: &str) -> String {
    format!("let it use less; `{name}` is one of the node's default limits and has no key in a step")
}

pub(crate) fn memory(limits: &Limits) -> LimitReached {
    reached(Code::MemoryLimit, "memory", &bytes(limits.memory_bytes_max), raise("limits.memory"))
}

pub(crate) fn table(limits: &Limits) -> LimitReached {
    let value = format!("{} elements", limits.table_elements_max);
    reached(Code::TableLimit, "table", &value, raise_on_node("table_elements_max"))
}

pub(crate) fn instances(limits: &Limits) -> LimitReached {
    let value = format!("{} core instances", limits.instances_max);
    reached(Code::InstanceLimit, "instance", &value, raise_on_node("instances_max"))
}

pub(crate) fn wall(limits: &Limits) -> LimitReached {
    reached(Code::WallTimeLimit, "wall time", &String::from(Span(limits.wall_millis_max)), raise("timeout"))
}

pub(crate) fn cpu(limits: &Limits) -> LimitReached {
    let value = String::from(Span(limits.cpu_ticks_max.saturating_mul(TICK_MILLIS)));
    reached(Code::CpuLimit, "CPU time", &value, raise("limits.cpu"))
}

pub(crate) fn output(output_bytes_max: u64) -> LimitReached {
    reached(Code::OutputLimit, "output", &bytes(output_bytes_max), raise("limits.output"))
}

pub(crate) fn host_call(limits: &Limits) -> LimitReached {
    let value = format!("{} in one call", bytes(limits.host_call_bytes_max));
    let hint = "let it hand over big data in several calls, or as an artifact".to_owned();
    reached(Code::HostCallLimit, "host call", &value, hint)
}

/// Counts memory and table elements of all the guest's instances together.
pub(crate) struct MemoryLimiter {
    limits: Limits,
    memory_bytes: u64,
    table_elements: u64,
    meter: SharedMeter,
}

impl MemoryLimiter {
    pub(crate) fn new(limits: Limits, meter: SharedMeter) -> Self {
        Self { limits, memory_bytes: 0, table_elements: 0, meter }
    }
}

impl ResourceLimiter for MemoryLimiter {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        if maximum.is_some_and(|maximum| desired > maximum) {
            // The module's own maximum: `memory.grow` returns -1, as WebAssembly has it.
            return Ok(false);
        }
        let total = self.memory_bytes + (desired - current) as u64;
        if total > self.limits.memory_bytes_max {
            return Err(memory(&self.limits).into());
        }
        self.memory_bytes = total;
        self.meter.memory_grew_to(total);
        Ok(true)
    }

    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        let total = self.table_elements + (desired - current) as u64;
        if total > self.limits.table_elements_max {
            return Err(table(&self.limits).into());
        }
        self.table_elements = total;
        Ok(true)
    }

    fn instances(&self) -> usize {
        self.limits.instances_max as usize
    }
}
