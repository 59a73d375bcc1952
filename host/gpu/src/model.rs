//! A model that a worker runs for its guest.
//! Never holds weights: the worker does.

use std::sync::Arc;

use crate::DeviceError;
use crate::devices::{DeviceChannel, GuestDevices};
use crate::protocol::{ModelDescription, NamedContent, Reply, Request};

/// A model whose file is on its way to its worker.
pub struct ModelLoading(DeviceChannel);

/// A model that can be run. Clones are the same model; it is gone with the last of them.
#[derive(Clone)]
pub struct LoadedModel {
    channel: DeviceChannel,
    description: Arc<ModelDescription>,
}

impl ModelLoading {
    /// Makes room for a model's file of so many bytes.
    ///
    /// # Errors
    /// When nothing was granted or too much is open, the file is larger than the memory that was granted, or there is
    /// no such backend.
    pub async fn begin(devices: &mut GuestDevices, size_bytes: u64) -> Result<Self, DeviceError> {
        let channel = devices.channel()?;
        match channel.ask(&Request::OpenModel { opening: channel.opening(), size_bytes }, &[]).await? {
            (Reply::ModelOpened, _) => Ok(Self(channel)),
            _ => Err(DeviceError::unexpected_answer()),
        }
    }

    /// Hands over the next piece of the file.
    ///
    /// # Errors
    /// What went wrong with anything before.
    pub async fn feed(&self, piece: &[u8]) -> Result<(), DeviceError> {
        self.0.post(&Request::FeedModel, piece).await
    }

    /// Waits until the model can be run.
    ///
    /// # Errors
    /// When the file is no model, needs operators that there are not, or takes more memory than was granted.
    pub async fn finish(self) -> Result<LoadedModel, DeviceError> {
        let Self(channel) = self;
        match channel.ask(&Request::LoadModel, &[]).await? {
            (Reply::ModelLoaded(description), _) => Ok(LoadedModel { channel, description: Arc::new(description) }),
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
        match self.channel.ask(&Request::RunModel(inputs), bytes).await? {
            (Reply::ModelRan(outputs), bytes) => Ok((outputs, bytes)),
            _ => Err(DeviceError::unexpected_answer()),
        }
    }
}
