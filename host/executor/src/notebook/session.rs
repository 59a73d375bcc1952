//! One session: a task that owns its kernel and does what it is asked, one thing after the other.
//! Never answers two at once, and never lets a cell's end be missed: whoever listens hears busy, what was said, idle.

mod packages;
mod pausing;
mod work;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use host_base::{Failure, Millis};
use host_cap_kernel::{Completeness, Completions, Description, ErrorReport, Said, SessionLine, Variable};
use host_notebook::{Activity, PlatformAccess};
use host_runtime::PreparedComponent;
use tokio::sync::{broadcast, mpsc, oneshot};

use super::paused::PausedSession;
use super::voice::Voice;
use crate::executor::Shared;

use work::Given;
pub(super) use work::{Beginning, begin};

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
    /// Writes down what was defined, and ends.
    Pause(oneshot::Sender<Result<PausedSession, Failure>>),
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
    /// Nothing.
    Idle,
    /// Something.
    Busy,
}

/// A session, as others hold it. Clones are the same session.
#[derive(Clone)]
pub struct SessionHandle {
    pub(super) facts: Arc<Facts>,
    orders: mpsc::Sender<Order>,
    control: mpsc::Sender<Control>,
    answers: mpsc::Sender<String>,
    voice: Voice,
}

/// What is known of a session besides.
pub(super) struct Facts {
    id: String,
    user: String,
    given: Given,
    kernel: String,
    /// The digest of the kernel's manifest.
    manifest: String,
    description: Description,
    began_millis: Millis,
    line: std::sync::Mutex<SessionLine>,
    busy: AtomicBool,
    waiting: AtomicUsize,
    connections: AtomicUsize,
    last_millis: AtomicU64,
    shared: Arc<Shared>,
}

impl Facts {
    fn used(&self) {
        self.last_millis.store(self.shared.clock.now_millis(), Ordering::Release);
    }

    fn line(&self) -> SessionLine {
        self.line.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
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

    /// What its kernel says of itself.
    #[must_use]
    pub fn description(&self) -> &Description {
        &self.facts.description
    }

    /// When it began.
    #[must_use]
    pub fn began_millis(&self) -> Millis {
        self.facts.began_millis
    }

    /// What it does.
    #[must_use]
    pub fn state(&self) -> SessionState {
        if self.facts.busy.load(Ordering::Acquire) { SessionState::Busy } else { SessionState::Idle }
    }

    /// How it is used.
    #[must_use]
    pub fn activity(&self) -> Activity {
        Activity {
            busy: self.facts.busy.load(Ordering::Acquire) || self.facts.waiting.load(Ordering::Acquire) > 0,
            last_millis: self.facts.last_millis.load(Ordering::Acquire),
            connections: self.facts.connections.load(Ordering::Acquire),
        }
    }

    /// Everything that it says from now on.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<Heard> {
        self.voice.listen()
    }

    /// What its cells said lately, and everything that it says from now on: for who was away for a while.
    #[must_use]
    pub fn listen_again(&self) -> (Vec<Heard>, broadcast::Receiver<Heard>) {
        self.voice.listen_again()
    }

    /// Somebody connected, until what is returned is dropped.
    #[must_use]
    pub fn connect(&self) -> Connected {
        self.facts.connections.fetch_add(1, Ordering::AcqRel);
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
        self.voice.answered();
        self.answers.send(text).await.ok();
    }

    /// Asks the cell under way to stop, with everything that was defined kept.
    pub fn interrupt(&self) {
        self.facts.line().interrupt();
        self.facts.used();
    }

    /// Puts a new kernel in the place of this one, whatever it is doing.
    ///
    /// # Errors
    /// When a new one cannot be started; the session is over then.
    pub async fn restart(&self) -> Result<(), Failure> {
        let (done, answer) = oneshot::channel();
        if self.control.send(Control::Restart(done)).await.is_err() {
            return Err(over(self.id()));
        }
        answer.await.unwrap_or_else(|_| Err(over(self.id())))
    }

    /// Writes down what was defined and ends, once what was asked before is done.
    pub(super) async fn pause(&self) -> Result<PausedSession, Failure> {
        self.order(Order::Pause).await.unwrap_or_else(|| Err(over(self.id())))
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
        self.0.connections.fetch_sub(1, Ordering::AcqRel);
        self.0.used();
    }
}

fn over(id: &str) -> Failure {
    Failure::new(host_base::Code::NotFound, format!("session `{id}` is over")).with_hint("begin another one")
}

/// What a session's task begins with.
struct New {
    facts: Arc<Facts>,
    prepared: Arc<PreparedComponent>,
    orders: mpsc::Receiver<Order>,
    control: mpsc::Receiver<Control>,
    answers: mpsc::Receiver<String>,
    voice: Voice,
}
