//! The session's task: its kernel, and what it does with it.
//! Never blocks on a listener: who does not hear in time misses something, and nobody else does.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use host_base::{Failure, Limits};
use host_cap_kernel::{ErrorReport, Kernel, Question, Said, SessionLine, TextStream};
use host_cap_platform::LentPlatform;
use host_notebook::PlatformAccess;
use host_pipeline::python::PACKAGES_FOLDER;
use host_runtime::PreparedComponent;
use host_runtime::call::{CallRequest, CallTarget, Lent, LogStream, StepContext, StepObserver};
use sdk_spec::{FileAccess, FileGrant, Grants};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::packages::{self, Packages};
use super::pausing;
use super::{Asked, Cell, Control, Facts, Heard, HeardFrom, New, Order, Reply, SessionHandle, Voice, WAITING_MAX};
use crate::executor::Shared;
use crate::notebook::SessionSettings;
use crate::notebook::outlet::Outlet;
use crate::notebook::paused::{self, PausedSession};

/// A cell may run for a week: what ends a session is that nobody uses it.
const CELL_MILLIS_MAX: u64 = 7 * 24 * 60 * 60 * 1000;
/// What of a session's folder the guest sees as its own files.
const FILES: &str = "files";

/// A kernel, and the ends of its line.
pub(super) struct Alive {
    pub(super) kernel: Kernel,
    said: mpsc::Receiver<Said>,
    questions: mpsc::Receiver<Question>,
    cancel: CancellationToken,
}

pub(super) struct Session {
    pub(super) facts: Arc<Facts>,
    prepared: Arc<PreparedComponent>,
    control: mpsc::Receiver<Control>,
    answers: mpsc::Receiver<String>,
    pub(super) voice: Voice,
    pub(super) alive: Alive,
    pub(super) number: u32,
    pub(super) folder: PathBuf,
    pub(super) packages: Packages,
}

/// What interrupted something under way.
pub(super) enum Ending {
    Restart(oneshot::Sender<Result<(), Failure>>),
    End(oneshot::Sender<()>),
    /// It has been paused.
    Paused,
}

/// Hears nothing: what a session prints outside of cells is nobody's.
struct Deaf;

impl StepObserver for Deaf {
    fn log(&self, _: LogStream, _: &str) {}
    fn progress(&self, _: u64, _: Option<u64>, _: &str) {}
    fn metric(&self, _: &str, _: u64, _: f64) {}
}

/// What a session's every kernel is given.
pub(in crate::notebook) struct Given {
    /// Whose session it is.
    pub(super) user: String,
    pub(super) settings: SessionSettings,
    pub(super) platform: PlatformAccess,
}

/// What a session begins with.
pub(in crate::notebook) struct Beginning {
    pub(in crate::notebook) id: String,
    pub(in crate::notebook) user: String,
    pub(in crate::notebook) settings: SessionSettings,
    /// The reference of its kernel.
    pub(in crate::notebook) kernel: String,
    pub(in crate::notebook) manifest: String,
    pub(in crate::notebook) prepared: Arc<PreparedComponent>,
    pub(in crate::notebook) platform: PlatformAccess,
    /// What it was when it was paused, and its state, for one that is resumed.
    pub(in crate::notebook) resumed: Option<(PausedSession, Vec<u8>)>,
}

