//! A guest that lives on between calls: its memory is its state, and between two calls no frame of it is on a stack.
//! Never called again after a trap, a limit, or a call that was broken off: it is gone then.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use host_artifacts::Artifacts;
use host_base::{Code, Failure, Limits, Usage};
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;
use wasmtime::Store;
use wasmtime::component::Instance;

use crate::call::{CallRequest, SharedObserver};
use crate::failure::Ended;
use crate::output::OutputBudget;
use crate::prepared::PreparedComponent;
use crate::sandbox::{Printed, Watch, cancelled};
use crate::{GuestState, Sandbox, failure, limits};

/// What one call into a living guest may use up. Memory, tables and log are limited over its whole life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallLimits {
    /// From start to end of the call, waiting included.
    pub wall_millis_max: u64,
    /// Ticks of 10 ms during which the guest computes.
    pub cpu_ticks_max: u64,
    /// All artifacts that the call writes, together.
    pub output_bytes_max: u64,
}

impl CallLimits {
    /// What a step gets for a whole attempt, for one call.
    #[must_use]
    pub const fn of(limits: &Limits) -> Self {
        Self {
            wall_millis_max: limits.wall_millis_max,
            cpu_ticks_max: limits.cpu_ticks_max,
            output_bytes_max: limits.output_bytes_max,
        }
    }
}

/// What a call does with the guest. The error that a guest itself returns is a value here; an error of the engine
/// ends the guest.
pub type Work<'guest, T> = Pin<Box<dyn Future<Output = wasmtime::Result<T>> + Send + 'guest>>;

/// A guest that lives on between calls. Dropping it ends it.
pub struct LivingGuest {
    /// None once it is gone.
    life: Option<Life>,
    watch: Watch,
    limits: Limits,
    printed: Printed,
    artifacts: Artifacts,
    began: Instant,
    _room: OwnedSemaphorePermit,
}

struct Life {
    store: Store<GuestState>,
    instance: Instance,
}

impl Sandbox {
    /// Makes a guest that lives on. It takes the room of one guest on this node as long as it lives. The limits of
    /// the request on time and output hold for the start of its component alone.
    ///
    /// # Errors
    /// When the component is not admitted with these grants, or does not start within its limits.
    pub async fn open(
        &self,
        component: &PreparedComponent,
        request: &CallRequest,
        observer: SharedObserver,
        cancel: &CancellationToken,
    ) -> Result<LivingGuest, Failure> {
        let watch = Watch::new(request, observer.clone());
        let closed = |_| Failure::new(Code::Internal, "the sandbox takes no more guests");
        let room = self.guests.clone().acquire_owned();
        let Some(room) = cancel.run_until_cancelled(room).await else { return Err(cancelled()) };
        let room = room.map_err(closed)?;
        let (setup, services, printed) = self.set_up(component, request, observer, &watch)?;
        let artifacts = services.artifacts.clone();
        let mut store = self.store(setup, services, request, &watch);
        let began = Instant::now();
        let started = {
            let start = component.instance.instantiate_async(&mut store);
            within(request.limits.wall_millis_max, &request.limits, cancel, start).await
        };
        printed.finish();
        let instance = started.map_err(|ended| failure::explain(ended, &request.limits, &watch.log))?;
        let life = Some(Life { store, instance });
        Ok(LivingGuest { life, watch, limits: request.limits.clone(), printed, artifacts, began, _room: room })
    }
}

impl LivingGuest {
    /// Whether it can be called.
    #[must_use]
    pub const fn is_alive(&self) -> bool {
        self.life.is_some()
    }

    /// Calls into it. A call that fails here ends the guest, as does one that is dropped half-way; what the guest
    /// itself returns as an error is no failure here.
    ///
    /// # Errors
    /// When the guest traps, reaches a limit, is cancelled, or was gone before.
    pub async fn call<T>(
        &mut self,
        limits: CallLimits,
        cancel: &CancellationToken,
        work: impl for<'guest> FnOnce(&'guest mut Store<GuestState>, Instance) -> Work<'guest, T>,
    ) -> Result<T, Failure> {
        // Taken out, so that whatever breaks the call off leaves nothing that could be called again.
        let Some(mut life) = self.life.take() else { return Err(gone()) };
        let total = Limits {
            wall_millis_max: limits.wall_millis_max,
            cpu_ticks_max: limits.cpu_ticks_max,
            output_bytes_max: limits.output_bytes_max,
            ..self.limits.clone()
        };
        self.watch
            .ticks_max
            .store(self.watch.meter.cpu_ticks().saturating_add(limits.cpu_ticks_max), Ordering::Relaxed);
        self.watch.output = Arc::new(OutputBudget::new(limits.output_bytes_max));
        let services = life.store.data_mut().services_mut();
        services.output = self.watch.output.clone();
        services.artifacts = self.artifacts.clone();
        let ended = within(limits.wall_millis_max, &total, cancel, work(&mut life.store, life.instance)).await;
        self.printed.finish();
        let outcome = ended.map_err(|ended| failure::explain(ended, &total, &self.watch.log));
        let outcome = outcome.map_err(|failure| self.watch.output.exceeded().unwrap_or(failure));
        if outcome.is_ok() {
            self.life = Some(life);
        }
        outcome
    }

    /// Whether the last call asked for more output than it was given, whatever the guest made of the refusal.
    #[must_use]
    pub fn output_exceeded(&self) -> Option<Failure> {
        self.watch.output.exceeded()
    }

    /// Where the artifacts that the guest makes and reads from now on are kept.
    pub fn keep_artifacts_in(&mut self, artifacts: Artifacts) {
        self.artifacts = artifacts;
    }

    /// What it has used since its start; output is that of the last call.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.watch.usage(self.began)
    }
}

/// Waits for the engine, but no longer than for so long, and no longer than until it is cancelled.
async fn within<T>(
    wall_millis_max: u64,
    limits: &Limits,
    cancel: &CancellationToken,
    work: impl Future<Output = wasmtime::Result<T>>,
) -> Result<T, Ended> {
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(cancelled().into()),
        ended = work => ended.map_err(Ended::from),
        () = tokio::time::sleep(Duration::from_millis(wall_millis_max)) => Err(limits::wall(limits).0.into()),
    }
}

fn gone() -> Failure {
    Failure::new(Code::Conflict, "the guest is gone: an earlier call ended it").with_hint("start another one")
}
