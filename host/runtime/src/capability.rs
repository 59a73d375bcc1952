//! A capability: a group of host imports that guests may be lent.
//! Never sees another capability, never keeps anything of a guest beyond its call.

use host_base::Failure;
use wasmtime::component::Linker;
use wasmtime_wasi::WasiCtxBuilder;

use crate::call::CallRequest;
use crate::guest::Extensions;
use crate::{GuestState, ProvidedImport};

/// A group of host imports. Linked once for all guests; what a guest may reach through them is
/// decided anew for each call, from its grants.
pub trait Capability: Send + Sync + 'static {
    /// For messages: `sandmill:data`.
    fn name(&self) -> &'static str;

    /// What it provides and what a step must be granted to import it.
    fn provides(&self) -> &'static [ProvidedImport];

    /// Adds its functions to the linker.
    ///
    /// # Errors
    /// When another capability has defined the same names.
    fn link(&self, linker: &mut Linker<GuestState>) -> wasmtime::Result<()>;

    /// Opens for one guest what its grants name. A capability that does nothing here opens nothing.
    ///
    /// # Errors
    /// When something granted cannot be opened, for example a folder that does not exist.
    fn prepare(&self, request: &CallRequest, setup: &mut GuestSetup) -> Result<(), Failure>;
}

/// A guest's state in the making.
pub struct GuestSetup {
    /// WASI: at first without files, environment and arguments, with logical time and seeded randomness.
    pub wasi: WasiCtxBuilder,
    /// What capabilities keep for the guest, by type.
    pub extensions: Extensions,
}