/// Begins a session and its task.
pub(in crate::notebook) async fn begin(shared: Arc<Shared>, new: Beginning) -> Result<SessionHandle, Failure> {
    let Beginning { id, user, settings, kernel, manifest, prepared, platform, resumed } = new;
    let (folder, mut packages) = make_folder(&shared, &id)?;
    let given = Given { user: user.clone(), settings, platform };
    let (resumed, state) = resumed.unzip();
    if let Some(resumed) = &resumed {
        packages.restore(&resumed.packages);
    }
    let started = async {
        let (mut alive, line) = start(&shared, &prepared, &id, &folder, &given).await?;
        let description = alive.kernel.describe().await?;
        if let Some(state) = state {
            pausing::restore(&mut alive.kernel, state).await?;
        }
        Ok((alive, line, description))
    };
    let (alive, line, description) = match started.await {
        Ok(started) => started,
        Err(failure) => {
            remove_unless_kept(folder).await;
            return Err(failure);
        }
    };
    let now = shared.clock.now_millis();
    let facts = Arc::new(Facts {
        id,
        user,
        given,
        kernel,
        manifest,
        description,
        began_millis: resumed.as_ref().map_or(now, |resumed| resumed.began_millis),
        line: Mutex::new(line),
        busy: AtomicBool::new(false),
        waiting: AtomicUsize::new(0),
        connections: AtomicUsize::new(0),
        last_millis: AtomicU64::new(now),
        shared: shared.clone(),
    });
    let (orders, orders_in) = mpsc::channel(WAITING_MAX);
    let (control, control_in) = mpsc::channel(1);
    let (answers, answers_in) = mpsc::channel(1);
    let voice = Voice::new();
    let handle = SessionHandle { facts: facts.clone(), orders, control, answers, voice: voice.clone() };
    let new = New { facts, prepared, orders: orders_in, control: control_in, answers: answers_in, voice };
    let number = resumed.map_or(0, |resumed| resumed.cells);
    let stopping = shared.stopping.clone();
    shared.tasks.spawn(async move {
        let folder_of_it = folder.clone();
        let over = stopping.run_until_cancelled(work(new, alive, number, folder, packages)).await;
        match over {
            // Files of a session that is over are nobody's; what should stay is a notebook or an artifact.
            Some(Over::Ended) => drop(tokio::fs::remove_dir_all(folder_of_it).await),
            Some(Over::Paused) => {}
            // What was paused once can be resumed as it was then.
            Some(Over::Lost) | None => remove_unless_kept(folder_of_it).await,
        }
    });
    Ok(handle)
}

/// How a session's task came to its end.
enum Over {
    Ended,
    Paused,
    /// No kernel could be started in place of one that died.
    Lost,
}

async fn remove_unless_kept(folder: PathBuf) {
    if !paused::is_kept(&folder) {
        tokio::fs::remove_dir_all(folder).await.ok();
    }
}

fn make_folder(shared: &Shared, id: &str) -> Result<(PathBuf, Packages), Failure> {
    let make = || {
        // The folder is granted to the guest, and grants are absolute.
        let folder = std::path::absolute(paused::folder_of(shared, id))?;
        std::fs::create_dir_all(folder.join(FILES))?;
        let packages = Packages::below(&folder)?;
        Ok((folder, packages))
    };
    make().map_err(|error: std::io::Error| {
        let code = host_base::Code::StorageFailed;
        Failure::new(code, format!("the session's folder cannot be made: {error}")).with_hint("check the data folder")
    })
}

/// A folder of the session, as its guest sees it.
fn grant(folder: &Path, guest: &str, access: FileAccess) -> FileGrant {
    FileGrant { host: folder.display().to_string(), guest: guest.to_owned(), access }
}

async fn start(
    shared: &Shared,
    prepared: &PreparedComponent,
    id: &str,
    folder: &Path,
    given: &Given,
) -> Result<(Alive, SessionLine), Failure> {
    let (line, said, questions) = SessionLine::new();
    let cancel = shared.stopping.child_token();
    let files = vec![
        grant(&folder.join(FILES), "/", FileAccess::ReadWrite),
        grant(&folder.join("packages"), PACKAGES_FOLDER, FileAccess::Read),
    ];
    let environment = given.settings.environment.clone();
    // The node of a session that is resumed may lend none any longer; its code is told when it opens one.
    let device = shared.config.policy.session_device(given.settings.device).unwrap_or(None);
    let request = CallRequest {
        target: CallTarget::Living,
        grants: Grants { clock: true, randomness: true, files, environment, device, ..Grants::default() },
        limits: Limits {
            wall_millis_max: CELL_MILLIS_MAX,
            cpu_ticks_max: CELL_MILLIS_MAX / 10,
            memory_bytes_max: given.settings.memory_bytes.unwrap_or(shared.config.default_limits.memory_bytes_max),
            ..shared.config.default_limits.clone()
        },
        context: StepContext { run: id.to_owned(), pipeline: "notebook".into(), step: "session".into(), attempt: 1 },
        lent: lent(shared, &line, given),
    };
    let kernel = Kernel::start(&shared.session_sandbox, prepared, &request, Arc::new(Deaf), cancel.clone()).await?;
    Ok((Alive { kernel, said, questions, cancel }, line))
}

/// The session's line, and the platform as far as the session may ask it.
fn lent(shared: &Shared, line: &SessionLine, given: &Given) -> Lent {
    let lent = Lent::default().with(line.clone());
    match shared.notebooks.platform(given.platform, &given.user, &shared.config.policy) {
        Some(platform) => lent.with(LentPlatform(platform)),
        None => lent,
    }
}

