//! Capability `sandmill:data`: artifacts, data sets, models and metrics as resource handles.
//! Never lets a guest name an artifact: it reaches only what it was handed or made itself.

mod content;
mod document;
mod metrics;
mod resources;

use host_base::Failure;
use host_bindings::sandmill::data;
use host_runtime::guest::GuestServices;
use host_runtime::{CallRequest, Capability, GuestSetup, GuestState, Need, ProvidedImport};
use wasmtime::component::{HasData, Linker, ResourceTable};

/// Media type of stored metrics.
pub use document::MEDIA_TYPE as METRICS_MEDIA_TYPE;

/// The capability.
#[derive(Clone, Copy, Debug, Default)]
pub struct DataCapability;

/// What the functions see of a guest.
pub(crate) struct DataView<'a> {
    pub(crate) services: &'a GuestServices,
    pub(crate) table: &'a mut ResourceTable,
}

struct Data;

impl HasData for Data {
    type Data<'a> = DataView<'a>;
}

fn view(state: &mut GuestState) -> DataView<'_> {
    let (services, table) = state.services();
    DataView { services, table }
}

impl Capability for DataCapability {
    fn name(&self) -> &'static str {
        "sandmill:data"
    }

    fn provides(&self) -> &'static [ProvidedImport] {
        const PROVIDED: [ProvidedImport; 5] = [
            ProvidedImport { interface: "sandmill:data/types@0.1", need: Need::Nothing },
            ProvidedImport { interface: "sandmill:data/artifacts@0.1", need: Need::Nothing },
            ProvidedImport { interface: "sandmill:data/data-sets@0.1", need: Need::Nothing },
            ProvidedImport { interface: "sandmill:data/models@0.1", need: Need::Nothing },
            ProvidedImport { interface: "sandmill:data/metrics@0.1", need: Need::Nothing },
        ];
        &PROVIDED
    }

    fn link(&self, linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
        data::types::add_to_linker::<_, Data>(linker, view)?;
        data::artifacts::add_to_linker::<_, Data>(linker, view)?;
        data::data_sets::add_to_linker::<_, Data>(linker, view)?;
        data::models::add_to_linker::<_, Data>(linker, view)?;
        data::metrics::add_to_linker::<_, Data>(linker, view)
    }

    fn prepare(&self, _: &CallRequest, _: &mut GuestSetup) -> Result<(), Failure> {
        // A guest starts with the handles among its arguments, which the runtime makes.
        Ok(())
    }
}
