//! A guest's device for kernels.
//! Never holds a buffer: the worker does. What is asked for is held to the device's limits here, so that
//! a wrong argument is told at the call that it stands in.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::devices::{DeviceChannel, GuestDevices};
use crate::protocol::{Command, ComputeDescription, Reply, Request};
use crate::{DeviceError, DeviceLimits};

/// A longer source is refused: compiling takes memory and time far beyond its length.
pub const SOURCE_BYTES_MAX: usize = 256 * 1024;
/// Commands of one submission.
pub const COMMANDS_MAX: usize = 1_000;
/// Overrides that one kernel may be given.
const CONSTANTS_MAX: usize = 256;
/// Lengths and offsets are multiples of this.
const ALIGNMENT_BYTES: u64 = 4;

/// A guest's device for kernels. Clones are the same device; it is gone with the last of them.
#[derive(Clone)]
pub struct ComputeDevice {
    channel: DeviceChannel,
    description: Arc<ComputeDescription>,
    /// Names for buffers and kernels.
    next: Arc<AtomicU64>,
}

/// A buffer on a device.
#[derive(Clone)]
pub struct Buffer {
    device: ComputeDevice,
    id: u64,
    length_bytes: u64,
}

/// A kernel on a device.
#[derive(Clone)]
pub struct Kernel {
    device: ComputeDevice,
    id: u64,
}

impl ComputeDevice {
    /// Opens a device and waits until it is there.
    ///
    /// # Errors
    /// When nothing was granted or too much is open, or there is no adapter.
    pub async fn open(devices: &mut GuestDevices) -> Result<Self, DeviceError> {
        let channel = devices.channel()?;
        match channel.ask(&Request::OpenCompute(channel.opening()), &[]).await? {
            (Reply::ComputeOpened(description), _) => {
                Ok(Self { channel, description: Arc::new(description), next: Arc::default() })
            }
            _ => Err(DeviceError::unexpected_answer()),
        }
    }

    /// What it is.
    #[must_use]
    pub fn description(&self) -> &ComputeDescription {
        &self.description
    }

    /// What its guest may use, of all of its devices together.
    #[must_use]
    pub fn limits(&self) -> DeviceLimits {
        self.channel.opening().limits
    }

    /// Makes a buffer of zeroes.
    ///
    /// # Errors
    /// When the length is none that a buffer can have; what went wrong with anything before.
    pub async fn create_buffer(&self, length_bytes: u64) -> Result<Buffer, DeviceError> {
        let most = self.description.buffer_bytes_max;
        if length_bytes == 0 || !length_bytes.is_multiple_of(ALIGNMENT_BYTES) || length_bytes > most {
            return Err(invalid(format!(
                "a buffer of {length_bytes} bytes; a length is a multiple of {ALIGNMENT_BYTES} from {ALIGNMENT_BYTES} to {most}"
            )));
        }
        let id = self.next_id();
        self.post(&Request::CreateBuffer { id, length_bytes }, &[]).await?;
        Ok(Buffer { device: self.clone(), id, length_bytes })
    }

    /// Compiles a kernel.
    ///
    /// # Errors
    /// When it cannot be compiled, with the places; what went wrong with anything before.
    pub async fn create_kernel(
        &self,
        source: &str,
        entry_point: String,
        constants: Vec<(String, f64)>,
    ) -> Result<Kernel, DeviceError> {
        if source.len() > SOURCE_BYTES_MAX {
            let length = source.len();
            return Err(invalid(format!("a source of {length} bytes; at most {SOURCE_BYTES_MAX} are compiled")));
        }
        if constants.len() > CONSTANTS_MAX {
            let count = constants.len();
            return Err(invalid(format!("{count} constants; a kernel takes at most {CONSTANTS_MAX}")));
        }
        let id = self.next_id();
        let request = Request::CreateKernel { id, entry_point, constants };
        match self.channel.ask(&request, source.as_bytes()).await? {
            (Reply::KernelCreated, _) => Ok(Kernel { device: self.clone(), id }),
            (Reply::KernelRefused(problems), _) => Err(DeviceError::InvalidKernel(problems)),
            _ => Err(DeviceError::unexpected_answer()),
        }
    }

    /// Hands commands over.
    ///
    /// # Errors
    /// When a command cannot be meant; what went wrong with anything before.
    pub async fn submit(&self, commands: Vec<Command>) -> Result<(), DeviceError> {
        self.check(&commands)?;
        self.post(&Request::Submit(commands), &[]).await
    }

