//! One session: a task that owns its kernel and does what it is asked, one thing after the other.
//! Never answers two at once, and never lets a cell's end be missed: whoever listens hears busy, what was said, idle.

mod life;
mod packages;
mod pausing;
mod readiness;
mod start;
mod work;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use host_base::{Failure, Millis};
use host_cap_kernel::{Completeness, Completions, Description, ErrorReport, Said, SessionLine, Variable};
use host_notebook::{Activity, PlatformAccess};
use registry_oci::Digest;
use tokio::sync::{broadcast, mpsc, oneshot};

use super::paused::PausedSession;
use super::voice::Voice;
use crate::executor::Shared;

pub(super) use life::{Beginning, Resumed, begin};
use readiness::{Readiness, Stage};
use start::Given;

/// Requests that wait for the one under way.
const WAITING_MAX: usize = 1_000;

/// Who asked for something: the asker's own words, which come back with everything that follows from it.
pub type Asked = Arc<serde_json::Value>;

/// A cell to run.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Its source.
    pub code: String,
    /// Whether it leaves no trace but its effects.
    pub silent: bool,
    /// Whether it counts.
    pub counts: bool,
    /// Whether it may ask whoever sits there.
    pub may_ask: bool,
}

/// What a session says to everybody who listens.
#[derive(Clone, Debug)]
pub struct Heard {
    /// In answer to whom; none for what the session says of itself.
    pub asked: Option<Asked>,
    /// What.
    pub what: HeardFrom,
}

/// What a session says.
#[derive(Clone, Debug)]
pub enum HeardFrom {
    /// It has begun to do what was asked.
    Busy,
    /// It has done it.
    Idle,
    /// A cell begins, with its number.
    CellBegan {
        /// Its source.
        code: String,
        /// Its number.
        number: u32,
    },
    /// The cell said something; its number, for its value.
    Said {
        /// What.
        said: Said,
        /// The cell's number.
        number: u32,
    },
    /// The cell broke off.
    CellFailed(ErrorReport),
    /// The cell asks whoever asked for it to be run.
    Question {
        /// What it asks.
        prompt: String,
        /// Whether the answer should not be seen.
        secret: bool,
    },
    /// The kernel is a new one; what was defined is gone. With a failure, it ended by itself.
    Restarted(Option<Failure>),
    /// There is no kernel, and why; there is one again after a restart.
    Died(Failure),
    /// The session is over.
    Ended,
}

/// What a session does, and where its answer goes.
#[derive(Debug)]
pub(super) enum Order {
    /// Runs a cell.
    Execute(Asked, Cell, oneshot::Sender<Reply>),
    /// Completes code.
    Complete(Asked, String, u32, oneshot::Sender<Result<Completions, Failure>>),
    /// Tells what stands at a place.
    Inspect(Asked, String, u32, bool, oneshot::Sender<Result<Option<host_cap_kernel::Bundle>, Failure>>),
    /// Tells whether code can be run.
    IsComplete(Asked, String, oneshot::Sender<Result<Completeness, Failure>>),
    /// Tells what was defined.
    Variables(oneshot::Sender<Result<Vec<Variable>, Failure>>),
    /// Does nothing, in its turn: for requests that are answered without the kernel.
    Nothing(Asked, oneshot::Sender<()>),
    /// Writes down what was defined, and ends; with a moment, only if it has not been used since.
    Pause(Option<Millis>, oneshot::Sender<Result<PausedSession, Failure>>),
}

/// What is done at once, whatever is under way.
#[derive(Debug)]
pub(super) enum Control {
    /// A new kernel in place of this one.
    Restart(oneshot::Sender<Result<(), Failure>>),
    /// The end.
    End(oneshot::Sender<()>),
}

/// How a cell ended.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Its number.
    pub number: u32,
    /// Its error, or what ended the kernel.
    pub outcome: Result<(), ErrorReport>,
}

/// What a session does at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// Its kernel is being prepared; what it is asked waits.
    Starting,
    /// Nothing.
    Idle,
    /// Something.
    Busy,
    /// Its kernel could not be started; a restart tries it again.
    Dead,
}

