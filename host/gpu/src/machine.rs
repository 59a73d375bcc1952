//! What a node computes on, told by a worker that is started for this question alone.
//! Never loads a driver into the node: what a driver does wrong ends that worker.

use crate::connection::Connection;
use crate::protocol::{Addressed, MachineDescription, Reply, Request};
use crate::{DeviceError, DeviceLimits, DeviceUsage, WorkerProgram};

/// Drivers that are looked for longer than this are not there.
const DESCRIBE_MILLIS_MAX: u64 = 20_000;

/// Asks a worker which adapters there are, and on what it would compute. Takes as long as a process and its drivers
/// take to begin: whoever asks keeps the answer.
///
/// # Errors
/// When the worker cannot be started, ends, or says nothing for 20 s.
pub async fn describe_machine(program: &WorkerProgram) -> Result<MachineDescription, DeviceError> {
    // No guest has this device, so that it is in nobody's account.
    let program = WorkerProgram { usage: DeviceUsage::default(), ..program.clone() };
    let limits = DeviceLimits { memory_bytes_max: 0, submit_millis_max: DESCRIBE_MILLIS_MAX };
    let request = &Request::DescribeMachine { backend: program.backend };
    match Connection::open(&program, limits)?.ask(Addressed { device: 0, request }, &[]).await? {
        (Reply::MachineDescribed(description), _) => Ok(description),
        _ => Err(DeviceError::unexpected_answer()),
    }
}