    /// Carries commands out and says how many nanoseconds each dispatch took.
    ///
    /// # Errors
    /// When a command cannot be meant; what went wrong with anything before.
    pub async fn measure(&self, commands: Vec<Command>) -> Result<Vec<u64>, DeviceError> {
        self.check(&commands)?;
        match self.channel.ask(&Request::Measure(commands), &[]).await? {
            (Reply::Measured(nanoseconds), _) => Ok(nanoseconds),
            _ => Err(DeviceError::unexpected_answer()),
        }
    }

    fn check(&self, commands: &[Command]) -> Result<(), DeviceError> {
        if commands.len() > COMMANDS_MAX {
            let count = commands.len();
            return Err(invalid(format!("{count} commands; a submission takes at most {COMMANDS_MAX}")));
        }
        commands.iter().try_for_each(|command| self.check_one(command))
    }

    fn check_one(&self, command: &Command) -> Result<(), DeviceError> {
        let Command::Dispatch { groups, buffers, .. } = command else { return Ok(()) };
        let ComputeDescription { groups_max, bindings_max, .. } = *self.description;
        if groups.iter().any(|count| *count > groups_max) {
            return Err(invalid(format!("{groups:?} workgroups; each dimension takes at most {groups_max}")));
        }
        if buffers.len() > bindings_max as usize {
            let count = buffers.len();
            return Err(invalid(format!("{count} buffers for one kernel, which sees at most {bindings_max}")));
        }
        Ok(())
    }

    fn next_id(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    async fn post(&self, request: &Request, payload: &[u8]) -> Result<(), DeviceError> {
        self.channel.post(request, payload).await
    }
}

impl Buffer {
    /// Its name on its device.
    #[must_use]
    pub const fn id(&self) -> u64 {
        self.id
    }

    /// Its length.
    #[must_use]
    pub const fn length_bytes(&self) -> u64 {
        self.length_bytes
    }

    /// Whether it lies on this device.
    #[must_use]
    pub fn is_on(&self, device: &ComputeDevice) -> bool {
        self.device.channel.is(&device.channel)
    }

    /// Replaces bytes.
    ///
    /// # Errors
    /// When they do not fit; what went wrong with anything before.
    pub async fn write(&self, offset_bytes: u64, content: &[u8]) -> Result<(), DeviceError> {
        self.check_range(offset_bytes, content.len() as u64)?;
        self.device.post(&Request::WriteBuffer { id: self.id, offset_bytes }, content).await
    }

    /// Waits for all submissions and reads.
    ///
    /// # Errors
    /// When there are no such bytes; what went wrong with anything before.
    pub async fn read(&self, offset_bytes: u64, length_bytes: u64) -> Result<Vec<u8>, DeviceError> {
        self.check_range(offset_bytes, length_bytes)?;
        let request = Request::ReadBuffer { id: self.id, offset_bytes, length_bytes };
        match self.device.channel.ask(&request, &[]).await? {
            (Reply::Content, content) => Ok(content),
            _ => Err(DeviceError::unexpected_answer()),
        }
    }

    /// Frees it.
    ///
    /// # Errors
    /// What went wrong with anything before.
    pub async fn free(self) -> Result<(), DeviceError> {
        self.device.post(&Request::DropBuffer(self.id), &[]).await
    }

    /// Whether there are such bytes.
    ///
    /// # Errors
    /// When there are not, or an end is no multiple of 4.
    pub fn check_range(&self, offset_bytes: u64, length_bytes: u64) -> Result<(), DeviceError> {
        let aligned = offset_bytes.is_multiple_of(ALIGNMENT_BYTES) && length_bytes.is_multiple_of(ALIGNMENT_BYTES);
        let end = offset_bytes.checked_add(length_bytes);
        if aligned && end.is_some_and(|end| end <= self.length_bytes) {
            return Ok(());
        }
        let whole = self.length_bytes;
        Err(invalid(format!(
            "{length_bytes} bytes from {offset_bytes} on of a buffer of {whole}; both are multiples of {ALIGNMENT_BYTES} within it"
        )))
    }
}

impl Kernel {
    /// Its name on its device.
    #[must_use]
    pub const fn id(&self) -> u64 {
        self.id
    }

    /// Whether it was compiled on this device.
    #[must_use]
    pub fn is_on(&self, device: &ComputeDevice) -> bool {
        self.device.channel.is(&device.channel)
    }

    /// Frees it.
    ///
    /// # Errors
    /// What went wrong with anything before.
    pub async fn free(self) -> Result<(), DeviceError> {
        self.device.post(&Request::DropKernel(self.id), &[]).await
    }
}

fn invalid(reason: String) -> DeviceError {
    DeviceError::InvalidArgument(reason)
}
