//! A model that a worker runs for its guest.
//! Never holds weights: the worker does.

use std::sync::Arc;

use tokio::sync::Mutex;

use crate::connection::{Connection, SharedConnection};
use crate::protocol::{ModelDescription, NamedContent, Reply, Request};
use crate::{DeviceError, DeviceLimits, WorkerProgram};

/// A model whose file is on its way to its worker.
pub struct ModelLoading(Connection);

/// A model that can be run. Clones are the same model; it is gone with the last of them.
#[derive(Clone)]
pub struct LoadedModel {
    connection: SharedConnection,
    description: Arc<ModelDescription>,
}

impl ModelLoading {
    /// Starts a worker for a model's file of so many bytes.
    ///
    /// # Errors
    /// When the file is larger than the memory that was granted, or there is no such backend.
    pub async fn begin(program: &WorkerProgram, limits: DeviceLimits, size_bytes: u64) -> Result<Self, DeviceError> {
        let mut connection = Connection::open(program, limits)?;
        connection.post(&Request::OpenModel { backend: program.backend, limits, size_bytes }, &[]).await?;
        Ok(Self(connection))
    }

    /// Hands over the next piece of the file.
    ///
    /// # Errors
    /// What went wrong with anything before.
    pub async fn feed(&mut self, piece: &[u8]) -> Result<(), DeviceError> {
        self.0.post(&Request::FeedModel, piece).await
    }

    /// Waits until the model can be run.
    ///
    /// # Errors
    /// When the file is no model, needs operators that there are not, or takes more memory than was granted.
    pub async fn finish(mut self) -> Result<LoadedModel, DeviceError> {
        match self.0.ask(&Request::LoadModel).await? {
            (Reply::ModelLoaded(description), _) => {
                Ok(LoadedModel { connection: Arc::new(Mutex::new(self.0)), description: Arc::new(description) })
            }
            (Reply::Refused(error), _) => Err(error),
            _ => Err(DeviceError::unexpected_answer()),
        }
    }
}

impl LoadedModel {
    /// What it takes and makes.
    #[must_use]
    pub fn description(&self) -> &ModelDescription {
        &self.description
    }

    /// Runs it on inputs whose content is in `bytes`, one after the other; its outputs likewise.
    ///
    /// # Errors
    /// When an input is missing, unknown, or of another shape or type; what goes wrong on the device.
    pub async fn run(
        &self,
        inputs: Vec<NamedContent>,
        bytes: &[u8],
    ) -> Result<(Vec<NamedContent>, Vec<u8>), DeviceError> {
        match self.connection.lock().await.ask_with(&Request::RunModel(inputs), bytes).await? {
            (Reply::ModelRan(outputs), bytes) => Ok((outputs, bytes)),
            (Reply::Refused(error), _) => Err(error),
            _ => Err(DeviceError::unexpected_answer()),
        }
    }
}
