//! What a guest says: its log lines and what it prints, held to one budget.
//! Never keeps the text, except the end of what went to stderr, where a panic's message stands.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};

use crate::call::{LogStream, SharedObserver};

/// A longer line is passed on in pieces of this size.
const LINE_BYTES_MAX: usize = 16 << 10;
/// Progress reports and metric points of one call that are passed on.
const REPORTS_MAX: u64 = 100_000;
/// As much of stderr's end as is kept to find a panic's message in.
const TAIL_BYTES_MAX: usize = 8 << 10;

/// Passes a guest's log lines on as long as its log budget lasts.
pub struct GuestLog {
    observer: SharedObserver,
    bytes_max: u64,
    state: Mutex<LogState>,
}

#[derive(Default)]
struct LogState {
    kept_bytes: u64,
    dropped_messages: u64,
    reports: u64,
    stderr_tail: VecDeque<u8>,
}

impl GuestLog {
    pub(crate) fn new(observer: SharedObserver, bytes_max: u64) -> Self {
        Self { observer, bytes_max, state: Mutex::default() }
    }

    /// Passes a message on, or counts it where the budget is used up. The first to be dropped is
    /// announced in the log itself.
    pub fn write(&self, stream: LogStream, text: &str) {
        let mut state = self.state();
        if stream == LogStream::Stderr {
            state.remember(text);
        }
        let size_bytes = text.len() as u64 + 1;
        if state.dropped_messages == 0 && state.kept_bytes + size_bytes <= self.bytes_max {
            state.kept_bytes += size_bytes;
            drop(state);
            return self.observer.log(stream, text);
        }
        state.dropped_messages += 1;
        let first = state.dropped_messages == 1;
        drop(state);
        if first {
            let size: String = sdk_spec::ByteSize(self.bytes_max).into();
            let notice = format!(
                "the step reached its log limit of {size}: what follows is counted and dropped; raise `limits.log` to keep more"
            );
            self.observer.log(LogStream::Warn, &notice);
        }
    }

    /// Whether a progress report or a metric point may still be passed on. The first that may not is
    /// announced in the log.
    pub fn admits_report(&self) -> bool {
        let mut state = self.state();
        state.reports += 1;
        let reports = state.reports;
        drop(state);
        if reports == REPORTS_MAX + 1 {
            let notice =
                format!("the step made {REPORTS_MAX} progress reports and metric points: what follows is dropped");
            self.observer.log(LogStream::Warn, &notice);
        }
        reports <= REPORTS_MAX
    }

    pub(crate) fn kept_bytes(&self) -> u64 {
        self.state().kept_bytes
    }

    pub(crate) fn dropped_messages(&self) -> u64 {
        self.state().dropped_messages
    }

    /// The end of what went to stderr.
    pub(crate) fn stderr_tail(&self) -> String {
        let state = self.state();
        let (front, back) = state.stderr_tail.as_slices();
        String::from_utf8_lossy(&[front, back].concat()).into_owned()
    }

    fn state(&self) -> MutexGuard<'_, LogState> {
        // Each change is complete before anything that could panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LogState {
    fn remember(&mut self, text: &str) {
        self.stderr_tail.extend(text.bytes());
        self.stderr_tail.push_back(b'\n');
        let surplus = self.stderr_tail.len().saturating_sub(TAIL_BYTES_MAX);
        self.stderr_tail.drain(..surplus);
    }
}

/// A guest's stdout or stderr. All streams opened on it share one unfinished line.
#[derive(Clone)]
pub(crate) struct LogPipe {
    log: Arc<GuestLog>,
    stream: LogStream,
    line: Arc<Mutex<Vec<u8>>>,
}

impl LogPipe {
    pub(crate) fn new(log: Arc<GuestLog>, stream: LogStream) -> Self {
        Self { log, stream, line: Arc::default() }
    }

    fn take(&self, mut bytes: &[u8]) {
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        while !bytes.is_empty() {
            if line.len() == LINE_BYTES_MAX && bytes[0] != b'\n' {
                self.pass_on(&mut line);
            }
            let room = LINE_BYTES_MAX - line.len();
            let end = bytes.iter().take(room + 1).position(|byte| *byte == b'\n');
            let taken = end.unwrap_or_else(|| room.min(bytes.len()));
            line.extend_from_slice(&bytes[..taken]);
            bytes = &bytes[taken + usize::from(end.is_some())..];
            if end.is_some() {
                self.pass_on(&mut line);
            }
        }
    }

    /// Passes on what was written without a line's end.
    pub(crate) fn finish(&self) {
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        if !line.is_empty() {
            self.pass_on(&mut line);
        }
    }

    fn pass_on(&self, line: &mut Vec<u8>) {
        self.log.write(self.stream, String::from_utf8_lossy(line).trim_end_matches('\r'));
        line.clear();
    }
}

impl IsTerminal for LogPipe {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for LogPipe {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }

    fn p2_stream(&self) -> Box<dyn wasmtime_wasi::p2::OutputStream> {
        Box::new(self.clone())
    }
}

impl AsyncWrite for LogPipe {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        self.take(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[wasmtime_wasi::async_trait]
impl wasmtime_wasi::p2::Pollable for LogPipe {
    async fn ready(&mut self) {}
}

impl wasmtime_wasi::p2::OutputStream for LogPipe {
    fn write(&mut self, bytes: bytes::Bytes) -> wasmtime_wasi::p2::StreamResult<()> {
        self.take(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> wasmtime_wasi::p2::StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> wasmtime_wasi::p2::StreamResult<usize> {
        // Always ready: a line goes to the observer at once, and the observer does not block.
        Ok(64 << 10)
    }
}

#[cfg(test)]
mod tests;