/// A session, as others hold it. Clones are the same session.
#[derive(Clone)]
pub struct SessionHandle {
    pub(super) facts: Arc<Facts>,
    orders: mpsc::Sender<Order>,
    control: mpsc::Sender<Control>,
    answers: mpsc::Sender<String>,
}

/// What of a session outlasts its pauses, as long as its node does.
#[derive(Clone, Default)]
pub(super) struct Lasting {
    pub(super) voice: Voice,
    connections: Arc<AtomicUsize>,
    last_millis: Arc<AtomicU64>,
}

/// What is known of a session besides.
pub(super) struct Facts {
    id: String,
    user: String,
    given: Given,
    kernel: String,
    /// The digest of the kernel's manifest.
    manifest: String,
    /// The digest of its component.
    component: Digest,
    readiness: Readiness,
    began_millis: Millis,
    /// None until there is a kernel.
    line: std::sync::Mutex<Option<SessionLine>>,
    busy: AtomicBool,
    waiting: AtomicUsize,
    lasting: Lasting,
    shared: Arc<Shared>,
}

impl Facts {
    fn used(&self) {
        self.lasting.last_millis.store(self.shared.clock.now_millis(), Ordering::Release);
    }

    fn last_millis(&self) -> Millis {
        self.lasting.last_millis.load(Ordering::Acquire)
    }

    /// The line to the kernel that is there from now on.
    fn speak_over(&self, line: &SessionLine) {
        *self.line.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(line.clone());
    }
}

