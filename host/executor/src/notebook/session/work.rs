//! What a session does with its kernel: what it is asked, one thing after the other.
//! Never blocks on a listener: who does not hear in time misses something, and nobody else does.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use host_base::{Code, Failure};
use host_cap_kernel::{Description, ErrorReport, Said, TextStream};
use host_runtime::PreparedComponent;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep_until};

use super::life::{Desk, Over};
use super::packages;
use super::pausing;
use super::start::{Alive, start};
use super::{Asked, Cell, Control, Heard, HeardFrom, Order, Reply};
use crate::notebook::outlet::Outlet;

/// A session whose kernel is there.
pub(super) struct Session {
    pub(super) desk: Desk,
    pub(super) prepared: Arc<PreparedComponent>,
    pub(super) alive: Alive,
    /// What the kernel says of itself.
    pub(super) about: Arc<Description>,
}

/// What interrupted something under way.
enum Ending {
    Restart(oneshot::Sender<Result<(), Failure>>),
    End(oneshot::Sender<()>),
    /// It has been paused; whether those who listen stay.
    Paused {
        they_stay: bool,
    },
    /// No kernel could be started in place of one that died.
    Died(Failure),
}

/// How its work came to an end.
pub(super) enum Worked {
    Over(Over),
    Died(Failure),
}

impl Session {
    /// Does what it is asked until there is no more to do.
    pub(super) async fn work(&mut self) -> Worked {
        loop {
            let ending = tokio::select! {
                biased;
                control = self.desk.control.recv() => match control {
                    Some(Control::Restart(done)) => Some(Ending::Restart(done)),
                    Some(Control::End(done)) => Some(Ending::End(done)),
                    None => return Worked::Over(Over::Ended),
                },
                order = self.desk.orders.recv() => match order {
                    Some(order) => self.carry_out(order).await,
                    None => return Worked::Over(Over::Ended),
                },
            };
            if let Some(ending) = ending
                && let Some(worked) = self.come_to(ending).await
            {
                return worked;
            }
        }
    }

    async fn come_to(&mut self, ending: Ending) -> Option<Worked> {
        match ending {
            Ending::Restart(done) => {
                let outcome = self.restart(None).await;
                let failure = outcome.clone().err();
                done.send(outcome).ok();
                failure.map(Worked::Died)
            }
            Ending::Died(failure) => Some(Worked::Died(failure)),
            Ending::End(done) => {
                self.alive.cancel.cancel();
                self.desk.end(done);
                Some(Worked::Over(Over::Ended))
            }
            Ending::Paused { they_stay } => {
                self.alive.cancel.cancel();
                if !they_stay {
                    self.desk.say(None, HeardFrom::Ended);
                }
                Some(Worked::Over(Over::Paused))
            }
        }
    }

    fn say(&self, asked: Option<&Asked>, what: HeardFrom) {
        self.desk.say(asked, what);
    }

    async fn carry_out(&mut self, order: Order) -> Option<Ending> {
        let order = match order {
            // Somebody used it after it was found idle.
            Order::Pause(Some(since), answer) if since != self.desk.facts.last_millis() => {
                let id = &self.desk.facts.id;
                answer.send(Err(Failure::new(Code::Conflict, format!("session `{id}` is used again")))).ok();
                return None;
            }
            order => order,
        };
        self.desk.facts.busy.store(true, Ordering::Release);
        self.desk.facts.used();
        let ending = self.carry_out_order(order).await;
        self.desk.facts.busy.store(false, Ordering::Release);
        self.desk.facts.used();
        ending
    }

    async fn carry_out_order(&mut self, order: Order) -> Option<Ending> {
        match order {
            Order::Execute(asked, cell, answer) => return self.execute(&asked, cell, answer).await,
            Order::Complete(asked, code, cursor, answer) => {
                self.say(Some(&asked), HeardFrom::Busy);
                answer.send(self.alive.kernel.complete(code, cursor).await).ok();
                self.say(Some(&asked), HeardFrom::Idle);
            }
            Order::Inspect(asked, code, cursor, detailed, answer) => {
                self.say(Some(&asked), HeardFrom::Busy);
                answer.send(self.alive.kernel.inspect(code, cursor, detailed).await).ok();
                self.say(Some(&asked), HeardFrom::Idle);
            }
            Order::IsComplete(asked, code, answer) => {
                self.say(Some(&asked), HeardFrom::Busy);
                answer.send(self.alive.kernel.is_complete(code).await).ok();
                self.say(Some(&asked), HeardFrom::Idle);
            }
            Order::Variables(answer) => _ = answer.send(self.alive.kernel.variables().await).ok(),
            Order::Pause(since, answer) => {
                let paused = pausing::pause(self).await;
                let is_paused = paused.is_ok();
                answer.send(paused).ok();
                if is_paused {
                    return Some(Ending::Paused { they_stay: since.is_some() });
                }
            }
            Order::Nothing(asked, answer) => {
                self.say(Some(&asked), HeardFrom::Busy);
                answer.send(()).ok();
                self.say(Some(&asked), HeardFrom::Idle);
            }
        }
        self.revive(None).await
    }

