//! A guest's device for tensors.
//! Never holds a tensor: the worker does.

use std::sync::Arc;

use crate::devices::{DeviceChannel, GuestDevices};
use crate::protocol::{Reply, Request, TENSOR_OPERATIONS, Tensor, TensorDescription};
use crate::{DeviceError, DeviceLimits};

/// A guest's device for tensors. Clones are the same device; it is gone with the last of them.
#[derive(Clone)]
pub struct TensorDevice {
    channel: DeviceChannel,
    description: Arc<TensorDescription>,
}

impl TensorDevice {
    /// Opens a device and waits until it is there.
    ///
    /// # Errors
    /// When nothing was granted or too much is open, the operations are of a form that it does not know, or there is
    /// no such backend.
    pub async fn open(devices: &mut GuestDevices, operations: &str) -> Result<Self, DeviceError> {
        if operations != TENSOR_OPERATIONS {
            let message = format!("operations of the form `{operations}`; this host knows `{TENSOR_OPERATIONS}`");
            return Err(DeviceError::Unsupported(message));
        }
        let channel = devices.channel()?;
        match channel.ask(&Request::OpenTensors(channel.opening()), &[]).await? {
            (Reply::TensorsOpened(description), _) => Ok(Self { channel, description: Arc::new(description) }),
            _ => Err(DeviceError::unexpected_answer()),
        }
    }

    /// What it is.
    #[must_use]
    pub fn description(&self) -> &TensorDescription {
        &self.description
    }

    /// What its guest may use, of all of its devices together.
    #[must_use]
    pub fn limits(&self) -> DeviceLimits {
        self.channel.opening().limits
    }

    /// Hands operations over; what goes wrong with them is told by a later call.
    ///
    /// # Errors
    /// What went wrong with anything before.
    pub async fn run(&self, operations: &[u8]) -> Result<(), DeviceError> {
        self.channel.post(&Request::Run, operations).await
    }

    /// Hands a piece of a tensor's content over; pieces come in order, from 0 on.
    ///
    /// # Errors
    /// When the piece ends past the tensor; what went wrong with anything before.
    pub async fn write(&self, tensor: Tensor, offset_bytes: u64, content: &[u8]) -> Result<(), DeviceError> {
        let end = offset_bytes.checked_add(content.len() as u64);
        match (end, tensor.content_bytes()) {
            (Some(end), Some(bytes)) if end <= bytes => {}
            _ => {
                let (id, length) = (tensor.id, content.len());
                let message = format!("{length} bytes from {offset_bytes} on end past the content of tensor {id}");
                return Err(DeviceError::InvalidArgument(message));
            }
        }
        self.channel.post(&Request::Write { tensor, offset_bytes }, content).await
    }

    /// Waits for a tensor and reads it.
    ///
    /// # Errors
    /// When there is no such tensor; what went wrong with anything before.
    pub async fn read(&self, tensor: Tensor, last_use: bool) -> Result<Arc<Vec<u8>>, DeviceError> {
        match self.channel.ask(&Request::Read { tensor, last_use }, &[]).await? {
            (Reply::Content, content) => Ok(self.channel.spare().lend(content)),
            _ => Err(DeviceError::unexpected_answer()),
        }
    }

    /// Makes tensors of a content that holds theirs one after the other.
    ///
    /// # Errors
    /// When it is not as long as they are together; what went wrong with anything before.
    pub async fn write_many(&self, tensors: Vec<Tensor>, content: &[u8]) -> Result<(), DeviceError> {
        let bytes = Tensor::content_bytes_of(&tensors);
        if bytes != Some(content.len() as u64) {
            let (count, length) = (tensors.len(), content.len());
            let message = format!("{length} bytes are not the content of these {count} tensors");
            return Err(DeviceError::InvalidArgument(message));
        }
        self.channel.post(&Request::WriteMany(tensors), content).await
    }

    /// Waits for tensors and reads them, one after the other; they stay.
    ///
    /// # Errors
    /// When one is not there or not as it was named; what went wrong with anything before.
    pub async fn read_many(&self, tensors: Vec<Tensor>) -> Result<Vec<u8>, DeviceError> {
        match self.channel.ask(&Request::ReadMany(tensors), &[]).await? {
            (Reply::Content, content) => Ok(content),
            _ => Err(DeviceError::unexpected_answer()),
        }
    }

    /// Waits until everything is done.
    ///
    /// # Errors
    /// What went wrong with anything before.
    pub async fn synchronize(&self) -> Result<(), DeviceError> {
        match self.channel.ask(&Request::Synchronize, &[]).await? {
            (Reply::Synchronized, _) => Ok(()),
            _ => Err(DeviceError::unexpected_answer()),
        }
    }

    /// Sets where random numbers begin.
    ///
    /// # Errors
    /// What went wrong with anything before.
    pub async fn seed(&self, seed: u64) -> Result<(), DeviceError> {
        self.channel.post(&Request::Seed(seed), &[]).await
    }
}