impl SessionHandle {
    /// Its id: a UUID.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.facts.id
    }

    /// Whose it is.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.facts.user
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.facts.given.settings.name.as_deref()
    }

    /// What its code may ask of the platform.
    #[must_use]
    pub fn platform(&self) -> PlatformAccess {
        self.facts.given.platform
    }

    /// The reference of its kernel.
    #[must_use]
    pub fn kernel(&self) -> &str {
        &self.facts.kernel
    }

    /// What its kernel says of itself, once it is there.
    ///
    /// # Errors
    /// Why it will not be.
    pub async fn description(&self) -> Result<Arc<Description>, Failure> {
        Ok(self.facts.readiness.wait().await?.description)
    }

    /// What its kernel died of, if it did.
    #[must_use]
    pub fn died_of(&self) -> Option<Failure> {
        match self.facts.readiness.stage() {
            Stage::Dead(failure) => Some(failure),
            Stage::Starting | Stage::There(_) => None,
        }
    }

    /// Whether what it waits for is its kernel's code, which is compiled once on a node.
    #[must_use]
    pub fn is_being_compiled(&self) -> bool {
        self.state() == SessionState::Starting && !self.facts.shared.session_sandbox.is_cached(&self.facts.component)
    }

    /// When it began.
    #[must_use]
    pub fn began_millis(&self) -> Millis {
        self.facts.began_millis
    }

    /// What it does.
    #[must_use]
    pub fn state(&self) -> SessionState {
        match self.facts.readiness.stage() {
            Stage::Starting => SessionState::Starting,
            Stage::Dead(_) => SessionState::Dead,
            Stage::There(_) if self.facts.busy.load(Ordering::Acquire) => SessionState::Busy,
            Stage::There(_) => SessionState::Idle,
        }
    }

    /// How it is used.
    #[must_use]
    pub fn activity(&self) -> Activity {
        let stage = self.facts.readiness.stage();
        let is_asked = self.facts.busy.load(Ordering::Acquire) || self.facts.waiting.load(Ordering::Acquire) > 0;
        Activity {
            busy: is_asked || matches!(stage, Stage::Starting),
            last_millis: self.facts.last_millis(),
            connections: self.facts.lasting.connections.load(Ordering::Acquire),
            can_pause: matches!(stage, Stage::There(there) if there.can_save),
        }
    }

    /// Everything that it says from now on.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<Heard> {
        self.facts.lasting.voice.listen()
    }

    /// What its cells said lately, and everything that it says from now on: for who was away for a while.
    #[must_use]
    pub fn listen_again(&self) -> (Vec<Heard>, broadcast::Receiver<Heard>) {
        self.facts.lasting.voice.listen_again()
    }

    /// Somebody connected, until what is returned is dropped.
    #[must_use]
    pub fn connect(&self) -> Connected {
        self.facts.lasting.connections.fetch_add(1, Ordering::AcqRel);
        self.facts.used();
        Connected(self.facts.clone())
    }

    /// Runs a cell once what was asked before is done.
    pub async fn execute(&self, asked: Asked, cell: Cell) -> Option<Reply> {
        self.order(|answer| Order::Execute(asked, cell, answer)).await
    }

    /// What could stand at a place.
    pub async fn complete(&self, asked: Asked, code: String, cursor: u32) -> Option<Result<Completions, Failure>> {
        self.order(|answer| Order::Complete(asked, code, cursor, answer)).await
    }

    /// What stands at a place.
    pub async fn inspect(
        &self,
        asked: Asked,
        code: String,
        cursor: u32,
        detailed: bool,
    ) -> Option<Result<Option<host_cap_kernel::Bundle>, Failure>> {
        self.order(|answer| Order::Inspect(asked, code, cursor, detailed, answer)).await
    }

    /// Whether code can be run.
    pub async fn is_complete(&self, asked: Asked, code: String) -> Option<Result<Completeness, Failure>> {
        self.order(|answer| Order::IsComplete(asked, code, answer)).await
    }

    /// What was defined.
    pub async fn variables(&self) -> Option<Result<Vec<Variable>, Failure>> {
        self.order(Order::Variables).await
    }

    /// Waits its turn: what was asked before is done when this returns.
    pub async fn take_turn(&self, asked: Asked) -> Option<()> {
        self.order(|answer| Order::Nothing(asked, answer)).await
    }

    /// Answers the question of the cell that is under way, if it has one.
    pub async fn answer(&self, text: String) {
        self.facts.lasting.voice.answered();
        self.answers.send(text).await.ok();
    }

    /// Asks the cell under way to stop, with everything that was defined kept.
    pub fn interrupt(&self) {
        if let Some(line) = &*self.facts.line.lock().unwrap_or_else(std::sync::PoisonError::into_inner) {
            line.interrupt();
        }
        self.facts.used();
    }

    /// Puts a new kernel in the place of this one, whatever it is doing.
    ///
    /// # Errors
    /// When a new one cannot be started; the session is dead then, and can be restarted again.
    pub async fn restart(&self) -> Result<(), Failure> {
        let (done, answer) = oneshot::channel();
        if self.control.send(Control::Restart(done)).await.is_err() {
            return Err(over(self.id()));
        }
        answer.await.unwrap_or_else(|_| Err(over(self.id())))
    }

    /// Writes down what was defined and ends, once what was asked before is done; with a moment, only if nobody has used
    /// it since.
    pub(super) async fn pause(&self, unused_since: Option<Millis>) -> Result<PausedSession, Failure> {
        self.order(|answer| Order::Pause(unused_since, answer)).await.unwrap_or_else(|| Err(over(self.id())))
    }

    pub(super) async fn end(&self) {
        let (done, answer) = oneshot::channel();
        if self.control.send(Control::End(done)).await.is_ok() {
            answer.await.ok();
        }
    }

    async fn order<T>(&self, order: impl FnOnce(oneshot::Sender<T>) -> Order) -> Option<T> {
        let (answer, answered) = oneshot::channel();
        // Counted by what is dropped with the asker: one who is gone waits no longer.
        let _waiting = Waiting::of(&self.facts);
        self.orders.send(order(answer)).await.ok()?;
        answered.await.ok()
    }
}

/// As long as this lives, somebody waits for an answer.
struct Waiting(Arc<Facts>);

impl Waiting {
    fn of(facts: &Arc<Facts>) -> Self {
        facts.waiting.fetch_add(1, Ordering::AcqRel);
        Self(facts.clone())
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

/// As long as this lives, somebody is connected.
pub struct Connected(Arc<Facts>);

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.lasting.connections.fetch_sub(1, Ordering::AcqRel);
        self.0.used();
    }
}

fn over(id: &str) -> Failure {
    Failure::new(host_base::Code::NotFound, format!("session `{id}` is over")).with_hint("begin another one")
}
