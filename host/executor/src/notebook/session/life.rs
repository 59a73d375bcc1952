//! A session's life: its kernel is started, works, and is paused, ended, or dead until somebody wants another one.
//! Never lets whoever asks wait for an answer that will not come: a dead session answers with what it died of.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use host_base::{ComponentId, Failure};
use host_notebook::PlatformAccess;
use host_runtime::PreparedComponent;
use tokio::sync::{mpsc, oneshot};

use super::packages::Packages;
use super::readiness::{KernelThere, Readiness, Stage};
use super::start::{Alive, Given, make_folder, start};
use super::work::{Session, Worked, ended};
use super::{
    Asked, Control, Facts, Heard, HeardFrom, Lasting, Order, Reply, SessionHandle, WAITING_MAX, over, pausing,
};
use crate::executor::Shared;
use crate::notebook::paused::{self, LostVariable, PausedSession};
use crate::notebook::{SessionSettings, prepare};

/// What a session begins with.
pub(in crate::notebook) struct Beginning {
    pub(in crate::notebook) id: String,
    pub(in crate::notebook) user: String,
    pub(in crate::notebook) settings: SessionSettings,
    /// The reference of its kernel.
    pub(in crate::notebook) kernel: String,
    pub(in crate::notebook) component: ComponentId,
    pub(in crate::notebook) platform: PlatformAccess,
    pub(in crate::notebook) resumed: Option<Resumed>,
}

/// What is left of a session that was paused.
pub(in crate::notebook) struct Resumed {
    pub(in crate::notebook) session: PausedSession,
    pub(in crate::notebook) state: Vec<u8>,
    /// None where it was paused by an earlier process.
    pub(in crate::notebook) lasting: Option<Lasting>,
}

/// What a session's task has, with or without a kernel.
pub(super) struct Desk {
    pub(super) facts: Arc<Facts>,
    component: ComponentId,
    pub(super) orders: mpsc::Receiver<Order>,
    pub(super) control: mpsc::Receiver<Control>,
    pub(super) answers: mpsc::Receiver<String>,
    pub(super) number: u32,
    pub(super) folder: PathBuf,
    pub(super) packages: Packages,
    /// What the next kernel is to read first.
    state: Option<Vec<u8>>,
    /// What did not survive a pause, until it has been told.
    pub(super) lost: Vec<LostVariable>,
}

impl Desk {
    pub(super) fn say(&self, asked: Option<&Asked>, what: HeardFrom) {
        self.facts.lasting.voice.say(Heard { asked: asked.cloned(), what });
    }

    /// Tells everybody that it is over, and then whoever wanted it.
    pub(super) fn end(&self, done: oneshot::Sender<()>) {
        self.facts.readiness.set(Stage::Dead(over(&self.facts.id)));
        self.say(None, HeardFrom::Ended);
        done.send(()).ok();
    }
}

/// How a session's task came to its end.
pub(super) enum Over {
    Ended,
    Paused,
    /// What it was when it was paused could not be brought back.
    Lost,
}

/// Begins a session and its task. Its kernel is not there yet; what is asked until then waits.
///
/// # Errors
/// When its folder cannot be made.
pub(in crate::notebook) fn begin(shared: &Arc<Shared>, new: Beginning) -> Result<SessionHandle, Failure> {
    let Beginning { id, user, settings, kernel, component, platform, resumed } = new;
    let (folder, mut packages) = make_folder(shared, &id)?;
    let now = shared.clock.now_millis();
    let (mut began_millis, mut number, mut lost, mut state, mut lasting) = (now, 0, Vec::new(), None, None);
    if let Some(resumed) = resumed {
        packages.restore(&resumed.session.packages);
        (began_millis, number, lost) = (resumed.session.began_millis, resumed.session.cells, resumed.session.lost);
        (state, lasting) = (Some(resumed.state), resumed.lasting);
    }
    let facts = Arc::new(Facts {
        id,
        user: user.clone(),
        given: Given { user, settings, platform },
        kernel,
        manifest: component.manifest.to_string(),
        component: component.digest.clone(),
        readiness: Readiness::new(),
        began_millis,
        line: std::sync::Mutex::default(),
        busy: AtomicBool::new(false),
        waiting: 0.into(),
        lasting: lasting.unwrap_or_default(),
        shared: shared.clone(),
    });
    facts.used();
    let (orders, orders_in) = mpsc::channel(WAITING_MAX);
    let (control, control_in) = mpsc::channel(1);
    let (answers, answers_in) = mpsc::channel(1);
    let handle = SessionHandle { facts: facts.clone(), orders, control, answers };
    let desk = Desk {
        facts,
        component,
        orders: orders_in,
        control: control_in,
        answers: answers_in,
        number,
        folder,
        packages,
        state,
        lost,
    };
    let stopping = shared.stopping.clone();
    shared.tasks.spawn(async move {
        let folder = desk.folder.clone();
        match stopping.run_until_cancelled(Box::pin(live(desk))).await {
            // Files of a session that is over are nobody's; what should stay is a notebook or an artifact.
            Some(Over::Ended) => drop(tokio::fs::remove_dir_all(folder).await),
            Some(Over::Paused) => {}
            // What was paused once can be resumed as it was then.
            Some(Over::Lost) | None => remove_unless_kept(&folder).await,
        }
    });
    Ok(handle)
}

