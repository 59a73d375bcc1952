//! Why a guest ended, put into words for people.
//! Never loses the cause: what is not understood is told as the engine told it.

use host_base::{Code, Failure, Limits};
use wasmtime::{PoolConcurrencyLimitError, Trap, WasmBacktrace};
use wasmtime_wasi::I32Exit;

use crate::call::LogStream;
use crate::limits::{self, LimitReached};
use crate::log::GuestLog;

/// Frames of a backtrace that go into the log.
const FRAMES_MAX: usize = 16;
/// The engine keeps the type of this error to itself, so it is known by its words; a test holds them.
const HOST_CALL_FUEL: &str = "fuel allocated for hostcalls has been exhausted";
/// As above.
const INSTANCE_COUNT: &str = "resource limit exceeded: instance count too high";

/// Why a call has no outputs.
pub(crate) enum Ended {
    /// Known and put into words already.
    Failed(Failure),
    /// The engine stopped the guest.
    Stopped(wasmtime::Error),
}

impl From<Failure> for Ended {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<wasmtime::Error> for Ended {
    fn from(error: wasmtime::Error) -> Self {
        Self::Stopped(error)
    }
}

/// The failure; for a trap, also its backtrace into the log.
pub(crate) fn explain(ended: Ended, limits: &Limits, log: &GuestLog) -> Failure {
    let error = match ended {
        Ended::Failed(failure) => return failure,
        Ended::Stopped(error) => error,
    };
    if let Some(LimitReached(failure)) = error.downcast_ref() {
        return failure.clone();
    }
    if let Some(I32Exit(status)) = error.downcast_ref() {
        return exit_status(*status);
    }
    if error.is::<PoolConcurrencyLimitError>() {
        return Failure::new(Code::Internal, format!("the instance pool has no room for the component: {error:#}"))
            .with_hint("try again, or start the node with a larger pool")
            .retryable();
    }
    let text = format!("{error:#}");
    if text.contains(HOST_CALL_FUEL) {
        return limits::host_call(limits).0;
    }
    if text.contains(INSTANCE_COUNT) {
        return limits::instances(limits).0;
    }
    trap(&error, log)
}

/// What `wasi:cli/exit` left behind.
pub(crate) fn exit_status(status: i32) -> Failure {
    Failure::new(Code::ExitStatus, format!("the command exited with status {status}"))
        .with_hint("its log says more: `sandmill run logs`")
}

fn trap(error: &wasmtime::Error, log: &GuestLog) -> Failure {
    let cause = match error.downcast_ref::<Trap>() {
        Some(trap) => trap.to_string(),
        None => error.root_cause().to_string(),
    };
    let panic = panic_message(&log.stderr_tail());
    if let Some(backtrace) = error.downcast_ref::<WasmBacktrace>() {
        write_backtrace(backtrace, log);
    }
    let message = match panic {
        Some(panic) => format!("the component panicked: {panic}"),
        None => format!("the component trapped: {cause}"),
    };
    Failure::new(Code::Trap, message).with_hint("the end of its log has the backtrace: `sandmill run logs`")
}

fn write_backtrace(backtrace: &WasmBacktrace, log: &GuestLog) {
    let frames = backtrace.frames();
    let line = |(index, frame): (usize, &wasmtime::FrameInfo)| {
        let offset = frame.module_offset().map_or(String::new(), |offset| format!(" at {offset:#x}"));
        match frame.func_name() {
            Some(name) => format!("{index:>4}: {name}{offset}"),
            None => format!("{index:>4}: function {}{offset}", frame.func_index()),
        }
    };
    let mut lines = vec!["wasm backtrace, innermost call first:".to_owned()];
    lines.extend(frames.iter().enumerate().take(FRAMES_MAX).map(line));
    if frames.len() > FRAMES_MAX {
        lines.push(format!("      and {} more", frames.len() - FRAMES_MAX));
    }
    log.write(LogStream::Error, &lines.join("\n"));
}

/// What Rust's panic hook wrote last: the place and the message, on one line.
fn panic_message(stderr: &str) -> Option<String> {
    let (_, report) = stderr.rsplit_once("panicked at ")?;
    let told = report.lines().take_while(|line| !line.starts_with("note: ") && !line.starts_with("stack backtrace:"));
    let text = told.map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests;
