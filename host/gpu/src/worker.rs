//! The worker process: how one is started.
//! Never inherits anything of the node's: no environment, no files, no folder.

use std::ffi::OsString;
use std::io;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::process::{Child, ChildStderr, Command};

use crate::area::Area;
use crate::{DeviceError, DeviceUsage, SpareContent};

/// Variables that drivers need to find themselves; nothing else of the environment reaches a worker.
const KEPT_VARIABLES: [&str; 4] = ["VK_DRIVER_FILES", "VK_ICD_FILENAMES", "XDG_RUNTIME_DIR", "HOME"];
/// How a worker's allocator is to go about tensors, where it is glibc's: memory that a step took is kept for the next
/// one, up to 128 MiB, instead of being handed back and taken again page by page. Without the first of the two, tensors
/// beyond 32 MiB would be.
const ALLOCATION: (&str, &str) = ("GLIBC_TUNABLES", "glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=134217728");

/// Which program works, and on what.
#[derive(Clone, Debug)]
pub struct WorkerProgram {
    /// The program, usually this one.
    pub program: PathBuf,
    /// What makes it a worker.
    pub arguments: Vec<OsString>,
    /// Where it computes.
    pub backend: Backend,
    /// Where its workers' devices are counted.
    pub usage: DeviceUsage,
    /// What large contents of its workers are read into.
    pub spare: SpareContent,
}

/// Where tensors are computed with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Backend {
    /// On a graphics adapter where there is one in hardware, else on the processors.
    #[default]
    Auto,
    /// On the processors.
    Cpu,
    /// On a graphics adapter, even one that is only software.
    Gpu,
}

/// What one guest may use of its devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceLimits {
    /// Bytes that all of its tensors, models and buffers may take together, on whichever of its devices.
    pub memory_bytes_max: u64,
    /// Milliseconds that one submission may take.
    pub submit_millis_max: u64,
}

impl DeviceLimits {
    pub(crate) const fn submit(&self) -> Duration {
        Duration::from_millis(self.submit_millis_max)
    }
}

/// A worker and the ways to it.
pub(crate) struct Worker {
    pub child: Child,
    pub input: OwnedWriteHalf,
    pub output: OwnedReadHalf,
    pub errors: ChildStderr,
    pub area: Area,
}

impl WorkerProgram {
    /// A program that is a worker when its only argument is `device-worker`, with an account of its own.
    #[must_use]
    pub fn new(program: PathBuf, backend: Backend) -> Self {
        Self {
            program,
            arguments: vec!["device-worker".into()],
            backend,
            usage: DeviceUsage::default(),
            spare: SpareContent::default(),
        }
    }

    /// Starts a worker. It is killed when its `Child` is dropped.
    pub(crate) fn start(&self) -> Result<Worker, DeviceError> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).env_clear().current_dir("/").kill_on_drop(true);
        command.env(ALLOCATION.0, ALLOCATION.1);
        command.envs(KEPT_VARIABLES.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        let unstarted = |error: io::Error| {
            DeviceError::Lost(format!("the worker `{}` cannot be started: {error}", self.program.display()))
        };
        let (ours, theirs) = socket().map_err(unstarted)?;
        let area = Area::new().map_err(unstarted)?;
        let shared = area.shared().map_err(unstarted)?;
        command.stdin(theirs).stdout(shared.map_or_else(Stdio::null, Stdio::from)).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(unstarted)?;
        let (output, input) = ours.into_split();
        match child.stderr.take() {
            Some(errors) => Ok(Worker { child, input, output, errors, area }),
            None => unreachable!("it was asked for as a pipe"),
        }
    }
}

/// Both ends of the way to a worker. A socket reuses its memory, where a pipe takes a new page for each that it
/// carries: a large tensor goes through it in half the time.
fn socket() -> io::Result<(UnixStream, OwnedFd)> {
    let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
    ours.set_nonblocking(true)?;
    Ok((UnixStream::from_std(ours)?, theirs.into()))
}