    async fn execute(&mut self, asked: &Asked, cell: Cell, answer: oneshot::Sender<Reply>) -> Option<Ending> {
        self.say(Some(asked), HeardFrom::Busy);
        if cell.counts && !cell.silent {
            self.desk.number += 1;
        }
        let number = self.desk.number;
        if !cell.silent {
            self.say(Some(asked), HeardFrom::CellBegan { code: cell.code.clone(), number });
            self.tell_what_is_lost(asked, number);
        }
        let (outcome, ending) = match self.prepare_cell(asked, cell, number).await {
            Ok(cell) => self.run_cell(asked, cell, number).await,
            Err(report) => (Ok(Err(report)), None),
        };
        let (outcome, died) = match outcome {
            Ok(outcome) => (outcome, None),
            Err(failure) => (Err(ended(&failure)), Some(failure)),
        };
        if let Err(report) = &outcome {
            self.say(Some(asked), HeardFrom::CellFailed(report.clone()));
        }
        answer.send(Reply { number, outcome }).ok();
        self.say(Some(asked), HeardFrom::Idle);
        if ending.is_some() {
            return ending;
        }
        self.revive(died).await
    }

    /// Carries out what of a cell is the host's to do; the rest comes back.
    async fn prepare_cell(&mut self, asked: &Asked, cell: Cell, number: u32) -> Result<Cell, ErrorReport> {
        if self.about.language != "python" {
            return Ok(cell);
        }
        let Some(wanted) = packages::wanted(&cell.code) else { return Ok(cell) };
        let packages::Wanted { requirements, code } = wanted?;
        let text = self.desk.packages.install(&self.desk.facts.shared.wheels, &requirements).await?;
        let said = Said::Text { stream: TextStream::Stdout, text };
        self.say(Some(asked), HeardFrom::Said { said, number });
        Ok(Cell { code, ..cell })
    }

    /// Runs a cell and passes on what it says as it says it. What ends it early comes back beside its outcome.
    async fn run_cell(
        &mut self,
        asked: &Asked,
        cell: Cell,
        number: u32,
    ) -> (Result<Result<(), ErrorReport>, Failure>, Option<Ending>) {
        self.alive.line.begin_cell();
        while self.desk.answers.try_recv().is_ok() {}
        let voice = self.desk.facts.lasting.voice.clone();
        let say = |what| voice.say(Heard { asked: Some(asked.clone()), what });
        let mut outlet = Outlet::new(Instant::now(), |said| say(HeardFrom::Said { said, number }));
        let (mut ending, mut pending) = (None, None::<oneshot::Sender<String>>);
        let Alive { kernel, said, questions, cancel, .. } = &mut self.alive;
        let mut running = Box::pin(kernel.execute(cell.code, number, cell.silent));
        let outcome = loop {
            let due = outlet.due();
            tokio::select! {
                // What ends a cell is not kept waiting by what the cell says.
                biased;
                control = self.desk.control.recv(), if ending.is_none() => {
                    ending = match control {
                        Some(Control::Restart(done)) => Some(Ending::Restart(done)),
                        Some(Control::End(done)) => Some(Ending::End(done)),
                        None => None,
                    };
                    cancel.cancel();
                }
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => outlet.pass_on(Instant::now()),
                Some(said) = said.recv(), if outlet.has_room() => outlet.take(said, Instant::now()),
                Some(question) = questions.recv() => {
                    outlet.pass_on(Instant::now());
                    // Dropped where nobody sits: the cell is told so.
                    if cell.may_ask {
                        say(HeardFrom::Question { prompt: question.prompt, secret: question.secret });
                        pending = Some(question.answer);
                    }
                }
                Some(text) = self.desk.answers.recv(), if pending.is_some() => {
                    pending.take().map(|answer| answer.send(text));
                }
                outcome = &mut running => break outcome,
            }
        };
        drop(running);
        while let Ok(last) = said.try_recv() {
            outlet.take(last, Instant::now());
        }
        outlet.pass_on(Instant::now());
        (outcome, ending)
    }

    /// Says, in the first cell after a pause, what did not survive it.
    fn tell_what_is_lost(&mut self, asked: &Asked, number: u32) {
        let lost = std::mem::take(&mut self.desk.lost);
        if lost.is_empty() {
            return;
        }
        let mut text = "This session was paused, and not everything survived:\n".to_owned();
        for one in lost {
            text.push_str(&format!("  {} ({}): {}\n", one.name, one.kind, one.reason));
        }
        self.say(Some(asked), HeardFrom::Said { said: Said::Text { stream: TextStream::Stderr, text }, number });
    }

    /// A kernel that ended by itself is replaced by a new one, so that the session goes on.
    async fn revive(&mut self, died: Option<Failure>) -> Option<Ending> {
        if self.alive.kernel.is_alive() {
            return None;
        }
        self.restart(died).await.err().map(Ending::Died)
    }

    async fn restart(&mut self, died: Option<Failure>) -> Result<(), Failure> {
        self.alive.cancel.cancel();
        let Desk { facts, folder, .. } = &self.desk;
        self.alive = start(&facts.shared, &self.prepared, &facts.id, folder, &facts.given).await?;
        self.desk.facts.speak_over(&self.alive.line);
        self.desk.number = 0;
        self.say(None, HeardFrom::Restarted(died));
        Ok(())
    }
}

/// What ended the kernel, as the cell's error.
pub(super) fn ended(failure: &Failure) -> ErrorReport {
    let hint = failure.hint.as_ref().map_or(String::new(), |hint| format!(" ({hint})"));
    let line = format!("{}: {}{hint}", failure.code, failure.message);
    ErrorReport { name: "KernelEnded".to_owned(), message: failure.message.clone(), traceback: vec![line] }
}
