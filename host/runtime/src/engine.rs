//! The engine that all guests of a sandbox share, and the thread that ticks it.
//! Never changes once built: what differs between guests stands in their stores.

use std::time::Duration;

use host_base::{Code, Failure};
use wasmtime::{Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, WasmBacktraceDetails};

use crate::limits::TICK_MILLIS;

/// Linear memory that WebAssembly can address at all; a step's own limit is far below.
const MEMORY_BYTES_MAX: usize = 4 << 30;
/// Room for CPython, whose component links dozens of modules through two big tables.
const TABLE_ELEMENTS_MAX: usize = 100_000;
const CORE_INSTANCE_BYTES_MAX: usize = 10 << 20;
const COMPONENT_INSTANCE_BYTES_MAX: usize = 10 << 20;
const TABLES_PER_COMPONENT_MAX: u32 = 64;
const MEMORIES_PER_COMPONENT_MAX: u32 = 32;
const CORE_INSTANCES_PER_COMPONENT_MAX: u32 = 200;
/// Room for a pool full of CPython, which is made of fourteen; it costs nothing until it is used.
const CORE_INSTANCES_PER_GUEST: u32 = 16;
const TABLE_RESIDENT_BYTES: usize = 64 << 10;
/// Stack of the fiber that a guest runs on, host functions included.
const STACK_BYTES: usize = 2 << 20;
const WASM_STACK_BYTES: usize = 1 << 20;

/// Builds the engine: with an instance pool where the address space has room for it.
pub(crate) fn build(pool_instances_max: u32, resident_bytes_max: usize) -> Result<Engine, Failure> {
    let pool = InstanceAllocationStrategy::Pooling(pool(pool_instances_max, resident_bytes_max));
    match Engine::new(&config(pool)) {
        Ok(engine) => Ok(engine),
        Err(error) => {
            // Building the pool is the probe: it maps just the addresses that it needs.
            tracing::warn!(%error, "the address space has no room for the instance pool; memory is mapped for each guest");
            Engine::new(&config(InstanceAllocationStrategy::OnDemand)).map_err(|error| {
                Failure::new(Code::Internal, format!("the WebAssembly engine cannot be built: {error:#}"))
            })
        }
    }
}

fn config(strategy: InstanceAllocationStrategy) -> Config {
    let mut config = Config::new();
    config.allocation_strategy(strategy);
    config.epoch_interruption(true);
    config.max_wasm_stack(WASM_STACK_BYTES);
    config.async_stack_size(STACK_BYTES);
    config.memory_init_cow(true);
    config.parallel_compilation(true);
    config.wasm_backtrace_details(WasmBacktraceDetails::Disable);
    config
}

fn pool(instances_max: u32, resident_bytes_max: usize) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(instances_max);
    pool.total_stacks(instances_max);
    // Components have one memory, one or two tables and a few core instances; bigger ones take the room of several.
    pool.total_memories(instances_max);
    pool.total_tables(instances_max.saturating_mul(2));
    pool.total_core_instances(instances_max.saturating_mul(CORE_INSTANCES_PER_GUEST));
    // Where guests that throw exceptions keep them. Taken from the memories above, and only by guests that can throw.
    pool.total_gc_heaps(instances_max);
    pool.max_core_instances_per_component(CORE_INSTANCES_PER_COMPONENT_MAX);
    pool.max_tables_per_component(TABLES_PER_COMPONENT_MAX);
    pool.max_memories_per_component(MEMORIES_PER_COMPONENT_MAX);
    pool.max_tables_per_module(2);
    pool.max_memories_per_module(2);
    pool.table_elements(TABLE_ELEMENTS_MAX);
    pool.max_memory_size(MEMORY_BYTES_MAX);
    pool.max_core_instance_size(CORE_INSTANCE_BYTES_MAX);
    pool.max_component_instance_size(COMPONENT_INSTANCE_BYTES_MAX);
    pool.linear_memory_keep_resident(resident_bytes_max);
    pool.table_keep_resident(TABLE_RESIDENT_BYTES);
    pool
}

/// Starts the thread that ticks the engine; it ends by itself once the engine is gone.
pub(crate) fn start_ticking(engine: &Engine) -> Result<(), Failure> {
    let engine = engine.weak();
    let tick = move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            std::thread::sleep(Duration::from_millis(TICK_MILLIS));
        }
    };
    let started = std::thread::Builder::new().name("sandbox-ticks".to_owned()).spawn(tick);
    started.map(drop).map_err(|error| Failure::new(Code::Internal, format!("no thread can be started: {error}")))
}
