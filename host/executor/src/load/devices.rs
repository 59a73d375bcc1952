//! What devices of this node are in use, and what they compute on.
//! Never asks a driver twice: a process is started for that question, once, when somebody first wants to know.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use host_gpu::protocol::MachineDescription;
use host_gpu::{DevicesInUse, WorkerProgram};

/// Devices for steps, as far as a node grants any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeDevices {
    /// Bytes that one step may be granted; 0 where steps are granted no device.
    pub memory_bytes_max: u64,
    /// What there is to compute on; none while nobody asked, while the drivers are asked, and where they failed.
    pub machine: Option<MachineDescription>,
    /// Why it cannot be told.
    pub problem: Option<String>,
}

/// What is known of the devices.
#[derive(Default)]
pub(super) struct Devices {
    worker: OnceLock<WorkerProgram>,
    asked: AtomicBool,
    told: OnceLock<Result<MachineDescription, String>>,
}

impl Devices {
    /// From now on these are the node's workers.
    pub(super) fn are_of(&self, worker: WorkerProgram) {
        // A node begins to watch once; who comes second changes nothing.
        self.worker.set(worker).ok();
    }

    pub(super) fn in_use(&self) -> DevicesInUse {
        self.worker.get().map(|worker| worker.usage.now()).unwrap_or_default()
    }

    /// What is known by now. The first who wants to know where devices are granted has the drivers asked.
    pub(super) fn told(self: &Arc<Self>, memory_bytes_max: u64) -> NodeDevices {
        if memory_bytes_max > 0 && !self.asked.swap(true, Ordering::Relaxed) {
            tokio::spawn(Arc::clone(self).ask());
        }
        let (machine, problem) = match self.told.get() {
            Some(Ok(machine)) => (Some(machine.clone()), None),
            Some(Err(problem)) => (None, Some(problem.clone())),
            None => (None, None),
        };
        NodeDevices { memory_bytes_max, machine, problem }
    }

    async fn ask(self: Arc<Self>) {
        let Some(worker) = self.worker.get() else { return };
        let told = host_gpu::describe_machine(worker).await.map_err(|error| error.to_string());
        self.told.set(told).ok();
    }
}
