//! A run's progress as it happens: lines that move on a terminal, plain lines elsewhere.
//! Never the last word: how a run ended is read from the server once it has.

use std::collections::BTreeMap;
use std::time::Duration;

use host_api::event::{Change, HistoryEvent, Progress, StreamEvent};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::format;
use crate::printer::{Printer, Style, clean};

/// Steps that have a moving line at once; more would not fit on a screen.
const MOVING_LINES_MAX: usize = 12;
/// How often moving lines are drawn again.
const REDRAW_MILLIS: u64 = 120;

/// What is shown of one run.
pub struct LiveRun<'a> {
    printer: &'a Printer,
    lines: MultiProgress,
    steps: BTreeMap<String, StepLine>,
    name_width: usize,
    total: usize,
    ended: usize,
}

#[derive(Default)]
struct StepLine {
    began_at_millis: u64,
    bar: Option<ProgressBar>,
}

impl<'a> LiveRun<'a> {
    /// Shows nothing yet.
    pub fn new(printer: &'a Printer) -> Self {
        let moving = printer.talk_terminal && !printer.quiet;
        let target = if moving { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self {
            printer,
            lines: MultiProgress::with_draw_target(target),
            steps: BTreeMap::new(),
            name_width: 0,
            total: 0,
            ended: 0,
        }
    }

    /// Takes an event in.
    pub fn apply(&mut self, event: &StreamEvent) {
        match event {
            StreamEvent::History(event) => self.history(event),
            StreamEvent::Progress(progress) => self.progress(progress),
            StreamEvent::Log(_) | StreamEvent::Metric(_) | StreamEvent::Job(_) | StreamEvent::Points(_) => {}
        }
    }

    /// Takes the moving lines away.
    pub fn clear(&mut self) {
        for step in self.steps.values_mut() {
            if let Some(bar) = step.bar.take() {
                bar.finish_and_clear();
            }
        }
    }

    fn history(&mut self, event: &HistoryEvent) {
        let at = event.at_millis;
        match &event.change {
            Change::Submitted { pipeline, steps } => {
                self.total = steps.len();
                self.name_width = steps.iter().map(|step| step.chars().count()).max().unwrap_or(0);
                self.say(&format!("{pipeline}: {} steps", steps.len()));
            }
            Change::AttemptStarted { step, attempt } => self.begin(step, *attempt, at),
            Change::StepSucceeded { step, .. } => {
                let took = format::span(at.saturating_sub(self.end(step, true)));
                self.step_line(step, "✓", Style::Good, &format!("succeeded  {took}"));
            }
            Change::StepReused { step, .. } => {
                self.end(step, true);
                self.step_line(step, "✓", Style::Good, "cached");
            }
            Change::AttemptFailed { step, attempt, failure, .. } => {
                let took = format::span(at.saturating_sub(self.end(step, false)));
                let text =
                    format!("attempt {attempt} failed  {took}  {}: {}", failure.code, one_line(&failure.message));
                self.step_line(step, "✗", Style::Bad, &text);
            }
            Change::AttemptInterrupted { step, attempt } => {
                self.end(step, false);
                self.step_line(step, "-", Style::Faint, &format!("attempt {attempt} was interrupted with its node"));
            }
            Change::RetryDue { .. } => {}
            Change::CancelRequested => self.say("the run is being cancelled"),
            Change::DeadlineReached => self.say("the run's deadline is over; its steps are being stopped"),
            Change::RetryRequested => {
                self.ended = 0;
                self.say("steps that did not succeed are tried again");
            }
            Change::Finished { .. } => self.clear(),
        }
    }

    fn begin(&mut self, step: &str, attempt: u32, at_millis: u64) {
        let moving = self.steps.values().filter(|line| line.bar.is_some()).count();
        let bar = (self.is_moving() && moving < MOVING_LINES_MAX).then(|| self.bar(step));
        if !self.is_moving() {
            let text = if attempt > 1 { format!("started, attempt {attempt}") } else { "started".to_owned() };
            self.step_line(step, "·", Style::Faint, &text);
        }
        self.steps.insert(step.to_owned(), StepLine { began_at_millis: at_millis, bar });
    }

    /// Forgets a step's moving line and tells when its attempt began.
    fn end(&mut self, step: &str, for_good: bool) -> u64 {
        self.ended += usize::from(for_good);
        let line = self.steps.remove(step).unwrap_or_default();
        if let Some(bar) = line.bar {
            bar.finish_and_clear();
        }
        line.began_at_millis
    }

    fn progress(&self, progress: &Progress) {
        let Some(bar) = self.steps.get(&progress.step).and_then(|line| line.bar.as_ref()) else { return };
        let share = match progress.total {
            Some(total) if total > 0 => format!("{:3} %  ", progress.done.min(total) * 100 / total),
            _ => format!("{}  ", progress.done),
        };
        bar.set_message(format!("{share}{}", one_line(&progress.message)));
    }

    fn is_moving(&self) -> bool {
        !self.lines.is_hidden()
    }

    fn bar(&self, step: &str) -> ProgressBar {
        let bar = self.lines.add(ProgressBar::new_spinner());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}  {elapsed}  {wide_msg}") {
            bar.set_style(style);
        }
        bar.set_prefix(self.padded(step));
        bar.enable_steady_tick(Duration::from_millis(REDRAW_MILLIS));
        bar
    }

    fn padded(&self, step: &str) -> String {
        let space = self.name_width.saturating_sub(step.chars().count());
        format!("{step}{}", " ".repeat(space))
    }

    fn step_line(&self, step: &str, sign: &str, style: Style, text: &str) {
        let colours = self.printer.talk_colours;
        let count = if self.total > 1 { format!("  [{}/{}]", self.ended, self.total) } else { String::new() };
        let count = Style::Faint.paint(&count, colours);
        self.say(&format!("{} {}  {text}{count}", style.paint(sign, colours), self.padded(step)));
    }

    /// A line that stays, above the moving ones.
    fn say(&self, text: &str) {
        if self.is_moving() {
            // A terminal that is gone shows nothing; the run goes on.
            let _ = self.lines.println(text);
        } else {
            self.printer.note(text);
        }
    }
}

/// The first line, fit for a terminal.
fn one_line(text: &str) -> String {
    clean(text.lines().next().unwrap_or_default())
}
