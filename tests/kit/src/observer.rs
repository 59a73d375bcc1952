//! An observer that remembers all it hears.
//! Never judges: tests look at what was recorded.

use std::sync::{Mutex, MutexGuard, PoisonError};

use host_runtime::{LogStream, StepObserver};

/// Remembers log lines, progress and metric points, in order.
#[derive(Debug, Default)]
pub struct RecordingObserver(Mutex<Heard>);

#[derive(Debug, Default)]
struct Heard {
    lines: Vec<(LogStream, String)>,
    progress: Vec<(u64, Option<u64>, String)>,
    metrics: Vec<(String, u64, f64)>,
}

impl RecordingObserver {
    /// Log lines and where they came from.
    pub fn lines(&self) -> Vec<(LogStream, String)> {
        self.heard().lines.clone()
    }

    /// The text of all log lines, one below the other.
    pub fn text(&self) -> String {
        self.heard().lines.iter().map(|(_, line)| format!("{line}\n")).collect()
    }

    /// Progress reports.
    pub fn progress(&self) -> Vec<(u64, Option<u64>, String)> {
        self.heard().progress.clone()
    }

    /// Metric points.
    pub fn metrics(&self) -> Vec<(String, u64, f64)> {
        self.heard().metrics.clone()
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StepObserver for RecordingObserver {
    fn log(&self, stream: LogStream, text: &str) {
        self.heard().lines.push((stream, text.to_owned()));
    }

    fn progress(&self, done: u64, total: Option<u64>, message: &str) {
        self.heard().progress.push((done, total, message.to_owned()));
    }

    fn metric(&self, name: &str, index: u64, value: f64) {
        self.heard().metrics.push((name.to_owned(), index, value));
    }
}
