//! What guests say while they work, on its way to the ledger and to whoever watches.
//! Never blocks a guest and never grows without bound: the log limit and the caps here see to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use host_base::{RunId, StepName};
use host_ledger::{Fact, LogLine, NewEntry};
use host_runtime::{LogStream, SharedObserver, StepObserver};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::LiveUpdate;
use crate::executor::Shared;
use crate::run::kept_event::MetricPoint;

/// Log lines written to the ledger at once.
const LINES_PER_WRITE_MAX: usize = 512;
/// Points of all series together that one attempt may report; later ones are dropped.
const METRIC_POINTS_PER_ATTEMPT_MAX: u64 = 100_000;

/// One run's log on its way to the ledger.
pub(crate) struct RunLog {
    shared: Arc<Shared>,
    run: RunId,
    lines: mpsc::UnboundedSender<LogLine>,
    writer: JoinHandle<()>,
}

impl RunLog {
    pub(crate) fn start(shared: Arc<Shared>, run: RunId) -> Self {
        // Unbounded, yet bounded in fact: the runtime lets each attempt pass at most its log limit.
        let (lines, queue) = mpsc::unbounded_channel();
        let tasks = shared.tasks.clone();
        let writer = tasks.spawn(write(shared.clone(), run.clone(), queue));
        Self { shared, run, lines, writer }
    }

    /// Makes observers for this run's attempts. `metrics` takes the points of their series.
    pub(crate) fn sender(&self, metrics: mpsc::WeakSender<NewEntry>) -> ObserverMaker {
        ObserverMaker { shared: self.shared.clone(), run: self.run.clone(), lines: self.lines.downgrade(), metrics }
    }

    /// Waits until all lines so far are handed to the ledger.
    pub(crate) async fn close(self) {
        drop(self.lines);
        let _ = self.writer.await;
    }
}

async fn write(shared: Arc<Shared>, run: RunId, mut queue: mpsc::UnboundedReceiver<LogLine>) {
    let mut batch = Vec::new();
    while queue.recv_many(&mut batch, LINES_PER_WRITE_MAX).await > 0 {
        if let Err(error) = shared.ledger.append_logs(&run, std::mem::take(&mut batch)).await {
            tracing::error!(%run, %error, "log lines could not be kept");
        }
        shared.live.tell(&run, LiveUpdate::Logged);
    }
}

/// Makes one observer per attempt.
pub(crate) struct ObserverMaker {
    shared: Arc<Shared>,
    run: RunId,
    /// Weak, so that a guest that still ends does not keep the run's log open.
    lines: mpsc::WeakUnboundedSender<LogLine>,
    metrics: mpsc::WeakSender<NewEntry>,
}

impl ObserverMaker {
    pub(crate) fn observer(&self, step: StepName, attempt: u32) -> SharedObserver {
        Arc::new(AttemptObserver {
            shared: self.shared.clone(),
            run: self.run.clone(),
            step,
            attempt,
            lines: self.lines.clone(),
            metrics: self.metrics.clone(),
            points: AtomicU64::new(0),
        })
    }
}

struct AttemptObserver {
    shared: Arc<Shared>,
    run: RunId,
    step: StepName,
    attempt: u32,
    lines: mpsc::WeakUnboundedSender<LogLine>,
    metrics: mpsc::WeakSender<NewEntry>,
    points: AtomicU64,
}

impl StepObserver for AttemptObserver {
    fn log(&self, stream: LogStream, text: &str) {
        let Some(lines) = self.lines.upgrade() else { return };
        // The queue is open as long as a sender is.
        let _ = lines.send(LogLine {
            sequence: 0,
            at_millis: self.shared.clock.now_millis(),
            step: self.step.to_string(),
            attempt: self.attempt,
            stream: stream_name(stream).to_owned(),
            text: text.to_owned(),
        });
    }

    fn progress(&self, done: u64, total: Option<u64>, message: &str) {
        let (step, message) = (self.step.to_string(), message.to_owned());
        self.shared.live.tell(&self.run, LiveUpdate::Progress { step, done, total, message });
    }

    fn metric(&self, name: &str, index: u64, value: f64) {
        if self.points.fetch_add(1, Ordering::Relaxed) >= METRIC_POINTS_PER_ATTEMPT_MAX {
            return;
        }
        let (step, name) = (self.step.to_string(), name.to_owned());
        let finite = value.is_finite().then_some(value);
        let point = MetricPoint { step: step.clone(), name: name.clone(), index, value: finite };
        let kept = Fact::Metric { step, name, index, value: finite };
        let entry = NewEntry {
            run: self.run.clone(),
            at_millis: self.shared.clock.now_millis(),
            event: point.entry(),
            facts: vec![kept],
        };
        if let Some(metrics) = self.metrics.upgrade()
            && metrics.try_send(entry).is_err()
        {
            tracing::debug!(run = %self.run, step = %self.step, "a metric point was dropped: the ledger is behind");
        }
    }
}

const fn stream_name(stream: LogStream) -> &'static str {
    match stream {
        LogStream::Stdout => "stdout",
        LogStream::Stderr => "stderr",
        LogStream::Trace => "trace",
        LogStream::Debug => "debug",
        LogStream::Info => "info",
        LogStream::Warn => "warn",
        LogStream::Error => "error",
    }
}
