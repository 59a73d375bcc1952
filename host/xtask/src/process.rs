//! Child processes: each in a group of its own, all ended when this process is told to end.
//! Never runs anything through a shell.

use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio, exit};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// How long children may take to end after SIGTERM before they are killed.
const GRACE: Duration = Duration::from_secs(10);

/// What a shell reports for a program ended by Ctrl-C.
const INTERRUPTED_EXIT_CODE: i32 = 130;

/// Process groups of the children that are alive.
static GROUPS: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// Whether an interrupt is how the task is meant to end.
static INTERRUPT_EXPECTED: AtomicBool = AtomicBool::new(false);

fn groups() -> MutexGuard<'static, BTreeSet<u32>> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn signal_group(group: u32, signal: Signal) {
    // A group that has ended meanwhile is what was wanted.
    if let Some(pid) = i32::try_from(group).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(pid, signal);
    }
}

fn signal_all(signal: Signal) {
    for &group in groups().iter() {
        signal_group(group, signal);
    }
}

/// From here on, SIGINT and SIGTERM end all children first and then this process.
pub fn watch_signals() -> Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM]).context("watching for Ctrl-C")?;
    thread::spawn(move || {
        let mut interrupted = false;
        for _ in signals.forever() {
            if interrupted {
                signal_all(Signal::KILL);
                exit(INTERRUPTED_EXIT_CODE);
            }
            interrupted = true;
            signal_all(Signal::TERM);
            if INTERRUPT_EXPECTED.load(Ordering::SeqCst) {
                continue;
            }
            thread::spawn(|| {
                let deadline = Instant::now() + GRACE;
                while !groups().is_empty() && Instant::now() < deadline {
                    thread::sleep(Duration::from_millis(20));
                }
                signal_all(Signal::KILL);
                eprintln!("\ninterrupted");
                exit(INTERRUPTED_EXIT_CODE);
            });
        }
    });
    Ok(())
}

/// An interrupt now only ends the children; the task goes on to its own end.
pub fn expect_interrupt() {
    INTERRUPT_EXPECTED.store(true, Ordering::SeqCst);
}

/// A child that is ended when this is dropped.
pub struct Guarded {
    child: Child,
}

impl Guarded {
    /// Starts `command` in a process group of its own.
    pub fn spawn(command: &mut Command) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command.process_group(0).spawn().with_context(|| format!("starting `{name}`"))?;
        groups().insert(child.id());
        Ok(Self { child })
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What the child writes on its piped stdout.
    pub fn take_stdout(&mut self) -> Option<impl Read + Send + 'static> {
        self.child.stdout.take()
    }

    /// Whether the child has ended, and how.
    pub fn try_wait(&mut self) -> Result<Option<ExitStatus>> {
        let status = self.child.try_wait().context("asking after a child process")?;
        if status.is_some() {
            groups().remove(&self.child.id());
        }
        Ok(status)
    }

    /// Waits for the child's own end.
    pub fn wait(&mut self) -> Result<ExitStatus> {
        let status = self.child.wait().context("waiting for a child process");
        groups().remove(&self.child.id());
        status
    }

    /// Asks the child to end, and insists after a while.
    pub fn stop(&mut self) -> Result<ExitStatus> {
        signal_group(self.child.id(), Signal::TERM);
        let deadline = Instant::now() + GRACE;
        while Instant::now() < deadline {
            if let Some(status) = self.try_wait()? {
                return Ok(status);
            }
            thread::sleep(Duration::from_millis(10));
        }
        signal_group(self.child.id(), Signal::KILL);
        self.wait()
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        if matches!(self.try_wait(), Ok(None)) {
            let _ = self.stop();
        }
    }
}

/// The command line, for people.
pub fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// Runs to the end; what the child says goes to stderr.
pub fn run(command: &mut Command) -> Result<()> {
    command.stdin(Stdio::null()).stdout(io::stderr()).stderr(Stdio::inherit());
    let status = Guarded::spawn(command)?.wait()?;
    if !status.success() {
        bail!("`{}` ended with {status}", shown(command));
    }
    Ok(())
}

/// Runs to the end and gives what the child wrote on stdout; its stderr is passed on.
pub fn capture(command: &mut Command) -> Result<String> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    let mut child = Guarded::spawn(command)?;
    let mut text = String::new();
    if let Some(mut stdout) = child.take_stdout() {
        stdout.read_to_string(&mut text).with_context(|| format!("reading what `{}` says", shown(command)))?;
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("`{}` ended with {status}\n{}", shown(command), text.trim_end());
    }
    Ok(text)
}

/// Whether the program can be started and answers with success; says nothing.
pub fn answers(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    Guarded::spawn(command).and_then(|mut child| child.wait()).is_ok_and(|status| status.success())
}

/// What [`lines`] hands over.
pub enum Heard<'a> {
    /// A line, without its end.
    Line(&'a str),
    /// Nothing was said for a second.
    Silence,
}

/// Runs to the end and hands over each line of stdout, and of stderr where `with_stderr`, in the
/// order in which they were written.
pub fn lines(command: &mut Command, with_stderr: bool, mut hear: impl FnMut(Heard<'_>)) -> Result<ExitStatus> {
    let (reader, writer) = io::pipe().context("making a pipe")?;
    command.stdin(Stdio::null());
    if with_stderr {
        command.stderr(writer.try_clone().context("sharing a pipe")?);
    } else {
        command.stderr(Stdio::inherit());
    }
    command.stdout(writer);
    let spawned = Guarded::spawn(command);
    // The command keeps the writing ends open; without this the reader would wait for ever.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = spawned?;
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(reader).split(b'\n') {
            let Ok(line) = line else { return };
            if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
        }
    });
    loop {
        match receiver.recv_timeout(Duration::from_secs(1)) {
            Ok(line) => hear(Heard::Line(line.trim_end_matches('\r'))),
            Err(RecvTimeoutError::Timeout) => {
                hear(Heard::Silence);
                // A grandchild may hold the pipe open after the child's end.
                if let Some(status) = child.try_wait()? {
                    return Ok(status);
                }
            }
            Err(RecvTimeoutError::Disconnected) => return child.wait(),
        }
    }
}