async fn work(new: New, alive: Alive, number: u32, folder: PathBuf, packages: Packages) -> Over {
    let New { facts, prepared, mut orders, control, answers, voice } = new;
    let mut session = Session { facts, prepared, control, answers, voice, alive, number, folder, packages };
    loop {
        let ending = tokio::select! {
            biased;
            control = session.control.recv() => match control {
                Some(Control::Restart(done)) => Some(Ending::Restart(done)),
                Some(Control::End(done)) => Some(Ending::End(done)),
                None => return Over::Ended,
            },
            order = orders.recv() => match order {
                Some(order) => session.carry_out(order).await,
                None => return Over::Ended,
            },
        };
        match ending {
            None => {}
            Some(Ending::Restart(done)) => {
                let outcome = session.restart(None).await;
                let failed = outcome.is_err();
                done.send(outcome).ok();
                if failed {
                    break;
                }
            }
            Some(Ending::End(done)) => {
                session.alive.cancel.cancel();
                session.say(None, HeardFrom::Ended);
                done.send(()).ok();
                return Over::Ended;
            }
            Some(Ending::Paused) => {
                session.alive.cancel.cancel();
                session.say(None, HeardFrom::Ended);
                return Over::Paused;
            }
        }
    }
    session.say(None, HeardFrom::Ended);
    Over::Lost
}

impl Session {
    fn say(&self, asked: Option<&Asked>, what: HeardFrom) {
        self.voice.say(Heard { asked: asked.cloned(), what });
    }

    async fn carry_out(&mut self, order: Order) -> Option<Ending> {
        self.facts.busy.store(true, Ordering::Release);
        self.facts.used();
        let ending = self.carry_out_order(order).await;
        self.facts.busy.store(false, Ordering::Release);
        self.facts.used();
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
            Order::Pause(answer) => {
                let paused = pausing::pause(self).await;
                let is_paused = paused.is_ok();
                answer.send(paused).ok();
                if is_paused {
                    return Some(Ending::Paused);
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
            self.number += 1;
        }
        let number = self.number;
        if !cell.silent {
            self.say(Some(asked), HeardFrom::CellBegan { code: cell.code.clone(), number });
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
        if self.facts.description.language != "python" {
            return Ok(cell);
        }
        let Some(wanted) = packages::wanted(&cell.code) else { return Ok(cell) };
        let packages::Wanted { requirements, code } = wanted?;
        let text = self.packages.install(&self.facts.shared.wheels, &requirements).await?;
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
        self.facts.line().begin_cell();
        while self.answers.try_recv().is_ok() {}
        let voice = self.voice.clone();
        let say = |what| voice.say(Heard { asked: Some(asked.clone()), what });
        let mut outlet = Outlet::new(Instant::now(), |said| say(HeardFrom::Said { said, number }));
        let (mut ending, mut pending) = (None, None::<oneshot::Sender<String>>);
        let Alive { kernel, said, questions, cancel } = &mut self.alive;
        let mut running = Box::pin(kernel.execute(cell.code, number, cell.silent));
        let outcome = loop {
            let due = outlet.due();
            tokio::select! {
                // What ends a cell is not kept waiting by what the cell says.
                biased;
                control = self.control.recv(), if ending.is_none() => {
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
                Some(text) = self.answers.recv(), if pending.is_some() => {
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

    /// A kernel that ended by itself is replaced by a new one, so that the session goes on.
    async fn revive(&mut self, died: Option<Failure>) -> Option<Ending> {
        if self.alive.kernel.is_alive() {
            return None;
        }
        match self.restart(died).await {
            Ok(()) => None,
            Err(failure) => {
                tracing::warn!(session = self.facts.id, %failure, "the session's kernel cannot be started again");
                let (done, _) = oneshot::channel();
                Some(Ending::End(done))
            }
        }
    }

    async fn restart(&mut self, died: Option<Failure>) -> Result<(), Failure> {
        self.alive.cancel.cancel();
        let (alive, line) =
            start(&self.facts.shared, &self.prepared, &self.facts.id, &self.folder, &self.facts.given).await?;
        self.alive = alive;
        *self.facts.line.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = line;
        self.number = 0;
        self.say(None, HeardFrom::Restarted(died));
        Ok(())
    }
}

/// What ended the kernel, as the cell's error.
fn ended(failure: &Failure) -> ErrorReport {
    let hint = failure.hint.as_ref().map_or(String::new(), |hint| format!(" ({hint})"));
    let line = format!("{}: {}{hint}", failure.code, failure.message);
    ErrorReport { name: "KernelEnded".to_owned(), message: failure.message.clone(), traceback: vec![line] }
}
