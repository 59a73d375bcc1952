//! A guest's state on the host's side, as long as it lives: for one call, or for many.
//! Never outlives the guest and is never shared between guests.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::Arc;

use host_artifacts::Artifacts;
use wasmtime::component::ResourceTable;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use crate::call::{SharedObserver, StepContext};
use crate::limits::MemoryLimiter;
use crate::log::GuestLog;
use crate::output::OutputBudget;

/// Handles that one guest may hold at once.
const HANDLES_MAX: usize = 10_000;

/// What every capability may use for the guest at hand. Cloning shares it.
#[derive(Clone)]
pub struct GuestServices {
    /// Artifacts to read and write.
    pub artifacts: Artifacts,
    /// Where log lines go, within the log limit.
    pub log: Arc<GuestLog>,
    /// Who hears of progress and metrics.
    pub observer: SharedObserver,
    /// What may still be written.
    pub output: Arc<OutputBudget>,
    /// Who the guest is.
    pub context: Arc<StepContext>,
}

/// A guest's state on the host's side.
pub struct GuestState {
    table: ResourceTable,
    wasi: WasiCtx,
    services: GuestServices,
    extensions: Extensions,
    pub(crate) limiter: MemoryLimiter,
}

/// What a capability's functions see of a guest: their own part, the shared services and the handles.
pub struct GuestView<'a, T> {
    /// The capability's own part.
    pub own: &'a mut T,
    /// What all capabilities share.
    pub services: &'a GuestServices,
    /// The guest's handles.
    pub table: &'a mut ResourceTable,
}

impl GuestState {
    pub(crate) fn new(wasi: WasiCtx, services: GuestServices, extensions: Extensions, limiter: MemoryLimiter) -> Self {
        let mut table = ResourceTable::new();
        table.set_max_capacity(HANDLES_MAX);
        Self { table, wasi, services, extensions, limiter }
    }

    /// The guest's handles and the shared services, for capabilities that keep nothing of their own.
    pub fn services(&mut self) -> (&GuestServices, &mut ResourceTable) {
        (&self.services, &mut self.table)
    }

    /// A capability's view. What was not prepared for this guest is its type's default, which must
    /// grant nothing.
    pub fn view<T: Default + Send + 'static>(&mut self) -> GuestView<'_, T> {
        GuestView { own: self.extensions.get(), services: &self.services, table: &mut self.table }
    }

    pub(crate) fn services_mut(&mut self) -> &mut GuestServices {
        &mut self.services
    }

    /// The guest's handles, for whoever hands it one.
    pub fn table(&mut self) -> &mut ResourceTable {
        &mut self.table
    }
}

impl WasiView for GuestState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

/// One value per type, each belonging to the capability that defines the type.
#[derive(Default)]
pub struct Extensions(HashMap<TypeId, Box<dyn Any + Send>>);

impl Extensions {
    /// Sets a capability's part, replacing what stood there.
    pub fn insert<T: Send + 'static>(&mut self, value: T) {
        self.0.insert(TypeId::of::<T>(), Box::new(value));
    }

    fn get<T: Default + Send + 'static>(&mut self) -> &mut T {
        let slot = self.0.entry(TypeId::of::<T>()).or_insert_with(|| Box::<T>::default());
        match slot.downcast_mut() {
            Some(value) => value,
            None => unreachable!("a slot holds the type that it is named by"),
        }
    }
}
