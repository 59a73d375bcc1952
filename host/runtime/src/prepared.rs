//! A component that is compiled, linked and ready to be called any number of times.
//! Never holds a guest: each call makes its own and drops it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use registry_oci::Digest;
use wasmtime::Engine;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, ComponentExportIndex, InstancePre};

use crate::GuestState;

/// Interfaces whose `run` makes a component a command.
const COMMAND_INTERFACE: &str = "wasi:cli/run@0.2";

/// A component that is ready to be called.
pub struct PreparedComponent {
    digest: Digest,
    imports: Vec<String>,
    pub(crate) instance: InstancePre<GuestState>,
    pub(crate) command: Option<ComponentExportIndex>,
}

impl PreparedComponent {
    pub(crate) fn new(digest: Digest, instance: InstancePre<GuestState>) -> Self {
        let component = instance.component();
        let imports = imports(instance.engine(), component);
        let command = command(instance.engine(), component);
        Self { digest, imports, instance, command }
    }

    /// The digest of the component's bytes.
    #[must_use]
    pub const fn digest(&self) -> &Digest {
        &self.digest
    }

    /// What the binary imports, with versions.
    #[must_use]
    pub fn imports(&self) -> &[String] {
        &self.imports
    }

    /// Whether it exports `wasi:cli/run`.
    #[must_use]
    pub const fn is_command(&self) -> bool {
        self.command.is_some()
    }

    /// The exported function of this name, `interface#function` where it stands in an interface.
    pub(crate) fn function(&self, name: &str) -> Option<ComponentExportIndex> {
        let component = self.instance.component();
        match name.split_once('#') {
            Some((interface, function)) => {
                let interface = component.get_export_index(None, interface)?;
                component.get_export_index(Some(&interface), function)
            }
            None => component.get_export_index(None, name),
        }
    }
}

/// Imports of the compiled component, in no order. Types that it names at its top level are those of
/// interfaces that it imports anyway, and ask nothing of the host.
pub(crate) fn imports(engine: &Engine, component: &Component) -> Vec<String> {
    let component_type = component.component_type();
    let asks = |item: &ComponentItem| !matches!(item, ComponentItem::Type(_) | ComponentItem::Resource(_));
    component_type.imports(engine).filter(|(_, item)| asks(&item.ty)).map(|(name, _)| name.to_owned()).collect()
}

fn command(engine: &Engine, component: &Component) -> Option<ComponentExportIndex> {
    let component_type = component.component_type();
    let (name, _) = component_type.exports(engine).find(|(name, item)| {
        matches!(item.ty, ComponentItem::ComponentInstance(_))
            && crate::admission::compatible_name(name) == COMMAND_INTERFACE
    })?;
    let interface = component.get_export_index(None, name)?;
    component.get_export_index(Some(&interface), "run")
}

/// Prepared components by digest, so many of them and no more.
pub(crate) struct PreparedCache {
    entries_max: usize,
    uses: AtomicU64,
    entries: Mutex<HashMap<Digest, Slot>>,
}

/// Filled by whoever comes first; all others wait for that.
pub(crate) type SharedSlot = Arc<tokio::sync::OnceCell<Arc<PreparedComponent>>>;

struct Slot {
    cell: SharedSlot,
    last_use: u64,
}

impl PreparedCache {
    pub(crate) fn new(entries_max: usize) -> Self {
        Self { entries_max: entries_max.max(1), uses: AtomicU64::new(0), entries: Mutex::default() }
    }

    /// The slot of this component, empty if it was not prepared yet.
    pub(crate) fn slot(&self, digest: &Digest) -> SharedSlot {
        let last_use = self.uses.fetch_add(1, Ordering::Relaxed);
        let mut entries = self.entries();
        if let Some(slot) = entries.get_mut(digest) {
            slot.last_use = last_use;
            return slot.cell.clone();
        }
        if entries.len() >= self.entries_max
            && let Some(oldest) = entries.iter().min_by_key(|(_, slot)| slot.last_use).map(|(digest, _)| digest.clone())
        {
            // Calls under way hold the component themselves.
            entries.remove(&oldest);
        }
        let cell = SharedSlot::default();
        entries.insert(digest.clone(), Slot { cell: cell.clone(), last_use });
        cell
    }

    /// Whether the component is ready in memory.
    pub(crate) fn has(&self, digest: &Digest) -> bool {
        self.entries().get(digest).is_some_and(|slot| slot.cell.initialized())
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Digest, Slot>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
