//! Operations of extensions to Burn, by the name that Burn's crates expect.
//! Never known to the host: it refuses an operation that is not Burn's own.

use burn_backend::tensor::FloatTensor;
use burn_ir::{CustomOpIr, OperationIr, TensorId};
use burn_router::RouterClient;

use crate::client::RemoteClient;
use crate::{RemoteBackend, RemoteDevice};

/// Registers custom operations.
#[derive(Clone, Debug)]
pub struct CustomOpClient(RemoteClient);

impl CustomOpClient {
    /// For the step's device.
    #[must_use]
    pub fn new(_: &RemoteDevice) -> Self {
        Self(RemoteClient)
    }

    /// A name for a tensor that the operation will make.
    #[must_use]
    pub fn create_empty_handle(&self) -> TensorId {
        self.0.create_empty_handle()
    }

    /// Hands the operation over; what it makes comes back as tensors.
    pub fn register(&self, op: CustomOpIr) -> Vec<FloatTensor<RemoteBackend>> {
        self.0.register(OperationIr::Custom(op))
    }
}
