//! Says how far long work has come, on stderr.
//! Never writes to stdout.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// How often a log, where lines cannot be overwritten, hears of progress.
const LOG_INTERVAL: Duration = Duration::from_secs(15);

/// How often a terminal does.
const TERMINAL_INTERVAL: Duration = Duration::from_millis(100);

/// One phase of work.
pub struct Progress {
    label: String,
    begun: Instant,
    said: Instant,
    terminal: bool,
}

impl Progress {
    /// Begins a phase.
    pub fn begin(label: impl Into<String>) -> Self {
        let label = label.into();
        let terminal = io::stderr().is_terminal();
        if !terminal {
            eprintln!("[{label}] …");
        }
        let now = Instant::now();
        Self { label, begun: now, said: now, terminal }
    }

    /// Shows where the phase stands, if it is time to say something again.
    pub fn tick(&mut self, detail: &str) {
        let interval = if self.terminal { TERMINAL_INTERVAL } else { LOG_INTERVAL };
        if self.said.elapsed() < interval {
            return;
        }
        self.said = Instant::now();
        let elapsed = elapsed(self.begun.elapsed());
        if self.terminal {
            eprint!("\r\x1b[K[{}] {detail} ({elapsed})", self.label);
            let _ = io::stderr().flush();
        } else {
            eprintln!("[{}] {detail} ({elapsed})", self.label);
        }
    }

    /// Ends the phase.
    pub fn end(self, result: &str) {
        let start = if self.terminal { "\r\x1b[K" } else { "" };
        eprintln!("{start}[{}] {result} ({})", self.label, elapsed(self.begun.elapsed()));
    }
}

/// `0.4 s`, `12 s`, `3 min 07 s`.
pub fn elapsed(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}