async fn remove_unless_kept(folder: &Path) {
    if !paused::is_kept(folder) {
        tokio::fs::remove_dir_all(folder).await.ok();
    }
}

async fn live(mut desk: Desk) -> Over {
    let mut restarting = None::<oneshot::Sender<Result<(), Failure>>>;
    loop {
        let is_resumed = desk.state.is_some();
        let failure = match started(&mut desk).await {
            Ok((prepared, alive, there)) => {
                if let Some(done) = restarting.take() {
                    desk.number = 0;
                    desk.say(None, HeardFrom::Restarted(None));
                    done.send(Ok(())).ok();
                }
                desk.facts.readiness.set(Stage::There(there.clone()));
                let mut session = Session { desk, prepared, alive, about: there.description };
                match session.work().await {
                    Worked::Over(over) => return over,
                    Worked::Died(failure) => {
                        desk = session.desk;
                        failure
                    }
                }
            }
            Err(Stopped::Ended(done)) => {
                desk.end(done);
                return Over::Ended;
            }
            Err(Stopped::Failed(failure)) if is_resumed => {
                desk.facts.readiness.set(Stage::Dead(failure));
                return Over::Lost;
            }
            Err(Stopped::Failed(failure)) => failure,
        };
        tracing::warn!(session = desk.facts.id, %failure, "the session's kernel cannot be started");
        if let Some(done) = restarting.take() {
            done.send(Err(failure.clone())).ok();
        }
        desk.facts.readiness.set(Stage::Dead(failure.clone()));
        match dead(&mut desk, &failure).await {
            Some(done) => restarting = Some(done),
            None => return Over::Ended,
        }
    }
}

/// Why no kernel came to be.
enum Stopped {
    Ended(oneshot::Sender<()>),
    Failed(Failure),
}

/// The kernel, once it is compiled, admitted and started; what is asked in the meantime waits, but for the end.
async fn started(desk: &mut Desk) -> Result<(Arc<PreparedComponent>, Alive, KernelThere), Stopped> {
    let (facts, component, folder, state) =
        (desk.facts.clone(), desk.component.clone(), desk.folder.clone(), desk.state.take());
    let starting = async move {
        let shared = &facts.shared;
        let prepared = prepare(shared, &component).await?;
        let mut alive = start(shared, &prepared, &facts.id, &folder, &facts.given).await?;
        let description = Arc::new(alive.kernel.describe().await?);
        if let Some(state) = state {
            pausing::restore(&mut alive.kernel, state).await?;
        }
        facts.speak_over(&alive.line);
        let can_save = alive.kernel.can_save();
        Ok((prepared, alive, KernelThere { description, can_save }))
    };
    let mut starting = Box::pin(starting);
    loop {
        tokio::select! {
            started = &mut starting => return started.map_err(Stopped::Failed),
            Some(control) = desk.control.recv() => match control {
                // The one that is coming is new.
                Control::Restart(done) => drop(done.send(Ok(()))),
                Control::End(done) => return Err(Stopped::Ended(done)),
            },
        }
    }
}

/// Answers everybody with what the session died of, until it is ended, or somebody wants a new kernel for it.
async fn dead(desk: &mut Desk, failure: &Failure) -> Option<oneshot::Sender<Result<(), Failure>>> {
    desk.say(None, HeardFrom::Died(failure.clone()));
    loop {
        tokio::select! {
            biased;
            control = desk.control.recv() => match control {
                Some(Control::Restart(done)) => {
                    desk.facts.readiness.set(Stage::Starting);
                    return Some(done);
                }
                Some(Control::End(done)) => {
                    desk.end(done);
                    return None;
                }
                None => return None,
            },
            order = desk.orders.recv() => refuse(desk, order?, failure),
        }
    }
}

fn refuse(desk: &Desk, order: Order, failure: &Failure) {
    let refused = failure.clone();
    match order {
        Order::Execute(asked, cell, answer) => {
            desk.say(Some(&asked), HeardFrom::Busy);
            if !cell.silent {
                desk.say(Some(&asked), HeardFrom::CellBegan { code: cell.code, number: desk.number });
                desk.say(Some(&asked), HeardFrom::CellFailed(ended(failure)));
            }
            answer.send(Reply { number: desk.number, outcome: Err(ended(failure)) }).ok();
            desk.say(Some(&asked), HeardFrom::Idle);
        }
        Order::Complete(.., answer) => drop(answer.send(Err(refused))),
        Order::Inspect(.., answer) => drop(answer.send(Err(refused))),
        Order::IsComplete(.., answer) => drop(answer.send(Err(refused))),
        Order::Variables(answer) => drop(answer.send(Err(refused))),
        Order::Pause(_, answer) => drop(answer.send(Err(refused))),
        Order::Nothing(.., answer) => drop(answer.send(())),
    }
}
