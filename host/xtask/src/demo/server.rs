//! The demo's own `sandmill up`, and what an earlier demo may have left behind.
//! Never touches a server that this checkout did not start.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use serde::Deserialize;

use crate::process::{self, Guarded};
use crate::progress::Progress;
use crate::workspace;

/// A first start compiles nothing and opens little; this much means that something is wrong.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// How long a server that an earlier demo left behind may take to end.
const STALE_TIMEOUT: Duration = Duration::from_secs(15);

/// Where a server listens, as it says itself once it is ready.
#[derive(Clone, Debug, Deserialize)]
pub struct Addresses {
    /// Base address of the REST interface.
    pub server: String,
    /// `host:port` of the registry.
    pub registry: String,
}

/// A running server.
pub struct Server {
    process: Guarded,
    pid_file: PathBuf,
    /// Where it listens.
    pub addresses: Addresses,
}

impl Server {
    /// Starts a server whose data folder is kept under `folder`, and waits until it is ready.
    pub fn start(folder: &Path) -> Result<Self> {
        let pid_file = folder.join("server.pid");
        end_stale(&pid_file)?;
        let progress = Progress::begin("start the server");
        let log_path = folder.join("server.log");
        let log = fs::File::create(&log_path).with_context(|| format!("writing {}", log_path.display()))?;
        let mut command = Command::new(workspace::sandmill());
        command
            .current_dir(workspace::root())
            .args(["up", "--json", "--listen", "127.0.0.1:0", "--registry-listen", "127.0.0.1:0", "--data"])
            .arg(folder.join("data"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log);
        let mut process = Guarded::spawn(&mut command)?;
        fs::write(&pid_file, process.id().to_string()).with_context(|| format!("writing {}", pid_file.display()))?;
        let line = first_line(&mut process).with_context(|| {
            let said = fs::read_to_string(&log_path).unwrap_or_default();
            format!("the server did not start; it said:\n{}", said.trim_end())
        })?;
        let addresses: Addresses =
            serde_json::from_str(&line).with_context(|| format!("`sandmill up --json` said `{line}`"))?;
        progress.end(&format!("{}, registry {}", addresses.server, addresses.registry));
        Ok(Self { process, pid_file, addresses })
    }

    /// Stops the server and waits for its end.
    pub fn stop(mut self) -> Result<()> {
        let status = self.process.stop()?;
        let _ = fs::remove_file(&self.pid_file);
        if !status.success() {
            bail!("the server did not stop cleanly: {status}");
        }
        Ok(())
    }

    /// Leaves the server running until this program is interrupted.
    pub fn wait_for_interrupt(mut self) -> Result<()> {
        process::expect_interrupt();
        let status = self.process.wait()?;
        let _ = fs::remove_file(&self.pid_file);
        if !status.success() {
            bail!("the server ended by itself: {status}");
        }
        Ok(())
    }
}

/// The first line that the child says, or an error once it ends or takes too long.
fn first_line(process: &mut Guarded) -> Result<String> {
    let stdout = process.take_stdout().context("the server's output is not connected")?;
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut lines = BufReader::new(stdout).lines();
        if let Some(Ok(line)) = lines.next() {
            let _ = sender.send(line);
        }
        // Read on, so that the server never waits for a full pipe.
        for _ in lines {}
    });
    receiver.recv_timeout(START_TIMEOUT).context("it ended, or took too long to say where it listens")
}

/// Ends a server that an earlier demo started and could not end, because it was killed itself.
fn end_stale(pid_file: &Path) -> Result<()> {
    let Some(pid) = fs::read_to_string(pid_file).ok().and_then(|text| text.trim().parse().ok()).and_then(Pid::from_raw)
    else {
        return Ok(());
    };
    if !is_ours(pid) {
        return Ok(());
    }
    eprintln!("[start the server] ending process {}, which an earlier demo left behind", pid.as_raw_nonzero());
    let _ = kill_process(pid, Signal::TERM);
    let deadline = Instant::now() + STALE_TIMEOUT;
    while test_kill_process(pid).is_ok() {
        if Instant::now() > deadline {
            bail!("process {} of an earlier demo does not end: end it by hand", pid.as_raw_nonzero());
        }
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// Whether the process is this checkout's binary: its number may have been given to another since.
fn is_ours(pid: Pid) -> bool {
    let program = fs::read_link(format!("/proc/{}/exe", pid.as_raw_nonzero()));
    // A binary that was rebuilt since is shown as deleted.
    program.is_ok_and(|program| {
        let program = program.to_string_lossy().into_owned();
        Path::new(program.trim_end_matches(" (deleted)")) == workspace::sandmill()
    })
}
